"""Studies that ask for what cannot be done are refused, with the place and the remedy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import evaluation as ev
from analyses import Study, Tables, estimate, load_study
from analyses.cohort.rows import cohort_rows
from analyses.outcomes.weekly import Weekly
from data_dictionary.errors import DesignError


def with_people(tables: Tables, **columns: object) -> Tables:
    frames = dict(tables.frames)
    frames["population"] = frames["population"].assign(**columns)
    return replace(tables, frames=frames)


def asked(study: Study, *outcomes: Weekly) -> Study:
    return replace(study, outcomes=outcomes, itt=None, weekly=None, sensitivity=None)


def test_an_arm_of_which_nobody_is_left_says_where_everybody_was_lost(
    study: Study, tables: Tables
) -> None:
    without = with_people(
        tables, start_date=pd.Series(pd.NaT, range(len(tables.frames["population"])))
    )
    treated = int(without.frames["population"]["en_plan"].sum())
    for method in (ev.Nearest(), ev.RiskSets()):
        changed = replace(study.comparison, method=method.name, options=method)
        plan = replace(study, comparison=changed)
        with pytest.raises(DesignError, match=f"the treated arm .*: {treated} no start date$"):
            cohort_rows(plan, without)


def test_a_date_that_lies_after_the_index_date_is_named(study: Study, tables: Tables) -> None:
    later = with_people(tables, birth_date=pd.Timestamp("2090-01-01"))
    with pytest.raises(DesignError, match=r"\[derive\] age, from birth_date: .* index date"):
        cohort_rows(study, later)


def test_every_outcome_that_cannot_be_estimated_is_named_at_once(
    study: Study, tables: Tables
) -> None:
    first = study.outcomes[0]
    assert isinstance(first, Weekly)
    far = replace(first, name="far", horizon=900.0)
    never = replace(first, name="never", event="death", competing=(), horizon=1.0)
    with pytest.raises(DesignError) as refusal:
        estimate(asked(study, first, far, never), tables)
    lines = str(refusal.value).splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "[[outcome]] far",
        "[[outcome]] never",
    ]
    assert "at most" in lines[0]


def test_weeks_of_a_path_beyond_the_register_are_refused_by_section(
    study: Study, tables: Tables
) -> None:
    first = study.outcomes[0]
    assert isinstance(first, Weekly)
    assert study.weekly is not None
    plan = replace(asked(study, first), weekly=replace(study.weekly, weeks=(-600, 104)))
    with pytest.raises(DesignError, match=r"^\[path\]: .* week -600"):
        estimate(plan, tables)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "[cohort]",
            '[statuses]\nwork = ["employment", "flexjob"]\n[cohort]',
            "[path] status: 'employment' is not a status of the register. It is part of",
        ),
        (
            "[cohort]",
            '[statuses]\nwork = ["employment", "flexjob"]\n[cohort]',
            "event: 'employment' is not a status of the register. It is part of 'work'",
        ),
        (
            "treated = true",
            'treated = "yes"',
            "treated = 'yes' is no level of en_plan; levels: false, true",
        ),
        (
            'donors = "other"',
            'donors = "other"\ndonors_exclude = [21777]',
            "donors_exclude: 21777 is not a code of municipality. Did you mean '217'?",
        ),
        (
            'donors = "other"',
            'donors = "other"\ndonors_exclude = ["Helsingør"]',
            "donors_exclude: 'Helsingør' is not a code of municipality. Did you mean 217?",
        ),
    ],
)
def test_a_name_of_another_place_is_answered_with_the_right_one(
    made: Path, old: str, new: str, message: str
) -> None:
    text = (made / "study" / "study.toml").read_text(encoding="utf-8")
    assert old in text
    file = made / "study" / "odd.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DesignError) as refusal:
        load_study(file)
    assert message in str(refusal.value)
