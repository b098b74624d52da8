"""Randomisation of treatment over clusters as a test of its own, within declared strata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arguments import draws_of, name_of
from evaluation.arrays import BoolArray, FloatArray, IntArray, summed
from evaluation.columns import require_columns
from evaluation.comparison.data import require_comparison
from evaluation.inference import randomisation
from evaluation.inference.randomisation import RandomisationTest
from evaluation.inference.variation import is_still
from evaluation.robustness.person_values import person_values
from evaluation.survival.basis import basis
from evaluation.survival.durations import Duration
from evaluation.survival.equality.exchange import curve_scores, hazard_scores
from evaluation.survival.readings import reading_of

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched

Exchanged = Literal["incidence", "weeks", "log_rank"]


def randomisation_test(
    m: Matched,
    of: str | Duration,
    *,
    statistic: Exchanged = "incidence",
    horizon: float | None = None,
    strata: str | None = None,
    draws: int = 9999,
    seed: int | None = None,
) -> RandomisationTest:
    """Test that treatment affected nobody by exchanging it between clusters.

    Parameters
    ----------
    m : Matched
        The comparison.  For everybody in a target group (the intention to treat) the test
        stands on its own; for matched participants the sample is held fixed and the p-value is
        approximate.
    of : str or Duration
        A numeric column, or a duration.
    statistic : {"incidence", "weeks", "log_rank"}
        What is compared of a duration; ignored for a column.
    horizon : float or None
        Needed for incidence and weeks.
    strata : str or None
        Column with the stratum of each cluster, the same in all its rows: clusters are
        exchanged within strata only, single ones joined with the next in sorted order.
    draws, seed
        As in `evaluation.inference.randomisation.test`.

    Raises
    ------
    ColumnError, DesignError
        If the column or duration does not fit, clusters are missing or hold both arms, a
        stratum varies inside a cluster, or fewer than 40 assignments are possible.
    """
    require_comparison(m)
    draws = draws_of(draws)
    if m.cluster is None:
        raise DesignError("randomisation exchanges clusters; this study has none")
    rows = np.flatnonzero(m.weights > 0)
    if isinstance(of, str):
        values = person_values(m, of)
        rows = np.flatnonzero(values.weight > 0)
        unit = pd.factorize(m.cluster[rows])[0].astype(np.int64)
        weights = values.weight[rows]
        residual = values.value[rows] - np.average(values.value[rows], weights=weights)
        n = int(unit.max()) + 1
        score, exposure = summed(unit, weights * residual, n), summed(unit, weights, n)
        largest = float(np.abs(values.value[rows]).max())
    else:
        b = basis(m, of, level=0.95)
        unit, largest = b.unit, 1.0
        if statistic == "log_rank":
            score, exposure = hazard_scores(b, 1)
        else:
            reading, horizon = reading_of(statistic, horizon, beside="log_rank")
            score, exposure = curve_scores(b, reading.functional, horizon, 1)
            largest = reading.largest(horizon, b.observed.origin) / reading.scale
    if is_still(score / exposure.sum(), largest):
        # Of rounding, clusters would be told apart all the same.
        score = np.zeros_like(score)
    return randomisation.test(
        score,
        exposure,
        _arm_of(unit, m.treated[rows]),
        strata=None if strata is None else _stratum_of(m, rows, unit, strata),
        draws=draws,
        seed=seed,
    )


def _arm_of(unit: IntArray, treated: BoolArray) -> BoolArray:
    """Return each cluster's arm; refuse clusters that hold both."""
    n = int(unit.max()) + 1
    share: FloatArray = summed(unit, treated.astype(np.float64), n) / np.bincount(unit)
    both = int(((share > 0) & (share < 1)).sum())
    if both:
        raise DesignError(
            f"{both} cluster(s) hold both arms: treatment cannot be exchanged between clusters"
        )
    return share > 0


def _stratum_of(m: Matched, rows: IntArray, unit: IntArray, name: str) -> IntArray:
    """Return each cluster's stratum as a code in sorted order."""
    require_columns(m.frame, {"strata": name_of(name, "strata")})
    code = pd.factorize(m.frame[name].iloc[rows], sort=True)[0].astype(np.int64)
    if (code < 0).any():
        raise DesignError(f"strata='{name}' is missing in {int((code < 0).sum())} row(s)")
    pairs = pd.DataFrame({"unit": unit, "code": code}).drop_duplicates()
    varying = int(pairs["unit"].duplicated().sum())
    if varying:
        raise DesignError(f"strata='{name}' varies inside {varying} cluster(s)")
    return np.asarray(pairs.sort_values("unit")["code"].to_numpy(), dtype=np.int64)
