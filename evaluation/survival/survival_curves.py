"""Kaplan-Meier survival of both arms, and what is read off it: shares, means, quantiles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

import numpy as np
import pandas as pd

from evaluation.arguments import choice_of, numbers_of
from evaluation.comparison.arms import ARMS
from evaluation.estimates import as_code
from evaluation.inference import variation
from evaluation.inference.gatekeeper import Decision
from evaluation.survival.basis import basis
from evaluation.survival.curve_plot import draw_curves
from evaluation.survival.curves import CURVE_COLUMNS, ArmCurves
from evaluation.survival.durations import Duration
from evaluation.survival.kaplan_meier import Scale, quantile
from evaluation.survival.readings import READINGS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from evaluation.comparison.matched import Matched


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
    arms : tuple of ArmCurves
        What the curves are made of.
    """

    curves: pd.DataFrame
    decision: Decision
    unit: str
    notes: tuple[str, ...]
    arms: tuple[ArmCurves, ...]

    def tidy(self) -> pd.DataFrame:
        """Return the step curves."""
        return self.curves.copy()

    def at(self, times: float | Sequence[float]) -> pd.DataFrame:
        """Return survival at given times, and the rows at risk just before them.

        ``arm time estimate std_error conf_low conf_high at_risk``; refused after the follow-up
        of an arm in which somebody is left.
        """
        wanted = numbers_of(times, "times", f"times in {self.unit}")
        frames = []
        for arm in self.arms:
            arm.require_follow_up(float(wanted.max()), self.unit)
            steps = self.curves[self.curves["arm"] == arm.name]
            last = np.searchsorted(steps["time"], wanted, side="right") - 1
            rows = steps.iloc[np.maximum(last, 0)].assign(time=wanted)
            position = np.searchsorted(arm.curve.time, wanted, side="right")
            error = np.concatenate([[0.0], arm.error[:, 0]])[position]
            seen = np.append(steps["at_risk"], 0)[np.searchsorted(steps["time"], wanted)]
            frames.append(rows.assign(std_error=error, at_risk=seen))
        columns = ["arm", "time", "estimate", "std_error", "conf_low", "conf_high", "at_risk"]
        return pd.concat(frames, ignore_index=True)[columns]

    def restricted_mean(self, horizon: float) -> pd.DataFrame:
        """Return each arm's restricted mean survival time (RMST) up to a horizon.

        Returns
        -------
        pd.DataFrame
            ``arm horizon estimate std_error conf_low conf_high`` in the duration's unit: the
            area under the arm's curve.  The horizon less it is the restricted mean time lost,
            of which `time_since_event` gives the part of each cause, and the difference.
        """
        rows = []
        for arm in self.arms:
            end = arm.basis.horizon(horizon, self.unit)
            arm.require_follow_up(end, self.unit)
            _, _, lost, error, low, high = arm.read(READINGS["weeks"], end, 0)
            whole = end - arm.basis.observed.origin
            rows.append((arm.name, end, whole - lost, error, whole - high, whole - low))
        columns = ["arm", "horizon", "estimate", "std_error", "conf_low", "conf_high"]
        return pd.DataFrame(rows, columns=columns)

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

    def plot(
        self,
        ax: Axes | None = None,
        *,
        arms: Sequence[str] = ARMS,
        at_risk: bool = False,
        censored: bool = False,
        median: bool = False,
    ) -> Axes:
        """Draw both arms with bands.

        Parameters
        ----------
        ax : matplotlib Axes or None
        arms : sequence of str
            What the treated and the comparison are called.
        at_risk, censored, median : bool
            Whether to write the numbers at risk below, mark where rows are censored, and draw
            a line at the height of the medians.
        """
        axes = draw_curves(
            self.curves,
            str(self.curves["cause"].iloc[0]),
            self.unit,
            ax,
            label="share without an event",
            arms=arms,
            at_risk=at_risk,
            censored=censored,
        )
        if median:
            axes.axhline(0.5, color="grey", linewidth=0.8, linestyle="--")
        return axes

    _repr_markdown_ = as_code

    def __str__(self) -> str:
        return self.summary().splitlines()[0]


def survival_curves(
    m: Matched, d: Duration, *, conf_type: Scale = "log-log", level: float = 0.95
) -> SurvivalCurves:
    """Estimate the weighted Kaplan-Meier curve of each arm.

    Parameters
    ----------
    m : Matched
        The comparison.
    d : Duration
        The duration.  With competing causes the curve is survival of *any* of them (cause
        ``any``), so that it and the incidences of all causes sum to 1; a curve that censors
        competing causes describes nobody and is not offered.
    conf_type : {"log-log", "log", "plain"}
        Scale on which bands are made and brought back; R's default is ``log``.
    level : float
        Coverage of the pointwise bands.

    Returns
    -------
    SurvivalCurves
        Bands as in `incidence`: over clusters where there are any.

    Raises
    ------
    ColumnError, DesignError
        As in `incidence`.
    """
    choice_of(conf_type, "conf_type", get_args(Scale))
    b = basis(m, d, level=level)
    happened = (b.observed.cause > 0).astype(np.int64)
    causes = ("any" if d.competing else d.outcome,)
    b = replace(b, observed=replace(b.observed, cause=happened, causes=causes))
    frames, notes = [], (*b.notes, b.decision.reason)
    made = tuple(ArmCurves.of(b, arm) for arm in ARMS)
    for one in made:
        if one.emptied < math.inf:
            notes += (variation.emptied(one.name, one.emptied, d.unit),)
        rows = one.rows(level, float(one.curve.time[-1]), conf_type)
        lived = rows.assign(
            curve="survival",
            estimate=np.maximum(1.0 - rows["estimate"], 0.0),
            conf_low=1.0 - rows["conf_high"],
            conf_high=1.0 - rows["conf_low"],
        )
        frames.append(lived[list(CURVE_COLUMNS)])
    return SurvivalCurves(
        curves=pd.concat(frames, ignore_index=True),
        decision=b.decision,
        unit=d.unit,
        notes=notes,
        arms=made,
    )
