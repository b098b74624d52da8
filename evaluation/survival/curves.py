"""One arm's curves with bands, counts and leave-one-out values, and survival of both arms."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arguments import number_of, numbers_of
from evaluation.arrays import FloatArray
from evaluation.comparison.arms import ARMS
from evaluation.inference import variation
from evaluation.inference.gatekeeper import Decision
from evaluation.inference.jackknife import arm_error, effective_number, t_quantile
from evaluation.notes import Note
from evaluation.survival import competing
from evaluation.survival.basis import Basis, basis
from evaluation.survival.durations import Duration, Observed
from evaluation.survival.follow_up import emptied_after, ended
from evaluation.survival.kaplan_meier import quantile
from evaluation.survival.readings import Reading

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from evaluation.comparison.matched import Matched

CURVE_COLUMNS = (
    *("curve", "arm", "cause", "time"),
    *("estimate", "conf_low", "conf_high", "at_risk", "n_events"),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArmCurves:
    """Incidence of every cause in one arm, one column of the curves per cause, from `origin`.

    `left_out` has the curves with one cluster of the design left out each, (n_clusters,
    n_times, n_causes), None unless the jackknife judges and NaN from where there is no curve;
    `error` is NaN where inference is refused, and `dof` are the degrees of freedom of the
    bands.  After `emptied` nobody who had entered was left, though others enter later.
    """

    name: str
    causes: tuple[str, ...]
    origin: float
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
            origin=b.observed.origin,
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
        if variation.is_still(reading.scale * influence, reading.largest(horizon)):
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

    def rows(self, level: float, horizon: float) -> pd.DataFrame:
        """Return the curves from their origin to the horizon, with counts of rows by step."""
        time = self.curve.time
        events, at_risk = self.curve.counts()
        low, high = share_interval(
            self.curve.incidence, self.error, t_quantile(level, self.dof)
        )
        seen = int(np.searchsorted(time, horizon, side="right"))
        after = at_risk[seen] if seen < len(time) else 0
        # Who leaves at time 0 itself is the first step of a curve that begins there.
        first = int(seen > 0 and time[0] <= self.origin)
        frames = []
        for k, cause in enumerate(self.causes):
            steps = {
                "time": np.concatenate([[self.origin], time[:seen], [horizon]]),
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
    begins = b.observed.origin
    words = f"a positive time in {unit}" if begins == 0 else f"a time after {begins:g} {unit}"
    horizon = number_of(horizon, "horizon", words, above=begins)
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


def share_interval(
    share: FloatArray, error: FloatArray, quantile: float | FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return limits of a share on the complementary log-log scale, so that they stay in 0 to 1.

    NaN where the share is 0 or 1 or the error is missing: nothing can be said there.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        hazard = -np.log1p(-share)
        half = quantile * error / ((1.0 - share) * hazard)
        low, high = (-np.expm1(-hazard * np.exp(sign * half)) for sign in (-1.0, 1.0))
    known = (share > 0.0) & (share < 1.0) & np.isfinite(half)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def framed(ax: Axes | None) -> Axes:
    """Return axes open to the top and the right, new ones where none are given."""
    import matplotlib.pyplot as plt

    axes = plt.subplots()[1] if ax is None else ax
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def label_end(
    axes: Axes, text: str, end: tuple[float, float], color: str, *, va: str = "center"
) -> None:
    """Write a curve's name where it ends."""
    axes.annotate(text, end, xytext=(4, 0), textcoords="offset points", va=va, color=color)


def draw_curves(
    curves: pd.DataFrame, cause: str, unit: str, ax: Axes | None = None, *, label: str
) -> Axes:
    """Draw one cause's step curves of both arms with bands and labels at their ends."""
    axes = framed(ax)
    shown = curves[curves["cause"] == cause]
    upper = shown.groupby("arm")["estimate"].last().idxmax()
    for arm, (color, line) in zip(ARMS, LOOKS, strict=True):
        steps = shown[shown["arm"] == arm]
        time = steps["time"]
        limits = steps["conf_low"], steps["conf_high"]
        axes.fill_between(time, *limits, step="post", alpha=0.2, lw=0, color=color)
        axes.step(time, steps["estimate"], where="post", color=color, linestyle=line)
        end = float(time.iloc[-1]), float(steps["estimate"].iloc[-1])
        label_end(axes, arm, end, color, va="bottom" if arm == upper else "top")
    # Room for the labels, without ticks where there is no time.
    last = float(shown["time"].max())
    axes.set_xlim(0.0, 1.4 * last)
    axes.set_xticks([tick for tick in axes.get_xticks() if 0.0 <= tick <= last])
    axes.set_xlabel(unit)
    axes.set_ylabel(label)
    axes.set_ylim(0.0, min(1.0, axes.get_ylim()[1]))
    return axes


# Dark and dashed, so that the arms differ in greyscale too.
LOOKS = (("0.1", "-"), ("0.45", "--"))


def _padded(values: FloatArray) -> FloatArray:
    """Start a curve at 0 and hold its last value to the horizon."""
    return np.concatenate([[0.0], values, values[-1:] if len(values) else [0.0]])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SurvivalCurves:
    """Survival of each arm as step curves.

    Attributes
    ----------
    curves : pd.DataFrame
        ``curve arm cause time estimate conf_low conf_high at_risk n_events``; estimates are
        shares, counts are rows for disclosure.
    decision : Decision
        How the bands were chosen; without limits where inference is refused.
    unit : str
        Unit of time.
    notes : tuple of str
        What a reader must know.
    """

    curves: pd.DataFrame
    decision: Decision
    unit: str
    notes: tuple[str, ...]

    def tidy(self) -> pd.DataFrame:
        """Return the step curves."""
        return self.curves.copy()

    def quantiles(self, shares: float | Sequence[float] = (0.25, 0.5, 0.75)) -> pd.DataFrame:
        """Return the times by which given shares of each arm have had the event.

        Parameters
        ----------
        shares : float or sequence of float
            0.5 for the median.

        Returns
        -------
        pd.DataFrame
            ``arm share estimate conf_low conf_high``; infinite where a curve or its limit does
            not come down so far, limits missing where inference is refused or the curve has
            come down to 0 before they did.  A curve that lies on the level for a while gives
            the middle of that piece, which ends with follow-up if with nothing else.
        """
        words = "between 0 and 1, such as 0.5 for the median"
        wanted = numbers_of(shares, "shares", words, above=0.0, below=1.0)
        rows = []
        for arm, steps in self.curves.groupby("arm", sort=False):
            time, survival, low, high = (
                steps[column].to_numpy()
                for column in ("time", "estimate", "conf_low", "conf_high")
            )
            for share in wanted.tolist():
                found = quantile(time, survival, (low, high), share)
                limits = (np.nan, np.nan) if self.decision.is_refused else found[1:]
                rows.append((arm, share, found[0], *limits))
        return pd.DataFrame(rows, columns=["arm", "share", "estimate", "conf_low", "conf_high"])

    def summary(self) -> str:
        """Return where each arm's curve ends, and the notes."""
        last = self.curves.groupby("arm", sort=False).last()
        lines = [
            f"{arm}: survival {row.estimate:.3f} at {row.time:g} {self.unit}"
            for arm, row in last.iterrows()
        ]
        return "\n".join([*lines, *(f"  note: {note}" for note in self.notes)])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw both arms with bands."""
        cause = str(self.curves["cause"].iloc[0])
        return draw_curves(self.curves, cause, self.unit, ax, label="share without an event")

    def __str__(self) -> str:
        return self.summary().splitlines()[0]


def survival_curves(m: Matched, d: Duration, *, level: float = 0.95) -> SurvivalCurves:
    """Estimate the weighted Kaplan-Meier curve of each arm.

    Parameters
    ----------
    m : Matched
        The comparison.
    d : Duration
        The duration.  With competing causes the curve is survival of *any* of them (cause
        ``any``), so that it and the incidences of all causes sum to 1; a curve that censors
        competing causes describes nobody and is not offered.
    level : float
        Coverage of the pointwise bands.

    Returns
    -------
    SurvivalCurves
        Bands as in `incidence`: over clusters where there are any, on the complementary
        log-log scale.

    Raises
    ------
    ColumnError, DesignError
        As in `incidence`.
    """
    b = basis(m, d, level=level)
    happened = (b.observed.cause > 0).astype(np.int64)
    causes = ("any" if d.competing else d.outcome,)
    b = replace(b, observed=replace(b.observed, cause=happened, causes=causes))
    frames, notes = [], (*b.notes, b.decision.reason)
    for arm in ARMS:
        one = ArmCurves.of(b, arm)
        if one.emptied < math.inf:
            notes += (variation.emptied(arm, one.emptied, d.unit),)
        rows = one.rows(level, float(one.curve.time[-1]))
        lived = rows.assign(
            curve="survival",
            estimate=1.0 - rows["estimate"],
            conf_low=1.0 - rows["conf_high"],
            conf_high=1.0 - rows["conf_low"],
        )
        frames.append(lived[list(CURVE_COLUMNS)])
    return SurvivalCurves(
        curves=pd.concat(frames, ignore_index=True),
        decision=b.decision,
        unit=d.unit,
        notes=notes,
    )
