"""A number by name is the one that the report shows."""

from __future__ import annotations

import pytest

from data_dictionary.errors import RenderError
from reports.shown_values import FIELDS, shown_value, shown_values
from tests.reports import minimal

EFFECT = {"estimate": 5.84, "conf_low": -0.06, "conf_high": 11.6, "p_value": 0.052}


def test_every_field_is_shown_as_in_the_report() -> None:
    report = minimal.report({"effects": minimal.effects(EFFECT)})
    told = shown_values(report, "employment.incidence")
    assert list(told) == [f"employment.incidence.{field}" for field in FIELDS]
    assert list(told.values())[:4] == ["5,8", "−0,1", "11,6", "−0,1 til 11,6"]
    assert told["employment.incidence.n_treated"] == "400"
    one = "employment.incidence.estimate"
    assert shown_values(report, one) == {one: "5,8"}
    assert shown_value(report, one) == "5,8"


def test_what_is_hidden_stays_hidden() -> None:
    hidden = minimal.effects({**EFFECT, "estimate": float("nan")})
    report = minimal.report({"effects": hidden})
    assert shown_value(report, "employment.incidence.estimate") == "–"


def test_an_unknown_value_is_refused_with_the_nearest() -> None:
    report = minimal.report({"effects": minimal.effects(EFFECT)})
    with pytest.raises(RenderError, match=r"Did you mean 'employment\.incidence\.estimate'"):
        shown_value(report, "employment.incidens.estimate")
    with pytest.raises(RenderError, match="there is no value 'x'"):
        shown_value(report, "x")
