"""How often the one with the higher risk score has the event first (Harrell's C).

Kernel: arrays in, frozen object out; weights, strata, late entry and clusters, O(n log n).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numba import njit
from numpy.typing import ArrayLike

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.survival.cox import CoxFit
from evaluation.survival.equality.k_sample import summed_within
from evaluation.survival.timeline import row_strata, row_weights, timeline

# Scores closer than this share of their range are the same.
SAME_SCORE = 1e-11


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Concordance:
    """Share of comparable pairs in which the higher score has the event first.

    Attributes
    ----------
    estimate : float
        Pairs with the same score count as half; 0.5 where the score says nothing.
    std_error : float
        Infinitesimal jackknife, over rows or clusters.
    n_pairs : float
        Weight of the comparable pairs.
    contributions : np.ndarray
        Each row's weighted influence on the estimate, shape (n,).
    """

    estimate: float
    std_error: float
    n_pairs: float
    contributions: FloatArray

    def clustered(self, cluster: ArrayLike) -> Concordance:
        """Return the same with its error over clusters, given for each row."""
        parts = summed_within(self.contributions[:, None], cluster)[:, 0]
        return replace(self, std_error=float(np.sqrt(parts @ parts)))


def concordance(
    exit: ArrayLike,  # noqa: A002
    event: ArrayLike,
    score: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
) -> Concordance:
    """Measure the concordance of a risk score with times to an event.

    Parameters
    ----------
    exit : array_like
        Time at which each row's observation ends, shape (n,).
    event : array_like
        1 or True where it ends with the event, shape (n,).
    score : array_like
        Higher for those expected to have the event sooner, shape (n,).
    entry : array_like or None
        Time after which each row is at risk.
    weights : array_like or None
        Case weights.
    strata : array_like or None
        Only rows of the same stratum are compared.

    Returns
    -------
    Concordance
        A pair is comparable when one has the event while the other is at risk and has it later
        or not at all; whoever is censored at that time counts as later.

    Raises
    ------
    DesignError
        If no pair is comparable.
    ValueError
        If shapes differ or a number is missing.

    Notes
    -----
    Harrell et al. (1982); error as in Therneau's ``concordance`` (R's survival).

    Examples
    --------
    >>> concordance([1, 2, 3, 4], [1, 1, 0, 1], [4.0, 2.0, 3.0, 1.0]).estimate
    0.8
    """
    line = timeline(exit, entry)
    n = len(line.stop)
    happened, scores = np.asarray(event), np.asarray(score, dtype=np.float64)
    if happened.shape != (n,) or not np.isin(happened, (0, 1)).all():
        raise ValueError("event must be 0 or 1, one per row")
    if scores.shape != (n,) or not np.isfinite(scores).all():
        raise ValueError("score must hold one finite number per row")
    stratum = row_strata(strata, n)
    return _measure(
        line.stop, line.start, happened.astype(bool), scores, row_weights(weights, n), stratum
    )


def of_cox(fitted: CoxFit) -> Concordance:
    """Return the concordance of a Cox model's linear predictor, as it was fitted."""
    s = fitted.sample
    found = _measure(
        s.stop, s.start, s.event, s.X @ (fitted.coef * s.scale), s.weights, s.stratum
    )
    return replace(found, contributions=found.contributions[s.back])


def _measure(
    stop: IntArray,
    start: IntArray,
    event: BoolArray,
    score: FloatArray,
    weights: FloatArray,
    stratum: IntArray,
) -> Concordance:
    """Count pairs stratum by stratum."""
    width = max(float(np.ptp(score)), np.finfo(float).tiny)
    # _pairs ranks them; rounding makes equal what differs by the order of its sums alone.
    rounded = np.round((score - score.min()) / (width * SAME_SCORE))
    agree, pairs = np.zeros(len(stop)), np.zeros(len(stop))
    as_event = np.zeros(len(stop))
    rows = np.argsort(stratum, kind="stable")
    for own in np.split(rows, np.cumsum(np.bincount(stratum))[:-1]):
        found = _pairs(stop[own], start[own], event[own], rounded[own], weights[own])
        agree[own], pairs[own], as_event[own] = found
    total = float(weights @ as_event)
    if not total > 0:
        raise DesignError(
            "no pair is comparable: nobody has the event while another is at risk"
        )
    # Every pair stands with both of its rows.
    estimate = float(weights @ agree) / (2.0 * total)
    contributions = weights * (agree - estimate * pairs) / total
    return Concordance(
        estimate=estimate,
        std_error=float(np.sqrt(contributions @ contributions)),
        n_pairs=total,
        contributions=contributions,
    )


def _pairs(
    stop: IntArray, start: IntArray, event: BoolArray, score: FloatArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return each row's concordant pairs, all its pairs, and those where it has the event."""
    # At a time, events come before censorings: two positions for each.
    last = 2 * stop + ~event
    ranks = np.unique(score, return_inverse=True)[1].astype(np.int64)
    by_exit, by_entry = np.argsort(last, kind="stable"), np.argsort(start, kind="stable")
    rows = (last, 2 * start, event, ranks, weights, by_exit, by_entry)
    agree, as_event = _against_later(*rows)
    with_earlier = _against_earlier(*rows)
    return agree + with_earlier[0], as_event + with_earlier[1], as_event


@njit(cache=True)
def _against_later(
    last: IntArray,
    first: IntArray,
    event: BoolArray,
    rank: IntArray,
    weights: FloatArray,
    by_exit: IntArray,
    by_entry: IntArray,
) -> tuple[FloatArray, FloatArray]:
    """Return each event's concordant pairs and all its pairs: a walk back over risk sets."""
    n = len(last)
    agree, pairs = np.zeros(n), np.zeros(n)
    tree, single = np.zeros(int(rank.max()) + 2), np.zeros(int(rank.max()) + 1)
    total = 0.0
    present, k = n - 1, n - 1
    while k >= 0:
        now, head = last[by_exit[k]], k
        while head >= 0 and last[by_exit[head]] == now:
            head -= 1
        while present >= 0 and first[by_entry[present]] > now:
            row = by_entry[present]
            total += _put(tree, single, rank[row], -weights[row])
            present -= 1
        for row in by_exit[head + 1 : k + 1]:
            if event[row]:
                agree[row] = _below(tree, rank[row]) + 0.5 * single[rank[row]]
                pairs[row] = total
        for row in by_exit[head + 1 : k + 1]:
            total += _put(tree, single, rank[row], weights[row])
        k = head
    return agree, pairs


@njit(cache=True)
def _against_earlier(
    last: IntArray,
    first: IntArray,
    event: BoolArray,
    rank: IntArray,
    weights: FloatArray,
    by_exit: IntArray,
    by_entry: IntArray,
) -> tuple[FloatArray, FloatArray]:
    """Return the same of each row with the events while it was at risk: a walk forth."""
    n = len(last)
    agree, pairs = np.zeros(n), np.zeros(n)
    tree, single = np.zeros(int(rank.max()) + 2), np.zeros(int(rank.max()) + 1)
    total = 0.0
    entered, k = 0, 0
    while k < n:
        now, end = last[by_exit[k]], k
        while end < n and last[by_exit[end]] == now:
            end += 1
        # Events before a row's entry are not among its pairs.
        while entered < n and first[by_entry[entered]] <= now:
            row = by_entry[entered]
            agree[row] -= total - _below(tree, rank[row]) - 0.5 * single[rank[row]]
            pairs[row] -= total
            entered += 1
        for row in by_exit[k:end]:
            agree[row] += total - _below(tree, rank[row]) - 0.5 * single[rank[row]]
            pairs[row] += total
        for row in by_exit[k:end]:
            if event[row]:
                total += _put(tree, single, rank[row], weights[row])
        k = end
    return agree, pairs


@njit(cache=True)
def _put(tree: FloatArray, single: FloatArray, rank: int, weight: float) -> float:
    """Add a weight at a rank and return it."""
    single[rank] += weight
    k = rank + 1
    while k < len(tree):
        tree[k] += weight
        k += k & -k
    return weight


@njit(cache=True)
def _below(tree: FloatArray, rank: int) -> float:
    """Return the weight at lower ranks."""
    found = 0.0
    k = rank
    while k > 0:
        found += tree[k]
        k -= k & -k
    return found
