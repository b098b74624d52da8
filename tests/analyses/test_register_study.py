"""A study file with hours, case records, own statuses and municipalities, as it is run."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analyses import Results, load_study, run
from analyses.results.facts import read_facts
from data_dictionary.errors import DesignError
from reports.facts import Report
from surveys.dream.families import Family
from surveys.dream.weeks import months_of
from tests.study_kind import KIND

STUDY = """
[study]
name = "registers"
title = "Registre"
dictionary = "enplan"
seed = 1
KIND
[[data.population]]
file = "data/population.parquet"
[[data.exposure]]
file = "data/exposure.csv"
[[data.dream]]
file = "data/dream.parquet"
[[data.cases]]
file = "data/cases.csv"
[[data.hours]]
file = "data/hours.csv"

[statuses]
work = ["employment", "flexjob"]

[cohort]
unit = "person_id"
treatment = "en_plan"
index_date = "index_date"
cluster = "municipality"

[cohort.time_zero]
status = "benefits"
start = "start_date"

[derive]
age = { years_since = "birth_date" }
worked = { from = "dream", status = "work", weeks = [-104, -1] }
lives_in = { from = "dream", column = "nykom" }
group = { from = "dream", column = "visit", at = "index" }

[comparison]
caliper = 0.2
covariates = ["group", "age", "female", "worked"]

[[outcome]]
name = "hours"
kind = "time"
from = "hours"
hours = 27.75
months = 3
competing = ["death", "emigration"]
horizon_weeks = 104
label = "Job med mindst 27,75 timer"

[[outcome]]
name = "closing"
kind = "time"
from = "cases"
case_type = "employment"
horizon_weeks = 52

[[outcome]]
name = "work_late"
kind = "time"
from = "dream"
event = "work"
landmark = 13
horizon_weeks = 52

[[outcome]]
name = "since_opening"
kind = "time"
from = "dream"
event = "work"
time_scale = "case"
case_type = "employment"
horizon_weeks = 300
"""


@pytest.fixture(scope="module")
def folder(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the synthetic study with hours, places and groups of statuses of its own."""
    place = tmp_path_factory.mktemp("register") / "study"
    shutil.copytree(made / "study" / "data", place / "data")
    dream = pd.read_parquet(place / "data" / "dream.parquet")
    weeks = Family("y_{YYWW}").columns(dream.columns)
    mondays = np.array(list(weeks), dtype="datetime64[D]")
    month = months_of(mondays)
    records = []
    for one in np.unique(month):
        name = "branche_" + str(one).replace("-", "_")
        codes = dream[[weeks[monday] for monday in mondays[month == one]]]
        works = codes.isna().all(axis=1) & dream[name].notna()
        works.iloc[0] = True
        rows = pd.DataFrame({"person_id": dream.loc[works, "person_id"]})
        records.append(
            rows.assign(month=pd.Timestamp(one.astype("datetime64[D]")), hours=160.33)
        )
    pd.concat(records).to_csv(place / "data" / "hours.csv", index=False)
    people = pd.read_parquet(place / "data" / "population.parquet").set_index("person_id")
    for year in range(2014, 2021):
        dream[f"nykom{year}"] = dream["person_id"].map(people["municipality"])
        for quarter in range(1, 5):
            group = np.where(dream["person_id"] < "8", "2", "3")
            dream[f"visit_{quarter}_kv{year}"] = group
    dream.to_parquet(place / "data" / "dream.parquet")
    # Everybody's cases of one type run on until 2019, so that most have one at the index date.
    cases = pd.DataFrame({"person_id": people.index, "municipality": people["municipality"]})
    cases = cases.assign(case_id=[f"c{k}" for k in range(len(cases))], case_type="employment")
    days = np.random.default_rng(4).integers(0, 900, len(cases))
    cases["opened"] = "2014-03-03"
    cases["closed"] = (np.datetime64("2018-03-01") + days).astype(str)
    cases.to_csv(place / "data" / "cases.csv", index=False)
    (place / "study.toml").write_text(STUDY.replace("KIND", KIND), encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def found(folder: Path) -> Results:
    return run(load_study(folder), folder.parent / "results")


def test_every_outcome_of_a_register_is_estimated_and_labelled(found: Results) -> None:
    pairs = set(zip(found.effects["outcome"], found.effects["term"], strict=True))
    names = ("hours", "closing", "work_late", "since_opening")
    assert {(name, "incidence") for name in names} <= pairs
    facts = read_facts(found.manifest)
    times = {one.name: one.time for one in facts.outcomes if one.time is not None}
    closing = times["closing"]
    assert (closing.register, closing.case_type) == ("spells", "employment")
    assert (times["hours"].hours, times["hours"].months) == (27.75, 3)
    assert times["work_late"].landmark == 13
    assert times["since_opening"].counts_from == "case"
    report = Report(facts=facts, frames=found.frames)
    assert report.name_of("closing") == "Afsluttet sag (beskæftigelse)"
    assert report.label("work") == "Beskæftigelse eller fleksjob"
    assert report.label("lives_in", "217") == "Helsingør"


def test_durations_csv_tells_how_the_follow_up_of_many_ended(found: Results) -> None:
    table = found.frames["durations"]
    assert list(table.columns) == ["outcome", "arm", "step", "cause", "n"]
    assert set(table.loc[table["outcome"] == "work_late", "step"]) >= {"lost", "followed"}
    assert (table["n"].dropna() >= 5).all()
    own = table[table["step"] != "lost"]
    for _, rows in own.groupby(["outcome", "arm"]):
        whole = rows["step"] == "followed"
        left = rows.loc[whole, "n"].item() - rows.loc[~whole, "n"].sum()
        hidden = int(rows["n"].isna().sum())
        # What is left is of no hidden part alone: it is told only to a multiple of 5.
        assert left == 0 or hidden


def test_everybody_left_out_is_counted_where_it_happened(found: Results) -> None:
    steps = set(found.flow.loc[found.flow["lost"] != 0, "step"])
    assert "open_case" in steps
    assert "observed" not in steps


def test_a_match_group_at_the_index_date_is_balanced_like_any_covariate(
    found: Results,
) -> None:
    levels = found.balance.loc[found.balance["covariate"] == "group", "level"]
    assert "3" in set(levels.astype(str))
    report = Report(facts=read_facts(found.manifest), frames=found.frames)
    assert report.label("group") == "Matchgruppe i kvartalet for indeksdatoen"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('work = ["employment"', 'work = ["emplyment"', "'emplyment' is neither a status nor"),
        ('status = "work"', 'status = "flexjob"', "'flexjob' is not a status of the register"),
        ('case_type = "employment"', 'case_type = "job"', "'job' is not a type of case"),
        ('case_type = "employment"\n', "", "'case_type' is missing"),
        ('time_scale = "case"\n', "", "case_type is used by an outcome from cases or time"),
        ("landmark = 13", 'landmark = 13\ntime_scale = "case"', "needs case_type"),
        ("months = 3", "weeks = 3", "'weeks' is not a key of this section"),
        ("months = 3", 'case_type = "family"', "case_type is used by an outcome from cases or"),
        ('column = "nykom"', 'column = "nykomm"', "Did you mean 'nykom'"),
        ('file = "data/hours.csv"', 'file = "data/hour.csv"', "'data/hour.csv' does not exist"),
        ("[[data.hours]]", "[[data.cases]]", "from: 'hours' is no register that has a file in"),
    ],
)
def test_mistakes_about_registers_are_named(
    folder: Path, tmp_path: Path, before: str, after: str, said: str
) -> None:
    text = (folder / "study.toml").read_text(encoding="utf-8")
    assert before in text
    shutil.copytree(folder / "data", tmp_path / "data")
    (tmp_path / "study.toml").write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(DesignError) as caught:
        load_study(tmp_path)
    assert said in str(caught.value)
