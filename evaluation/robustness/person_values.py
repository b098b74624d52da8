"""One number per person whose weighted mean is what an effect compares.

For a score it is the score; for a duration a pseudo-observation, so that municipalities and
covariates can be related to incidences, weeks and hazards as to any other mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evaluation.arrays import FloatArray
from evaluation.comparison.arms import ARMS
from evaluation.comparison.data import outcome_of, require_comparison
from evaluation.estimates import as_code
from evaluation.survival import competing
from evaluation.survival.curves import incidence_of
from evaluation.survival.durations import Duration, Observed, observe
from evaluation.survival.readings import reading_of
from evaluation.terms import Statistic

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched

LOG_HAZARD = "log hazard ratio"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PersonValues:
    """What each person contributes to a mean, one entry per row of the comparison's frame.

    Attributes
    ----------
    of : str or Duration
        The column, or the duration behind pseudo-observations.
    value, weight : np.ndarray
        NaN and 0 where the row is not used.
    unit : str
        Unit of the values.
    horizon : float or None
        Horizon of a duration.
    """

    of: str | Duration
    value: FloatArray
    weight: FloatArray
    unit: str
    horizon: float | None = None

    def tidy(self) -> pd.DataFrame:
        """Return value and weight of every row."""
        return pd.DataFrame({"value": self.value, "weight": self.weight})

    def summary(self) -> str:
        """Return how many rows have a value, and their weighted mean."""
        used = self.weight > 0
        mean = np.average(self.value[used], weights=self.weight[used])
        return f"{used.sum()} rows, weighted mean {mean:.4g} {self.unit}"

    _repr_markdown_ = as_code

    def __str__(self) -> str:
        return self.summary()


def person_values(
    m: Matched,
    of: str | Duration,
    *,
    statistic: Statistic = "incidence",
    horizon: float | None = None,
    unit: str = "outcome units",
) -> PersonValues:
    """Return what each person contributes to the effect on a column or a duration.

    Parameters
    ----------
    m : Matched
        The comparison.
    of : str or Duration
        A numeric column, or a duration.
    statistic : {"incidence", "weeks", "hazard"}
        What is asked of a duration: incidence at the horizon in percentage points, time since
        the event up to it, or the log ratio of observed to expected events.
    horizon : float or None
        Needed for incidence and weeks.
    unit : str
        Unit of a column.

    Raises
    ------
    ColumnError, DesignError
        If the column or duration does not fit the table, or the horizon is missing.

    Notes
    -----
    A pseudo-observation is the arm's curve plus the row's influence on it times the arm's
    weight: their weighted mean is the curve (Andersen and Pohar Perme 2010).  For hazards a
    row counts events less events expected at the comparison arm's hazard, per expected event.
    """
    require_comparison(m)
    if isinstance(of, str):
        value = outcome_of(m, of)
        used = m.used & np.isfinite(value)
        value, weight = np.where(used, value, np.nan), np.where(used, m.weights, 0.0)
        return PersonValues(of=of, value=value, weight=weight, unit=unit)
    o = observe(m, of)
    value, weight = np.full(len(m.frame), np.nan), np.zeros(len(m.frame))
    if statistic == "hazard":
        value[o.rows], weight[o.rows] = _hazard(o)
        return PersonValues(of=of, value=value, weight=weight, unit=LOG_HAZARD)
    found, horizon = reading_of(statistic, horizon, beside="hazard")
    weight[o.rows] = o.weights
    for arm in ARMS:
        own = o.part(o.arm(arm))
        curve = incidence_of(own)
        weights = found.functional(curve.time, horizon)
        mean = float(weights @ curve.incidence[:, 0])
        influence = curve.influence(1, weights) / own.weights
        value[own.rows] = found.scale * (mean + own.weights.sum() * influence)
    return PersonValues(of=of, value=value, weight=weight, unit=found.unit(of), horizon=horizon)


def _hazard(o: Observed) -> tuple[FloatArray, FloatArray]:
    """Return each row's observed less expected events per expected event, and its weight."""
    curve = incidence_of(o.part(~o.treated))
    at_risk = np.maximum(curve.at_risk, competing.EMPTY * curve.at_risk.max())
    upto = np.concatenate([[0.0], np.cumsum(curve.n_events[:, 0] / at_risk)])
    expected = upto[np.searchsorted(curve.time, o.exit, side="right")]
    if o.entry is not None:
        expected = expected - upto[np.searchsorted(curve.time, o.entry, side="right")]
    some = expected > 0
    ratio = np.divide(
        (o.cause == 1) - expected, expected, out=np.full(len(expected), np.nan), where=some
    )
    return ratio, np.where(some, o.weights * expected, 0.0)
