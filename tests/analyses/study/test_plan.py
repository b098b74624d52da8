"""How certain answers are, what is asked again, and what an outcome may know of its study."""

from __future__ import annotations

from dataclasses import fields

import pytest

from analyses.study.plan import Inference, Plan, SensitivityPlan
from data_dictionary.mistakes import Mistakes
from data_dictionary.schema import read as read_section


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ({"level": 0.4}, "level = 0.4 is too small; the least is 0.5"),
        ({"level": 95}, "level = 95 is too large; the most is 0.999"),
        ({"draws": 98}, "draws = 98 is too small; the least is 99"),
        ({"few_clusters": "wild"}, "few_clusters = 'wild' is not allowed"),
        ({"adjust": "hom"}, "Did you mean 'holm'?"),
    ],
)
def test_an_uncertainty_that_nobody_can_publish_is_refused(
    raw: dict[str, object], told: str
) -> None:
    mistakes = Mistakes()
    made = read_section(Inference, raw, "[inference]", mistakes)
    (found,) = mistakes.found
    assert told in found
    assert made == Inference()


@pytest.mark.parametrize("runs", ["[0, 4]", "[8, 4]", "[4, 4]"])
def test_other_lengths_of_a_run_rise(refused, runs: str) -> None:
    found = refused(("[sensitivity]\nruns = [", f"[sensitivity]\nruns = {runs} # ["))
    assert len(found) == 1
    assert found[0].startswith(f"[sensitivity]: runs = {runs} ")


def test_left_out_the_primary_outcomes_are_asked(read) -> None:
    study = read()
    primary = tuple(one.name for one in study.outcomes if one.role == "primary")
    assert isinstance(study.sensitivity, SensitivityPlan)
    assert study.sensitivity.outcomes == primary
    assert 0 < len(primary) < len(study.outcomes)


def test_an_outcome_knows_its_study_but_not_the_other_outcomes(read) -> None:
    assert isinstance(read(), Plan)
    own = {one.name for one in fields(Plan)}
    assert not own & {"outcomes", "designs", "itt", "weekly", "files"}
