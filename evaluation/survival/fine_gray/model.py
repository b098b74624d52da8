"""Fine and Gray's regression for the subdistribution hazard of one of several causes.

Kernel: arrays in, frozen object out.  No expansion of the data: risk sets are two-sided sums
(`fine_gray.sample`), so that half a million rows take seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluation.arrays import FloatArray
from evaluation.survival.cox.newton import Regression, solve
from evaluation.survival.fine_gray.sample import Sample, take_sample
from evaluation.survival.fine_gray.weights import Definition
from evaluation.survival.timeline import sandwich

DEFINITIONS = ("crr", "finegray", "finegray-breslow")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FineGrayFit(Regression[Sample]):
    """A fitted Fine-Gray model.

    Attributes
    ----------
    coef : np.ndarray
        Log subdistribution hazard ratios, shape (p,).
    vcov : np.ndarray
        Fine and Gray's variance, with the part that estimating the censoring distribution
        adds; contributions summed by cluster where there is one.
    vcov_fixed_censoring : np.ndarray
        The sandwich that takes the censoring distribution as known: what R's ``finegray``
        followed by ``coxph(cluster = id)`` prints.
    vcov_model : np.ndarray
        Inverse information: right for neither of them.
    loglik, loglik_null : float
        Log pseudo-likelihood at `coef` and at zero.
    n, n_events, n_competing : int
        Rows that weigh, and those that left by the studied and by another cause.
    baseline_time, baseline_hazard : np.ndarray
        Cumulative subdistribution hazard at X = 0 at the event times.
    sample : Sample
        The rows in the order of the sums.
    """

    vcov_fixed_censoring: FloatArray
    vcov_model: FloatArray
    loglik: float
    loglik_null: float
    n: int
    n_events: int
    n_competing: int
    baseline_time: FloatArray
    baseline_hazard: FloatArray

    @property
    def bread(self) -> FloatArray:
        """The inverse information."""
        return self.vcov_model

    def incidence(self, X: ArrayLike, times: ArrayLike) -> FloatArray:
        """Return the predicted incidence, shape (n_times, n_rows).

        Parameters
        ----------
        X : array_like
            Covariates of the people to predict for, shape (n_rows, p).
        times : array_like
            Times to predict at.
        """
        position = np.searchsorted(self.baseline_time, np.asarray(times), side="right")
        baseline = np.concatenate([[0.0], self.baseline_hazard])[position]
        risk = np.exp(np.asarray(X, dtype=np.float64).reshape(-1, len(self.coef)) @ self.coef)
        return np.asarray(-np.expm1(-np.outer(baseline, risk)))


def fit(
    exit: ArrayLike,  # noqa: A002
    cause: ArrayLike,
    X: ArrayLike,
    *,
    of: int = 1,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    censoring_strata: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    definition: Definition = "crr",
) -> FineGrayFit:
    """Fit a Fine-Gray model.

    Parameters
    ----------
    exit : array_like
        Time at which each row's observation ends, shape (n,).
    cause : array_like
        0 for a censored row, 1, 2, ... for the cause of its event, shape (n,).
    X : array_like
        Covariates, shape (n, p) or (n,).
    of : int
        The cause whose subdistribution hazard is modelled; every other one competes.
    entry : array_like or None
        Time after which each row is at risk.  Who left by a competing cause then counts by the
        distribution of entry as well as by that of censoring.
    weights : array_like or None
        Case weights.  Rows of weight 0 are as good as absent.
    censoring_strata : array_like or None
        Groups with their own distributions of censoring and entry, where these depend on them.
    cluster : array_like or None
        Cluster of each row for the variances.
    definition : {"crr", "finegray", "finegray-breslow"}
        Whose numbers are given where times tie.  ``crr`` (cmprsk): whoever leaves at t may
        still be censored at t, tied events are Breslow's, weights count in the censoring
        distribution too.  ``finegray`` (survival): events come before censorings, tied events
        are Efron's, the censoring distribution counts rows.  ``finegray-breslow``: that with
        Breslow's ties.

    Returns
    -------
    FineGrayFit
        Converged to 1e-10 of a standard deviation of each covariate.

    Raises
    ------
    UnidentifiedError
        If a coefficient runs to infinity or a column is constant or a combination of others.
    DesignError
        If nobody leaves by the studied cause, or with late entry nobody is at risk for a while.
    ValueError
        If shapes differ or a number is missing.

    Notes
    -----
    Fine and Gray (1999), Journal of the American Statistical Association 94; the variance is
    that of their section 5.  Censoring and entry are taken to be independent of the covariates
    within `censoring_strata`.  Weights under late entry are those of Geskus (2011), Biometrics
    67, as in R's ``finegray``.

    Examples
    --------
    >>> found = fit([1, 2, 3, 4, 5, 6], [1, 2, 1, 0, 1, 0], [1.0, 0.0, 0.0, 1.0, 1.0, 0.0])
    >>> found.coef.round(4).tolist()
    [1.007]
    """
    if definition not in DEFINITIONS:
        listed = ", ".join(DEFINITIONS)
        raise ValueError(f"definition='{definition}' is not known; use one of {listed}")
    sample = take_sample(
        exit,
        cause,
        X,
        of=of,
        entry=entry,
        weights=weights,
        strata=censoring_strata,
        definition=definition,
    )
    coef, vcov, loglik, loglik_null = solve(sample)
    score, through_censoring = (part * sample.scale for part in sample.score_parts(coef))
    time, hazard = sample.hazard(coef)
    return FineGrayFit(
        coef=coef,
        vcov=sandwich((score + through_censoring) @ vcov, cluster),
        vcov_fixed_censoring=sandwich(score @ vcov, cluster),
        vcov_model=vcov,
        loglik=loglik,
        loglik_null=loglik_null,
        n=len(sample.weights),
        n_events=int(sample.event.sum()),
        n_competing=int(sample.competing.sum()),
        baseline_time=time,
        baseline_hazard=hazard,
        sample=sample,
    )
