"""One number per person whose weighted mean is what an effect compares.

For a score it is the score; for a duration a pseudo-observation, so that municipalities and
covariates can be related to incidences, weeks and hazards as to any other mean.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray
from evaluation.columns import require_columns
from evaluation.comparison.arms import ARMS
from evaluation.survival import competing
from evaluation.survival.durations import Duration, Observed, observe
from evaluation.terms import Statistic

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched

LOG_HAZARD = "log hazard ratio"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PersonValues:
    """What each person contributes to a mean.

    Attributes
    ----------
    of : str or Duration
        The column, or the duration behind pseudo-observations.
    value : np.ndarray
        One per row of the comparison's frame, NaN where the row is not used.
    weight : np.ndarray
        Weight of each value; 0 where the row is not used.
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

    Returns
    -------
    PersonValues

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
    if isinstance(of, str):
        return _column(m, of, unit)
    o = observe(m, of)
    if statistic == "hazard":
        return _hazard(m, of, o)
    if horizon is None:
        raise DesignError(f"statistic='{statistic}' needs a horizon; it has no default")
    functionals: dict[str, tuple[Callable[[FloatArray, float], FloatArray], float, str]] = {
        "incidence": (competing.at_horizon, 100.0, "percentage points"),
        "weeks": (competing.area_to_horizon, 1.0, of.unit),
    }
    if statistic not in functionals:
        raise DesignError(
            f"statistic='{statistic}' is not known; use incidence, weeks or hazard"
        )
    functional, scale, own_unit = functionals[statistic]
    value = np.full(len(m.frame), np.nan)
    for arm in ARMS:
        own = o.arm(arm)
        weights = o.weights[own]
        curve = competing.aalen_johansen(
            o.exit[own],
            o.cause[own],
            entry=None if o.entry is None else o.entry[own],
            weights=weights,
            n_causes=len(o.causes),
        )
        reading = functional(curve.time, horizon)
        mean = float(reading @ curve.incidence[:, 0])
        influence = curve.influence(1, reading) / weights
        value[o.rows[own]] = scale * (mean + weights.sum() * influence)
    return PersonValues(
        of=of, value=value, weight=_spread(m, o, o.weights), unit=own_unit, horizon=horizon
    )


def _column(m: Matched, name: str, unit: str) -> PersonValues:
    require_columns(m.frame, {"of": name})
    value = m.frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
    used = m.used & np.isfinite(value)
    return PersonValues(
        of=name,
        value=np.where(used, value, np.nan),
        weight=np.where(used, m.weights, 0.0),
        unit=unit,
    )


def _hazard(m: Matched, d: Duration, o: Observed) -> PersonValues:
    own = ~o.treated
    curve = competing.aalen_johansen(
        o.exit[own],
        o.cause[own],
        entry=None if o.entry is None else o.entry[own],
        weights=o.weights[own],
        n_causes=len(o.causes),
    )
    at_risk = np.maximum(curve.at_risk, competing.EMPTY * curve.at_risk.max())
    upto = np.concatenate([[0.0], np.cumsum(curve.n_events[:, 0] / at_risk)])
    expected = upto[np.searchsorted(curve.time, o.exit, side="right")]
    if o.entry is not None:
        expected = expected - upto[np.searchsorted(curve.time, o.entry, side="right")]
    some = expected > 0
    ratio = np.divide(
        (o.cause == 1) - expected, expected, out=np.full(len(expected), np.nan), where=some
    )
    value = np.full(len(m.frame), np.nan)
    value[o.rows] = ratio
    weight = _spread(m, o, np.where(some, o.weights * expected, 0.0))
    return PersonValues(of=d, value=value, weight=weight, unit=LOG_HAZARD)


def _spread(m: Matched, o: Observed, weights: FloatArray) -> FloatArray:
    found = np.zeros(len(m.frame))
    found[o.rows] = weights
    return found
