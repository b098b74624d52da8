"""What a method found: partners, and the sets that they make, or sets without partners."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.matching.field import Space
from evaluation.comparison.matching.pairs import Pairs

_NOBODY: IntArray = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """Partners and sets."""

    pairs: Pairs  # row positions; none where a method makes sets without partners
    subclass: IntArray  # set of each row, numbered by their first row; -1 for none
    space: Space | None = None  # where partners were looked for
    replace: bool = False  # a row may serve several, so that rows have no set of their own
    notes: tuple[str, ...] = ()  # what did not come out as it was asked for

    @classmethod
    def of_pairs(
        cls,
        n: int,
        pairs: Pairs,
        space: Space,
        notes: tuple[str, ...] = (),
        *,
        replace: bool = False,
    ) -> Found:
        """Return pairs of row positions, and the sets that they make unless rows are reused."""
        no_sets: IntArray = np.full(n, -1, dtype=np.int64)
        subclass = no_sets if replace else _stars(n, pairs)
        return cls(pairs=pairs, subclass=subclass, space=space, replace=replace, notes=notes)

    @classmethod
    def of_codes(
        cls,
        code: IntArray,
        treated: BoolArray,
        eligible: BoolArray,
        *,
        is_ordered: bool = False,
    ) -> Found:
        """Return the sets of equal codes that have rows of both arms."""
        size = int(code.max(initial=0)) + 1
        has_both = np.ones(size, dtype=np.bool_)
        for arm in (treated, ~treated):
            has_both &= np.bincount(code[arm & eligible], minlength=size) > 0
        inside = np.flatnonzero(eligible)
        inside = inside[has_both[code[inside]]]
        subclass: IntArray = np.full(len(code), -1, dtype=np.int64)
        if is_ordered:
            subclass[inside] = np.unique(code[inside], return_inverse=True)[1]
        else:
            subclass[inside] = pd.factorize(code[inside])[0]
        nobody = Pairs(focal=_NOBODY, partner=_NOBODY, distance=np.empty(0))
        return cls(pairs=nobody, subclass=subclass)

    @property
    def used(self) -> BoolArray:
        """Rows that have a partner or a set."""
        used: BoolArray = self.subclass >= 0
        used[self.pairs.focal] = True
        used[self.pairs.partner] = True
        return used

    @property
    def width(self) -> float:
        """Largest distance accepted."""
        return np.inf if self.space is None else self.space.width

    def in_order(self, treated: BoolArray) -> tuple[IntArray, IntArray, IntArray, FloatArray]:
        """Return each pair's set, treated and comparison row, and distance.

        With replacement sets are numbered by their focal row alone.
        """
        pairs = self.pairs
        sets = self.subclass[pairs.focal]
        if (sets < 0).any():
            sets = np.unique(pairs.focal, return_inverse=True)[1].astype(np.int64)
        if treated[pairs.focal].all():
            return sets, pairs.focal, pairs.partner, pairs.distance
        return sets, pairs.partner, pairs.focal, pairs.distance


def _stars(n: int, pairs: Pairs) -> IntArray:
    """Return the set of each row: a row and all its partners, numbered by the first arm's rows.

    Pairs form stars, so the row in the middle of a set is the one that has several partners.
    """
    subclass: IntArray = np.full(n, -1, dtype=np.int64)
    degree = np.bincount(pairs.partner, minlength=n)
    is_shared = degree[pairs.partner] > 1
    middle = np.where(is_shared, pairs.partner, pairs.focal)
    first = pd.Series(pairs.focal).groupby(middle).transform("min").to_numpy()
    sets = np.unique(first, return_inverse=True)[1]
    subclass[pairs.focal] = sets
    subclass[pairs.partner] = sets
    return subclass


def codes(frame: pd.DataFrame, columns: tuple[str, ...]) -> IntArray:
    """Return one code per row, equal where the rows agree on all columns; 0 without columns."""
    code: IntArray = np.zeros(len(frame), dtype=np.int64)
    for column in columns:
        own, levels = pd.factorize(frame[column])
        code, _ = pd.factorize(code * (len(levels) + 1) + own)
    return code.astype(np.int64)
