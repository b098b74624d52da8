"""A share is shown in percentage points, in every table of its outcome, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analyses.outcomes.facts import ValueFacts
from analyses.results.facts import RunFacts
from reports.percent import POINTS, in_percent
from tests.reports import minimal


def facts(*, is_share: bool) -> RunFacts:
    one = replace(
        minimal.outcome("work", None),
        kind="value",
        estimate="mean_difference",
        unit="andel",
        value=ValueFacts(column="work", is_share=is_share),
    )
    return minimal.facts(outcomes=(one,))


FRAMES = {
    "effects": pd.DataFrame(
        {
            "outcome": ["work", "pay"],
            "estimate": [0.25, 0.5],
            "std_error": [0.5, 0.5],
            "conf_low": [0.125, 0.25],
            "conf_high": [0.5, 0.5],
            "p_value": [0.5, 0.5],
            "unit": ["andel", "kr."],
        }
    ),
    "design": pd.DataFrame({"outcome": ["work"], "mde": [0.5], "unit": ["andel"]}),
    "sites": pd.DataFrame(
        {
            "outcome": ["work"],
            "estimate": [0.5],
            "loo_estimate": [0.25],
            "loo_low": [0.125],
            "loo_high": [1.0],
        }
    ),
    "curves": pd.DataFrame(),
}


def test_every_number_of_a_share_is_in_points_and_its_p_value_is_not() -> None:
    told, shown = in_percent(facts(is_share=True), FRAMES)
    assert told.outcomes[0].unit == POINTS
    effects = shown["effects"]
    assert effects["estimate"].tolist() == [25, 0.5]
    assert effects["conf_low"].tolist() == [12.5, 0.25]
    assert effects["p_value"].tolist() == [0.5, 0.5]
    assert effects["unit"].tolist() == [POINTS, "kr."]
    assert shown["design"]["mde"].tolist() == [50]
    assert shown["sites"].loc[0, ["estimate", "loo_estimate", "loo_low"]].tolist() == [
        50,
        25,
        12.5,
    ]
    assert FRAMES["effects"]["estimate"].tolist() == [0.25, 0.5]


def test_what_is_no_share_stands_as_it_is() -> None:
    told, shown = in_percent(facts(is_share=False), FRAMES)
    assert told.outcomes[0].unit == "andel"
    pd.testing.assert_frame_equal(shown["effects"], FRAMES["effects"])


@pytest.mark.parametrize("name", ["effects", "design", "sites"])
def test_a_table_without_the_outcome_stands_as_it_is(name: str) -> None:
    other = {name: FRAMES[name].assign(outcome="pay")}
    _, shown = in_percent(facts(is_share=True), other)
    pd.testing.assert_frame_equal(shown[name], other[name])
