"""How a study differs from the trial one would have wished for, as codes of its plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from analyses import Study
from analyses.results.target_trial import target_trial
from analyses.study.methods import RISK_SETS


def told(study: Study, method: str = "nearest", **cohort: Any) -> Any:
    """Return the codes of a study whose cohort or method is another."""
    return target_trial(
        replace(
            study,
            cohort=replace(study.cohort, **cohort),
            comparison=replace(study.comparison, method=method),
        )
    )


def test_the_plan_of_the_shipped_study_is_told(study: Study) -> None:
    made = target_trial(study)
    assert (made.eligibility, made.status) == ("resident_status", "benefits")
    assert (made.against, made.time_zero, made.level) == ("elsewhere", "drawn_month", None)
    assert made.moves
    assert made.exits
    assert not made.own_starts


@pytest.mark.parametrize(
    ("cohort", "method", "against"),
    [
        ({"donors": "own"}, "nearest", "not_participating"),
        ({"donors": "own"}, RISK_SETS, "not_started"),
        ({"donors": None}, "nearest", "without"),
        ({"donors": None, "treated": "no"}, "nearest", "others"),
    ],
)
def test_whom_the_treated_are_held_against(study: Study, cohort, method, against) -> None:
    assert told(study, method, **cohort).against == against


def test_another_level_than_yes_is_named(study: Study) -> None:
    assert told(study, treated="no").level == "no"
    assert told(study, treated=1).level is None


def test_time_zero_is_known_by_how_it_is_made(study: Study) -> None:
    assert told(study, RISK_SETS).time_zero == "partner_week"
    assert told(study, time_zero=None).time_zero == "index_date"
    assert told(study, time_zero=None, index_date=None).time_zero == "unknown"
    assert told(study, time_zero=None).eligibility == "everyone"


def test_controls_start_themselves_only_where_they_are_from_the_same_place(
    study: Study,
) -> None:
    assert told(study, RISK_SETS, donors="own").own_starts
    assert not told(study, RISK_SETS, donors="other").own_starts
