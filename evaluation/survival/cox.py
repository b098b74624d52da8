"""Cox's partial likelihood with ties, weights, strata, late entry and clusters.

Kernel: arrays in, frozen object out.  Risk sets are ``entry < t <= exit``; ties, weights and
robust errors follow R's survival package, whose numbers the tests reproduce.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.survival import cox_kernels
from evaluation.survival.cox_kernels import Walk
from evaluation.survival.timeline import row_weights, timeline

Ties = Literal["efron", "breslow", "exact"]
TIES = ("efron", "breslow", "exact")
MOST_STEPS = 60
# Share of a column's information that the other columns must leave for it to count as its own.
OWN_SHARE = 1e-9


class UnidentifiedError(DesignError):
    """Coefficients that the data do not determine; `columns` holds their positions."""

    def __init__(self, message: str, columns: tuple[int, ...]) -> None:
        super().__init__(message)
        self.columns = columns


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoxFit:
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
        Rows, and events among them.
    ties : str
        How ties were handled.
    baseline_time, baseline_hazard, baseline_stratum : np.ndarray
        Cumulative baseline hazard at X = 0 at each stratum's event times, ascending within
        strata; empty with exact ties.
    """

    coef: FloatArray
    vcov: FloatArray
    vcov_robust: FloatArray | None
    loglik: float
    loglik_null: float
    n: int
    n_events: int
    ties: Ties
    baseline_time: FloatArray
    baseline_hazard: FloatArray
    baseline_stratum: IntArray
    sample: Sample

    def score_residuals(self) -> FloatArray:
        """Return each row's score residuals, unweighted, in the order of the input, (n, p).

        Raises
        ------
        DesignError
            With exact ties, for which they are not defined here (nor in R).
        """
        if self.ties == "exact":
            raise DesignError("score residuals are not available with ties='exact'")
        return self.sample.score_residuals(self.coef, efron=self.ties == "efron")

    def dfbeta(self) -> FloatArray:
        """Return each row's weighted influence on `coef`, in the order of the input, (n, p)."""
        own = self.sample.weights[self.sample.back]
        influence: FloatArray = (self.score_residuals() * own[:, None]) @ self.vcov
        return influence


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """Checked rows in the order in which the kernels walk over them.

    Attributes
    ----------
    X : np.ndarray
        Covariates, centred and scaled so that Newton's steps can be compared.
    centre, scale : np.ndarray
        What was taken off and divided by.
    weights, event, start, stop, stratum : np.ndarray
        As in `fit`, with times as positions on the grid `times`.
    back : np.ndarray
        Position here of each input row.
    plan : Walk
        How risk sets change.
    tilt : np.ndarray
        Multiplier of each group of ties, ones but in a test of proportional hazards.
    """

    X: FloatArray
    centre: FloatArray
    scale: FloatArray
    weights: FloatArray
    event: BoolArray
    start: IntArray
    stop: IntArray
    stratum: IntArray
    times: FloatArray
    back: IntArray
    plan: Walk
    tilt: FloatArray

    def derivatives(self, beta: FloatArray, ties: Ties) -> tuple[float, FloatArray, FloatArray]:
        """Return log-likelihood, score and information on the scaled covariates."""
        eta = self.X @ beta
        if ties == "exact":
            return cox_kernels.exact_derivatives(
                self.X, eta, self.event, self.start, self.stop, self.plan
            )
        return cox_kernels.derivatives(
            self.X, eta, self.weights, self.event, self.plan, ties == "efron", self.tilt
        )

    def without(self, keep: BoolArray) -> Sample:
        """Return the sample of the rows that `keep` marks, in the walking order."""
        stop, start, stratum = self.stop[keep], self.start[keep], self.stratum[keep]
        plan = cox_kernels.walk(stop, start, stratum)
        return replace(
            self,
            X=self.X[keep],
            weights=self.weights[keep],
            event=self.event[keep],
            start=start,
            stop=stop,
            stratum=stratum,
            back=np.empty(0, dtype=np.int64),
            plan=plan,
            tilt=np.ones(len(plan.first)),
        )

    def score_residuals(self, coef: FloatArray, *, efron: bool) -> FloatArray:
        """Return score residuals on the original covariates, in the order of the input.

        A row's residual sums ``(x - mean(t)) dM(t)`` over its time at risk.  The sums over
        event times are differences of two cumulative curves, the hazard and the hazard times
        the risk-set mean; tied events were at risk for a part of their own time only.
        """
        eta = self.X @ (coef * self.scale)
        groups, hazard, drift, tie, centre = cox_kernels.event_times(
            self.X, eta, self.weights, self.event, self.plan, efron
        )
        heads = self.plan.begin[groups]
        # Ascending time within stratum: positions of the events that a row was at risk for.
        order = np.lexsort((self.stop[heads], self.stratum[heads]))
        groups, hazard, drift = groups[order], hazard[order], drift[order]
        tie, centre, heads = tie[order], centre[order], heads[order]
        width = len(self.times) + 1
        key = self.stratum[heads] * width + self.stop[heads]
        upto = np.searchsorted(key, self.stratum * width + self.stop, side="right")
        since = np.searchsorted(key, self.stratum * width + self.start, side="left")
        total = np.concatenate([[0.0], np.cumsum(hazard[:, 0])])
        mean = np.vstack([np.zeros(self.X.shape[1]), np.cumsum(drift, axis=0)])
        risk = np.exp(eta)[:, None]
        spent = self.X * (total[upto] - total[since])[:, None] - (mean[upto] - mean[since])
        residual = -risk * spent
        e = np.flatnonzero(self.event)
        own = upto[e] - 1
        residual[e] += self.X[e] - centre[own]
        residual[e] += risk[e] * (self.X[e] * hazard[own, 1][:, None] - tie[own])
        returned: FloatArray = residual[self.back] * self.scale
        return returned

    def baseline(
        self, coef: FloatArray, *, efron: bool
    ) -> tuple[FloatArray, FloatArray, IntArray]:
        """Return event times, cumulative hazard at X = 0 and stratum."""
        eta = self.X @ (coef * self.scale)
        groups, hazard, *_ = cox_kernels.event_times(
            self.X, eta, self.weights, self.event, self.plan, efron
        )
        heads = self.plan.begin[groups]
        order = np.lexsort((self.stop[heads], self.stratum[heads]))
        stratum = self.stratum[heads][order]
        total = np.cumsum(hazard[order, 0])
        before = np.concatenate([[0.0], total])[np.searchsorted(stratum, stratum)]
        cumulative = (total - before) * np.exp(-float(self.centre @ coef))
        return self.times[self.stop[heads][order]], cumulative, stratum


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
    sample = _sample(exit, event, X, entry=entry, weights=weights, strata=strata)
    coef, vcov, loglik, loglik_null = solve(sample, ties)
    time, hazard, stratum = np.empty(0), np.empty(0), np.empty(0, dtype=np.int64)
    if ties != "exact":
        time, hazard, stratum = sample.baseline(coef, efron=ties == "efron")
    found = CoxFit(
        coef=coef,
        vcov=vcov,
        vcov_robust=None,
        loglik=loglik,
        loglik_null=loglik_null,
        n=len(sample.back),
        n_events=int(sample.event.sum()),
        ties=ties,
        baseline_time=time,
        baseline_hazard=hazard,
        baseline_stratum=stratum,
        sample=sample,
    )
    if cluster is None and weights is None:
        return found
    return replace(found, vcov_robust=_robust(found.dfbeta(), cluster))


def delete_groups(fitted: CoxFit, group: IntArray, n_groups: int) -> FloatArray:
    """Return `coef` with each group's rows left out, shape (n_groups, p).

    Rows stay sorted and Newton starts at the full estimate, so a refit takes a few passes.
    """
    sample = fitted.sample
    inside = np.empty(len(group), dtype=np.int64)
    inside[sample.back] = group
    coefs = np.empty((n_groups, len(fitted.coef)))
    for g in range(n_groups):
        kept = sample.without(inside != g)
        coefs[g] = solve(kept, fitted.ties, start=fitted.coef)[0]
    return coefs


def solve(
    sample: Sample, ties: Ties, start: FloatArray | None = None
) -> tuple[FloatArray, FloatArray, float, float]:
    """Return coefficients, inverse information and both log-likelihoods by Newton's method."""
    p = sample.X.shape[1]
    null, score, information = sample.derivatives(np.zeros(p), ties)
    _require_own_information(information)
    beta = np.zeros(p)
    loglik = null
    if start is not None:
        beta = start * sample.scale
        loglik, score, information = sample.derivatives(beta, ties)
    reach = np.ptp(sample.X, axis=0)
    for _ in range(MOST_STEPS):
        step = _newton_step(information, score)
        settled = np.abs(step) < 1e-10 * np.maximum(1.0, np.abs(beta))
        if settled.all():
            break
        ahead = sample.derivatives(beta + step, ties)
        halvings = 0
        while not ahead[0] >= loglik - 1e-11 * abs(loglik) and halvings < 40:
            step, halvings = step / 2.0, halvings + 1
            ahead = sample.derivatives(beta + step, ties)
        flat = abs(ahead[0] - loglik) <= 1e-10 * (abs(loglik) + 1.0)
        beta = beta + step
        loglik, score, information = ahead
        # The likelihood has stopped rising while the hazard ratio between the extremes of a
        # column still changes by tens of percent a step: its maximum is at infinity.
        if flat and (np.abs(step) * reach > 0.1).any():
            _refuse_infinite(np.abs(step) * reach > 0.1)
    else:
        _refuse_infinite(~settled)
    vcov = np.linalg.inv(information) / np.outer(sample.scale, sample.scale)
    return beta / sample.scale, vcov, float(loglik), float(null)


def _newton_step(information: FloatArray, score: FloatArray) -> FloatArray:
    """Solve for the step; an information that has vanished means running to infinity."""
    try:
        step = np.linalg.solve(information, score)
    except np.linalg.LinAlgError:
        _refuse_infinite(np.diag(information) <= np.diag(information).max() * 1e-12)
        raise
    return np.asarray(step)


def _refuse_infinite(columns: BoolArray) -> None:
    """Name the columns whose coefficient has no finite maximum."""
    found = tuple(int(k) for k in np.flatnonzero(columns))
    raise UnidentifiedError(
        f"the coefficient of column(s) {', '.join(map(str, found))} runs to infinity (monotone "
        "likelihood: one level has no events, or orders them perfectly); leave the column out "
        "or join its levels",
        found,
    )


def _require_own_information(information: FloatArray) -> None:
    """Refuse columns that are constant among those at risk or combinations of others."""
    size = np.diag(information)
    dead = size <= OWN_SHARE * max(1.0, float(size.max(initial=0.0)))
    root = np.sqrt(np.where(dead, 1.0, size))
    correlation = information / np.outer(root, root)
    for k in np.flatnonzero(~dead):
        before = np.flatnonzero(~dead[:k])
        dead[k] = _own_share(correlation, int(k), before) < OWN_SHARE
    if dead.any():
        found = tuple(int(k) for k in np.flatnonzero(dead))
        raise UnidentifiedError(
            f"column(s) {', '.join(map(str, found))} are constant within risk sets or "
            "combinations of the columns before them; leave them out",
            found,
        )


def _own_share(correlation: FloatArray, k: int, before: IntArray) -> float:
    """Return the share of column k's information that the columns `before` do not carry."""
    shared = correlation[before, k]
    explained = shared @ np.linalg.solve(correlation[np.ix_(before, before)], shared)
    return float(1.0 - explained)


def _robust(dfbeta: FloatArray, cluster: ArrayLike | None) -> FloatArray:
    """Return D'D of the dfbetas, summed by cluster where there is one."""
    if cluster is not None:
        labels, code = np.unique(np.asarray(cluster), return_inverse=True)
        summed = np.zeros((len(labels), dfbeta.shape[1]))
        np.add.at(summed, code.ravel(), dfbeta)
        dfbeta = summed
    return np.asarray(dfbeta.T @ dfbeta)


def _sample(
    exit: ArrayLike,  # noqa: A002
    event: ArrayLike,
    X: ArrayLike,
    *,
    entry: ArrayLike | None,
    weights: ArrayLike | None,
    strata: ArrayLike | None,
) -> Sample:
    """Check the rows and put them into walking order."""
    line = timeline(exit, entry)
    n = len(line.stop)
    columns = np.asarray(X, dtype=np.float64)
    columns = columns[:, None] if columns.ndim == 1 else columns
    if columns.ndim != 2 or len(columns) != n or not columns.shape[1]:
        raise ValueError("X must have one row per exit and at least one column")
    if not np.isfinite(columns).all():
        raise ValueError("X holds values that are missing or infinite")
    happened = np.asarray(event)
    if happened.shape != (n,) or not np.isin(happened, (0, 1)).all():
        raise ValueError("event must be 0 or 1, one per row")
    weight = row_weights(weights, n)
    happened = happened.astype(bool) & (weight > 0)
    if not happened.any():
        raise DesignError("no row has the event: nothing to fit")
    stratum = np.zeros(n, dtype=np.int64)
    if strata is not None:
        stratum = np.unique(np.asarray(strata), return_inverse=True)[1].astype(np.int64).ravel()
        if len(stratum) != n:
            raise ValueError("strata must hold one value per row")
    order = np.lexsort((-line.stop, stratum))
    back = np.empty(n, dtype=np.int64)
    back[order] = np.arange(n)
    centre = np.average(columns, axis=0, weights=weight)
    scale = columns.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    stop, start, stratum = line.stop[order], line.start[order], stratum[order]
    plan = cox_kernels.walk(stop, start, stratum)
    return Sample(
        X=np.ascontiguousarray(((columns - centre) / scale)[order]),
        centre=centre,
        scale=scale,
        weights=weight[order],
        event=happened[order],
        start=start,
        stop=stop,
        stratum=stratum,
        times=line.times,
        back=back,
        plan=plan,
        tilt=np.ones(len(plan.first)),
    )
