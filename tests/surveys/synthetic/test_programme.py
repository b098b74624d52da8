from __future__ import annotations

import numpy as np

from surveys.synthetic import histories, programme, timeline


def test_the_register_counts_weeks_before_and_up_to_a_week() -> None:
    states = np.full((1, 120), histories.ASSISTANCE, dtype=np.uint8)
    states[0, 100:103] = histories.JOB
    register = programme.read_register(states)
    at = np.array([110])
    assert register.elapsed[0, 110] == 8
    assert register.elapsed[0, 102] == 0
    # The 104 weeks before week 110 are weeks 6 to 109.
    assert register.weeks_before(register.benefit_sum, at) == 101
    assert register.weeks_before(register.job_sum, at) == 3


def test_the_observed_weeks_are_those_of_the_register() -> None:
    monday = timeline.mondays()
    assert monday[timeline.BURN_IN] == timeline.FIRST_WEEK
    assert monday[timeline.LAST_OBSERVED] == timeline.LAST_WEEK
    dates = np.array(["2020-12-31", "2014-07-06", "NaT"], dtype="datetime64[D]")
    expected = [timeline.LAST_OBSERVED, timeline.BURN_IN, -1]
    assert timeline.position(dates).tolist() == expected


def test_the_register_is_looked_at_on_the_first_monday() -> None:
    for month in timeline.months():
        day = timeline.first_monday(month)
        assert day.astype("datetime64[M]") == month
        assert day.astype(object).weekday() == 0
        assert day.astype(object).day <= 7
