"""Persons are counted once at each step, whatever rows they have."""

from __future__ import annotations

import numpy as np
import pytest

from analyses.cohort.flow import (
    REASONS,
    Rows,
    Step,
    all_met,
    flow_frame,
    lost_of,
    narrow,
    narrow_arms,
)


def test_a_person_is_lost_with_the_last_row() -> None:
    persons = np.array([0, 0, 1, 1])
    conditions = [
        ("status", np.array([True, False, True, True])),
        ("covariates", np.array([False, True, True, False])),
    ]
    kept, steps = narrow("treated", persons, conditions)
    assert kept.tolist() == [False, False, True, False]
    assert [(step.step, step.n, step.lost) for step in steps] == [
        ("status", 2, 0),
        ("covariates", 1, 1),
    ]
    assert np.array_equal(kept, all_met(conditions, 4))


def test_without_a_condition_everybody_stays() -> None:
    assert all_met([], 3).all()
    assert narrow("treated", np.arange(3), [])[1] == []


def test_a_row_may_stand_in_both_arms() -> None:
    both = {"treated": np.array([True, True]), "comparison": np.array([False, True])}
    steps = narrow_arms(both, np.arange(2), [("covariates", np.array([True, False]))], "job")
    assert [(s.arm, s.n, s.lost, s.outcome) for s in steps] == [
        ("treated", 1, 1, "job"),
        ("comparison", 0, 1, "job"),
    ]


def test_rows_are_kept_with_their_dates() -> None:
    rows = Rows(np.array([4, 7]), np.array(["2018-01-01", "2018-02-01"], "M8[D]"))
    kept = rows.where(np.array([False, True]))
    assert (kept.persons.tolist(), kept.dates.astype(str).tolist()) == ([7], ["2018-02-01"])


def test_the_reason_is_that_of_the_step_and_a_step_that_nobody_failed_is_none() -> None:
    steps = [
        Step(step="data", arm="treated", persons=np.arange(5), lost=0),
        Step(step="status", arm="treated", persons=np.arange(5), lost=0),
        Step(step="covariates", arm="treated", persons=np.arange(3), lost=2),
    ]
    frame = flow_frame(steps)
    assert frame["step"].tolist() == ["data", "covariates"]
    assert frame["reason"].tolist() == ["", REASONS["covariates"]]
    assert lost_of("treated", steps) == "2 a covariate is missing"
    assert "nobody from the beginning" in lost_of("comparison", steps)


@pytest.mark.parametrize("step", list(REASONS))
def test_every_step_says_why_somebody_is_left_out(step: str) -> None:
    frame = flow_frame([Step(step=step, arm="comparison", persons=np.array([7]), lost=1)])
    assert frame.loc[0, "reason"]
    assert frame.loc[0, "persons"].tolist() == [7]
