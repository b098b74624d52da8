"""Chapters: their numbers are those of the result tables, and their words are Danish."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import analyses
from analyses import load_study, run
from data_dictionary.roles import Noun
from evaluation.comparison.methods import METHODS
from evaluation.survival.path.marks import BreakEven, LockIn
from reports import writing
from reports.calls import evaluated
from reports.facts import STAMP, Report, load
from reports.pieces import made
from reports.variables import variables
from reports.words.danish import interval, number, p_value
from reports.words.vocabulary import vocabulary
from surveys import synthesize
from tests.reports import minimal
from tests.reports.style import faults

pytestmark = pytest.mark.usefixtures("unsaved")

STUDIES = ("enplan", "nsw", "unempdur")
ANSWERED_FIRST = ("_11", "_12", "_14", "_15", "_17")
ENGLISH = """
a about after all and arm are at average balance before between by case citizen cluster
comparison covariate death difference due during each early education effect eligible
emigration employment estimate event exposure false figure follow-up from group hazard if
incidence index interval invited is it level list matched missing month nan none not
observed of other outcome p-value participants per per-protocol person points primary
question reason refused relation_w1 retirement risk sample scale secondary share staff
survey table target the time to treated trial true unmatched wave week weeks were wild
with within year
"""
# Danish words that are spelt like an English one.
DANISH_TOO = {"at", "be", "by", "is", "it", "du", "about", "balance", "index", "level", "list"}
DANISH_TOO |= {"interval", "if", "per", "a", "all", "due", "case", "to", "from", "person"}


@pytest.fixture(scope="module")
def enplan(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("enplan")
    synthesize(folder, seed=7, persons=3_000)
    run(load_study(folder / "study"), folder / "results")
    return load(folder / "results")


@pytest.fixture(scope="module")
def nsw(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("nsw")
    study = Path(analyses.__file__).parent / "studies" / "nsw"
    run(load_study(study), folder / "results")
    return load(folder / "results")


@pytest.fixture(scope="module")
def unempdur(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("unempdur")
    spells = Path(__file__).parents[1] / "data" / "third_party" / "UnempDur.csv"
    run(load_study("unempdur", data={"persons": spells}), folder / "results")
    return load(folder / "results")


@cache
def written(report: Report) -> dict[str, str]:
    """Return every chapter by its file; figures are drawn once per report."""
    texts = {"front": made(report, "sentence", "title_page")}
    for name, text in writing.written(report).items():
        if name.startswith("_") and name.endswith(".qmd"):
            texts[name] = evaluated(report, text)
    return texts


def part(report: Report, *numbers: str) -> str:
    """Return the chapters whose files begin with some numbers."""
    return "\n".join(text for name, text in written(report).items() if name.startswith(numbers))


def whole(report: Report) -> str:
    """Return all that is read; the folded traces name codes, and test_origins holds them."""
    return re.sub(r"(?s)::: \{\.spor\}\n.*?\n:::\n", "", part(report, ""))


def table(markdown: str, label: str) -> list[list[str]]:
    """Return the body of a pipe table by its label."""
    before = markdown[: markdown.index(f"{{#tbl-{label}}}")]
    block = before.rstrip().rsplit("\n\n", 2)[-2]
    rows = [line for line in block.split("\n") if line.startswith("|")]
    lines = [line.strip("|").split(" | ") for line in rows]
    return [[cell.strip().replace("\\", "") for cell in line] for line in lines[2:]]


def prose(markdown: str) -> str:
    """Return the text without link targets, labels, files and hashes."""
    text = re.sub(r"\]\([^)]*\)|\{[^}]*\}|@[a-z]+-[\w-]+", " ", markdown)
    return re.sub(r"\b[\w-]+\.(parquet|csv|sav|dta|xlsx|toml)\b|\b[0-9a-f]{12}\b", " ", text)


def refusing(report: Report) -> Report:
    """Return the same report with inference refused, as with too few municipalities."""
    effects = report.frame("effects").copy()
    effects[["std_error", "conf_low", "conf_high", "p_value", "p_adjusted"]] = np.nan
    grades = report.frame("grades")
    design = report.frame("design").copy()
    design["method"], design["mde"] = "none", np.nan
    sites = report.frame("sites").copy()
    sites[["loo_low", "loo_high"]] = np.nan
    paths = report.frame("paths").copy()
    paths[["conf_low", "conf_high", "band_low", "band_high"]] = np.nan
    frames = {**report.frames, "effects": effects, "design": design, "sites": sites}
    frames["paths"] = paths
    frames["grades"] = grades.assign(
        grade=grades["grade"].where(grades["grade"].isna(), "refused")
    )
    for name in ("tests", "quantiles", "differences", "sensitivity"):
        limits = {"statistic", "df", "p_value", "std_error", "conf_low", "conf_high"}
        beside = report.frame(name).copy()
        beside[[column for column in beside if column in limits]] = np.nan
        frames[name] = beside
    facts = report.facts
    path = facts.path and replace(
        facts.path,
        lock_in=LockIn(week=9, depth=-2.0, conf_low=np.nan, conf_high=np.nan),
        break_even=BreakEven(week=60),
    )
    refused = replace(
        facts,
        families=tuple(
            replace(family, n_refused=family.n_tests, smallest_p=1.0)
            for family in facts.families
        ),
        decisions=tuple(replace(one, method="none") for one in facts.decisions),
        path=path,
        sensitivity=(),
    )
    return replace(report, frames=frames, facts=refused)


def about(shown: Report, /, **changed: Any) -> Report:
    """Return the report with other facts."""
    return replace(shown, facts=replace(shown.facts, **changed))


@pytest.mark.parametrize("study", STUDIES)
def test_no_english_word_is_left(study: str, request: pytest.FixtureRequest) -> None:
    report: Report = request.getfixturevalue(study)
    text = prose(whole(report))
    text = re.sub(r"Beregnet med .*|National Supported Work", " ", text)
    found = set(re.findall(r"[\w-]+", text.lower())) & (set(ENGLISH.split()) - DANISH_TOO)
    assert not found


@pytest.mark.parametrize("study", STUDIES)
def test_it_reads_well_aloud(study: str, request: pytest.FixtureRequest) -> None:
    assert list(faults(whole(request.getfixturevalue(study)))) == []


@pytest.mark.parametrize("study", STUDIES)
def test_decimals_have_a_comma_and_a_minus_is_true(
    study: str, request: pytest.FixtureRequest
) -> None:
    text = prose(whole(request.getfixturevalue(study)))
    text = re.sub(r"Beregnet med .*", " ", text)
    assert not re.findall(r"\d\.\d{1,2}\b(?!\.)", text)
    assert not re.findall(r"\d\.\d{4,}", text)
    assert not re.findall(r"(?<=[ (|])-\d", text)
    assert "0,000" not in text
    assert "nan" not in text.lower().split()


@pytest.mark.parametrize("study", STUDIES)
def test_every_figure_says_a_number_and_every_float_its_source(
    study: str, request: pytest.FixtureRequest
) -> None:
    text = whole(request.getfixturevalue(study))
    alts = re.findall(r'fig-alt="([^"]*)"', text)
    assert alts
    assert all(re.search(r"\d", alt) for alt in alts)
    assert not [alt for alt in alts if ".." in alt]
    floats = len(re.findall(r"\{#(?:tbl|fig)-", text))
    assert len(re.findall(r"^Anm\.: \S", text, re.M)) == floats
    assert len(re.findall(r"^Kilde: \S", text, re.M)) == floats


@pytest.mark.parametrize("study", STUDIES)
def test_every_float_is_referred_to_and_no_label_is_used_twice(
    study: str, request: pytest.FixtureRequest
) -> None:
    text = whole(request.getfixturevalue(study))
    labels = re.findall(r"\{#((?:tbl|fig|sec)-[\w-]+)", text)
    assert len(labels) == len(set(labels))
    assert set(re.findall(r"@((?:tbl|fig|sec)-[\w-]+)", text)) <= set(labels)


@pytest.mark.parametrize("study", STUDIES)
def test_no_heading_level_is_skipped(study: str, request: pytest.FixtureRequest) -> None:
    text = whole(request.getfixturevalue(study))
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text, re.M)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("number", ANSWERED_FIRST)
def test_a_chapter_begins_with_its_answer_and_does_not_repeat_it(
    number: str, enplan: Report
) -> None:
    heading, answer, body = re.split(r"^:::.*$", part(enplan, number), maxsplit=2, flags=re.M)
    assert heading.count("\n") == 2
    sentences = re.split(r"(?<=[a-zæøå)])\. ", answer.strip())
    assert sentences
    assert not [sentence for sentence in sentences if len(sentence) > 40 and sentence in body]


def test_findings_come_before_method(enplan: Report, nsw: Report) -> None:
    def titles(report: Report) -> list[str]:
        return re.findall(r"^# (.*?) \{", whole(report), re.M)

    assert titles(enplan)[:9] == [
        "Resumé",
        "Indsatsen og borgerne",
        "Kom flere i job?",
        "Oplever borgerne det anderledes?",
        "Medarbejdere og ledere",
        "For hvem og hvor?",
        "Hvor sikre er svarene?",
        "Samlet konklusion",
        "Litteratur",
    ]
    assert titles(enplan)[10:] == [
        f"Bilag {number}: {title}"
        for number, title in enumerate(
            [
                *("Udfaldene ét for ét", "Metode", "Balance", "Usikkerhed", "Følsomhed"),
                *("Hasarder og supplerende mål", "Skalaer og spørgsmål"),
                *("Kommunerne enkeltvis", "Data og indlæsning", "Fortrolighed"),
                "Planen og afvigelser fra den",
            ],
            start=1,
        )
    ]
    # What a study lacks leaves no trace.
    assert titles(nsw)[2:4] == ["Løn efter jobtræning", "Hvor sikre er svarene?"]
    assert titles(nsw)[-1] == "Bilag 8: Planen og afvigelser fra den"


def test_the_main_table_holds_the_numbers_of_the_effects(enplan: Report) -> None:
    rows = table(part(enplan, "_3"), "hovedtal")
    effects = enplan.frame("effects").set_index(["outcome", "term"])
    tested = [(one.name, one.estimate) for one in enplan.facts.outcomes]
    assert len(rows) == len(tested)
    for cells, key in zip(rows, tested, strict=True):
        effect = effects.loc[key]
        assert cells[1] == number(effect["estimate"])
        assert cells[2] == interval(effect["conf_low"], effect["conf_high"])
        assert cells[3:5] == [p_value(effect["p_value"]), p_value(effect["p_adjusted"])]
        assert cells[5] == f"{effect['n_treated']:.0f} / {effect['n_comparison']:.0f}"


def test_both_comparisons_hold_the_numbers_of_the_effects(enplan: Report) -> None:
    text = whole(enplan)
    effects = enplan.frame("effects").set_index(["outcome", "term"])
    rows = {cells[0]: cells[1:] for cells in table(text, "antagelser")}
    (drawn,) = (alt for alt in re.findall(r'fig-alt="([^"]*)"', text) if "Hele mål" in alt)
    for place, term in enumerate(("incidence", "itt_did")):
        effect = effects.loc[("employment", term)]
        ends = interval(effect["conf_low"], effect["conf_high"])
        assert f"{number(effect['estimate'])} ({ends})" in drawn
        assert rows["p-værdi, ikke korrigeret"][place] == p_value(effect["p_value"])
    cohorts = enplan.frame("contrasts").set_index(["arm", "period"])["estimate"]
    shown = table(text, "foer-efter")
    assert shown[0][1:3] == [number(cohorts["treated", p]) for p in ("before", "after")]
    assert shown[2][3] == number(effects.loc[("employment", "itt_did"), "estimate"])


def test_each_comparison_says_what_it_assumes(enplan: Report) -> None:
    rows = {cells[0]: cells[1:] for cells in table(whole(enplan), "antagelser")}
    own, others = rows["Forudsætter"]
    assert "motivation" in own
    assert "udviklingen" in others


def test_the_choice_of_donors_is_said(enplan: Report) -> None:
    donors = replace(enplan.facts.donors, exclude=(265,), nearest=3, same_class=True)
    text = whole(about(enplan, donors=donors))
    assert "Roskilde er holdt ude" in text
    assert "er de 3 taget med" in text
    assert "De, der sammenlignes, hører til samme gruppe af kommuner" in text
    own = about(enplan, donors=replace(donors, source="own"))
    text = whole(own)
    assert "er fra de kommuner, hvor indsatsen blev givet, men har ikke selv fået den" in text


def test_controls_who_may_start_later_are_told_as_such(enplan: Report) -> None:
    facts = enplan.facts
    changed = {"method": "risk_sets", "distance": "mahalanobis", "caliper": 0.5, "ratio": 2}
    text = whole(
        about(
            enplan,
            donors=replace(facts.donors, source="own"),
            comparison=replace(facts.comparison, **changed),
        )
    )
    assert "var ikke startet, da den, de sammenlignes med, startede" in text
    assert "i samme kommune, der endnu ikke fik indsatsen" in text
    assert "men har ikke selv fået den" not in text
    assert "(risikosæt)" in text
    assert "matchet 1:2 blandt dem" in text
    assert "afstanden er højst 0,5. De følges" in text


def test_every_municipality_is_listed_before_the_programme(enplan: Report) -> None:
    rows = table(part(enplan, "_3"), "hvert-sted")
    places = enplan.frame("municipalities")
    assert len(rows) == places["cluster"].nunique()
    assert [cells[0] for cells in rows[:2]] == ["Ballerup", "Furesø"]
    first = places[places["cluster"] == "151"]["estimate"].iloc[0]
    assert rows[0][3] == number(first)


def test_every_cause_is_shown_with_its_hazard_ratio(enplan: Report) -> None:
    ((outcome, time),) = enplan.durations()
    rows = table(part(enplan, "_3"), f"afgange-{outcome.name}")
    assert len(rows) == 1 + len(time.competing)
    effects = enplan.frame("effects").set_index(["outcome", "term"])
    for cause, cells in zip(time.competing, rows[1:], strict=True):
        difference, ratio = (effects.loc[(cause, t)] for t in ("incidence", "hazard_ratio"))
        assert cells[0] == enplan.label(cause)
        if pd.isna(difference["estimate"]):
            assert cells[1:] == ["–"] * 5
        else:
            assert cells[3].startswith(number(difference["estimate"]))
            assert cells[4].startswith(number(ratio["estimate"], 2))


def test_a_table_that_repeats_a_figure_stands_in_the_appendix_only(enplan: Report) -> None:
    text = written(enplan)
    for label in ("hovedtal", "frafald", "skema-staff", "foer-indsatsen", "hvert-sted"):
        homes = [name[:2] for name, text_ in text.items() if f"{{#tbl-{label}}}" in text_]
        assert homes == ["_3"], label
        assert f"@tbl-{label}" in whole(enplan)


def test_the_groups_behind_other_outcomes_are_shown_side_by_side(enplan: Report) -> None:
    rows = {cells[0]: cells[1:] for cells in table(part(enplan, "_3"), "balance-andre-udfald")}
    left = enplan.frame("balance").query("covariate == 'age'").set_index("outcome")["smd_after"]
    others = [one.name for one in enplan.outcomes("score")]
    assert rows["Alder"][::2] == [number(left[name], 2) for name in others]
    # The first measurement of one outcome is not a characteristic in the group of another.
    assert list(rows)[-1] == "Trivsel, første måling"
    assert rows["Trivsel, første måling"][:4] == ["–"] * 4


def test_profile_and_shares_hold_the_numbers_of_their_tables(enplan: Report) -> None:
    rows = table(whole(enplan), "profil")
    ages = enplan.frame("profile").query("variable == 'age'").set_index("group")["mean"]
    assert rows[0][0] == "Alder"
    assert rows[0][1] == number(ages["eligible"])
    assert rows[0][-1] == number(ages["respondents"])
    shown = table(part(enplan, "_3"), "skema-staff")
    shares = enplan.frame("shares").query("group == 'all'")
    first = shares[shares["item"] == shares["item"].iloc[0]]
    for place, estimate in enumerate(first["estimate"]):
        assert shown[0][2 + 2 * place].startswith(number(estimate))


def test_a_stage_of_a_studys_own_is_shown_by_its_name(enplan: Report) -> None:
    profile = enplan.frame("profile")
    own = profile.assign(group=profile["group"].replace("invited", "henvist af sagsbehandler"))
    changed = replace(enplan, frames={**enplan.frames, "profile": own})
    text, plain = (made(one, "table", "profile") for one in (changed, enplan))
    assert table(text, "profil") == table(plain, "profil")
    assert "Invite" not in text
    assert text.count("Henvist af sagsbehandler") == 1
    assert "målgruppe, henvist af sagsbehandler og samtykkende er opgjort, da" in text.lower()


def test_the_smallest_detectable_effect_comes_before_the_result(enplan: Report) -> None:
    for file, label in (("_14", "fig-score"), ("_12", "tbl-uger-employment")):
        text = part(enplan, file)
        assert text.index("80 pct. sandsynlighed") < text.index(f"{{#{label}")


def test_the_intercurrent_events_have_a_rule(enplan: Report) -> None:
    text = whole(enplan)
    elements = [cells[0].lower() for cells in table(text, "maalforsoeg")]
    for word in ("flytning", "samtykke", "udvandret", "andre indsatser"):
        assert any(word in element for element in elements), word
    assert "motivation" in text
    assert "COVID-19" in text


def test_flexjob_and_early_retirement_are_findings_in_themselves(enplan: Report) -> None:
    assert "Fleksjob og førtidspension er resultater i sig selv" in part(enplan, "_12")


def test_waves_are_whole_numbers_and_the_sex_is_named_as_such(enplan: Report) -> None:
    text = whole(enplan)
    assert "1. måling" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert not re.search(r"måling \d,0|\d\.0 måling|Runde", text)
    assert "Køn: kvinde" in text
    assert "alder; køn; " in text


def test_hidden_counts_are_a_dash_or_below_the_limit_never_nought(enplan: Report) -> None:
    flow = enplan.frame("flow").copy()
    flow.loc[flow["step"] == "status", ["n", "lost"]] = np.nan
    changed = replace(enplan, frames={**enplan.frames, "flow": flow})
    rows = {cells[0]: cells for cells in table(part(changed, "_3"), "frafald")}
    assert rows["På offentlig forsørgelse i indeksugen"][3] == "–"
    assert changed.count(None) == "–"


def test_a_refused_inference_reads_well_and_concludes_nothing(enplan: Report) -> None:
    text = whole(refusing(enplan))
    assert "men usikkerheden kan ikke opgøres" in text
    assert "der kan ikke konkluderes på tallet" in text
    assert "er statistisk sikker" not in text
    assert "ligger nul" not in text
    assert "til –" not in text
    assert "p = " not in text


def test_a_study_without_municipalities_never_mentions_them(nsw: Report) -> None:
    text = whole(nsw).lower()
    for word in ("kommun", "klynge", "én plan", "borger", "vive"):
        assert word not in prose(text), word
    assert "lodtrækningsforsøget gav 1.794 dollar" in text


def test_the_stamp_is_on_synthetic_studies_only(enplan: Report, nsw: Report) -> None:
    assert STAMP in written(enplan)["front"]
    assert STAMP not in whole(nsw)


def test_every_design_stands_beside_the_benchmark_with_its_own_numbers(nsw: Report) -> None:
    chapter = whole(nsw)
    frame = nsw.frame("designs")
    rows = {cells[0]: cells[1:] for cells in table(chapter, "design-earnings")}
    assert len(rows) == len(frame) == 11
    finding = nsw.tested_of("earnings")
    assert finding is not None
    for row in frame.itertuples():
        ends = finding.interval_of(row.conf_low, row.conf_high)
        assert rows[str(row.label)][:2] == [number(row.estimate, 0), ends]
        assert f"{row.label}: {number(row.estimate, 0)} ({ends})" in chapter
    estimates = frame["estimate"]
    span = f"fra {number(estimates.min(), 0)} til {number(estimates.max(), 0)} dollar"
    assert f"Efter design går forskellen {span}" in chapter
    assert "At et design rammer lodtrækningsforsøget, gør det ikke rigtigt" in chapter


def test_the_appendix_tells_how_each_design_is_made(nsw: Report) -> None:
    appendix = part(nsw, "_3")
    assert "Metoden er matching med nærmeste nabo." in appendix
    assert "matchet 1:1" in appendix
    for design in nsw.facts.designs:
        assert f"- **{design.label}**: " in appendix


@pytest.mark.parametrize("method", [kind.name for kind in METHODS])
def test_every_method_has_danish_words(method: str) -> None:
    kind = next(kind for kind in METHODS if kind.name == method)
    facts = replace(
        minimal.PAIRS, method=method, family=kind().family, estimand="ATE", strata=6
    )
    words = vocabulary(facts, minimal.facts().study, minimal.facts().target_trial)
    text = words.described(facts)
    assert "Forskellen gælder alle i de to grupper under ét." in text
    assert text.startswith("Metoden er ")
    assert "{" not in text


def test_a_weighted_comparison_is_never_called_matched(nsw: Report) -> None:
    weighted = replace(minimal.PAIRS, method="entropy", family="weights", leaves_out=False)
    other = about(nsw, comparison=replace(weighted, distance=None), designs=())
    plain = replace(other, frames={**nsw.frames, "designs": pd.DataFrame()})
    assert "Metoden er entropibalancering." in part(plain, "_31")
    for file in ("_11", "_13", "_32"):
        assert "vægt" in part(plain, file)
    assert "match" not in part(plain, "_13", "_32").lower()
    assert "Andre måder" not in whole(plain)


def test_a_trial_is_told_as_one(nsw: Report) -> None:
    plain = replace(minimal.PAIRS, method="unmatched", family="none", leaves_out=False)
    study = replace(nsw.facts.study, design="randomised")
    other = about(nsw, study=study, comparison=plain, designs=(), benchmark=None)
    text = whole(replace(other, frames={**nsw.frames, "designs": pd.DataFrame()}))
    assert "Grupperne er dannet ved lodtrækning" in text
    assert "{#tbl-maalforsoeg}" in text
    for words in ("ikke dannet ved lodtrækning", "rå forskel", "kunne have ønsket sig"):
        assert words not in text, words


def test_a_survey_is_told_by_who_answers_and_whom_it_asked(enplan: Report) -> None:
    teachers = Noun(singular="lærer", plural="lærere", definite="lærerne")

    def told(**changed: Any) -> str:
        tables = tuple(
            replace(one, **changed) if one.name == "staff" else one
            for one in enplan.facts.tables
        )
        texts = replace(enplan.facts.report, staff_chapter=None)
        changed = about(enplan, tables=tables, report=texts)
        pieces = ("sentence", "asked"), ("figure", "shares"), ("table", "shares")
        shown = [made(changed, *one, survey="staff") for one in pieces]
        return "\n".join([str(variables(changed)["surveys"]), *shown])

    assert "Medarbejdere og ledere er kun spurgt dér, hvor indsatsen blev givet" in told()
    assert "VIVEs spørgsmål" in told()
    both = told(respondents=teachers, places="both", note="", asked="unknown")
    assert "Svarene er fra lærere både dér" in both
    assert "'title': 'Lærere'" in both
    for words in ("Medarbejdere", "medarbejdere og ledere", "VIVE", " pct.) i 1. måling"):
        assert words not in both, words
    assert "de, der svarede" in told(respondents=None, places="unknown")


def test_response_is_shown_as_far_as_it_is_known_who_was_asked(enplan: Report) -> None:
    def heads(asked: str) -> str:
        tables = tuple(replace(one, asked=asked) for one in enplan.facts.tables)
        text = made(about(enplan, tables=tables), "table", "response")
        return next(line for line in text.split("\n") if line.startswith("| Måling"))

    assert heads("rows").count(", spurgt") == 2
    assert heads("persons").count(", spurgt") == 2
    assert ", spurgt" not in heads("unknown")


def test_a_study_without_covariates_has_no_balance_to_show(nsw: Report) -> None:
    frames = {**nsw.frames, "balance": pd.DataFrame(), "profile": pd.DataFrame()}
    text = whole(replace(nsw, frames=frames))
    assert "sec-balance" not in text
    assert "#bilag-balance" not in text


def test_an_amount_of_the_profile_has_its_unit_where_its_name_does_not_tell_it(
    nsw: Report,
) -> None:
    named = {row[0] for row in table(whole(nsw), "profil")}
    assert {"Alder (år)", "Skoleår", "Indkomst 1974 (dollar)", "Gift"} <= named


def test_the_name_of_a_scale_has_room_however_many_waves_there_are(enplan: Report) -> None:
    chapter = whole(enplan)
    before = chapter[: chapter.index("{#tbl-skalaer-udfald}")].splitlines()
    rule = [line for line in before if line.startswith("| :")][-1]
    longest = max(len(row[0]) for row in table(chapter, "skalaer-udfald"))
    assert rule.split("|")[1].count("-") > longest
