"""Sets that pairs make, and sets of equal codes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluation.comparison.matching.field import Space
from evaluation.comparison.matching.found import Found, codes
from evaluation.comparison.matching.pairs import Pairs

SPACE = Space(
    lead=np.zeros(6),
    points=np.empty((6, 0)),
    width=2.0,
    is_bound=True,
    guards=np.empty((6, 0)),
    widths=np.empty(0),
    barred=np.empty((6, 0), dtype=np.int64),
    stratum=np.zeros(6, dtype=np.int64),
    unit=np.arange(6),
)


def pairs(*rows: tuple[int, int]) -> Pairs:
    focal, partner = np.array(rows).T
    return Pairs(focal=focal, partner=partner, distance=np.arange(len(rows), dtype=float))


def test_stars_are_sets_numbered_by_their_first_row() -> None:
    # 2 and 5 share a partner; 4 has one of its own; 3 stands alone.
    found = Found.of_pairs(6, pairs((2, 0), (4, 1), (5, 0)), SPACE)
    assert found.subclass.tolist() == [0, 1, 0, -1, 1, 0]
    assert found.used.tolist() == [True, True, True, False, True, True]
    assert found.width == 2.0
    treated = np.array([0, 0, 1, 0, 1, 1], dtype=bool)
    sets, own, other, distance = found.in_order(treated)
    assert [sets.tolist(), own.tolist(), other.tolist()] == [[0, 1, 0], [2, 4, 5], [0, 1, 0]]
    assert distance.tolist() == [0, 1, 2]
    # Where the other arm looked for partners, the treated still come first in the table.
    assert found.in_order(~treated)[1].tolist() == [0, 1, 0]


def test_with_replacement_a_focal_row_is_its_own_set() -> None:
    found = Found.of_pairs(6, pairs((2, 0), (4, 0), (4, 1)), SPACE, replace=True)
    assert (found.subclass == -1).all()
    assert found.in_order(np.array([0, 0, 1, 0, 1, 1], dtype=bool))[0].tolist() == [0, 1, 1]


def test_a_code_is_a_set_where_both_arms_have_it() -> None:
    code = np.array([7, 3, 3, 7, 5, 5])
    treated = np.array([1, 0, 1, 0, 1, 1], dtype=bool)
    everybody = np.ones(6, dtype=bool)
    assert Found.of_codes(code, treated, everybody).subclass.tolist() == [0, 1, 1, 0, -1, -1]
    ordered = Found.of_codes(code, treated, everybody, is_ordered=True)
    assert ordered.subclass.tolist() == [1, 0, 0, 1, -1, -1]
    assert ordered.width == np.inf


def test_rows_agree_on_all_columns_or_have_another_code() -> None:
    frame = pd.DataFrame({"a": list("xxyy"), "b": [1, 2, 1, 1]})
    assert codes(frame, ("a", "b")).tolist() == [0, 1, 2, 2]
    assert codes(frame, ()).tolist() == [0, 0, 0, 0]
