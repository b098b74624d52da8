"""The hazard ratio as a smooth function of time: what a plot of Schoenfeld residuals shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray, IntArray, summed
from evaluation.axes import framed, ratio_axis
from evaluation.estimates import as_code
from evaluation.inference.gatekeeper import Decision
from evaluation.inference.jackknife import t_quantile
from evaluation.survival.cox import CoxFit
from evaluation.survival.cox.proportionality import Transform, tilted, transformed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Pieces of the spline, as in R's plot of cox.zph.
PIECES = 4
POINTS = 40
# Shares of the events between which the curve is drawn: at its ends it rests on few.
DRAWN = (0.02, 0.98)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RatioOverTime:
    """A hazard ratio that changes smoothly with time.

    Attributes
    ----------
    rows : pd.DataFrame
        ``time estimate conf_low conf_high``; no limits where inference is refused.
    outcome : str
        The cause.
    constant : float
        The ratio of the model that holds it constant.
    level : float
        Coverage of the limits at each time.
    unit : str
        Unit of time.
    """

    rows: pd.DataFrame
    outcome: str
    constant: float
    level: float
    unit: str = "weeks"

    def tidy(self) -> pd.DataFrame:
        """Return the curve."""
        return self.rows.copy()

    def summary(self) -> str:
        """Return the ratio early, in the middle and late."""
        shown = self.rows.iloc[[0, len(self.rows) // 2, -1]]
        points = ", ".join(f"{row.estimate:.3g} at {row.time:g}" for row in shown.itertuples())
        return f"{self.outcome} hazard ratio over time: {points} (constant {self.constant:.3g})"

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the curve with its limits, the constant ratio and the line of no effect."""
        axes = framed(ax)
        time = self.rows["time"]
        axes.fill_between(
            time, self.rows["conf_low"], self.rows["conf_high"], color="0.85", lw=0
        )
        axes.plot(time, self.rows["estimate"], color="0.1")
        axes.axhline(self.constant, color="0.4", linewidth=0.8)
        axes.axhline(1.0, color="grey", linewidth=0.8, linestyle="--")
        ratio_axis(axes, "y")
        axes.set_xlabel(self.unit)
        axes.set_ylabel(f"hazard ratio of {self.outcome}")
        return axes

    _repr_markdown_ = as_code

    def __str__(self) -> str:
        return self.summary()


def ratio_over_time(
    fitted: CoxFit,
    *,
    outcome: str,
    unit: IntArray,
    decision: Decision,
    is_refused: bool,
    transform: Transform,
    level: float,
    time_unit: str = "weeks",
) -> RatioOverTime:
    """Smooth the ratio of a model's first column over time.

    `unit` codes each row's independent unit; no limits where the ratio `is_refused` its own.

    Notes
    -----
    A natural cubic spline with four pieces takes the place of the constant log ratio, by one
    step of Newton's method from it; the scaled Schoenfeld residuals of Grambsch and Therneau
    (1994) smoothed by the same spline are that step where the risk sets' variance is the same
    at all times.  Limits come from rows' influence on the step, summed by unit, with estimated
    weights taken as fixed, and from Student's t on the effective clusters of the smaller arm
    less one: they are drawn to be looked at, and no test.
    """
    if fitted.ties == "exact":
        raise DesignError("the curve needs ties='efron' or 'breslow'")
    sample = fitted.sample
    scale = transformed(fitted, transform)
    heads = sample.plan.begin[:-1]
    # Groups of ties stand by stratum in descending time: where the events are, and when.
    event = np.flatnonzero(sample.event)
    group = np.searchsorted(heads, event, side="right") - 1
    when = np.unique(np.quantile(sample.times[sample.stop[event]], np.linspace(*DRAWN, POINTS)))
    order = np.argsort(sample.times[sample.stop[heads]])
    at = np.interp(when, sample.times[sample.stop[heads]][order], scale[order])
    knots = np.quantile(scale[group], np.linspace(0.0, 1.0, PIECES))
    if (np.diff(knots) <= 0).any():
        raise DesignError("the events stand at too few times for a curve")
    basis, drawn = _spline(scale, knots), _spline(at, knots)
    p = len(fitted.coef)
    n = PIECES + p - 1
    score, information = np.zeros(n), np.zeros((n, n))
    information[PIECES:, PIECES:] = tilted(fitted, np.ones(len(heads)))[1][1:, 1:]
    rows = np.zeros((sample.n, n))
    rows[:, PIECES:] = sample.scores(fitted.coef)[:, 1:]
    for j in range(PIECES):
        own, cross = tilted(fitted, basis[:, j])
        score[j] = own[0]
        information[j, PIECES:] = information[PIECES:, j] = cross[0, 1:]
        for k in range(j + 1):
            both = tilted(fitted, basis[:, j] * basis[:, k])[1][0, 0]
            information[j, k] = information[k, j] = both
        rows[:, j] = sample.scores(fitted.coef, basis[sample.groups, j])[:, 0]
    inverse = np.linalg.inv(information)
    curve = fitted.coef[0] + drawn @ (inverse @ score)[:PIECES] / sample.scale[0]
    influence = rows @ inverse[:, :PIECES] @ drawn.T / sample.scale[0]
    n_units = int(unit.max()) + 1
    parts = summed(unit, influence, n_units)
    error = np.sqrt((parts**2).sum(axis=0) * n_units / (n_units - 1))
    reach = np.nan if is_refused else t_quantile(level, _dof(decision, n_units))
    table = pd.DataFrame(
        {
            "time": when,
            "estimate": np.exp(curve),
            "conf_low": np.exp(curve - reach * error),
            "conf_high": np.exp(curve + reach * error),
        }
    )
    constant = float(np.exp(fitted.coef[0]))
    return RatioOverTime(
        rows=table, outcome=outcome, constant=constant, level=level, unit=time_unit
    )


def _spline(x: FloatArray, knots: FloatArray) -> FloatArray:
    """Return a basis of the natural cubic splines with these knots, one column per knot."""
    reach = knots[-1] - knots[0]
    u, k = (x - knots[0]) / reach, (knots - knots[0]) / reach

    def cubic(j: int) -> FloatArray:
        above = np.maximum(u - k[j], 0.0) ** 3 - np.maximum(u - k[-1], 0.0) ** 3
        return np.asarray(above / (k[-1] - k[j]))

    bends = [cubic(j) - cubic(len(k) - 2) for j in range(len(k) - 2)]
    return np.column_stack([np.ones_like(u), u, *bends])


def _dof(decision: Decision, n_units: int) -> float:
    """Return degrees of freedom: those of the arm with fewer effective clusters."""
    if decision.n_clusters is None:
        return n_units - 1.0
    return min(decision.effective_treated, decision.effective_comparison) - 1.0
