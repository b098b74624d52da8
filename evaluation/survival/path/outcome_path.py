"""The weekly outcome path: who is in a status before and after start, week by week, by arm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.errors import DesignError
from evaluation.arguments import choice_of, draws_of, names_of, numbers_of
from evaluation.comparison.arms import ARMS
from evaluation.comparison.data import require_comparison
from evaluation.estimates import Effect, EffectTable, as_code
from evaluation.inference.gatekeeper import Decision
from evaluation.inference.jackknife import t_quantile
from evaluation.survival.path.curves import draw_path, draw_statuses, path_curves, status_curves
from evaluation.survival.path.differences import PathDifferences, path_differences
from evaluation.survival.path.marks import BreakEven, LockIn, break_even, lock_in, stretches
from evaluation.survival.path.weekly_shares import take_weekly

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from evaluation.comparison.matched import Matched

ACCUMULATED_AT = (26, 52, 104)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OutcomePath:
    """Weekly shares of both arms, their difference, and what accumulates from it.

    Attributes
    ----------
    outcome : str
        The status that is followed.
    path : pd.DataFrame
        ``week treated comparison difference std_error conf_low conf_high band_low band_high``,
        in percentage points; ``conf`` is pointwise, ``band`` covers all weeks at once.
    curves : pd.DataFrame
        Columns of a curve with counts of rows for disclosure: ``weekly_share`` of each arm,
        ``weekly_difference`` and ``weekly_difference_band``, as shares of 1.
    status_curves : pd.DataFrame
        The share of every status in each arm and week, in the same columns.
    accumulated : dict of int to Effect
        Difference in weeks in the status from week 1 to each horizon.
    lock_in : LockIn or None
        None where the treated never lag behind after start.
    break_even : BreakEven or None
        None without a lag to make up for.
    decision : Decision
        How inference was chosen.
    notes : tuple of str
        What a reader must know.
    """

    outcome: str
    path: pd.DataFrame
    curves: pd.DataFrame
    status_curves: pd.DataFrame
    accumulated: dict[int, Effect]
    lock_in: LockIn | None
    break_even: BreakEven | None
    decision: Decision
    notes: tuple[str, ...]

    @property
    def effect(self) -> Effect:
        """The accumulated difference at the longest horizon."""
        return list(self.accumulated.values())[-1]

    def tidy(self) -> pd.DataFrame:
        """Return the accumulated differences with the columns of effects.csv."""
        return EffectTable(effects=tuple(self.accumulated.values())).tidy()

    def summary(self) -> str:
        """Return what accumulates, the lock-in, the break-even week and the notes."""
        lines = [f"weeks in {self.outcome} since start"]
        lines += [f"  {effect}" for effect in self.accumulated.values()]
        if self.lock_in is not None:
            lines.append(f"  {self.lock_in}")
        if self.break_even is not None:
            week = self.break_even.week
            lines.append(f"  break-even: {'not reached' if week is None else f'week {week}'}")
        return "\n".join([*lines, *(f"  note: {note}" for note in self.notes)])

    def plot(self, ax: Axes | None = None, *, arms: Sequence[str] = ARMS) -> Axes:
        """Draw both arms, called `arms`, and their difference with its limits and its band."""
        return draw_path(self.path, self.outcome, ax, arms)

    def plot_statuses(self, arm: str = "treated", ax: Axes | None = None) -> Axes:
        """Draw the shares of all statuses of one arm on top of each other."""
        return draw_statuses(self.status_curves, choice_of(arm, "arm", ARMS), ax)

    _repr_markdown_ = as_code

    def __str__(self) -> str:
        return str(self.effect)


def outcome_path(
    m: Matched,
    weekly: pd.DataFrame | NDArray[Any],
    weeks: Sequence[int] = range(-104, 105),
    *,
    status: str | tuple[str, ...] = "employment",
    statuses: tuple[str, ...] = (),
    level: float = 0.95,
    draws: int = 9999,
    seed: int | None = None,
) -> OutcomePath:
    """Follow a status week by week before and after start, in both arms.

    Parameters
    ----------
    m : Matched
        The comparison.
    weekly : np.ndarray or pd.DataFrame
        One row per row of ``m.frame``, in its order, and one column per week (a frame's
        columns are the weeks).  Either 0/1 or shares of the week in the status, NaN where not
        observed; or, with `statuses`, their positions, below 0 or NaN where not observed.
    weeks : sequence of int
        Weeks since start, one after the other; 0 is the week of the index date.
    status : str or tuple of str
        Name of the status that is followed; with `statuses` one or several of them, which then
        count as one.
    statuses : tuple of str
        Names of all statuses where `weekly` holds positions.
    level : float
        Coverage of intervals and bands.
    draws : int
        Multiplier draws of the simultaneous bands.
    seed : int or None
        Of the draws; needed where bands are drawn, since they depend on it.

    Returns
    -------
    OutcomePath

    Raises
    ------
    DesignError
        If weeks or values are not as announced, or nobody of an arm is observed in a week.

    Notes
    -----
    Weighted share among those observed, difference treated less comparison.  Errors over weeks
    come from one delete-one-cluster jackknife (CV3) of the whole path, so pointwise intervals,
    the band and what accumulates rest on the same covariance; estimated weights are estimated
    again in each replicate.  The band is sup-t (`evaluation.inference.simultaneous`), each
    point read against the smallest degrees of freedom of any week.  Weeks accumulate from week
    1: the index week belongs to the time before.

    Where the path starts before week 0, differences there are a test of the comparison and not
    a finding.
    """
    require_comparison(m)
    draws = draws_of(draws)
    lags = _consecutive(weeks)
    if not lags[0] <= 1 <= lags[-1]:
        raise DesignError("weeks must run from week 1 or earlier to week 1 or later")
    statuses = names_of(statuses, "statuses")
    table = take_weekly(weekly, statuses, n_rows=len(m.frame), weeks=lags)
    names = (status,) if isinstance(status, str) else names_of(status, "status")
    counted = table.positions(names) if statuses else np.empty(0, dtype=np.int64)
    outcome = "+".join(names)
    found = path_differences(m, table, counted, lags, level)
    time = np.array(lags)
    error, dof, band = found.bands(draws=draws, seed=seed)
    half = error * np.array([t_quantile(level, one) for one in dof])
    difference = found.shares[0] - found.shares[1]
    path = pd.DataFrame(
        {
            "week": time,
            "treated": found.shares[0],
            "comparison": found.shares[1],
            "difference": difference,
            "std_error": error,
            "conf_low": difference - half,
            "conf_high": difference + half,
            "band_low": difference - band * error,
            "band_high": difference + band * error,
        }
    )
    horizons = [horizon for horizon in ACCUMULATED_AT if horizon <= time[-1]]
    effects = {
        horizon: found.accumulated(horizon, time=time, outcome=outcome)
        for horizon in horizons or [int(time[-1])]
    }
    percent = path.assign(**{name: 100.0 * path[name] for name in path.columns[1:]})
    return OutcomePath(
        outcome=outcome,
        path=percent,
        curves=path_curves(found, path, outcome, level),
        status_curves=status_curves(found, time),
        accumulated=effects,
        lock_in=lock_in(percent),
        break_even=_break_even(found, path, draws=draws, seed=seed),
        decision=found.units.decision,
        notes=(*m.notes, found.units.decision.reason, *found.notes),
    )


def _consecutive(weeks: Sequence[int]) -> tuple[int, ...]:
    words = "two or more, one after the other, such as range(-52, 53)"
    lags = tuple(map(int, numbers_of(weeks, "weeks", words).tolist()))
    if len(lags) < 2 or any(b - a != 1 for a, b in pairwise(lags)):
        raise DesignError(f"weeks must be {words}")
    return lags


def _break_even(
    found: PathDifferences, path: pd.DataFrame, *, draws: int, seed: int | None
) -> BreakEven | None:
    """Return when a lag is made up for, with the weeks at which zero is not rejected."""
    difference = path["difference"].to_numpy()
    weeks: NDArray[np.int64] = path["week"].to_numpy()
    mark = break_even(weeks, difference)
    if mark is None:
        return None
    after = weeks >= 1
    error, _, band = found.bands(draws=draws, seed=seed, accumulate=after)
    open_weeks = weeks[after][np.abs(np.cumsum(difference[after])) <= band * error]
    return replace(mark, level=stretches(open_weeks.tolist()))
