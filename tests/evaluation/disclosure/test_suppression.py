"""Small counts and what would give them away are hidden; an attacker finds nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary.errors import DesignError
from evaluation.disclosure import (
    is_small,
    suppress_counts,
    suppress_flow,
    suppress_shares,
)
from tests.evaluation.disclosure.linear_attack import feasible_counts, require_safe_counts

counts = st.one_of(st.integers(0, 8), st.integers(0, 60))


def hidden(frame: pd.DataFrame, columns: list[str]) -> list[list[bool]]:
    return frame[columns].isna().to_numpy().tolist()


def test_the_next_smallest_of_the_row_is_hidden_too() -> None:
    frame = pd.DataFrame({"a": [3, 7], "b": [9, 8], "c": [30, 0]})
    found = suppress_counts(frame, ["a", "b", "c"], across=True)
    assert hidden(found, ["a", "b", "c"]) == [[True, True, False], [False, False, False]]


def test_the_total_goes_where_it_is_the_next_smallest() -> None:
    frame = pd.DataFrame({"a": [3], "b": [0], "total": [3]}).assign(a=[3])
    found = suppress_counts(frame, ["a", "b"], total="total")
    assert hidden(found, ["a", "b", "total"]) == [[True, False, True]]


def test_small_cells_that_add_up_small_take_a_third_with_them() -> None:
    # 1 + 2 = 3 would still be worked out from the sum.
    frame = pd.DataFrame(
        {"group": ["x"] * 4, "n": [1, 2, 20, 40], "mean": [0.1, 0.2, 0.3, 0.4]}
    )
    found = suppress_counts(frame, ["n"], within=["group"], companions=["mean"])
    assert found["n"].isna().tolist() == [True, True, True, False]
    assert found["mean"].isna().tolist() == [True, True, True, False]


def test_without_a_known_sum_only_small_counts_go() -> None:
    frame = pd.DataFrame({"n": [3, 20, 0, 5]})
    assert suppress_counts(frame, ["n"])["n"].isna().tolist() == [
        True,
        False,
        False,
        False,
    ]


def test_a_min_cell_of_one_hides_nothing() -> None:
    frame = pd.DataFrame({"n": [1, 2, 3]})
    assert suppress_counts(frame, ["n"], min_cell=1, within=[])["n"].tolist() == [1, 2, 3]
    with pytest.raises(DesignError, match="at least 1"):
        suppress_counts(frame, ["n"], min_cell=0)


@given(table=st.lists(st.lists(counts, min_size=3, max_size=3), min_size=1, max_size=5))
@settings(deadline=None, max_examples=40)
def test_an_attacker_finds_no_small_count_in_rows_with_known_sums(table) -> None:
    frame = pd.DataFrame(table, columns=["a", "b", "c"])
    # A row of fewer than min_cell, or of one filled cell, is small by its sum alone.
    frame = frame[(frame.sum(axis=1) >= 5) & ((frame > 0).sum(axis=1) > 1)]
    found = suppress_counts(frame, ["a", "b", "c"], across=True)
    require_safe_counts(found, frame, ["a", "b", "c"], across=True)
    ranges = feasible_counts(found, frame, ["a", "b", "c"], across=True)
    assert (ranges["highest"] >= 5).all()


@given(table=st.lists(st.tuples(counts, counts), min_size=1, max_size=6))
@settings(deadline=None, max_examples=40)
def test_shown_totals_and_sums_over_rows_give_nothing_away(table) -> None:
    frame = pd.DataFrame(table, columns=["a", "b"]).assign(arm="treated")
    frame["total"] = frame["a"] + frame["b"]
    options = {"total": "total"}
    found = suppress_counts(frame, ["a", "b"], **options)
    require_safe_counts(found, frame, ["a", "b"], **options)
    # Nothing that is shown was changed.
    shown = found["a"].notna()
    assert (found.loc[shown, "a"] == frame.loc[shown, "a"]).all()


def test_the_audit_refuses_an_open_table() -> None:
    frame = pd.DataFrame({"a": [3], "b": [9], "total": [12]})
    with pytest.raises(DesignError, match="shows 1 count"):
        require_safe_counts(frame, frame, ["a", "b"], total="total")
    half = frame.assign(a=pd.array([pd.NA], dtype="Int64"))
    with pytest.raises(DesignError, match="1 more be worked out"):
        require_safe_counts(half, frame, ["a", "b"], total="total")


def test_shares_that_tell_a_small_count_are_hidden() -> None:
    frame = pd.DataFrame(
        {
            "n": [3, 10, 60, 60, 60],
            "share": [100.0, 30.0, 50.0, 100.0, 100 * 58 / 60],
            "low": 1.0,
        }
    )
    found = suppress_shares(frame, share="share", base="n", hide=["low"])
    # A base of 3; 3 of 10; fine; everybody; all but 2.
    assert found["share"].isna().tolist() == [True, True, False, False, True]
    assert found["low"].isna().tolist() == [True, True, False, False, True]
    assert found["n"].isna().tolist() == [True, False, False, False, False]


def test_a_flow_hides_a_small_loss_and_the_number_beside_it() -> None:
    flow = pd.DataFrame(
        {"step": list("abcd"), "arm": "treated", "n": [100, 98, 90, 40], "lost": [0, 2, 8, 50]}
    )
    found = suppress_flow(flow)
    assert found["n"].isna().tolist() == [False, True, False, False]
    assert found["lost"].isna().tolist() == [False, True, True, False]


def test_the_number_after_a_few_lost_at_the_start_is_shown_without_the_start() -> None:
    flow = pd.DataFrame({"arm": "treated", "n": [100, 98, 98, 40], "lost": [0, 2, 0, 58]})
    found = suppress_flow(flow)
    assert found["n"].isna().tolist() == [True, False, False, False]
    assert found["lost"].isna().tolist() == [True, True, False, False]


@given(lost=st.lists(counts, min_size=1, max_size=7), spare=st.integers(5, 50))
@settings(deadline=None, max_examples=50)
def test_no_two_numbers_of_a_flow_differ_by_a_small_count(lost, spare) -> None:
    left = sum(lost) + spare - np.cumsum(lost)
    flow = pd.DataFrame({"arm": "treated", "n": left, "lost": lost})
    found = suppress_flow(flow)
    shown = found["n"].dropna().to_numpy(dtype=float)
    assert not is_small(-np.diff(shown)).any()
    assert not is_small(found["lost"].dropna().to_numpy(dtype=float)).any()
    assert found["n"].iloc[-1] == left[-1]
    # A loss that is shown beside a hidden number must not help: both sides are known or none.
    for row in np.flatnonzero(found["lost"].notna()):
        assert found["n"].notna().iloc[row]


def test_tables_that_come_in_are_not_changed() -> None:
    frame = pd.DataFrame(
        {"arm": ["x"] * 3, "n": [30, 28, 20], "lost": [0, 2, 8], "share": 50.0}
    )
    before = frame.copy()
    suppress_flow(frame)
    suppress_counts(frame, ["n", "lost"], within=["arm"])
    suppress_shares(frame, share="share", base="n")
    pd.testing.assert_frame_equal(frame, before)
