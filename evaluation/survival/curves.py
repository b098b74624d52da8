"""One arm's curves with bands, counts and leave-one-out values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray
from evaluation.comparison.arms import ARMS
from evaluation.inference.jackknife import (
    arm_error,
    contributions,
    effective_number,
    t_quantile,
)
from evaluation.survival import competing
from evaluation.survival.basis import Basis
from evaluation.survival.durations import Observed
from evaluation.survival.kaplan_meier import (
    Scale,
    share_interval,
    survival_interval,
)

CURVE_COLUMNS = (
    *("curve", "arm", "cause", "time"),
    *("estimate", "conf_low", "conf_high", "at_risk", "n_events"),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArmCurves:
    """Incidence of every cause in one arm of `basis`, one column of the curves per cause.

    `left_out` has the curves with one cluster of the design left out each, (n_clusters,
    n_times, n_causes), None unless the jackknife judges; `error` is NaN where inference is
    refused, and `dof` are the degrees of freedom of the bands.
    """

    name: str
    causes: tuple[str, ...]
    basis: Basis
    curve: competing.AalenJohansen
    left_out: FloatArray | None
    error: FloatArray
    dof: float

    @classmethod
    def of(cls, b: Basis, name: str) -> ArmCurves:
        """Estimate the curves of one arm of a comparison."""
        own = b.observed.arm(name)
        o = b.observed.part(own)
        curve = incidence_of(o)
        left_out, error = None, np.full_like(curve.incidence, np.nan)
        dof = effective_number(o.weights) - 1.0
        if b.decision.method == "jackknife":
            if b.replicates is None:
                events, at_risk = curve.grouped(b.unit[own], b.n_units)
                events, at_risk = curve.n_events - events, curve.at_risk - at_risk
            else:
                events, at_risk = curve.reweighted(b.replicates[own])
            left_out, _ = competing.from_counts(events, at_risk)
            weight = b.unit_weight(treated=name == ARMS[0])
            error, dof = arm_error(left_out - curve.incidence, weight)
        elif not b.decision.is_refused:
            error = curve.std_error
        return cls(
            name=name,
            causes=o.causes,
            basis=b,
            curve=curve,
            left_out=left_out,
            error=error,
            dof=dof,
        )

    def require_follow_up(self, horizon: float, unit: str) -> None:
        """Refuse a horizon after which nobody in the arm is seen though some have not left."""
        last = float(self.curve.time[-1])
        if last < horizon and self.curve.survival[-1] > competing.EMPTY:
            raise DesignError(
                f"follow-up in the {self.name} arm ends at {last:g} {unit}, before the horizon "
                f"{horizon:g}; choose a horizon of at most {last:g}"
            )

    def value(self, functional: Callable[[FloatArray], FloatArray]) -> FloatArray:
        """Return a functional of each cause's curve, shape (n_causes,)."""
        return np.asarray(functional(self.curve.time) @ self.curve.incidence)

    def value_left_out(self, functional: Callable[[FloatArray], FloatArray]) -> FloatArray:
        """Return the functional with each cluster left out, shape (n_clusters, n_causes)."""
        if self.left_out is None:
            raise ValueError("curves with a cluster left out exist under the jackknife only")
        weights = functional(self.curve.time)
        return np.asarray(np.einsum("t,gtc->gc", weights, self.left_out))

    def parts(self, functionals: FloatArray, k: int = 0) -> FloatArray | None:
        """Return each unit's part of sums of a cause's curve, (n_units, n_sums).

        `functionals` hold the weights of the curve's times, a column for each sum; the parts'
        cross-product is the covariance of the sums.  None where inference is refused.
        """
        b = self.basis
        if self.left_out is not None:
            moved = (self.left_out[:, :, k] - self.curve.incidence[:, k]) @ functionals
            return contributions(moved, **b.unit_weights())
        if b.decision.is_refused:
            return None
        parts = np.empty((b.n_units, functionals.shape[1]))
        for j, functional in enumerate(functionals.T):
            rows = np.zeros(len(b.weights))
            rows[b.observed.arm(self.name)] = self.curve.influence(k + 1, functional)
            parts[:, j] = b.by_unit(rows)
        return parts

    def read(
        self,
        functional: Callable[[FloatArray], FloatArray],
        k: int,
        level: float,
        *,
        scale: float = 1.0,
    ) -> pd.DataFrame:
        """Return a sum of one cause's curve, with the error and limits of the arm by itself.

        One row of ``arm cause estimate std_error conf_low conf_high``; limits of a share, which
        has a scale of per cent, are those of the curves.
        """
        weights = functional(self.curve.time)[:, None]
        values = self.curve.incidence[:, k] @ weights
        parts = self.parts(weights, k)
        error = np.full(1, np.nan) if parts is None else np.sqrt((parts**2).sum(axis=0))
        reach = t_quantile(level, self.dof)
        limits = values - reach * error, values + reach * error
        if scale != 1.0:
            limits = share_interval(values, error, reach)
        rows = {"estimate": values, "std_error": error, "conf_low": limits[0]}
        found = scale * pd.DataFrame({**rows, "conf_high": limits[1]})
        found.insert(0, "arm", self.name)
        found.insert(1, "cause", self.causes[k])
        return found

    def rows(self, level: float, horizon: float, scale: Scale = "log-log") -> pd.DataFrame:
        """Return the curves from their origin to the horizon, with counts of rows by step."""
        time = self.curve.time
        events, at_risk = self.curve.counts()
        share, reach = self.curve.incidence, t_quantile(level, self.dof)
        if scale == "log-log":
            low, high = share_interval(share, self.error, reach)
        else:
            limits = survival_interval(1.0 - share, self.error, reach, scale)
            high, low = (1.0 - limit for limit in limits)
        seen = int(np.searchsorted(time, horizon, side="right"))
        after = at_risk[seen] if seen < len(time) else 0
        # Who leaves at time 0 itself is the first step of a curve that begins there.
        origin = self.basis.observed.origin
        first = int(seen > 0 and time[0] <= origin)
        frames = []
        for k, cause in enumerate(self.causes):
            steps = {
                "time": np.concatenate([[origin], time[:seen], [horizon]]),
                "estimate": _padded(self.curve.incidence[:seen, k]),
                "conf_low": _padded(low[:seen, k]),
                "conf_high": _padded(high[:seen, k]),
                "at_risk": np.concatenate([at_risk[:1], at_risk[:seen], [after]]),
                "n_events": np.concatenate([[0], events[:seen, k], [0]]),
            }
            rows = pd.DataFrame(steps)[first:].drop_duplicates("time")
            frames.append(rows.assign(curve="incidence", arm=self.name, cause=cause))
        return pd.concat(frames, ignore_index=True)[list(CURVE_COLUMNS)]


def incidence_of(o: Observed) -> competing.AalenJohansen:
    """Return the weighted incidence of every cause among some rows."""
    return competing.aalen_johansen(
        o.exit, o.cause, entry=o.entry, weights=o.weights, n_causes=len(o.causes)
    )


def both_arms(b: Basis, horizon: float, unit: str) -> list[ArmCurves]:
    """Return the curves of both arms, refusing a horizon that they do not reach."""
    horizon = b.horizon(horizon, unit)
    arms = [ArmCurves.of(b, name) for name in ARMS]
    for arm in arms:
        arm.require_follow_up(horizon, unit)
    return arms


def _padded(values: FloatArray) -> FloatArray:
    """Start a curve at 0 and hold its last value to the horizon."""
    return np.concatenate([[0.0], values, values[-1:] if len(values) else [0.0]])
