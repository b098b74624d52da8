"""Survival curves of both arms: the share in whom nothing has happened yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evaluation.comparison.arms import ARMS
from evaluation.inference.gatekeeper import Decision
from evaluation.survival.arm_curves import CURVE_COLUMNS, ArmCurves, draw_curves
from evaluation.survival.basis import basis
from evaluation.survival.durations import Duration
from evaluation.survival.kaplan_meier import quantile

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
    """

    curves: pd.DataFrame
    decision: Decision
    unit: str
    notes: tuple[str, ...]

    def tidy(self) -> pd.DataFrame:
        """Return the step curves."""
        return self.curves.copy()

    def quantiles(self, shares: tuple[float, ...] = (0.25, 0.5, 0.75)) -> pd.DataFrame:
        """Return the times by which given shares of each arm have had the event.

        Parameters
        ----------
        shares : tuple of float
            0.5 for the median.

        Returns
        -------
        pd.DataFrame
            ``arm share estimate conf_low conf_high``; infinite where a curve or its limit does
            not come down so far, limits missing where inference is refused.  A curve that lies
            on the level for a while gives the middle of that piece.
        """
        rows = []
        for arm, steps in self.curves.groupby("arm", sort=False):
            time, survival, low, high = (
                steps[column].to_numpy()
                for column in ("time", "estimate", "conf_low", "conf_high")
            )
            for share in shares:
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
    frames = []
    for arm in ARMS:
        one = ArmCurves.of(b, arm)
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
        notes=(*b.notes, b.decision.reason),
    )
