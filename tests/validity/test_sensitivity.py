"""Where no data show the bias, the sensitivity part says that it could be there."""

from __future__ import annotations

from functools import cache

import pytest

from evaluation.robustness.verdict import Standing
from tests.validity.coverage import plan
from tests.validity.sensitivity import Judged, challenged, primary_only


@cache
def judged(scenario: str) -> dict[str, Judged]:
    study = primary_only(plan("measured"))
    found = challenged(study, 2, scenario, persons=5_000)
    return {one.effect.outcome: one for one in found}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scenario", "outcome", "check"),
    [
        ("hidden_motivation", "employment", "selection"),
        ("hidden_motivation", "relation", "selection"),
        ("informative_nonresponse", "relation", "nonresponse"),
    ],
)
def test_a_finding_that_is_biased_unseen_is_said_to_be_explicable(
    scenario: str, outcome: str, check: str
) -> None:
    one = judged(scenario)[outcome]
    # The bias makes a finding of it; before start the groups are alike.
    assert one.verdict.standing in (Standing.FRAGILE, Standing.VERY_FRAGILE)
    assert check in one.verdict.explaining
    assert not one.verdict.sounds["placebo"]


@pytest.mark.slow
def test_where_nobody_is_affected_there_is_nothing_to_take_away() -> None:
    for one in judged("null_sharp").values():
        assert one.verdict.standing is Standing.NO_FINDING
        assert not one.verdict.sounds["placebo"]
