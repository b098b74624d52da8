"""Steps of the flow in Danish: a title and a reason for every code, in the words of a study."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from analyses.cohort.flow import REASONS
from evaluation.comparison.method import Family
from reports.words.places import CLUSTER, PLACES
from reports.words.steps import STEPS, Steps
from tests.reports.minimal import PARTICIPANTS


def test_every_step_of_a_flow_has_words_and_no_other_has() -> None:
    assert set(STEPS) == {"data", *REASONS}


@pytest.mark.parametrize("family", get_args(Family))
@pytest.mark.parametrize("place", [CLUSTER, PLACES["Jobcenter"]])
def test_every_step_is_told_in_the_words_of_the_study(family: Family, place) -> None:
    steps = Steps(words=replace(PARTICIPANTS, family=family), place=place, inside="i skole")
    for code in STEPS:
        told = [steps.title(code)] + [
            steps.lost(code, arm) for arm in ("treated", "comparison")
        ]
        assert "{" not in " ".join(told)
        assert "kommune" not in " ".join(told)
        assert told[0]
        assert all(told[1:]) or code == "data"
    assert steps.title("status") == "I skole i indeksugen"


def test_an_unknown_step_is_refused() -> None:
    with pytest.raises(KeyError):
        Steps(words=PARTICIPANTS).title("hoped")


def test_a_treated_person_is_never_left_out_for_not_being_needed() -> None:
    steps = Steps(words=PARTICIPANTS)
    assert "brug for" in steps.lost("matched", "comparison")
    assert "brug for" not in steps.lost("matched", "treated")
