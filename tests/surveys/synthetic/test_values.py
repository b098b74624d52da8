"""What is drawn is what the declaration allows, whatever it declares."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data_dictionary import Column, Table
from surveys.synthetic.values import drawn, unique_keys, with_missing

SPAN = np.datetime64("2018-01-01"), np.datetime64("2018-12-31")
COLUMNS: list[dict[str, Any]] = [
    {"type": "integer"},
    {"type": "integer", "codes": {3: "a", 7: "b"}, "missing": {8: "refused", 9: "not_asked"}},
    {"type": "integer", "missing": {99: "refused", 0: "technical"}, "minimum": 1},
    {"type": "integer", "minimum": -5, "maximum": -1},
    {"type": "integer", "maximum": -200},
    {"type": "integer", "minimum": 500},
    {"type": "number", "minimum": 0, "maximum": 1},
    {"type": "number", "maximum": 1},
    {"type": "number", "minimum": 0.25},
    {"type": "boolean", "codes": {0: "nej", 1: "ja"}},
    {"type": "date"},
    {"type": "date", "minimum": dt.date(2020, 1, 1), "maximum": dt.date(2020, 1, 3)},
    {"type": "date", "maximum": dt.date(1990, 1, 1)},
    {"type": "string", "codes": {"01": "a", "02": "b"}, "missing": {"x": "refused"}},
    {"type": "string"},
]


@pytest.mark.parametrize("declared", COLUMNS)
def test_it_breaks_no_rule(declared: dict[str, Any]) -> None:
    column = Column(name="a", label="a", **declared)
    rng = np.random.default_rng(1)
    values = with_missing(rng, column, drawn(column, rng.random(2_000), SPAN))
    table = Table(name="t", label="t", columns=(column,))
    assert not table.check(pd.DataFrame({"a": values}))
    found = table.conform(pd.DataFrame({"a": values}))
    assert set(found.missing["kind"]) == set(column.missing.values())
    if column.codes:
        assert set(found.frame["a"].dropna()) == set(column.codes)


def test_shares_say_how_likely_a_code_is() -> None:
    column = Column(name="a", label="a", type="integer", codes={1: "a", 2: "b"})
    at = np.random.default_rng(1).random(4_000)
    values = drawn(column, at, SPAN, shares={1: 0.9, 2: 0.1})
    assert (values == 1).mean() == pytest.approx(0.9, abs=0.02)


def test_keys_are_all_different_and_no_cpr_numbers() -> None:
    rng = np.random.default_rng(1)
    for declared in (
        {"type": "string"},
        {"type": "integer"},
        {"type": "integer", "minimum": 7},
    ):
        keys = unique_keys(rng, Column(name="k", label="k", **declared), 3_000)  # type: ignore[arg-type]
        assert len(set(keys.tolist())) == 3_000
        assert max(len(str(key)) for key in keys) != 10
