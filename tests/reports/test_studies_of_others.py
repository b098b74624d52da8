"""Studies unlike the edition's own: what the report says of each is true of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analyses import load_study, run
from analyses.check import checked
from data_dictionary.errors import DesignError
from reports.facts import load
from reports.writing import whole

ARMS = """
[study.words]
treated = { singular = "beboer i N", plural = "beboere i N", definite = "beboerne i N" }
comparison = { singular = "beboer i S", plural = "beboere i S", definite = "beboerne i S" }
unit = { singular = "borger", plural = "borgere", definite = "borgerne" }
"""
PERSON = """[columns.nr]
type = "string"
label = "Person"
role = "key"
[columns.kommune]
type = "integer"
label = "Kommune"
codes = { 1 = "Nord", 2 = "Vest", 3 = "Syd", 4 = "Øst" }
"""
PERSONS = (
    """label = "Personer"
key = ["nr"]
row = "en person"
role = "persons"
"""
    + PERSON
    + """[columns.alder]
type = "integer"
label = "Alder"
[columns.indsats]
type = "boolean"
label = "Indsats"
codes = { 0 = "Nej", 1 = "Ja" }
"""
)
ANSWERS = (
    """label = "Tillidsmåling"
key = ["nr"]
row = "en borgers svar"
role = "survey"
respondents = { singular = "borger", plural = "borgere", definite = "borgerne" }
asked = "ASKED"
"""
    + PERSON
    + """[columns.a]
type = "integer"
label = "Tillid"
codes = { 1 = "Lav", 2 = "Middel", 3 = "Høj" }
[columns.b]
type = "integer"
label = "Tryghed"
codes = { 1 = "Lav", 2 = "Middel", 3 = "Høj" }
"""
)
SURVEY = f"""
[study]
name = "tillid"
title = "Tillid"
dictionary = "ord"
seed = 1
design = "observational"
{ARMS}
[[data.folk]]
file = "folk.csv"
[[data.svar]]
wave = 1
file = "svar1.csv"
[[data.svar]]
wave = 2
file = "svar2.csv"
[cohort]
unit = "nr"
treatment = "indsats"
treated = true
cluster = "kommune"
[comparison]
method = "nearest"
covariates = ["alder"]
[[outcome]]
name = "tillid"
kind = "score"
scale = "tillid"
baseline = 1
wave = 2
label = "Tillid"
reliability = "none"
[[shares]]
table = "svar"
scales = ["tillid"]
agree = [3]
[inference]
draws = 99
"""
CASES = """label = "Sager"
key = ["sag"]
role = "spells"
[columns.sag]
type = "string"
label = "Sag"
[columns.nr]
type = "string"
label = "Person"
role = "key"
[columns.art]
type = "string"
label = "Art"
codes = { a = "Bolig" }
role = "type"
[columns.aabnet]
type = "date"
label = "Åbnet"
role = "opened"
[columns.lukket]
type = "date"
label = "Lukket"
role = "closed"
"""
TIMES = (
    SURVEY.partition("[[data.svar]]")[0]
    + """
[[data.sager]]
file = "sager.csv"
observed_until = 2021-12-31
[cohort]
table = "folk"
unit = "nr"
treatment = "indsats"
treated = true
cluster = "kommune"
index_date = "start"
[comparison]
method = "nearest"
covariates = ["alder"]
[[outcome]]
name = "lukket"
kind = "time"
from = "sager"
case_type = "a"
horizon_weeks = 52
label = "Sagen lukkes"
"""
)
TRIAL = f"""
[study]
name = "forsøg"
title = "Et forsøg"
dictionary = "ord"
seed = 1
design = "randomised"
{ARMS}
[[data.folk]]
file = "folk.csv"
[cohort]
treatment = "indsats"
treated = true
[comparison]
method = "unmatched"
covariates = ["alder"]
[[outcome]]
name = "arbejde"
kind = "value"
column = "arbejde"
unit = "andel"
label = "I arbejde"
[sensitivity]
"""


def report_text(results: Path) -> str:
    """Return what all chapters say, on one line."""
    return " ".join(whole(load(results)).split())


def people(n: int) -> pd.DataFrame:
    rng = np.random.default_rng(7)
    kommune = rng.integers(1, 5, n)
    return pd.DataFrame(
        {
            "nr": [f"p{one:03d}" for one in range(n)],
            "kommune": kommune,
            "alder": rng.integers(20, 60, n),
            "indsats": (kommune == 1).astype(int),
        }
    )


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    """Return a study of citizens in two waves, some of whom did not answer."""
    words, rng = tmp_path / "ord", np.random.default_rng(8)
    words.mkdir()
    (words / "folk.toml").write_text(PERSONS, encoding="utf-8")
    (words / "svar.toml").write_text(ANSWERS.replace("ASKED", "persons"), encoding="utf-8")
    (words / "scales.toml").write_text(
        '[tillid]\nlabel = "Tillid"\ntable = "svar"\nitems = ["a", "b"]\nminimum = 1\n'
        "maximum = 3\nleast_answered = 1\n",
        encoding="utf-8",
    )
    folk = people(240)
    folk.to_csv(tmp_path / "folk.csv", index=False)
    trust = rng.normal(size=240)
    for wave, n in ((1, 200), (2, 160)):
        said = folk[["nr", "kommune"]].copy()
        for item in ("a", "b"):
            noise = rng.normal(0, 0.4, 240)
            said[item] = np.clip(np.round(2 + trust + noise), 1, 3).astype(int)
        said.sample(n, random_state=wave).to_csv(tmp_path / f"svar{wave}.csv", index=False)
    study = tmp_path / "study.toml"
    study.write_text(SURVEY, encoding="utf-8")
    return study


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    """Return a trial in which the treated who did badly left a question blank."""
    words = tmp_path / "ord"
    words.mkdir()
    column = '[columns.arbejde]\ntype = "integer"\nlabel = "I arbejde"\n'
    (words / "folk.toml").write_text(PERSONS + column, encoding="utf-8")
    folk = people(200)
    folk["indsats"] = np.tile([0, 1], 100)
    last = np.arange(200) % 10
    folk["arbejde"] = np.where(folk["indsats"] == 1, last < 6, last < 4).astype(int)
    blank = (folk["indsats"] == 1) & (folk["arbejde"] == 0) & (folk.index < 100)
    folk["alder"] = folk["alder"].astype("Int64").mask(blank)
    folk.to_csv(tmp_path / "folk.csv", index=False)
    study = tmp_path / "study.toml"
    study.write_text(TRIAL, encoding="utf-8")
    return study


def test_citizens_are_citizens_and_whoever_was_asked_is_counted(
    survey: Path, tmp_path: Path
) -> None:
    results = run(load_study(survey), tmp_path / "out")
    whole = results.response[results.response["arm"] == "all"]
    assert whole[["n_invited", "n_answered"]].to_numpy().tolist() == [[240, 200], [240, 160]]
    text = report_text(tmp_path / "out")
    assert "I alt har 200 af 240 (83 pct.) i 1. måling og 160 af 240 (67 pct.)" in text
    assert "Svarene er fra borgere både dér, hvor indsatsen blev givet, og andre" in text
    assert "når de har svaret i begge målinger" in text
    assert "Har svaret ved første måling" in text
    for untrue in ("edarbejder", "VIVE", "ikke svarede;", "mellem – og", "100,0"):
        assert untrue not in text, untrue


def test_a_score_is_told_with_and_without_correction_and_which_is_tested(
    survey: Path, tmp_path: Path
) -> None:
    results = run(load_study(survey), tmp_path / "out")
    assert results.effects["term"].tolist() == [
        "score_difference",
        "score_difference_corrected",
    ]
    text = report_text(tmp_path / "out")
    assert "den første måling ikke korrigeret for målefejl." in text
    assert "| ikke korrigeret |" in text


def test_a_scale_whose_reliability_the_scores_tell_of_is_not_told_again(
    survey: Path, tmp_path: Path
) -> None:
    run(load_study(survey), tmp_path / "out")
    text = report_text(tmp_path / "out")
    assert text.count("Cronbachs alfa {#tbl-") == 1
    assert "Skalaernes pålidelighed fremgår af @tbl-skalaer-udfald" in text


def test_a_score_must_say_whether_it_is_corrected(survey: Path) -> None:
    survey.write_text(SURVEY.replace('reliability = "none"\n', ""), encoding="utf-8")
    with pytest.raises(DesignError, match="'reliability' is missing; give \"none\""):
        load_study(survey)
    survey.write_text(SURVEY.replace('reliability = "none"', "reliability = 0.8"), "utf-8")
    with pytest.raises(DesignError, match="reliability_source says where"):
        load_study(survey)


def test_answers_of_nobody_are_counted_in_the_check_and_the_report(
    survey: Path, tmp_path: Path
) -> None:
    folk = pd.read_csv(tmp_path / "folk.csv")
    folk.iloc[:200].to_csv(tmp_path / "folk.csv", index=False)
    waves = [pd.read_csv(tmp_path / f"svar{wave}.csv") for wave in (1, 2)]
    lost = sum(int((~one["nr"].isin(folk["nr"][:200])).sum()) for one in waves)
    found = checked(load_study(survey))
    assert not found.violations
    assert f"svar: {lost} answers of" in found.notices[0]
    run(load_study(survey), tmp_path / "out")
    # As the results tell it: to a multiple of the smallest number that may be told.
    said = f"Mindst {lost - lost % 5} svar i tillidsmåling fra mindst"
    assert said in report_text(tmp_path / "out")


def test_without_knowing_whom_a_survey_asked_no_share_is_told(
    survey: Path, tmp_path: Path
) -> None:
    told = ANSWERS.replace("ASKED", "unknown")
    (tmp_path / "ord" / "svar.toml").write_text(told, encoding="utf-8")
    results = run(load_study(survey), tmp_path / "out")
    assert results.response["n_invited"].isna().all()
    assert results.response["share"].isna().all()
    assert results.response["n_answered"].notna().all()
    text = report_text(tmp_path / "out")
    assert "Hvor mange der blev spurgt, fremgår ikke af data." in text


def test_a_trial_keeps_everybody_and_is_said_to_be_one(trial: Path, tmp_path: Path) -> None:
    results = run(load_study(trial), tmp_path / "out")
    (effect,) = results.effects.to_dict("records")
    assert effect["estimate"] == pytest.approx(0.2)
    assert (effect["n_treated"], effect["n_comparison"]) == (100, 100)
    text = report_text(tmp_path / "out")
    for true in (
        "20,0 procentpoint højere",
        "Grupperne er dannet ved lodtrækning",
        "Oplysningen mangler om alder for mindst 20; de indgår i alt andet.",
        "Der er ingen afprøvninger, der kan laves af fundet",
    ):
        assert true in text, true
    for untrue in ("ikke dannet ved lodtrækning", "otivation", "andel højere", "E-værdi"):
        assert untrue not in text, untrue


def test_a_trial_without_characteristics_has_no_balance(trial: Path, tmp_path: Path) -> None:
    bare = TRIAL.replace('covariates = ["alder"]', "covariates = []")
    trial.write_text(bare, encoding="utf-8")
    run(load_study(trial), tmp_path / "out")
    text = report_text(tmp_path / "out")
    assert "balance" not in text.lower()
    assert "lodtrækning" in text


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """Return a study of how long cases are open, with one place that has the programme."""
    words, rng = tmp_path / "ord", np.random.default_rng(9)
    words.mkdir()
    start = '[columns.start]\ntype = "date"\nlabel = "Start"\n'
    (words / "folk.toml").write_text(PERSONS + start, encoding="utf-8")
    (words / "sager.toml").write_text(CASES, encoding="utf-8")
    folk = people(400)
    opened = pd.Timestamp("2020-01-06") + pd.to_timedelta(rng.integers(0, 200, 400), "D")
    folk["start"] = opened
    folk.to_csv(tmp_path / "folk.csv", index=False)
    closed = pd.Series(opened + pd.to_timedelta(rng.integers(7, 700, 400), "D"))
    sager = pd.DataFrame({"sag": folk["nr"], "nr": folk["nr"], "art": "a", "aabnet": opened})
    sager["lukket"] = closed.where(closed <= pd.Timestamp("2021-12-31"))
    sager.to_csv(tmp_path / "sager.csv", index=False)
    study = tmp_path / "study.toml"
    study.write_text(TIMES, encoding="utf-8")
    return study


def test_what_could_not_be_tested_is_not_said_to_be(survey: Path, tmp_path: Path) -> None:
    run(load_study(survey), tmp_path / "out")
    text = report_text(tmp_path / "out")
    for true in ("; antal personer står i", "| Valgt |", "valgt i studiefilen. Den kunne ikke"):
        assert true in text, true
    for untrue in (
        "p-værdier",
        "er testet",
        "testede forskel",
        "mindst ét udfald",
        "Derfor gælder",
    ):
        assert untrue not in text, untrue


def test_a_curve_without_intervals_has_no_fields(cases: Path, tmp_path: Path) -> None:
    run(load_study(cases), tmp_path / "out")
    text = report_text(tmp_path / "out")
    assert "Kumuleret andel." in text
    for untrue in (
        "Felterne er",
        "Test af forløbene",
        "Et interval uden slutning",
        "p-værdier og",
    ):
        assert untrue not in text, untrue


def test_those_who_answered_are_told_where_they_are_less_alike(
    survey: Path, tmp_path: Path
) -> None:
    folk = pd.read_csv(tmp_path / "folk.csv").set_index("nr")
    last = pd.read_csv(tmp_path / "svar2.csv")
    treated, age = last["nr"].map(folk["indsats"]), last["nr"].map(folk["alder"])
    last[(treated == 0) | (age > 40)].to_csv(tmp_path / "svar2.csv", index=False)
    run(load_study(survey), tmp_path / "out")
    text = report_text(tmp_path / "out")
    assert "Blandt dem, der er regnet med for tillid, er der dog kendetegn med" in text


def test_rows_that_the_study_file_chose_are_told_without_naming_persons(
    survey: Path, tmp_path: Path
) -> None:
    chosen = SURVEY.replace(
        'file = "folk.csv"', 'file = "folk.csv"\nkeep = { kommune = [1, 2] }'
    ).replace('file = "svar1.csv"', 'file = "svar1.csv"\nkeep = { nr = PERSONS }')
    kept = pd.read_csv(tmp_path / "svar1.csv")["nr"].tolist()
    survey.write_text(chosen.replace("PERSONS", str(kept[:150])), encoding="utf-8")
    run(load_study(survey), tmp_path / "out")
    text = report_text(tmp_path / "out")
    for true in (
        "Af folk.csv er kun brugt de rækker, hvor »Kommune« er »Nord« eller »Vest«.",
        "Af svar1.csv er kun brugt de rækker, som studiefilen vælger efter »Person«.",
    ):
        assert true in text, true
    assert kept[0] not in (tmp_path / "out" / "manifest.json").read_text("utf-8")


def test_steps_where_nobody_leaves_are_not_said_to_be_left_out(
    trial: Path, tmp_path: Path
) -> None:
    infinitive = TRIAL.replace('label = "I arbejde"', 'label = "At være i arbejde"')
    trial.write_text(infinitive, encoding="utf-8")
    run(load_study(trial), tmp_path / "out")
    text = report_text(tmp_path / "out")
    assert "Trin undervejs, hvor ingen går ud, er udeladt" in text
    for untrue in ("alle trin", "i at være", "for at være", "borgere uden |"):
        assert untrue not in text, untrue
