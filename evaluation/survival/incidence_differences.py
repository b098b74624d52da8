"""Differences in incidence at several times, with intervals and a band that covers them all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arguments import draws_of, numbers_of
from evaluation.arrays import FloatArray
from evaluation.axes import framed
from evaluation.comparison.arms import ARMS
from evaluation.estimates import Effect, as_code
from evaluation.inference.gatekeeper import Decision
from evaluation.inference.jackknife import Uncertainty, t_quantile
from evaluation.notes import Note
from evaluation.survival.basis import Basis, basis
from evaluation.survival.competing import at_horizon
from evaluation.survival.curves import ArmCurves, both_arms
from evaluation.survival.durations import Duration
from evaluation.survival.kaplan_meier import share_interval
from evaluation.survival.readings import READINGS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from evaluation.comparison.matched import Matched


COLUMNS = (
    *("curve", "time", "estimate", "std_error"),
    *("conf_low", "conf_high", "band_low", "band_high"),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IncidenceDifferences:
    """Incidence of the studied cause in both arms and its difference, time by time.

    Attributes
    ----------
    rows : pd.DataFrame
        ``curve time estimate std_error conf_low conf_high band_low band_high`` in percentage
        points; ``curve`` is ``treated``, ``comparison`` or ``difference``.  ``conf`` holds at
        one time, ``band`` at all times together.
    effects : dict of float to Effect
        The difference at each time.
    decision : Decision
        How inference was chosen; no limits where it is refused.
    unit : str
        Unit of time.
    """

    rows: pd.DataFrame
    effects: dict[float, Effect]
    decision: Decision
    unit: str

    @property
    def effect(self) -> Effect:
        """The difference at the last time."""
        return self.effects[max(self.effects)]

    def tidy(self) -> pd.DataFrame:
        """Return the rows of all three curves."""
        return self.rows.copy()

    def summary(self) -> str:
        """Return the difference at each time in one line."""
        lines = [f"{time:g} {self.unit}: {effect}" for time, effect in self.effects.items()]
        return "\n".join([*lines, *(f"  note: {note}" for note in self.effect.notes)])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the difference with its intervals and the band."""
        axes = framed(ax)
        shown = self.rows[self.rows["curve"] == "difference"]
        time = shown["time"]
        axes.fill_between(time, shown["band_low"], shown["band_high"], color="0.9", lw=0)
        axes.vlines(time, shown["conf_low"], shown["conf_high"], color="0.5")
        axes.plot(time, shown["estimate"], "o-", color="0.1", markersize=3)
        axes.axhline(0.0, color="grey", linewidth=0.8, linestyle="--")
        axes.set_xlabel(self.unit)
        axes.set_ylabel("difference, percentage points")
        return axes

    _repr_markdown_ = as_code

    def __str__(self) -> str:
        return str(self.effect)


def incidence_differences(
    m: Matched,
    d: Duration,
    times: float | Sequence[float],
    *,
    level: float = 0.95,
    draws: int = 9999,
    seed: int | None = None,
) -> IncidenceDifferences:
    """Estimate the difference in incidence of the studied cause at each of several times.

    Parameters
    ----------
    m, d
        The comparison and its duration.
    times : float or sequence of float
        Times of the contrasts, ascending, in units of the duration; every week for a curve.
    level : float
        Coverage of the intervals, each by itself, and of the band, all together.
    draws : int
        Multiplier draws of the band.
    seed : int or None
        Of the draws; needed where a band is drawn, since it depends on it.

    Returns
    -------
    IncidenceDifferences
        At a single time the difference and interval of `incidence`.

    Raises
    ------
    ColumnError, DesignError
        As in `incidence`, for the last time.

    Notes
    -----
    The bands are sup-t (`evaluation.inference.simultaneous.critical_value`) on the same units
    as the intervals: equal precision over the times asked for.  Those of the arms are built on
    the complementary log-log scale.
    """
    draws = draws_of(draws)
    b = basis(m, d, level=level)
    words = f"at least one positive time in {d.unit}"
    at = numbers_of(times, "times", words, above=b.observed.origin)
    if (np.diff(at) <= 0).any():
        raise DesignError("times must ascend, each of them once")
    arms = both_arms(b, float(at[-1]), d.unit)
    curves = [_Curve.of_arm(b, arm, at) for arm in arms]
    difference = _Curve.of_difference(b, curves, _alone(b, arms, at))
    frames = [
        curve.rows(b, draws=draws, seed=seed).assign(time=at) for curve in (*curves, difference)
    ]
    effects = {
        float(time): b.effect(
            outcome=d.outcome,
            term="incidence",
            estimate=float(100.0 * difference.estimate[k]),
            treated_mean=float(100.0 * curves[0].estimate[k]),
            estimator=f"Aalen-Johansen at {time:g} {d.unit}",
            uncertainty=difference.uncertainty(k),
        )
        for k, time in enumerate(at)
    }
    return IncidenceDifferences(
        rows=pd.concat(frames, ignore_index=True)[list(COLUMNS)],
        effects=effects,
        decision=b.decision,
        unit=d.unit,
    )


class _Curve(NamedTuple):
    """A curve at the times asked for, and how each unit moves it.

    `moved` has one row per unit: the curve without it less the curve under the jackknife, its
    influence otherwise; None where inference is refused.
    """

    name: str
    estimate: FloatArray
    moved: FloatArray | None
    found: tuple[Uncertainty | Note | None, ...]

    @classmethod
    def of_arm(cls, b: Basis, arm: ArmCurves, at: FloatArray) -> _Curve:
        """Read one arm's curve of the studied cause."""
        steps = np.searchsorted(arm.curve.time, at, side="right")
        estimate = np.concatenate([[0.0], arm.curve.incidence[:, 0]])[steps]
        if b.decision.is_refused:
            return cls(arm.name, estimate, None, (None,) * len(at))
        if arm.left_out is not None:
            left = np.hstack([np.zeros((b.n_units, 1)), arm.left_out[:, :, 0]])[:, steps]
            moved = left - estimate
        else:
            moved = b.by_unit(_influence(arm, at))
        errors, dof = b.arm_error(moved, treated=arm.name == ARMS[0])
        found = [
            arm.refusal(READINGS["incidence"], time, 0, b.time_unit)
            or Uncertainty(std_error=error, dof=dof)
            for time, error in zip(at.tolist(), errors.tolist(), strict=True)
        ]
        return cls(arm.name, estimate, moved, tuple(found))

    @classmethod
    def of_difference(cls, b: Basis, arms: list[_Curve], floor: FloatArray) -> _Curve:
        """Subtract the comparison arm; `floor` is what persons alone give, (2, n_times)."""
        treated, comparison = arms
        gap = treated.estimate - comparison.estimate
        if treated.moved is None or comparison.moved is None:
            return cls("difference", gap, None, treated.found)
        moved = treated.moved - comparison.moved
        found = [b.moved_by(own, least) for own, least in zip(moved.T, floor.T, strict=True)]
        for k, why in enumerate(zip(treated.found, comparison.found, strict=True)):
            found[k] = next((one for one in why if isinstance(one, Note)), found[k])
        return cls("difference", gap, moved, tuple(found))

    def uncertainty(self, k: int) -> Uncertainty | Note | None:
        """Return the uncertainty at one time in percentage points, or why there is none."""
        found = self.found[k]
        if isinstance(found, Uncertainty):
            return replace(found, std_error=100.0 * found.std_error)
        return found

    def rows(self, b: Basis, *, draws: int, seed: int | None) -> pd.DataFrame:
        """Return the curve with pointwise limits and those of the band."""
        known = np.array([isinstance(one, Uncertainty) for one in self.found])
        error, dof = (
            np.array([getattr(one, part, math.nan) for one in self.found])
            for part in ("std_error", "dof")
        )
        quantile, reach = np.full(len(error), np.nan), np.nan
        if known.any() and self.moved is not None:
            quantile = np.array([t_quantile(b.level, one) for one in dof])
            reach = b.reach(self.moved[:, known], dof[known], draws=draws, seed=seed)
        made = {"estimate": self.estimate, "std_error": error}
        for kind, factor in (("conf", quantile), ("band", np.full_like(quantile, reach))):
            if self.name == "difference":
                low, high = self.estimate - factor * error, self.estimate + factor * error
            else:
                low, high = share_interval(self.estimate, error, factor)
            made |= {f"{kind}_low": low, f"{kind}_high": high}
        return (100.0 * pd.DataFrame(made)).assign(curve=self.name)


def _influence(arm: ArmCurves, at: FloatArray) -> FloatArray:
    """Return each row's influence on one arm's curve at the times, (n_rows, n_times)."""
    time = arm.curve.time
    return np.column_stack([arm.influence(at_horizon(time, one), 0) for one in at])


def _alone(b: Basis, arms: list[ArmCurves], at: FloatArray) -> FloatArray:
    """Return the variance that persons alone give each arm at the times, (2, n_times)."""
    if b.decision.method != "jackknife":
        return np.zeros((2, len(at)))
    floor = b.floor(lambda: np.subtract(*(_influence(arm, at) for arm in arms)))
    return np.diagonal(floor, axis1=1, axis2=2)
