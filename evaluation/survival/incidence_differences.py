"""Differences in incidence at several times, with intervals and a band that covers them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arguments import numbers_of
from evaluation.arrays import FloatArray
from evaluation.axes import framed
from evaluation.comparison.arms import ARMS
from evaluation.estimates import Effect, as_code
from evaluation.inference.gatekeeper import Decision
from evaluation.inference.jackknife import (
    Uncertainty,
    effective_number,
    from_influence,
    t_quantile,
)
from evaluation.inference.simultaneous import critical_value
from evaluation.survival.basis import Basis, basis
from evaluation.survival.competing import at_horizon
from evaluation.survival.curves import ArmCurves, both_arms
from evaluation.survival.durations import Duration
from evaluation.survival.kaplan_meier import share_interval

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
    b = basis(m, d, level=level)
    words = f"at least one positive time in {d.unit}"
    at = numbers_of(times, "times", words, above=b.observed.origin)
    if (np.diff(at) <= 0).any():
        raise DesignError("times must ascend, each of them once")
    treated, comparison = (
        _Curve.of_arm(b, arm, at) for arm in both_arms(b, float(at[-1]), d.unit)
    )
    difference = _Curve.of_difference(b, treated, comparison)
    frames = [
        curve.rows(level, draws=draws, seed=seed).assign(time=at)
        for curve in (treated, comparison, difference)
    ]
    effects = {
        float(time): b.effect(
            outcome=d.outcome,
            term="incidence",
            estimate=float(100.0 * difference.estimate[k]),
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Curve:
    """A curve at the times asked for, and each unit's contribution to it.

    `parts` has one row per unit; its cross-product is the covariance.  None where inference is
    refused.
    """

    name: str
    estimate: FloatArray
    parts: FloatArray | None
    dof: FloatArray

    @classmethod
    def of_arm(cls, b: Basis, arm: ArmCurves, at: FloatArray) -> _Curve:
        """Read one arm's curve of the studied cause."""
        steps = np.searchsorted(arm.curve.time, at, side="right")
        estimate = np.concatenate([[0.0], arm.curve.incidence[:, 0]])[steps]
        parts = arm.parts(np.column_stack([at_horizon(arm.curve.time, time) for time in at]))
        weight = b.unit_weight(treated=arm.name == ARMS[0])
        dof = np.full(len(at), effective_number(weight) - 1.0)
        return cls(name=arm.name, estimate=estimate, parts=parts, dof=dof)

    @classmethod
    def of_difference(cls, b: Basis, treated: _Curve, comparison: _Curve) -> _Curve:
        """Subtract the comparison arm."""
        gap = treated.estimate - comparison.estimate
        if treated.parts is None or comparison.parts is None:
            return cls(name="difference", estimate=gap, parts=None, dof=treated.dof * np.nan)
        parts = treated.parts - comparison.parts
        dof = [from_influence(column, **b.unit_weights()).dof for column in parts.T]
        return cls(name="difference", estimate=gap, parts=parts, dof=np.array(dof))

    @property
    def error(self) -> FloatArray:
        """Standard error at each time."""
        if self.parts is None:
            return np.full(len(self.estimate), np.nan)
        return np.asarray(np.sqrt((self.parts**2).sum(axis=0)))

    def uncertainty(self, k: int) -> Uncertainty | None:
        """Return the uncertainty at one time in percentage points, None where there is none."""
        error = float(self.error[k])
        if not error > 0:
            return None
        return Uncertainty(std_error=100.0 * error, dof=float(self.dof[k]))

    def rows(self, level: float, *, draws: int, seed: int | None) -> pd.DataFrame:
        """Return the curve with pointwise limits and those of the band."""
        error, quantile, reach = self.error, np.full(len(self.estimate), np.nan), np.nan
        if (error > 0).any() and self.parts is not None:
            quantile = np.array([t_quantile(level, dof) for dof in self.dof])
            fewest = float(self.dof.min())
            reach = critical_value(self.parts, dof=fewest, level=level, draws=draws, seed=seed)
        made = {"estimate": self.estimate, "std_error": error}
        for kind, factor in (("conf", quantile), ("band", np.full_like(quantile, reach))):
            if self.name == "difference":
                low, high = self.estimate - factor * error, self.estimate + factor * error
            else:
                low, high = share_interval(self.estimate, error, factor)
            made |= {f"{kind}_low": low, f"{kind}_high": high}
        return (100.0 * pd.DataFrame(made)).assign(curve=self.name)
