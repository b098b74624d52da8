"""The summary says for whom each number is, and leaves no lag after start out."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest

from evaluation.survival.path.marks import LockIn
from reports.chapters import path, summary
from reports.facts import Report
from tests.reports import minimal
from tests.reports.test_path import plan

NAN = math.nan


def report(*, band_high: float = NAN, n: int = 516) -> Report:
    ends = {"conf_low": -1.0, "conf_high": 5.0, "p_value": 0.2}
    effects = minimal.effects(
        {"estimate": 2.0, **ends},
        {"estimate": 2.0, **ends, "outcome": "relation", "n_treated": n, "n_comparison": n + 1},
        {"estimate": -0.4, **ends, "term": "accumulated_weeks_26", "unit": "weeks"},
    )
    relation = replace(minimal.outcome("relation", time=None), label="Relation", kind="value")
    lag = LockIn(week=9, depth=-4.2, conf_low=-8.0, conf_high=band_high)
    return minimal.report(
        {"effects": effects, "paths": pd.DataFrame()},
        outcomes=(minimal.outcome(), relation),
        path=replace(plan("employment", label="Beskæftigelse"), name="employment", lock_in=lag),
    )


def test_a_number_that_rests_on_others_says_on_how_many() -> None:
    shown = report()
    said = summary._others(shown, shown.tested())
    assert said == " Så mange er regnet med for beskæftigelse; det er 516 og 517 for relation."
    alike = report(n=400)
    same = [replace(one, n_comparison=400) for one in alike.tested()]
    assert summary._others(alike, same) == ""
    hidden = [same[0], replace(same[1], n_treated=NAN)]
    assert summary._others(alike, hidden) == ""


@pytest.mark.parametrize(("high", "told"), [(-0.5, True), (0.5, False), (NAN, False)])
def test_a_lag_that_is_told_apart_is_in_the_summary(high: float, *, told: bool) -> None:
    said = path.harm(report(band_high=high))
    assert ("Det tyder på en fastholdelseseffekt" in said) == told
    assert bool(said) == told


def test_a_study_without_a_path_has_no_lag() -> None:
    assert path.harm(minimal.report()) == ""
