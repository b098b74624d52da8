"""Rows whose sampling weight is 0: the sample does not represent them, so they are no rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
import pandas as pd

from evaluation.arrays import BoolArray, FloatArray, IntArray, frozen
from evaluation.comparison.arms import read_arms, read_sampling
from evaluation.comparison.matched import Comparison
from evaluation.notes import Note
from evaluation.roles import Roles

_Array = TypeVar("_Array", FloatArray, IntArray)


def absent_rows(frame: pd.DataFrame, roles: Roles) -> tuple[BoolArray, tuple[str, ...]]:
    """Return the rows with weight 0, and a note on them if there are any."""
    roles.require(frame)
    sampling = read_sampling(frame, roles)
    absent = np.zeros(len(frame), dtype=np.bool_) if sampling is None else sampling == 0
    if not absent.any():
        return absent, ()
    note = Note(
        "weight_of_zero",
        "{n} row(s) have a sampling weight of zero and are taken as absent.",
        {"n": int(absent.sum())},
    )
    return absent, (note,)


def with_absent(m: Comparison, frame: pd.DataFrame, absent: BoolArray) -> Comparison:
    """Return a comparison of the other rows as one of all rows, of which these are not used."""
    rows = np.flatnonzero(~absent)

    def spread(values: _Array, blank: float) -> _Array:
        full = np.full(len(absent), blank, dtype=values.dtype)
        full[rows] = values
        return frozen(full)

    arms = {arm: rows[m.pairs[arm].to_numpy()] for arm in ("treated", "comparison")}
    return replace(
        m,
        frame=frame.copy(deep=False),
        weights=spread(m.weights, 0.0),
        treated=frozen(read_arms(frame, m.roles)),
        subclass=spread(m.subclass, -1),
        pairs=m.pairs.assign(**arms),
        dropped=m.dropped.assign(row=rows[m.dropped["row"].to_numpy()]),
        propensity=None if m.propensity is None else spread(m.propensity, np.nan),
        distance=None if m.distance is None else spread(m.distance, np.nan),
    )
