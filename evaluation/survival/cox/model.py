"""Cox's partial likelihood with ties, weights, strata, late entry and clusters.

Kernel: arrays in, frozen object out.  Risk sets are ``entry < t <= exit``; ties, weights and
robust errors follow R's survival package, whose numbers the tests reproduce.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from numpy.typing import ArrayLike

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray, IntArray
from evaluation.survival.cox.newton import Regression, solve
from evaluation.survival.cox.sample import Sample, Ties, take_sample
from evaluation.survival.timeline import sandwich

TIES = ("efron", "breslow", "exact")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoxFit(Regression[Sample]):
    """A fitted Cox model.

    Attributes
    ----------
    coef : np.ndarray
        Log hazard ratios, shape (p,).
    vcov : np.ndarray
        Inverse information, shape (p, p).
    vcov_robust : np.ndarray or None
        Sandwich of weighted dfbetas summed by cluster, or by row with weights alone.  No factor
        G/(G-1), as in R.  None without cluster and weights, and with exact ties.
    loglik, loglik_null : float
        Log partial likelihood at `coef` and at zero.
    n, n_events : int
        Rows that weigh, and events among them.
    baseline_time, baseline_hazard, baseline_stratum : np.ndarray
        Cumulative baseline hazard at X = 0 at each stratum's event times, ascending within
        strata; empty with exact ties.
    sample : Sample
        The rows, from which residuals are made when they are asked for.
    """

    vcov_robust: FloatArray | None
    loglik: float
    loglik_null: float
    n: int
    n_events: int
    baseline_time: FloatArray
    baseline_hazard: FloatArray
    baseline_stratum: IntArray

    @property
    def ties(self) -> Ties:
        """How ties were handled."""
        return self.sample.ties

    def score_residuals(self) -> FloatArray:
        """Return each row's score residuals, unweighted, in the order of the input, (n, p).

        Raises
        ------
        DesignError
            With exact ties, for which they are not defined here (nor in R).
        """
        sample = self.sample
        return sample.placed(sample.residuals(self.coef) * sample.scale)


def fit(
    exit: ArrayLike,  # noqa: A002
    event: ArrayLike,
    X: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    ties: Ties = "efron",
) -> CoxFit:
    """Fit a Cox model.

    Parameters
    ----------
    exit : array_like
        Time at which each row's observation ends, shape (n,).
    event : array_like
        1 or True where it ends with the event, shape (n,).
    X : array_like
        Covariates, shape (n, p) or (n,).
    entry : array_like or None
        Time after which each row is at risk; a row that enters at t is not at risk at t.
    weights : array_like or None
        Case weights; errors are then robust too.  Rows of weight 0 are as good as absent.
    strata : array_like or None
        Stratum of each row, each with its own baseline.
    cluster : array_like or None
        Cluster of each row for the robust variance.
    ties : {"efron", "breslow", "exact"}
        ``exact`` is the discrete likelihood: the events at a time are one draw from all sets
        of that size.  It takes neither weights nor cluster.

    Returns
    -------
    CoxFit
        Converged to 1e-10 of a standard deviation of each covariate.

    Raises
    ------
    UnidentifiedError
        If a coefficient runs to infinity (monotone likelihood) or a column is constant or a
        combination of others; a `DesignError` whose `columns` holds the positions.
    DesignError
        If there is no event, or `ties` does not go with weights or cluster.
    ValueError
        If shapes differ or a number is missing.

    Notes
    -----
    Efron (1977) with weights as in R's survival: the tied events share their mean weight.
    Robust variance by Lin and Wei (1989): ``D'D`` with D the weighted dfbetas summed by
    cluster.

    Examples
    --------
    >>> fit([1, 2, 3, 4], [1, 1, 1, 0], [1.0, 0.0, 1.0, 0.0]).coef.round(4).tolist()
    [0.9406]
    """
    if ties not in TIES:
        raise ValueError(f"ties='{ties}' is not known; use one of {', '.join(TIES)}")
    if ties == "exact" and (weights is not None or cluster is not None):
        raise DesignError("ties='exact' takes neither weights nor cluster; use ties='efron'")
    sample = take_sample(exit, event, X, entry=entry, weights=weights, strata=strata, ties=ties)
    coef, vcov, loglik, loglik_null = solve(sample)
    time, hazard, stratum = sample.hazard(coef)
    found = CoxFit(
        coef=coef,
        vcov=vcov,
        vcov_robust=None,
        loglik=loglik,
        loglik_null=loglik_null,
        n=len(sample.weights),
        n_events=int(sample.event.sum()),
        baseline_time=time,
        baseline_hazard=hazard,
        baseline_stratum=stratum,
        sample=sample,
    )
    if cluster is None and weights is None:
        return found
    return replace(found, vcov_robust=sandwich(found.influence(), cluster))
