"""Landmarks, and the flow of everybody who is followed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from data_dictionary.errors import DesignError


@pytest.fixture
def six() -> ev.Matched:
    frame = pd.DataFrame(
        {
            "id": range(8),
            "plan": [True] * 4 + [False] * 4,
            "weeks": [5, 13, 14, 40, 2, 20, 30, 52],
            "status": [
                "employment",
                None,
                "employment",
                None,
                "death",
                "death",
                "employment",
                None,
            ],
        }
    )
    return ev.unmatched(frame, ev.Roles(unit="id", treatment="plan"))


D = ev.Duration(exit="weeks", event="status", of="employment", competing=("death",))


def counts(frame: pd.DataFrame) -> dict[tuple[str, ...], int]:
    keys = [name for name in frame.columns if name != "n"]
    return {
        tuple(row[k] for k in keys): row["n"] for row in frame.to_dict("records") if row["n"]
    }


def test_only_those_at_risk_after_the_landmark_stay_and_time_counts_from_it(
    six: ev.Matched,
) -> None:
    found = ev.landmark(six, D, 13)
    assert np.flatnonzero(found.matched.used).tolist() == [2, 3, 5, 6, 7]
    used = found.matched.frame.loc[found.matched.used, "weeks"]
    assert used.tolist() == [1, 27, 7, 17, 39]
    assert six.frame["weeks"].tolist()[2] == 14
    assert counts(found.lost) == {
        ("treated", "employment"): 1,
        ("treated", "censored"): 1,
        ("comparison", "death"): 1,
    }
    assert found.summary() == "treated: 2 at risk, 2 lost; comparison: 3 at risk, 1 lost"
    assert "no effect on everybody matched" in found.matched.notes[-1]


def test_the_curve_after_a_landmark_is_the_conditional_one(
    make: Callable[..., ev.Matched], duration: ev.Duration
) -> None:
    m = make(cluster=False)
    found = ev.landmark(m, duration, 13)
    after = ev.survival_curves(found.matched, found.duration).curves
    whole = ev.survival_curves(m, duration).curves
    for arm in ("treated", "comparison"):
        mine = after[after["arm"] == arm].set_index("time")["estimate"]
        all_ = whole[whole["arm"] == arm].set_index("time")["estimate"]
        assert mine[40] == pytest.approx(all_[53] / all_[13], rel=1e-12)


def test_who_enters_after_the_landmark_is_not_at_risk_at_it(six: ev.Matched) -> None:
    from dataclasses import replace

    entered = replace(six, frame=six.frame.assign(since=[0, 0, 0, 20, 0, 0, 0, 13]))
    found = ev.landmark(entered, replace(D, entry="since"), 13)
    assert np.flatnonzero(found.matched.used).tolist() == [2, 5, 6, 7]
    assert counts(found.lost)["treated", "entered later"] == 1
    assert found.duration.entry is None


def test_a_landmark_that_leaves_an_arm_empty_is_refused(six: ev.Matched) -> None:
    with pytest.raises(DesignError, match="nobody of the treated arm is at risk at 40 weeks"):
        ev.landmark(six, D, 40)
    with pytest.raises(DesignError, match="at=0: a landmark lies after time 0"):
        ev.landmark(six, D, 0)


def test_the_flow_of_durations_adds_up_to_those_followed(six: ev.Matched) -> None:
    found = ev.duration_flow(six, D, 30)
    assert counts(found) == {
        ("treated", "followed", ""): 4,
        ("treated", "event", "employment"): 2,
        ("treated", "censored", ""): 1,
        ("treated", "at_horizon", ""): 1,
        ("comparison", "followed", ""): 4,
        ("comparison", "event", "employment"): 1,
        ("comparison", "competing", "death"): 2,
        ("comparison", "at_horizon", ""): 1,
    }


def test_a_person_cut_into_periods_is_refused_and_not_lost_at_the_cut() -> None:
    # Person 0 waits until week 40; cut at week 5, the rest of it would enter after week 2.
    frame = pd.DataFrame(
        {
            "id": range(8),
            "plan": [True, False] * 4,
            "weeks": [40, 30, 20, 10, 40, 30, 20, 10],
            "job": [1, 1, 0, 1, 0, 1, 1, 1],
            "began": [5.0] + [np.nan] * 7,
        }
    )
    rows = ev.split_at_start(frame, exit="weeks", event="job", start="began")
    m = ev.unmatched(rows, ev.Roles(unit="id", treatment="plan"))
    d = ev.Duration(exit="weeks", event="job", entry="entry")
    with pytest.raises(DesignError, match=r"1 unit.s. have rows that begin where another"):
        ev.landmark(m, d, 2)
    with pytest.raises(DesignError, match=r"1 unit.s. have rows that begin where another"):
        ev.duration_flow(m, d, 104)
