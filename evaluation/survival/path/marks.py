"""What a reader looks for on an outcome path: the deepest lag, and when it is made up for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.arrays import FloatArray
from evaluation.grades import Grade

# Sums of shares that are nothing but rounding of the machine.
NOTHING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class LockIn:
    """The week in which the treated lag most behind after start, and by how much.

    `depth` is in percentage points, below 0; its limits are those of the simultaneous band:
    they hold although the data chose the week.
    """

    week: int
    depth: float
    conf_low: float
    conf_high: float

    @property
    def grade(self) -> Grade:
        """How sure the lag is: the band is no test of the plan's."""
        if np.isnan(self.conf_high):
            return Grade.REFUSED
        return Grade.INDICATION if self.conf_high < 0 else Grade.UNCERTAIN

    def __str__(self) -> str:
        band = f"[{self.conf_low:.1f}, {self.conf_high:.1f}]"
        return f"lock-in: {self.depth:.1f} percentage points {band} in week {self.week}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """First week by which the treated have made up for a lag in accumulated weeks after start.

    None where they have not by the end.  In the stretches `level` of weeks, first and last, a
    balance of zero is not rejected by the simultaneous band; there are none where inference is
    refused or every week is rejected.
    """

    week: int | None
    level: tuple[tuple[int, int], ...] = ()


def stretches(weeks: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Return weeks in order as first and last of each stretch without a gap.

    Examples
    --------
    >>> stretches([3, 4, 5, 9, 11, 12])
    ((3, 5), (9, 9), (11, 12))
    """
    found: list[tuple[int, int]] = []
    for week in weeks:
        if found and week == found[-1][1] + 1:
            found[-1] = found[-1][0], week
        else:
            found.append((week, week))
    return tuple(found)


def lock_in(path: pd.DataFrame) -> LockIn | None:
    """Return the week after start in which the difference is lowest, if it is below 0.

    `path` has ``week difference band_low band_high`` in percentage points.
    """
    after = path[(path["week"] >= 1) & path["difference"].notna()]
    if after.empty:
        return None
    lowest = after.loc[after["difference"].idxmin()]
    if lowest["difference"] > -NOTHING:
        return None
    return LockIn(
        week=int(lowest["week"]),
        depth=float(lowest["difference"]),
        conf_low=float(lowest["band_low"]),
        conf_high=float(lowest["band_high"]),
    )


def break_even(weeks: NDArray[np.int64], difference: FloatArray) -> BreakEven | None:
    """Return by which week a lag in accumulated weeks is made up for, if there is one."""
    after = weeks >= 1
    sums = np.cumsum(difference[after])
    behind = np.flatnonzero(sums < -NOTHING)
    if not len(behind):
        return None
    back = np.flatnonzero(sums[behind[0] :] >= -NOTHING)
    return BreakEven(week=int(weeks[after][behind[0] + back[0]]) if len(back) else None)
