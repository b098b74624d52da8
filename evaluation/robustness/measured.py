"""How strong measured covariates are as confounders: the yardstick for one that is not.

Kernel with a frame at its edge: takes a comparison and one number per person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.comparison.covariates import design_matrix
from evaluation.robustness.person_values import PersonValues

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched


def measured_bias(m: Matched, values: PersonValues) -> pd.DataFrame:
    """Return the bias that each measured covariate would cause if it were left alone.

    Parameters
    ----------
    m : Matched
        The comparison.
    values : PersonValues
        What each person contributes to the effect.

    Returns
    -------
    pd.DataFrame
        ``covariate imbalance slope bias``, the strongest first.  ``imbalance`` is the largest
        standardised difference before matching of the covariate's levels, ``slope`` the largest
        change in the values per standard deviation, ``bias`` in the unit of the values.

    Raises
    ------
    DesignError
        If the comparison has no covariates.

    Notes
    -----
    Omitted-variable bias: difference in means between all treated and all comparison rows,
    times the slope in a regression of the values on all covariates among the comparison rows
    used.  Levels of one covariate add up.  Like the benchmarks of Cinelli and Hazlett (2020,
    Journal of the Royal Statistical Society B 82) this holds the unmeasured up to the measured;
    theirs bound partial R-squared in a regression, this is in the unit of the values.
    """
    names = m.roles.covariates
    if not names:
        raise DesignError("the comparison has no covariates: there is nothing to measure by")
    matrix, columns = design_matrix(m.frame, names)
    known = np.isfinite(matrix).all(axis=1)
    treated, others = m.treated & known, ~m.treated & known
    gap = matrix[treated].mean(axis=0) - matrix[others].mean(axis=0)
    spread = matrix[known].std(axis=0)
    own = others & (values.weight > 0)
    root = np.sqrt(values.weight[own])
    design = np.column_stack([np.ones(int(own.sum())), matrix[own]]) * root[:, None]
    slope = np.linalg.lstsq(design, values.value[own] * root, rcond=None)[0][1:]
    rows = pd.DataFrame(
        {
            "covariate": [column.covariate for column in columns],
            "imbalance": gap / np.where(spread > 0, spread, 1.0),
            "slope": slope * spread,
            "bias": gap * slope,
        }
    )
    found = rows.groupby("covariate", sort=False).agg(
        imbalance=("imbalance", _largest), slope=("slope", _largest), bias=("bias", "sum")
    )
    order = np.argsort(-found["bias"].abs().to_numpy(), kind="stable")
    return found.iloc[order].reset_index()


def _largest(values: pd.Series[float]) -> float:
    """Return the value that is farthest from zero."""
    return float(values.loc[values.abs().idxmax()])
