"""Effects on when and whether an event comes first: incidence at a horizon and weeks since.

Each arm's Aalen-Johansen curve comes from a table of counts per cluster, so leaving a cluster
out is a subtraction of its counts; matches and weights are held fixed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import pandas as pd

from evaluation.arguments import choice_of
from evaluation.arrays import FloatArray
from evaluation.comparison.arms import ARMS
from evaluation.estimates import Effect
from evaluation.survival.basis import Basis, EffectByCause, basis
from evaluation.survival.cox.newton import UnidentifiedError
from evaluation.survival.curve_plot import draw_curves
from evaluation.survival.curves import ARM_COLUMNS, ArmCurves, both_arms, refusal
from evaluation.survival.durations import Duration
from evaluation.survival.ratios import log_ratio, no_ratio
from evaluation.survival.readings import READINGS, Kind, Reading

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from evaluation.comparison.matched import Matched


Contrast = Literal["difference", "ratio"]
CONTRASTS = ("difference", "ratio")


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
    arms : pd.DataFrame
        ``arm cause estimate std_error conf_low conf_high``: what the arms have each by itself,
        shares in per cent or mean times since the event (restricted mean time lost), errors
        from the same units as the effect's.  Empty where arms are predicted by a model.
    """

    curves: pd.DataFrame
    unit: str
    arms: pd.DataFrame = field(default_factory=pd.DataFrame)

    def plot(
        self, ax: Axes | None = None, *, arms: Sequence[str] = ARMS, at_risk: bool = False
    ) -> Axes:
        """Draw the studied cause's incidence in both arms, as `SurvivalCurves.plot`."""
        main = self.effect.outcome
        label = f"share with {main} first"
        return draw_curves(
            self.curves, main, self.unit, ax, label=label, arms=arms, at_risk=at_risk
        )


def incidence(
    m: Matched,
    d: Duration,
    horizon: float,
    *,
    contrast: Contrast = "difference",
    level: float = 0.95,
) -> TimeEffect:
    """Estimate the difference between arms in who has had the event first by a horizon.

    The cumulative incidence of competing risks (Aalen-Johansen); without competing causes one
    less Kaplan-Meier survival.

    Parameters
    ----------
    m : Matched
        The comparison; its weights and clusters are used as they are.
    d : Duration
        The duration and its competing causes.
    horizon : float
        Time of the contrast in units of the duration.  It has no default: another horizon is
        another question.
    contrast : {"difference", "ratio"}
        Treated less comparison, or over it.
    level : float
        Coverage of the intervals.

    Returns
    -------
    TimeEffect
        In percentage points, or a risk ratio (term ``incidence_ratio``).

    Raises
    ------
    ColumnError, DesignError
        If the duration does not fit the table, everyone is censored, an arm is empty, a unit
        is at risk after an event, or follow-up in an arm ends before the horizon.

    Notes
    -----
    Weighted Aalen-Johansen in each arm.  With clusters the error, interval and p-value come
    from one delete-one-cluster jackknife (`evaluation.inference.jackknife.delete_one`);
    without, from the infinitesimal jackknife summed by matched set.
    """
    return _contrast(m, d, horizon, "incidence", contrast, level)


def time_since_event(
    m: Matched,
    d: Duration,
    horizon: float,
    *,
    contrast: Contrast = "difference",
    level: float = 0.95,
) -> TimeEffect:
    """Estimate the difference between arms in time since the event, up to a horizon.

    The restricted mean time lost (RMTL) to a cause.  Without competing causes it is the
    difference in restricted mean survival time (RMST) with its sign turned.

    Parameters
    ----------
    m, d, horizon, contrast, level
        As in `incidence`.

    Returns
    -------
    TimeEffect
        In the duration's unit; the term is ``weeks_since_employment`` for the cause
        ``employment``, ``weeks_since_event`` for every other.  A ratio of means has ``_ratio``
        behind it.

    Raises
    ------
    ColumnError, DesignError
        As in `incidence`.

    Notes
    -----
    The area under the incidence curve: the mean of ``max(0, horizon - T)`` over those for whom
    the event comes first, and 0 for all others (Andersen 2013, Statistics in Medicine 32).
    Time since the first event, not time spent in it.  Restricted means that censor competing
    causes are not offered.
    """
    return _contrast(m, d, horizon, "weeks", contrast, level)


def _contrast(
    m: Matched, d: Duration, horizon: float, kind: Kind, contrast: Contrast, level: float
) -> TimeEffect:
    """Contrast what is read off each cause's incidence between arms."""
    choice_of(contrast, "contrast", CONTRASTS)
    b = basis(m, d, level=level)
    arms = both_arms(b, horizon, d.unit)
    reading, is_ratio = READINGS[kind], contrast == "ratio"
    effects = {}
    for k, cause in enumerate(d.causes):
        effect = partial(
            b.effect,
            outcome=cause,
            term=f"{reading.term(cause)}_ratio" if is_ratio else reading.term(cause),
            estimator="Aalen-Johansen",
        )
        made = _ratio if is_ratio else _difference
        effects[cause] = made(b, _Read(arms, reading, horizon, k), effect)
    return TimeEffect(
        causes=effects,
        curves=pd.concat([arm.rows(level, horizon) for arm in arms], ignore_index=True),
        decision=b.decision,
        unit=d.unit,
        arms=pd.DataFrame(
            [arm.read(reading, horizon, k) for k in range(len(d.causes)) for arm in arms],
            columns=list(ARM_COLUMNS),
        ),
    )


class _Read(NamedTuple):
    """What is read off both arms' curves of one cause: the treated's, then the comparison's."""

    arms: list[ArmCurves]
    reading: Reading
    horizon: float
    k: int

    def functional(self, time: FloatArray) -> FloatArray:
        """Return the weights of a curve's times."""
        return self.reading.functional(time, self.horizon)

    def values(self) -> list[float]:
        """Return the values."""
        return [float(arm.value(self.functional)[self.k]) for arm in self.arms]

    def left_out(self) -> list[FloatArray]:
        """Return them with each cluster left out."""
        return [arm.value_left_out(self.functional)[:, self.k] for arm in self.arms]

    def influence(self, *factors: float) -> FloatArray:
        """Return each row's influence on the sum of the arms' values times factors."""
        own, other = (
            arm.influence(factor * self.functional(arm.curve.time), self.k)
            for factor, arm in zip(factors, self.arms, strict=True)
        )
        return own + other


def _difference(b: Basis, read: _Read, effect: Callable[..., Effect]) -> Effect:
    """Return treated less comparison; of shares in percentage points."""
    treated, comparison = read.values()
    scale = read.reading.scale
    estimate = scale * (treated - comparison)
    uncertainty = refusal(b, *read) or b.uncertainty(
        estimate,
        left_out=lambda: scale * np.subtract(*read.left_out()),
        influence=lambda: read.influence(scale, -scale),
        largest=read.reading.largest(read.horizon, b.observed.origin),
    )
    return effect(estimate=estimate, treated_mean=scale * treated, uncertainty=uncertainty)


def _ratio(b: Basis, read: _Read, effect: Callable[..., Effect]) -> Effect:
    """Return treated over comparison."""
    treated, comparison = read.values()
    if not (treated > 0 and comparison > 0):
        return no_ratio(effect)
    effect = partial(effect, treated_mean=read.reading.scale * treated)

    def left_out() -> FloatArray:
        own, other = read.left_out()
        if not ((own > 0).all() and (other > 0).all()):
            raise UnidentifiedError("a cluster holds all events of an arm", (0,))
        return np.log(own / other)

    return log_ratio(
        b,
        math.log(treated / comparison),
        effect,
        influence=lambda: read.influence(1.0 / treated, -1.0 / comparison),
        left_out=left_out,
        why=refusal(b, *read),
    )
