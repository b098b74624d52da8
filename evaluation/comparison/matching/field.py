"""Who may stand beside whom, and how far apart: one arm's rows seen from the other's.

A `Field` knows coordinates and codes only.  The rows that are looked at stand on a line, sorted
within strata, so that a search from any place runs outwards and stops early.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit

from evaluation.arrays import FloatArray, IntArray

# Distances in several dimensions come rounded to this: sums of squares differ in their last
# digits with the units of the columns, which must not decide between rows equally far.
GRID = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Space:
    """Where every row stands, and what keeps two rows apart."""

    lead: FloatArray  # position on the line that is searched
    points: FloatArray  # (n, k), whose Euclidean distance counts; with k = 0 that of the leads
    width: float  # largest difference of leads accepted
    is_bound: bool  # leads never differ by more than the distance, so that a search may stop
    guards: FloatArray  # (n, n_guards), covariates with a caliper of their own
    widths: FloatArray  # largest difference accepted on each guard
    barred: IntArray  # (n, n_columns), codes on which partners must differ
    stratum: IntArray  # code that partners share
    unit: IntArray  # code; a unit may stand in several rows


class Field(NamedTuple):
    """The rows of one arm, waiting on a line, and those of the other that look for partners.

    `place` counts the waiting rows in sorted order; `row` leads back to the caller's order.
    """

    value: FloatArray  # waiting, by place
    row: IntArray
    unit: IntArray
    points: FloatArray
    guards: FloatArray
    barred: IntArray
    own_value: FloatArray  # looking, in the caller's order
    own_points: FloatArray
    own_guards: FloatArray
    own_barred: IntArray
    low: IntArray  # stretch of places of the own stratum
    high: IntArray
    start: IntArray  # first place that is not below the own value
    width: float
    widths: FloatArray
    is_bound: bool


def field(space: Space, looking: IntArray, waiting: IntArray) -> Field:
    """Return `waiting` rows on their line with the stretch that each of `looking` may search.

    Waiting rows are sorted by stratum, lead and data order.
    """
    order = np.argsort(space.lead[waiting], kind="stable")
    stratum, wanted = space.stratum[waiting], space.stratum[looking]
    if len(stratum) and stratum.min() < stratum.max():
        order = order[np.argsort(stratum[order], kind="stable")]
    rows = waiting[order]
    stratum = stratum[order]
    value, own_value = space.lead[rows], space.lead[looking]
    low = np.searchsorted(stratum, wanted, side="left")
    high = np.searchsorted(stratum, wanted, side="right")
    return Field(
        value=value,
        row=order,
        unit=space.unit[rows],
        points=space.points[rows],
        guards=space.guards[rows],
        barred=space.barred[rows],
        own_value=own_value,
        own_points=space.points[looking],
        own_guards=space.guards[looking],
        own_barred=space.barred[looking],
        low=low,
        high=high,
        start=_starts(value, low, high, own_value),
        width=space.width,
        widths=space.widths,
        is_bound=space.is_bound,
    )


@njit(cache=True)
def _starts(value: FloatArray, low: IntArray, high: IntArray, own: FloatArray) -> IntArray:
    start = np.empty(len(own), dtype=np.int64)
    for i in range(len(own)):
        first, last = low[i], high[i]
        while first < last:
            middle = (first + last) // 2
            if value[middle] < own[i]:
                first = middle + 1
            else:
                last = middle
        start[i] = first
    return start


@njit(cache=True)
def may_meet(f: Field, i: int, place: int) -> bool:
    """Return whether no covariate's caliper and no barred column keeps the two apart."""
    for g in range(len(f.widths)):
        if abs(f.own_guards[i, g] - f.guards[place, g]) > f.widths[g]:
            return False
    is_apart = True
    for b in range(f.barred.shape[1]):
        is_apart = is_apart and f.own_barred[i, b] != f.barred[place, b]
    return is_apart


@njit(cache=True)
def on_grid(distance: float) -> float:
    """Return a distance rounded to `GRID`."""
    return float(np.rint(distance / GRID) * GRID)


@njit(cache=True)
def gap_between(f: Field, i: int, place: int, most: float = np.inf) -> float:
    """Return the distance of looking row `i` to the row waiting at `place`.

    Infinite as soon as it is known to be above `most`, which saves half of the coordinates.
    In several dimensions it may lie below the difference of leads by half of `GRID`.
    """
    if f.points.shape[1] == 0:
        return float(abs(f.own_value[i] - f.value[place]))
    total = 0.0
    for k in range(f.points.shape[1]):
        away = f.own_points[i, k] - f.points[place, k]
        total += away * away
        if total > (most + GRID) ** 2:
            return np.inf
    return float(on_grid(np.sqrt(total)))


@njit(cache=True)
def nearer(f: Field, i: int, before: int, after: int) -> int:
    """Return the place nearer on the line, -1 if neither lies in the stretch and the width.

    Between one below and one equally far above, the first in the data.
    """
    below = f.own_value[i] - f.value[before] if before >= f.low[i] else np.inf
    above = f.value[after] - f.own_value[i] if after < f.high[i] else np.inf
    if min(below, above) > f.width or min(below, above) == np.inf:
        return -1
    if below < above or (below == above and f.row[before] < f.row[after]):
        return before
    return after
