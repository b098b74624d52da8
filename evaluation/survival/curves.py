"""One arm's curves with bands, counts and leave-one-out values."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray
from evaluation.comparison.arms import ARMS
from evaluation.inference import variation
from evaluation.inference.jackknife import arm_error, effective_number, t_quantile
from evaluation.notes import Note
from evaluation.survival import competing
from evaluation.survival.basis import Basis
from evaluation.survival.durations import Observed
from evaluation.survival.follow_up import emptied_after, ended
from evaluation.survival.kaplan_meier import Scale, share_interval, survival_interval
from evaluation.survival.readings import Reading

CURVE_COLUMNS = (
    *("curve", "arm", "cause", "time"),
    *("estimate", "conf_low", "conf_high", "at_risk", "n_events"),
)
ARM_COLUMNS = ("arm", "cause", "estimate", "std_error", "conf_low", "conf_high")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArmCurves:
    """Incidence of every cause in one arm of `basis`, one column of the curves per cause.

    `left_out` has the curves with one cluster of the design left out each, (n_clusters,
    n_times, n_causes), None unless the jackknife judges and NaN from where there is no curve;
    `error` is NaN where inference is refused, and `dof` are the degrees of freedom of the
    bands.  After `emptied` nobody who had entered was left, though others enter later.
    """

    name: str
    causes: tuple[str, ...]
    basis: Basis
    curve: competing.AalenJohansen
    left_out: FloatArray | None
    error: FloatArray
    dof: float
    emptied: float = math.inf

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
            left_out, survival = competing.from_counts(events, at_risk)
            left_out[ended(at_risk, survival)] = np.nan
            weight = b.unit_weight(treated=name == ARMS[0])
            error, dof = arm_error(left_out - curve.incidence, weight)
        elif not b.decision.is_refused:
            error = curve.std_error
        emptied = emptied_after(o, curve)
        error = np.where(curve.time[:, None] > emptied, np.nan, error)
        return cls(
            name=name,
            causes=o.causes,
            basis=b,
            curve=curve,
            left_out=left_out,
            error=error,
            dof=dof,
            emptied=emptied,
        )

    def require_follow_up(self, horizon: float, unit: str) -> None:
        """Refuse a horizon after which nobody in the arm is seen though some have not left."""
        last = float(self.curve.time[-1])
        if last < horizon and self.curve.survival[-1] > competing.EMPTY:
            raise DesignError(
                f"follow-up in the {self.name} arm ends at {last:g} {unit}, before the horizon "
                f"{horizon:g}; choose a horizon of at most {last:g}"
            )

    def refusal(self, reading: Reading, horizon: float, k: int, unit: str) -> Note | None:
        """Return why what is read off a cause's curve carries no error; None where it does."""
        if self.emptied < horizon:
            return variation.emptied(self.name, self.emptied, unit)
        time = self.curve.time
        seen = int(np.searchsorted(time, horizon, side="left")) + 1
        if self.left_out is not None and np.isnan(self.left_out[:, :seen]).any():
            return variation.no_replicate(f"follow-up in the {self.name} arm ends too early")
        influence = self.curve.influence(k + 1, reading.functional(time, horizon))
        if variation.is_still(
            reading.scale * influence, reading.largest(horizon, self.basis.observed.origin)
        ):
            what = f"'{self.causes[k]}' until {horizon:g} {unit}"
            return variation.constant(self.name, what)
        return None

    def value(self, functional: Callable[[FloatArray], FloatArray]) -> FloatArray:
        """Return a functional of each cause's curve, shape (n_causes,)."""
        return np.asarray(functional(self.curve.time) @ self.curve.incidence)

    def value_left_out(self, functional: Callable[[FloatArray], FloatArray]) -> FloatArray:
        """Return the functional with each cluster left out, shape (n_clusters, n_causes)."""
        if self.left_out is None:
            raise ValueError("curves with a cluster left out exist under the jackknife only")
        weights = functional(self.curve.time)
        read = weights != 0
        return np.asarray(np.einsum("t,gtc->gc", weights[read], self.left_out[:, read]))

    def influence(self, functional: FloatArray, k: int) -> FloatArray:
        """Return each row's influence on a sum of a cause's curve, 0 in the other arm."""
        rows = np.zeros(len(self.basis.weights))
        rows[self.basis.observed.arm(self.name)] = self.curve.influence(k + 1, functional)
        return rows

    def read(
        self, reading: Reading, horizon: float, k: int
    ) -> tuple[str, str, float, float, float, float]:
        """Return what is read off one cause's curve, judged by the arm alone: `ARM_COLUMNS`.

        Limits of a share are those of the curves.
        """
        b, functional, error, dof = self.basis, reading.at(horizon), math.nan, self.dof
        value = float(self.value(functional)[k])
        if not b.decision.is_refused and not self.refusal(reading, horizon, k, b.time_unit):
            if self.left_out is not None:
                moved = self.value_left_out(functional)[:, [k]] - value
                errors, dof = arm_error(moved, b.unit_weight(treated=self.name == ARMS[0]))
                error = float(errors[0])
            else:
                parts = b.by_unit(self.influence(functional(self.curve.time), k))
                error = float(np.sqrt(parts @ parts))
        reach, scale = t_quantile(b.level, dof), reading.scale
        low, high = value - reach * error, value + reach * error
        if scale != 1.0:
            limits = share_interval(np.array(value), np.array(error), reach)
            low, high = (float(limit) for limit in limits)
        judged = scale * value, scale * error, scale * low, scale * high
        return self.name, self.causes[k], *judged

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


def emptied(b: Basis) -> Note | None:
    """Return that an arm's risk set empties though others enter later, if so."""
    for arm in ARMS:
        own = b.observed.part(b.observed.arm(arm))
        time = emptied_after(own, incidence_of(own))
        if time < math.inf:
            return variation.emptied(arm, time, b.time_unit)
    return None


def refusal(
    b: Basis, arms: list[ArmCurves], reading: Reading, horizon: float, k: int
) -> Note | None:
    """Return why a contrast of what is read off both arms' curves carries no error, if so.

    A curve that has come to 0 or 1 is constant, however it came there.
    """
    found = (arm.refusal(reading, horizon, k, b.time_unit) for arm in arms)
    return next((why for why in found if why is not None), None)


def _padded(values: FloatArray) -> FloatArray:
    """Start a curve at 0 and hold its last value to the horizon."""
    return np.concatenate([[0.0], values, values[-1:] if len(values) else [0.0]])
