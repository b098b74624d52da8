"""From when on nobody is followed: risk sets that empty under late entry or without a unit."""

from __future__ import annotations

import math

import numpy as np

from evaluation.arrays import BoolArray, FloatArray
from evaluation.survival.competing import EMPTY, AalenJohansen
from evaluation.survival.durations import Observed
from evaluation.survival.timeline import SAME_TIME


def emptied_after(o: Observed, curve: AalenJohansen) -> float:
    """Return the time after which nobody who had entered is left though others enter later.

    Rows that begin where all others end go on, unless the last of them had the event.
    """
    if o.entry is None:
        return math.inf
    time, enters = curve.time, np.sort(o.entry)
    # A time that rounding moves is the same: see `SAME_TIME`.
    same = SAME_TIME * max(1.0, float(np.abs(time).mean()))
    entered = np.searchsorted(enters, time + same, side="right")
    left = np.searchsorted(np.sort(o.exit), time + same, side="right")
    is_empty = (entered == left) | (curve.survival <= EMPTY)
    found = time[:-1][is_empty[:-1]]
    return float(found[0]) if len(found) else math.inf


def ended(at_risk: FloatArray, survival: FloatArray) -> BoolArray:
    """Return from where each curve of a table of counts (r, n_times) does not exist.

    Either nobody is left to be followed, or others enter after all have had the event.
    """
    some = at_risk > EMPTY * at_risk.max(axis=1, keepdims=True)
    lives = np.hstack([np.ones((len(survival), 1)), survival[:, :-1]]) > EMPTY
    begun = np.logical_or.accumulate(some, axis=1)
    return np.asarray(np.logical_or.accumulate(begun & (some != lives), axis=1))
