"""Ratios of hazards in intervals of time: where hazards cross, one ratio says nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arguments import numbers_of
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.arms import ARMS
from evaluation.estimates import Effect, table
from evaluation.survival.basis import Basis, EffectByCause, basis
from evaluation.survival.durations import Duration
from evaluation.survival.piecewise import model as piecewise
from evaluation.survival.ratios import fitted, fitted_ratio, regression_columns, require_ratio

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from evaluation.comparison.matched import Matched

TERM = "piecewise_hazard_ratio"
# A model, None without a maximum, and what fits it under other weights.
_Model: TypeAlias = tuple[
    piecewise.PiecewiseFit | None, Callable[[FloatArray], piecewise.PiecewiseFit]
]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PiecewiseHazardRatio(EffectByCause):
    """Hazard ratios of a piecewise exponential model, constant and by interval.

    Attributes
    ----------
    intervals : dict of str to tuple of Effect
        Each cause's ratio in each interval.
    names : tuple of str
        What the intervals are called: ``0 to 26 weeks``.
    change : Effect
        The studied cause's last ratio over its first: 1 where the ratio does not change.
    rates : pd.DataFrame
        ``outcome arm start stop n_events at_risk time rate``: rows with the event, rows at
        risk, weighted time at risk and weighted events per unit of it.
    fit : PiecewiseFit
        The model of the studied cause with one ratio; its first column is treatment.
    """

    intervals: dict[str, tuple[Effect, ...]]
    names: tuple[str, ...]
    change: Effect
    rates: pd.DataFrame
    fit: piecewise.PiecewiseFit

    def tidy(self) -> pd.DataFrame:
        """Return the studied cause's constant ratio, those of the intervals, and the change."""
        own = self.intervals[self.effect.outcome]
        return table((self.effect, *own, self.change)).tidy()

    def summary(self) -> str:
        """Return the constant ratio in full, then the intervals and the other causes."""
        own = zip(self.names, self.intervals[self.effect.outcome], strict=True)
        lines = [*(f"  {name}: {effect}" for name, effect in own), f"  {self.change}"]
        return "\n".join([EffectByCause.summary(self), *lines])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the studied cause's ratio in each interval with its limits."""
        return table(self.intervals[self.effect.outcome]).plot(ax=ax, names=self.names)


def piecewise_hazard_ratio(
    m: Matched,
    d: Duration,
    cuts: float | Sequence[float],
    *,
    covariates: tuple[str, ...] = (),
    strata: tuple[str, ...] = (),
    level: float = 0.95,
) -> PiecewiseHazardRatio:
    """Estimate hazard ratios with hazards that are constant between given times.

    Parameters
    ----------
    m, d
        The comparison and its duration.
    cuts : float or sequence of float
        Times, ascending, at which rates and ratios may change; such as 26 and 52 weeks where
        a programme may lock people in first.  Choose them before looking at the curves.  An
        event at a cut belongs to the interval before it.
    covariates, strata, level
        As in `hazard_ratio`; strata have their own rates in each interval.

    Returns
    -------
    PiecewiseHazardRatio
        One ratio over the whole follow-up, one for each interval, and the change from the
        first interval to the last.

    Raises
    ------
    ColumnError, DesignError
        As in `hazard_ratio`, and if the cuts do not ascend between 0 and the last exit.

    Notes
    -----
    Poisson regression of events on time at risk (Holford 1980).  An interval's ratio compares
    those who are still waiting: after the first interval the arms are no longer alike in who
    is, so read the incidence beside it (Hernan 2010, Epidemiology 21).  Each interval is a
    model of its own, so what covariates do may change at the cuts too.  An interval in which an
    arm has no event has no ratio.
    """
    b = basis(m, d, level=level, recurrent=True)
    o = b.observed
    words = (
        f"one or more times in {d.unit} that ascend between {o.origin:g} and the last exit at "
        f"{o.exit.max():g}"
    )
    edges = np.array([o.origin, *numbers_of(cuts, "cuts", words), o.exit.max()])
    if not (np.diff(edges) > 0).all():
        raise DesignError(f"cuts={tuple(edges[1:-1].tolist())} must be {words}")
    X, terms, stratum, _ = regression_columns(m, d, b, covariates, strata=strata)
    interval = np.searchsorted(edges[1:-1], o.exit, side="left")
    names = [f"{low:g} to {high:g} {d.unit}" for low, high in pairwise(edges)]

    def fit_cause(happened: BoolArray, weights: FloatArray) -> piecewise.PiecewiseFit:
        return piecewise.fit(
            o.exit,
            happened,
            X,
            cuts=edges[1:-1],
            entry=o.entry,
            weights=weights,
            strata=stratum,
        )

    def model(k: int, within: BoolArray | bool = True, *, must: bool = False) -> _Model:
        happened = (o.cause == k) & within
        refit = partial(fit_cause, happened)
        return fitted(b, happened, terms, partial(refit, o.weights), must=must), refit

    def effect(cause: str, kind: str, where: str, *models: _Model) -> Effect:
        made = partial(
            b.effect,
            outcome=cause,
            term=f"{TERM}{kind}",
            estimator=f"piecewise exponential{where}",
        )
        return fitted_ratio(b, made, *models)

    # Each cause has a model of the whole follow-up, then one of each interval.
    models = {
        cause: [model(k, must=k == 1), *(model(k, interval == i) for i in range(len(names)))]
        for k, cause in enumerate(d.causes, start=1)
    }
    fit = require_ratio(models[d.outcome][0][0], d.outcome)
    labels = [("", ""), *((f"_{i}", f", {name}") for i, name in enumerate(names, start=1))]
    effects = {
        cause: [effect(cause, *label, one) for label, one in zip(labels, own, strict=True)]
        for cause, own in models.items()
    }
    _, first, *_, last = models[d.outcome]
    return PiecewiseHazardRatio(
        causes={cause: own[0] for cause, own in effects.items()},
        decision=b.decision,
        intervals={cause: tuple(own[1:]) for cause, own in effects.items()},
        names=tuple(names),
        change=effect(d.outcome, "_change", f", {names[-1]} over {names[0]}", last, first),
        rates=_rates(b, interval, edges),
        fit=fit,
    )


def _rates(b: Basis, interval: IntArray, edges: FloatArray) -> pd.DataFrame:
    """Return events, time at risk and their ratio by cause, arm and interval."""
    o = b.observed
    entry = np.zeros(len(o.exit)) if o.entry is None else o.entry
    rows = []
    for i, (low, high) in enumerate(pairwise(edges)):
        time = np.clip(np.minimum(o.exit, high) - np.maximum(entry, low), 0.0, None)
        for arm in ARMS:
            own = o.arm(arm) & (time > 0)
            total = float(o.weights[own] @ time[own])
            for k, cause in enumerate(o.causes, start=1):
                hit = own & (o.cause == k) & (interval == i)
                rate = o.weights[hit].sum() / total if total > 0 else np.nan
                rows.append((cause, arm, low, high, hit.sum(), own.sum(), total, rate))
    columns = ["outcome", "arm", "start", "stop", "n_events", "at_risk", "time", "rate"]
    return pd.DataFrame(rows, columns=columns)
