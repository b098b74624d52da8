"""The studentised score bootstrap of one coefficient of a likelihood, over clusters.

A kernel: takes each cluster's scores as functions of the hypothesis; knows nothing of hazards,
frames or arms.
"""

# ruff: noqa: PT028 (the kernel is called `test`; it is not one of pytest's)

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.polynomial import chebyshev

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray
from evaluation.inference.wild_bootstrap import TIE, Weights, WildTest, multipliers

# Cluster scores are smooth in the hypothesis: a polynomial through these many places carries
# them between to about 1e-6, so the interval costs a handful of passes over the rows.
NODES = 9
# First reach of the search for limits, in standard errors; doubled up to this many times.
REACH, DOUBLINGS = 4.0, 3
STEPS = 16


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClusterScores:
    """Scores of a likelihood at a hypothesis on its first coefficient, the others fitted.

    `score` is each cluster's part, shape (n_clusters, p); `information` minus its derivative by
    the coefficients in the last axis, shape (n_clusters, p, p).
    """

    score: FloatArray
    information: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreTest(WildTest):
    """A `WildTest` whose `t` is the studentised score at the hypothesis.

    `std_error` is the root of the summed squares of projected cluster scores over the
    information.
    """

    std_error: float


def test(
    scores: Callable[[float], ClusterScores],
    *,
    estimate: float,
    null: float = 0.0,
    draws: int = 9999,
    weights: Weights = "auto",
    seed: int | None = None,
    level: float = 0.95,
) -> ScoreTest:
    """Test one coefficient by turning the clusters' scores at the restricted fit.

    `scores` makes the cluster scores at a hypothesis, the other coefficients fitted under it;
    the other parameters are those of `evaluation.inference.wild_bootstrap.test`.

    Notes
    -----
    Kline and Santos (2012, Journal of Econometric Methods 1) for scores in the place of
    residuals; restricted and studentised as MacKinnon, Nielsen and Webb (2023) advise.  The
    other coefficients are projected out: ``u = s' a`` with ``a = (1, -I01 I11^-1)``.  A draw v
    turns each cluster's scores, ``v s``, and refits once: its cluster scores are
    ``v u - a' I_g d`` with ``d = I^-1 sum v s``, and its statistic the sum of ``v u`` over the
    root of their summed squares.  The draw that keeps all signs is the sample.  On the scores
    of a least-squares regression this is the restricted wild cluster bootstrap (WCR).

    Examples
    --------
    >>> y = np.array([1.0, 2.0, 2.5, 3.0, 1.5, 4.0])
    >>> def mean(null):
    ...     ones = np.ones((6, 1, 1))
    ...     return ClusterScores(score=(y - null)[:, None], information=ones)
    >>> found = test(mean, estimate=y.mean(), seed=1)
    >>> found.p_value, found.enumerated
    (0.03125, True)
    """
    if not 0 < level < 1 or draws < 1:
        raise ValueError("level must lie between 0 and 1 and draws be positive")
    at_null = scores(null)
    n = len(at_null.score)
    if n < 2:
        raise DesignError("a cluster bootstrap needs at least two clusters")
    V, kind, enumerated = multipliers(n, draws, weights, seed)
    free = scores(estimate)
    information = free.information.sum(axis=0)
    a = _direction(information)
    error = math.sqrt(float(((free.score @ a) ** 2).sum())) / float(a @ information @ a)
    if not error > 1e-12 * max(1.0, abs(estimate)):
        raise DesignError("the scores do not vary between clusters: nothing to resample")
    statistics = _statistics(V, at_null)
    p_value = _share(statistics)
    search = _Search(
        scores=scores,
        V=V,
        estimate=estimate,
        error=error,
        alpha=1.0 - level,
        null=null,
        null_is_rejected=p_value <= 1.0 - level,
    )
    low, high = search.limits()
    always = (V[:, [0]] == V).all(axis=1) & (np.abs(V[:, 0]) == 1.0)
    return ScoreTest(
        estimate=float(estimate),
        null=null,
        t=float(statistics[0]),
        std_error=error,
        p_value=p_value,
        conf_low=low,
        conf_high=high,
        level=level,
        weights=kind,
        enumerated=enumerated,
        draws=2**n if enumerated else len(V),
        smallest_p=float(always.mean()),
        n_clusters=n,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Search:
    """The search for the hypotheses around the estimate that are not rejected."""

    scores: Callable[[float], ClusterScores]
    V: FloatArray
    estimate: float
    error: float
    alpha: float
    null: float
    null_is_rejected: bool

    def limits(self) -> tuple[float, float]:
        """Return the limits below and above the estimate."""
        half = REACH * self.error
        nearby = self._path(self.estimate - half, self.estimate + half)
        return self._limit(-1.0, nearby), self._limit(1.0, nearby)

    def _limit(self, side: float, nearby: Callable[[float], float]) -> float:
        """Return the limit on one side; `nearby` is the p-value within the first reach."""
        start, stop = self.estimate, side * math.inf
        if side * (self.null - self.estimate) > 0:
            # The null's own p-value decides on which side of the limit it lies.
            start, stop = (start, self.null) if self.null_is_rejected else (self.null, stop)
        for doubling in range(DOUBLINGS + 1):
            near, far = (
                self.estimate + side * REACH * (2.0**k - 1.0) * self.error
                for k in (doubling, doubling + 1)
            )
            near = max(near, start, key=lambda place: side * place)
            far = min(far, stop, key=lambda place: side * place)
            if side * (far - near) <= 0:
                continue
            p = nearby if doubling == 0 else self._path(near, far)
            found = self._within(near, far, p, is_stop=far == stop)
            if found is not None:
                return found
        return side * math.inf

    def _within(
        self, near: float, far: float, p: Callable[[float], float], *, is_stop: bool
    ) -> float | None:
        """Return the last hypothesis before the first that is rejected, if one is."""
        inside = near
        places = np.linspace(near, far, STEPS + 1)[1:].tolist()
        for position, place in enumerate(places, start=1):
            if not (is_stop and position == STEPS) and p(place) > self.alpha:
                inside = place
                continue
            outside = place
            while abs(outside - inside) > 1e-4 * self.error:
                middle = (inside + outside) / 2.0
                inside, outside = (
                    (middle, outside) if p(middle) > self.alpha else (inside, middle)
                )
            return inside
        return None

    def _path(self, low: float, high: float) -> Callable[[float], float]:
        """Return the p-value of hypotheses between two places."""
        places = np.cos(np.pi * (np.arange(NODES) + 0.5) / NODES)
        centre, half = (low + high) / 2.0, (high - low) / 2.0
        found = [self.scores(centre + half * place) for place in places.tolist()]
        shapes = found[0].score.shape, found[0].information.shape
        flat = np.array([np.append(one.score, one.information) for one in found])
        fitted = chebyshev.chebfit(places, flat, NODES - 1)
        cut = found[0].score.size

        def p_value(hypothesis: float) -> float:
            values = np.asarray(chebyshev.chebval((hypothesis - centre) / half, fitted))
            at = ClusterScores(
                score=values[:cut].reshape(shapes[0]),
                information=values[cut:].reshape(shapes[1]),
            )
            return _share(_statistics(self.V, at))

        return p_value


def _direction(information: FloatArray) -> FloatArray:
    """Return what the scores are multiplied with to project the other coefficients out."""
    own = np.ones(len(information))
    if len(own) > 1:
        own[1:] = -np.linalg.solve(information[1:, 1:].T, information[0, 1:])
    return own


def _statistics(V: FloatArray, at: ClusterScores) -> FloatArray:
    """Return the studentised score of every draw; the first keeps all signs."""
    information = at.information.sum(axis=0)
    a = _direction(information)
    u = at.score @ a
    slope = np.einsum("i,gij->gj", a, at.information)
    step = np.linalg.solve(information, (V @ at.score).T).T
    left = V * u - step @ slope.T
    spread = np.sqrt((left**2).sum(axis=1))
    return np.asarray((V @ u) / np.maximum(spread, np.finfo(float).tiny))


def _share(statistics: FloatArray) -> float:
    """Return the share of draws at least as far out as the sample."""
    size = np.abs(statistics)
    return float((size >= size[0] * (1.0 - TIE)).mean())
