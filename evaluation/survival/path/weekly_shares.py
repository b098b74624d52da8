"""Weighted shares of people in a status, week by week: the numbers behind an outcome path.

Kernels: arrays in, arrays out; know nothing of arms, frames or inference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.errors import DesignError, did_you_mean
from evaluation.arrays import FloatArray, IntArray, summed

# Weeks that are turned into numbers at a time: a few hundred thousand people stay in memory.
BLOCK = 16


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weekly:
    """Status of every row in every week, (n_rows, n_weeks).

    Positions in `statuses`, below 0 where the row is not observed; or, where there are none,
    the share of the week itself, NaN where not observed.
    """

    values: NDArray[Any]
    statuses: tuple[str, ...]

    @property
    def n_weeks(self) -> int:
        """Number of weeks."""
        return int(self.values.shape[1])

    def of(self, rows: IntArray) -> Weekly:
        """Return some rows."""
        return Weekly(values=self.values[rows], statuses=self.statuses)

    def positions(self, names: tuple[str, ...]) -> IntArray:
        """Return where statuses stand, refusing unknown ones by name."""
        unknown = [name for name in names if name not in self.statuses]
        if unknown:
            hint = did_you_mean(unknown[0], self.statuses)
            raise DesignError(
                f"status(es) {', '.join(map(repr, unknown))} not known; the weeks hold "
                f"{', '.join(self.statuses)}.{hint}"
            )
        return np.array([self.statuses.index(name) for name in names], dtype=np.int64)

    def block(self, weeks: slice, positions: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return share in one of the statuses, 0 where not observed, and whether observed."""
        values = self.values[:, weeks]
        seen = values >= 0 if self.statuses else ~np.isnan(values)
        share = np.isin(values, positions) if self.statuses else np.where(seen, values, 0.0)
        return share.astype(np.float64), seen.astype(np.float64)

    def totals(self, weights: FloatArray, positions: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return the weight in the statuses, and the weight observed, both (n_sets, n_weeks).

        `weights` has shape (n_rows, n_sets); `positions` is ignored where `values` are shares.
        """
        inside = np.empty((weights.shape[1], self.n_weeks))
        seen = np.empty_like(inside)
        for first in range(0, self.n_weeks, BLOCK):
            weeks = slice(first, first + BLOCK)
            share, observed = self.block(weeks, positions)
            inside[:, weeks] = weights.T @ share
            seen[:, weeks] = weights.T @ observed
        return inside, seen

    def influence(
        self, weights: FloatArray, positions: IntArray, unit: IntArray, n_units: int
    ) -> FloatArray:
        """Return each unit's influence on the share, summed over its rows, (n_units, T)."""
        inside, seen = self.totals(weights[:, None], positions)
        mean = inside[0] / seen[0]
        found = np.empty((n_units, self.n_weeks))
        for first in range(0, self.n_weeks, BLOCK):
            weeks = slice(first, first + BLOCK)
            share, observed = self.block(weeks, positions)
            rows = (share - observed * mean[weeks]) * (weights[:, None] / seen[0, weeks])
            found[:, weeks] = summed(unit, rows, n_units)
        return found


def take_weekly(
    weekly: pd.DataFrame | NDArray[Any],
    statuses: tuple[str, ...],
    *,
    n_rows: int,
    weeks: tuple[int, ...],
) -> Weekly:
    """Check a table of rows by weeks and return it as numbers."""
    if isinstance(weekly, pd.DataFrame):
        missing = [week for week in weeks if week not in weekly.columns]
        if missing:
            raise DesignError(
                f"weekly has no column for {len(missing)} of {len(weeks)} weeks, the first is "
                f"{missing[0]}; name its columns by the week since start, or shorten `weeks`"
            )
        weekly = weekly[list(weeks)].to_numpy()
    values = np.asarray(weekly)
    if values.shape != (n_rows, len(weeks)):
        raise DesignError(
            f"weekly has shape {values.shape}; it needs one row per row of the comparison and "
            f"one column per week, {(n_rows, len(weeks))}"
        )
    if values.dtype.kind not in "biuf":
        raise DesignError(
            f"weekly holds {values.dtype}; give 0/1, or positions in `statuses` (codes)"
        )
    if not statuses:
        shares = values.astype(np.float64)
        outside = int(((shares < 0) | (shares > 1)).sum())
        if outside:
            raise DesignError(
                f"weekly holds {outside} value(s) outside 0 to 1; name `statuses` if these "
                "are codes"
            )
        return Weekly(values=shares, statuses=())
    if values.dtype.kind == "f":
        values = np.where(np.isnan(values), -1.0, values)
    codes = values.astype(np.int16)
    wrong = int(((codes >= len(statuses)) | (codes != values)).sum())
    if wrong:
        raise DesignError(f"weekly holds {wrong} code(s) beyond its {len(statuses)} statuses")
    return Weekly(values=codes, statuses=statuses)
