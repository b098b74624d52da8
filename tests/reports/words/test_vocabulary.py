"""Every sentence agrees with how the groups were made alike, and with whom it is about."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd
import pytest

from analyses import load_study, run
from analyses.results.facts import Estimand
from analyses.study.sections import StudyDesign, StudyWords
from data_dictionary.roles import Noun
from evaluation.comparison.method import Family
from reports.chapters import flow as flow_chapter
from reports.facts import load
from reports.words.vocabulary import Vocabulary, vocabulary
from reports.writing import whole
from surveys import synthesize
from tests.reports import minimal

pytestmark = pytest.mark.usefixtures("unsaved")

PARTNERS = r"partner|match(?!ing 1:1)"
WEIGHTS = r"vægt(?!ede forskelle| og)"
LAYERS = r"\blag\b|stratific"
BOTH = "Forskellen gælder alle i de to grupper under ét"
# By method: what [comparison] says, words that must occur, and words that must not.
DESIGNS = {
    "pairs": (
        'method = "nearest"\ncaliper = 0.2',
        (
            "deltagere er matchet med personer, der ligner dem",
            "holdt op imod dem, de er matchet med",
            "efter matching",
        ),
        rf"{WEIGHTS}|{LAYERS}|i sæt med",
    ),
    "sets": (
        'method = "full"',
        ("deltagere er delt i sæt med", "dem, de er i sæt med", "efter matching"),
        rf"partner|{LAYERS}|Vægtet|vægtning",
    ),
    "strata": (
        'method = "subclass"\nestimand = "ATE"',
        (
            "deltagere er delt i lag med",
            "dem, de er i lag med",
            "efter stratificering",
            "Pr. 100 personer",
            BOTH,
        ),
        rf"{PARTNERS}|vægtning|af deltagerne er|blandt deltagerne|Pr\. 100 deltagere",
    ),
    "weights": (
        'method = "entropy"',
        (
            "Kontrolpersonerne er vægtet, så de ligner deltagerne",
            "vægtet, så de ligner netop dem",
            "vægtene er beregnet på ny hver gang",
            "Resultaterne gælder deltagerne, når de har svaret i begge målinger.",
            "det effektive antal",
        ),
        rf"{PARTNERS}|{LAYERS}|de vægtede deltagere",
    ),
    "weights for all": (
        'method = "ipw"\nestimand = "ATE"',
        (
            "Begge grupper er vægtet, så de ligner hinanden",
            "blandt de vægtede deltagere end blandt kontrolpersonerne",
            "Resultaterne gælder alle i de to grupper under ét",
            "den fælles standardafvigelse i de to grupper",
            BOTH,
        ),
        rf"{PARTNERS}|{LAYERS}|af deltagerne er|blandt deltagerne (?!før)|Pr\. 100 deltagere",
    ),
    "none": (
        'method = "unmatched"',
        (
            "Grupperne er hverken matchet eller vægtet",
            "Tallene er den rå forskel mellem grupperne og ikke et mål for virkningen",
            "Grupperne er ikke gjort ens",
        ),
        rf"partner|efter (matching|vægtning)|{LAYERS}|Resultaterne gælder deltager|ligner dem",
    ),
}


STUDY = """
[study]
name = "words"
title = "Én plan"
dictionary = "enplan"
seed = 1
synthetic = true
design = "observational"
[study.words]
unit = { singular = "person", plural = "personer", definite = "personerne" }
treated = { singular = "deltager", plural = "deltagere", definite = "deltagerne" }
[study.words.comparison]
singular = "kontrolperson"
plural = "kontrolpersoner"
definite = "kontrolpersonerne"
[[data.population]]
file = "data/population.parquet"
[[data.dream]]
file = "data/dream.parquet"
[[data.citizen]]
wave = 1
file = "data/citizen_w1.sav"
[[data.citizen]]
wave = 3
file = "data/citizen_w3.dta"
[cohort]
unit = "person_id"
treatment = "en_plan"
treated = true
index_date = "start_date"
cluster = "municipality"
donors = "other"
[derive]
age = { years_since = "birth_date", label = "Alder" }
weeks = { from = "dream", status = "benefits", weeks = [-104, -1], label = "Uger på ydelse" }
relation_w1 = { score = "relation", wave = 1, label = "Relation, første måling" }
[comparison]
METHOD
covariates = ["age", "female", "weeks"]
[[outcome]]
name = "relation"
role = "primary"
family = "other"
kind = "score"
scale = "relation"
baseline = 1
wave = 3
reliability = "alpha"
covariates = ["relation_w1"]
[inference]
draws = 199
"""
IN_TIME = """
[[outcome]]
name = "employment"
role = "secondary"
family = "main"
kind = "time"
from = "dream"
event = "employment"
competing = ["education", "flexjob", "early_retirement", "retirement", "death"]
horizon_weeks = 52
label = "Beskæftigelse"
"""
# The designs whose chapters are shown with an outcome in time too.
WITH_TIME = ("pairs", "strata")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a synthetic study in which everybody has an index date, as weights need it."""
    folder = tmp_path_factory.mktemp("words")
    synthesize(folder, seed=7, persons=2_000)
    file = folder / "study" / "data" / "population.parquet"
    people = pd.read_parquet(file)
    weeks = np.random.default_rng(1).integers(0, 95, len(people))
    drawn = pd.Timestamp("2017-03-06") + pd.Series(pd.to_timedelta(7 * weeks, unit="D"))
    eligible = pd.to_datetime(people["eligible_from"])
    index_date = drawn.where(drawn >= eligible, eligible)
    people["start_date"] = pd.to_datetime(people["start_date"]).fillna(index_date).dt.date
    people.to_parquet(file)
    return folder


@pytest.fixture(scope="module")
def texts(made: Path) -> Callable[[str], str]:
    """Return a function that runs a study under a design and writes its chapters, once."""

    @cache
    def text(name: str) -> str:
        toml = STUDY.replace("METHOD", DESIGNS[name][0]) + (
            IN_TIME if name in WITH_TIME else ""
        )
        (made / "study" / "study.toml").write_text(toml, encoding="utf-8")
        run(load_study(made / "study"), made / name)
        return whole(load(made / name))

    return text


@pytest.mark.parametrize("name", DESIGNS)
def test_words_agree_with_the_design(name: str, texts: Callable[[str], str]) -> None:
    text = texts(name)
    _, needed, forbidden = DESIGNS[name]
    assert [words for words in needed if words not in text] == []
    found = re.finditer(forbidden, text)
    assert [text[max(0, one.start() - 60) : one.end() + 30] for one in found] == []


def test_a_report_on_all_stages_hidden_still_has_its_flow(
    made: Path, texts: Callable[[str], str]
) -> None:
    texts("weights")
    report = load(made / "weights")
    flow = report.frame("flow").copy()
    flow.loc[flow["arm"] == "treated", ["n", "lost"]] = np.nan
    changed = replace(report, frames={**report.frames, "flow": flow})
    text = flow_chapter.flow(changed)
    assert "fig-frafald" in text
    assert " nan" not in text


@pytest.mark.parametrize("estimand", get_args(Estimand))
@pytest.mark.parametrize("family", get_args(Family))
def test_every_way_and_every_target_has_its_words(family: Family, estimand: Estimand) -> None:
    words = replace(minimal.PARTICIPANTS, family=family, estimand=estimand)
    said = " ".join(
        [
            words.compared("12 deltagere", "30 andre"),
            words.claim,
            words.reached("12", "30"),
            words.made_on("alder"),
            words.more("Flere"),
            f"efter{words.when('før og efter')}",
            words.group,
        ]
    )
    assert ("matche" in said) == (family in ("pairs", "sets") or family == "none")
    assert ("vægt" in said) >= (family == "weights")
    assert (words.target(estimand) in said) >= (family != "none")
    assert "{" not in said


OWN = StudyWords(
    treated=Noun(singular="kursist", plural="kursister", definite="kursisterne"),
    comparison=Noun(
        singular="kontrolperson", plural="kontrolpersoner", definite="kontrolpersonerne"
    ),
    unit=Noun(singular="elev", plural="elever", definite="eleverne"),
)


def everything(words: Vocabulary) -> str:
    """Return all that a vocabulary says of a study."""
    said = (words.caution, words.claim, words.hundred, words.spread, words.in_comparison)
    made = (words.made_on("alder"), words.reached("12", "30"), words.more("Flere"))
    compared = words.compared("12 kursister", "30 elever")
    return " ".join([*said, *made, compared, *words.arms.values(), words.both, words.treated])


@pytest.mark.parametrize("design", ["observational", "randomised"])
@pytest.mark.parametrize("family", get_args(Family))
def test_a_study_is_told_in_its_own_words(family: Family, design: StudyDesign) -> None:
    said = everything(replace(minimal.PARTICIPANTS, family=family, design=design, nouns=OWN))
    assert "kursister" in said
    for word in ("deltager", "sammenligningsperson", "person "):
        assert word not in said.replace("kontrolperson", ""), word


def test_a_trial_is_told_as_one_and_is_no_selection() -> None:
    plain = replace(minimal.PARTICIPANTS, family="none", leaves_out=False)
    said = everything(replace(plain, design="randomised"))
    assert said.count("lodtrækning") >= 3
    for word in ("ikke dannet ved lodtrækning", "motivation", "rå forskel", "ikke et mål"):
        assert word not in said, word


def test_what_was_measured_before_start_is_said_only_where_the_run_sees_to_it() -> None:
    trial = minimal.facts().target_trial
    study = minimal.facts().study
    assert "før start" not in vocabulary(minimal.PAIRS, study, trial).measured
    made = replace(trial, time_zero="drawn_month")
    assert "før start" in vocabulary(minimal.PAIRS, study, made).measured
