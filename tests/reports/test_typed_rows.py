"""What is missing in a table, and how a row says so."""

from __future__ import annotations

import math

import pandas as pd

from reports.rows import Flow, Paths, Shares, Sites
from reports.typed_rows import Few, rows_of


def test_what_is_not_available_is_an_empty_text_or_no_number() -> None:
    frame = pd.DataFrame(
        {
            **{"step": ["data", "matched:job"], "arm": ["treated"] * 2},
            "n": pd.array([7, None], dtype="Int64"),
            "lost": pd.array([None, 3], dtype="Int64"),
            "reason": [None, pd.NA],
        }
    )
    first, second = rows_of(Flow, frame)
    assert (first.code, first.outcome, first.reason) == ("data", "", "")
    assert (second.code, second.outcome, second.lost) == ("matched", "job", 3.0)
    assert math.isnan(second.n)
    assert not isinstance(second.n, Few)


def test_a_count_that_is_small_itself_says_so() -> None:
    usual = {**{"outcome": "job", "term": "incidence", "cluster": ["1", "2"]}, "estimate": 1.0}
    frame = pd.DataFrame({**usual, "n_treated": pd.array([None, None], dtype="Int64")})
    frame = frame.assign(loo_estimate=0.0, loo_low=0.0, loo_high=0.0)
    small, beside = rows_of(Sites, frame, {"n_treated": (0,)})
    assert isinstance(small.n_treated, Few)
    assert not isinstance(beside.n_treated, Few)
    assert math.isnan(small.n_treated)


def test_a_code_that_a_missing_neighbour_made_a_number_is_whole() -> None:
    wide = {"table": "s", "wave": [1.0, 2.0], "group": "all", "item": "a", "level": [3.0, None]}
    frame = pd.DataFrame(wide).assign(n=5, estimate=50.0, conf_low=40.0, conf_high=60.0)
    first, second = rows_of(Shares, frame)
    assert (first.survey, first.wave, first.level) == ("s", "1", "3")
    assert (second.wave, second.level) == ("2", "")


def test_an_empty_table_has_no_rows() -> None:
    assert rows_of(Paths, pd.DataFrame()) == ()
