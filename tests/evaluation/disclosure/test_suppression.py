"""Small counts and what would give them away are hidden; an attacker finds nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary.errors import DesignError
from evaluation.disclosure import suppress_counts, suppress_shares
from tests.evaluation.disclosure.linear_attack import feasible, worked_out

counts = st.one_of(st.integers(0, 8), st.integers(0, 60))


def hide(*n: int, groups: str = "", min_cell: int = 5) -> pd.DataFrame:
    """Return counts of one group, or of the groups that letters name, after suppression."""
    frame = pd.DataFrame({"group": list(groups or "x" * len(n)), "n": n, "mean": 0.5})
    return suppress_counts(frame, "n", within=["group"], companions=["mean"], min_cell=min_cell)


def test_the_next_of_the_group_is_hidden_too() -> None:
    found = hide(3, 9, 30, 7, 8, 9, groups="xxxyyy")
    assert found["n"].isna().tolist() == [True, True, False, False, False, False]
    assert found["mean"].isna().tolist() == found["n"].isna().tolist()


def test_small_cells_that_add_up_small_take_a_third_with_them() -> None:
    # 1 + 2 = 3 would still be worked out from the sum.
    assert hide(1, 2, 20, 40)["n"].isna().tolist() == [True, True, True, False]


def test_nothing_goes_beside_a_row_that_is_alone_in_its_sum() -> None:
    assert hide(3, 20, groups="xy")["n"].isna().tolist() == [True, False]


def test_without_a_known_sum_only_small_counts_go() -> None:
    found = suppress_counts(pd.DataFrame({"n": [3, 20, 0, 5]}), "n")
    assert found["n"].isna().tolist() == [True, False, True, False]


def test_the_next_row_goes_whatever_its_size() -> None:
    # Were the smaller one taken, it would be known to be no more than the other.
    assert hide(30, 3, 40, 7)["n"].isna().tolist() == [False, True, True, False]


def test_a_min_cell_of_one_hides_nothing() -> None:
    assert hide(1, 2, 3, min_cell=1)["n"].tolist() == [1, 2, 3]
    with pytest.raises(DesignError, match="at least 1"):
        hide(1, min_cell=0)


@given(table=st.lists(st.lists(counts, min_size=3, max_size=3), min_size=1, max_size=5))
@settings(deadline=None, max_examples=40)
def test_an_attacker_finds_no_small_count_in_groups_with_known_sums(table) -> None:
    # A group of fewer than min_cell, or with one filled cell, is small by its sum alone.
    usable = [row for row in table if sum(row) >= 5 and np.count_nonzero(row) > 1]
    frame = pd.DataFrame(
        [(group, n) for group, row in enumerate(usable) for n in row], columns=["group", "n"]
    )
    shown = suppress_counts(frame, "n", within=["group"])["n"]
    ranges = feasible(shown, frame["n"], frame["group"])
    assert worked_out(ranges) == 0
    # All small values stay open, that nobody is meant among them.
    few = frame["n"][ranges.index] < 5
    assert (ranges["highest"][few] >= 4).all()
    assert (ranges["lowest"][few] == 0).all()
    # Nothing that is shown was changed.
    assert (shown.dropna() == frame["n"][shown.notna()]).all()


def test_the_attacker_finds_what_lies_open() -> None:
    truth, groups = pd.Series([3, 9]), pd.Series([0, 0])
    half = pd.Series([pd.NA, 9], dtype="Int64")
    assert worked_out(feasible(half, truth, groups)) == 1


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
    assert found["share"].isna().tolist() == [True, True, False, True, True]
    assert found["low"].isna().tolist() == [True, True, False, True, True]
    assert found["n"].isna().tolist() == [True, False, False, False, False]


def test_tables_that_come_in_are_not_changed() -> None:
    frame = pd.DataFrame({"arm": ["x"] * 3, "n": [30, 28, 3], "share": 50.0})
    before = frame.copy()
    suppress_counts(frame, "n", within=["arm"])
    suppress_shares(frame, share="share", base="n")
    pd.testing.assert_frame_equal(frame, before)
