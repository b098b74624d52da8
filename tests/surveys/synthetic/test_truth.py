from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

from surveys.synthetic import simulate, truth


def events(*weeks: str, index: int = 0) -> tuple[list[int], list[int]]:
    """Weeks as letters: b benefit, j job, h holiday from a job, e education, d death."""
    code = {"b": 730, "j": 0, "h": 121, "e": 652, "d": 999}
    codes = np.array([[code[letter] for letter in person] for person in weeks], dtype=np.int16)
    works = np.array([[letter == "j" for letter in person] for person in weeks])
    found = truth.first_event(
        codes, truth.job_weeks(codes, works), np.full(len(weeks), index), 4
    )
    return found[0].tolist(), found[1].tolist()


@pytest.mark.parametrize(
    ("weeks", "duration", "cause"),
    [
        ("bbjjjjbb", 2, 1),  # the run begins in week 2
        ("bjjjbjjjjb", 5, 1),  # three weeks are not enough
        ("jjjjjbbbbb", 1, 1),  # only runs from week 1 on count
        ("bjhjjbbb", 1, 1),  # holiday from a job is work
        ("bjjejjjjb", 3, 2),  # education inside the run's weeks wins
        ("bbbdddddd", 3, 6),  # death
        ("bbbbbbb", 3, 0),  # followed to the last week minus three
        ("bbbbjjj", 3, 0),  # a run that cannot be seen to its end
        ("bbbbed", 2, 0),  # an end after that week is not seen either
    ],
)
def test_first_events_follow_the_definition(weeks: str, duration: int, cause: int) -> None:
    assert events(weeks) == ([duration], [cause])


def test_weeks_count_from_the_index_week() -> None:
    assert events("bbbjjjjbbb", index=2) == ([1], [1])


def test_blank_without_an_industry_is_no_job() -> None:
    codes = np.zeros((1, 6), dtype=np.int16)
    assert not truth.job_weeks(codes, np.zeros((1, 6), dtype=bool)).any()


def test_the_cox_coefficient_is_the_one_found_by_hand() -> None:
    # World 0 has events at 2 and 3, world 1 at 1 and 4. With h = exp(b) the score is
    # 1 - h/(1+h) - h/(2+h) - h/(1+h), which is zero where 1 - h - h^2 = 0.
    time, world = np.array([2, 3, 1, 4]), np.array([False, False, True, True])
    found = truth.marginal_log_hazard_ratio(time, np.ones(4, dtype=bool), world)
    assert np.exp(found) == pytest.approx((np.sqrt(5) - 1) / 2, rel=1e-10)


def test_tied_events_are_shared_out_as_efron_does() -> None:
    # One event in each world at the same time, one more person of world 1 at risk. Efron's
    # likelihood is h / ((1+2h) (1+2h - (1+h)/2)), largest where 1 - 6 h^2 = 0.
    time, world = np.array([1, 1, 2]), np.array([False, True, True])
    found = truth.marginal_log_hazard_ratio(time, np.array([True, True, False]), world)
    assert np.exp(found) == pytest.approx(1 / np.sqrt(6), rel=1e-10)


def test_effects_are_differences_between_the_worlds() -> None:
    units = pd.DataFrame(
        {
            "duration0": [10, 104, 120, 60],
            "cause0": ["employment", "employment", None, "education"],
            "duration1": [10, 100, 50, 60],
            "cause1": ["employment", "employment", "employment", "education"],
            "weeks_employment0": [40, 0, 0, 8],
            "weeks_employment1": [60, 4, 30, 8],
            "censor": 150,
            "relation_w3_0": [50.0, 60.0, 70.0, 80.0],
            "relation_w3_1": [54.0, 64.0, 70.0, 80.0],
        }
    )
    names = {"outcome": "employment", "horizon": 104}
    assert truth.effect(units, term="incidence", **names) == 25
    # Weeks since the first job: 94 + 0 in one world, 94 + 4 + 54 in the other.
    assert truth.effect(units, term="weeks_since_employment", **names) == (152 - 94) / 4
    assert truth.effect(units, term="accumulated_weeks_104", **names) == 54 / 4
    score = truth.effect(units, outcome="relation", term="score_difference", horizon=104)
    assert score == 2


def test_those_who_left_by_another_cause_stay_at_risk_of_the_subdistribution() -> None:
    # Events at 2 and 3 in one world, at 1 and 4 in the other, as found by hand above; whoever
    # leaves for education in week 1 is still counted in every later risk set.
    units = pd.DataFrame(
        {
            "duration0": [2, 3, 1, 1],
            "cause0": ["employment", "employment", "education", "education"],
            "duration1": [1, 4, 1, 1],
            "cause1": ["employment", "employment", "education", None],
            "censor": 5,
        }
    )
    time = np.array([2, 3, 9, 9, 1, 4, 9, 9])
    expected = truth.marginal_log_hazard_ratio(time, time < 9, np.repeat([False, True], 4))
    found = truth.effect(
        units, outcome="employment", term="subdistribution_hazard_ratio", horizon=9
    )
    assert np.log(found) == pytest.approx(expected, rel=1e-12)
    specific = truth.effect(units, outcome="employment", term="hazard_ratio", horizon=9)
    assert found != pytest.approx(specific)


def test_weeks_employed_are_counted_from_the_week_after_the_index_week() -> None:
    jobs = np.array([[1, 1, 0, 1, 1, 1], [1, 1, 1, 0, 0, 1]], dtype=bool)
    found = truth.weeks_employed(jobs, np.array([0, 1]), 3)
    assert found.tolist() == [2, 1]


def test_the_intraclass_correlation_is_one_for_constant_groups_and_zero_without_any() -> None:
    group = np.repeat([1, 2, 3], 4)
    assert truth.intraclass_correlation(group.astype(float), group) == 1
    assert truth.intraclass_correlation(np.tile([0.0, 1.0], 6), group) == 0


def test_the_truth_and_the_reader_of_dream_find_the_same_first_events() -> None:
    # Two programs that share nothing but the definition.
    made = simulate(seed=21, persons=3_000, scenario="measured")
    units = made.units[made.units["population"] == "register_eligible"].set_index("person_id")
    found = made.dream.dream(made.population).first_run(
        "employment", 4, after=units["index_date"], competing=list(truth.COMPETING)
    )
    assert found["eligible"].all()
    duration, censor = units["duration1"].to_numpy(), units["censor"].to_numpy()
    seen = units["cause1"].notna().to_numpy() & (duration <= censor)
    assert_array_equal(found["duration"], np.minimum(duration, censor))
    assert_array_equal(found["cause"].isna(), ~seen)
    assert_array_equal(found["cause"][seen], units["cause1"][seen])
    worked = made.dream.dream(made.population).weeks_in(
        "employment", units["index_date"], weeks=(1, 104)
    )
    assert_array_equal(worked, units["weeks_employment1"])
