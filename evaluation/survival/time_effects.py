"""Effects on when and whether an event comes first: incidence at a horizon and weeks since.

Each arm's Aalen-Johansen curve comes from a table of counts per cluster, so leaving a cluster
out is a subtraction of its counts; matches and weights are held fixed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray
from evaluation.survival import competing
from evaluation.survival.arm_curves import ArmCurves, Functional, draw_curves
from evaluation.survival.basis import EffectByCause, basis
from evaluation.survival.durations import ARMS, Duration
from evaluation.survival.exchange import exchange_curve

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from evaluation.comparison.matched import Matched


# A term of the closed list that is named for its cause.
NAMED_TERMS = {("weeks_since_event", "employment"): "weeks_since_employment"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimeEffect(EffectByCause):
    """An effect on a duration, with the curves it is read from.

    Attributes
    ----------
    curves : pd.DataFrame
        ``curve arm cause time estimate conf_low conf_high at_risk n_events``: the incidence of
        every cause in each arm as a step curve of shares, with counts of rows for disclosure.
    unit : str
        Unit of time.
    """

    curves: pd.DataFrame
    unit: str

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the studied cause's incidence in both arms, with bands."""
        main = self.effect.outcome
        return draw_curves(self.curves, main, self.unit, ax, label=f"share with {main} first")


def incidence(m: Matched, d: Duration, horizon: float, *, level: float = 0.95) -> TimeEffect:
    """Estimate the difference between arms in who has had the event first by a horizon.

    Parameters
    ----------
    m : Matched
        The comparison; its weights and clusters are used as they are.
    d : Duration
        The duration and its competing causes.
    horizon : float
        Time of the contrast in units of the duration.  It has no default: another horizon is
        another question.
    level : float
        Coverage of the intervals.

    Returns
    -------
    TimeEffect
        In percentage points.

    Raises
    ------
    ColumnError, DesignError
        If the duration does not fit the table, everyone is censored, an arm is empty, or
        follow-up in an arm ends before the horizon.

    Notes
    -----
    Weighted Aalen-Johansen in each arm.  With clusters the error, interval and p-value come
    from one delete-one-cluster jackknife (`evaluation.inference.jackknife.delete_one`);
    without, from the infinitesimal jackknife summed by matched set.  With 3 to 5 effective
    clusters in an arm there is a p-value from randomisation over clusters, and no interval.
    """
    return _contrast(
        m, d, horizon, competing.at_horizon, "incidence", "percentage points", level
    )


def time_since_event(
    m: Matched, d: Duration, horizon: float, *, level: float = 0.95
) -> TimeEffect:
    """Estimate the difference between arms in time since the event, up to a horizon.

    Parameters
    ----------
    m, d, horizon, level
        As in `incidence`.

    Returns
    -------
    TimeEffect
        In the duration's unit; the term is ``weeks_since_employment`` for the cause
        ``employment``, ``weeks_since_event`` for every other.

    Raises
    ------
    ColumnError, DesignError
        As in `incidence`.

    Notes
    -----
    The area under the incidence curve: the mean of ``max(0, horizon - T)`` over those for whom
    the event comes first, and 0 for all others (Andersen 2013, Statistics in Medicine 32).
    Time since the first event, not time spent in it.  Without competing causes it is the
    horizon minus the restricted mean.  Restricted means that censor competing causes are not
    offered.
    """
    return _contrast(
        m, d, horizon, competing.area_to_horizon, "weeks_since_event", d.unit, level
    )


def _contrast(
    m: Matched,
    d: Duration,
    horizon: float,
    functional: Functional,
    term: str,
    unit: str,
    level: float,
) -> TimeEffect:
    """Contrast a functional of each cause's incidence between arms."""
    if not (np.isfinite(horizon) and horizon > 0):
        raise DesignError(f"horizon={horizon} must be a positive time in {d.unit}")
    b = basis(m, d, level=level)
    arms = [ArmCurves.of(b, name, cause=b.observed.cause, causes=d.causes) for name in ARMS]
    for arm in arms:
        arm.require_follow_up(horizon, d.unit)
    scale = 100.0 if unit == "percentage points" else 1.0
    treated, comparison = (arm.value(functional, horizon) * scale for arm in arms)

    def left_out(k: int) -> FloatArray:
        values = [arm.value_left_out(functional, horizon)[:, k] * scale for arm in arms]
        return values[0] - values[1]

    def influence(k: int) -> FloatArray:
        rows = np.zeros(len(b.observed.exit))
        for sign, arm in zip((1.0, -1.0), arms, strict=True):
            weights = sign * scale * functional(arm.curve.time, horizon)
            rows[b.observed.arm(arm.name)] = arm.curve.influence(k + 1, weights)
        return rows

    effects = {
        cause: b.effect(
            outcome=cause,
            term=NAMED_TERMS.get((term, cause), term),
            estimate=float(treated[k] - comparison[k]),
            unit=unit,
            estimator="Aalen-Johansen",
            uncertainty=b.uncertainty(
                float(treated[k] - comparison[k]),
                left_out=partial(left_out, k),
                influence=partial(influence, k),
            ),
            randomised=exchange_curve(b, functional, horizon, k + 1),
        )
        for k, cause in enumerate(d.causes)
    }
    return TimeEffect(
        causes=effects,
        curves=pd.concat([arm.rows(level, horizon) for arm in arms], ignore_index=True),
        decision=b.decision,
        unit=d.unit,
    )
