"""Weekly statuses: who can be followed, who reached the run, and other lengths of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from analyses import Study, Tables
from analyses.outcomes.weekly import Weekly, weekly_of
from evaluation.robustness.checks import Question
from surveys import STATUSES, Dream

MONDAYS = np.arange(np.datetime64("2018-01-01"), np.datetime64("2018-12-31"), 7)
BENEFITS, JOB = (STATUSES.index(name) for name in ("benefits", "employment"))


def register(*found: int, runs: int = 4) -> Dream:
    """Return one person on benefits each, who has a job from a week on for so many weeks."""
    status = np.full((len(found), MONDAYS.size), BENEFITS)
    for row, week in enumerate(found):
        status[row, week : week + runs] = JOB
    return Dream.from_arrays([f"p{row}" for row in range(len(found))], MONDAYS, status)


def test_whoever_has_it_already_or_is_not_in_the_register_is_left_out(
    study: Study, tables: Tables, one: Weekly
) -> None:
    plan = replace(study, cohort=replace(study.cohort, time_zero=None))
    known = replace(tables, dream=register(0, 20))
    after = pd.Series(pd.Timestamp("2018-01-10"), index=["p0", "p1", "stranger"])
    met = dict(one.conditions(plan, known, after))
    assert met["register"].tolist() == [True, True, False]
    assert met["at_risk"].tolist() == [False, True, True]


def test_the_rule_of_time_zero_has_asked_already(
    study: Study, tables: Tables, one: Weekly
) -> None:
    after = pd.Series(pd.Timestamp("2018-01-10"), index=["p0"])
    assert one.conditions(study, replace(tables, dream=register(0)), after) == []


def test_a_run_counts_from_its_first_week(tables: Tables, one: Weekly) -> None:
    dream = replace(tables, dream=register(10, 11))
    keys = np.array(["p0", "p1"], dtype=object)
    dates = np.array(["2018-01-01"] * 2, dtype="datetime64[D]")
    found = [one.reached(dream, keys, dates, weeks).tolist() for weeks in (9, 10, 11)]
    assert found == [[False, False], [True, False], [True, True]]
    longer = replace(one, weeks=5)
    assert not longer.reached(dream, keys, dates, 11).any()


def test_other_lengths_and_an_earlier_end_are_asked_of_what_counts_weeks_from_the_index_date(
    study: Study, tables: Tables, one: Weekly
) -> None:
    asked = study.sensitivity
    assert asked is not None
    plan = replace(
        study,
        sensitivity=replace(asked, runs=(2, 4, 8), observed_until=date(2020, 3, 8)),
    )
    m = None
    sets = one.other_sets(m, plan, tables)  # type: ignore[arg-type]
    assert list(sets) == [
        Question("specification", "run", size=2),
        Question("specification", "run", size=8),
        Question("specification", "observed_until", "2020-03-08"),
    ]
    late = replace(one, landmark=13)
    assert not late.is_weekly
    assert late.other_sets(m, plan, tables) == {}  # type: ignore[arg-type]


def test_weekly_outcomes_are_told_from_others(study: Study, one: Weekly) -> None:
    assert weekly_of(study.outcomes) == [one]
