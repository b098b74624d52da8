"""The weights of some of the treated, and of the comparison rows that stand for them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from evaluation.arrays import BoolArray, FloatArray
from evaluation.comparison.data import ComparisonData


def stand_in(m: ComparisonData, own: BoolArray, inside: BoolArray) -> FloatArray:
    """Return weights of some of the treated and of those who stand for them.

    `own` are the treated in question, among the rows used; `inside` the rows of the group that
    they belong to, such as their municipality.  A comparison row keeps the part of its weight
    that it has from `own`: by partners where rows may be reused, else by sets, of which the
    other treated have their parts.  Where there is neither, those of the group itself stand in,
    or the whole arm where it has none.  For all treated at once these are the match's weights.
    """
    other = m.used & ~m.treated
    weights: FloatArray = np.where(own, m.weights, 0.0)
    weights[other] = (m.weights * _fraction(m, own, inside, other))[other]
    return weights


def _fraction(
    m: ComparisonData, own: BoolArray, inside: BoolArray, other: BoolArray
) -> FloatArray:
    """Return which part of its weight each comparison row has from `own`."""
    n = len(own)
    if m.replace:
        pairs = m.pairs
        focal = "comparison" if m.estimand == "ATC" else "treated"
        share = (1 / pairs.groupby(focal)[focal].transform("size")).to_numpy()
        partner = pairs["comparison"].to_numpy()
        part = np.bincount(partner, share * own[pairs["treated"].to_numpy()], n)
        return _ratio(part, np.bincount(partner, share, n))
    if m.set_codes is not None:
        rows = m.used & (m.subclass >= 0)
        treated = np.where(rows & m.treated, m.weights, 0.0)
        codes = np.where(rows, m.subclass, 0)
        found = _ratio(np.bincount(codes, treated * own), np.bincount(codes, treated))
        return found[codes]
    return np.asarray(inside if (other & inside).any() else np.ones(n), dtype=np.float64)


def _ratio(part: npt.NDArray[Any], whole: npt.NDArray[Any]) -> FloatArray:
    found: FloatArray = np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)
    return found
