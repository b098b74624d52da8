"""A baseline score freed from its measurement error, as far as its reliability tells."""

from __future__ import annotations

import numpy as np

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray


def calibrate(
    baseline: FloatArray,
    treated: BoolArray,
    covariates: FloatArray,
    *,
    reliability: float,
) -> FloatArray:
    """Return the expected true baseline of each row, given its score, arm and covariates.

    Parameters
    ----------
    baseline : np.ndarray
        Measured score of every candidate for the comparison, matched or not, shape (n,).
    treated : np.ndarray
        Arm of each row.
    covariates : np.ndarray
        What else the comparison was matched on, shape (n, k).
    reliability : float
        Share of the score's variance among these rows that is not measurement error, such as
        Cronbach's alpha at baseline; above 0, at most 1.

    Returns
    -------
    np.ndarray
        Fitted value plus the share of the residual that is not error, shape (n,).

    Raises
    ------
    DesignError
        If `reliability` is out of range, or leaves nothing of the baseline's variance once arm
        and covariates are known.

    Notes
    -----
    Regression calibration with known reliability (Carroll, Ruppert, Stefanski and Crainiceanu
    2006, chapter 4; in a regression on all rows the same numbers as errors-in-variables,
    Fuller 1987, section 2.2).  A set matched on a measured baseline pairs treated and
    comparison rows whose *true* baselines differ: each regresses towards the mean of its own
    arm.  The means of the arms are therefore taken before matching, which is why every
    candidate goes in.  What follows treats the calibrated score as known; the variance that
    this leaves out is of the order of (1 - reliability) squared.
    """
    if not 0 < reliability <= 1:
        raise DesignError(f"reliability={reliability:g} must lie above 0 and not above 1")
    X = np.column_stack([np.ones(len(baseline)), treated, covariates])
    coef, _, rank, _ = np.linalg.lstsq(X, baseline, rcond=None)
    fitted: FloatArray = X @ coef
    residual = baseline - fitted
    remaining = float((residual**2).sum() / max(len(baseline) - int(rank), 1))
    error = (1.0 - reliability) * float(baseline.var(ddof=1))
    if error >= remaining:
        raise DesignError(
            f"reliability={reliability:g} implies an error variance of {error:.3g}, but arm "
            f"and covariates leave only {remaining:.3g} of the baseline's variance; check it"
        )
    return fitted + (1.0 - error / remaining) * residual
