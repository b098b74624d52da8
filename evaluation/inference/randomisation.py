"""Studentised randomisation of treatment over clusters: a p-value where clusters are few.

A kernel: arrays in, a frozen object out; knows nothing of frames, persons or outcomes.
"""

# ruff: noqa: PT028 (the kernel is called `test`; it is not one of pytest's)

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import combinations
from math import comb, prod
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from data_dictionary.errors import DesignError
from evaluation.arguments import seed_of
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.estimates import as_code

# A two-sided 5 % test needs at least 20 assignments; with 40 the smallest p is half of that.
LEAST_ASSIGNMENTS = 40
# Assignments that equal the actual one but for rounding count as ties.
TIE = 1e-9
# Numbers held at a time: assignments go in blocks.
BLOCK = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomisationTest:
    """Where the actual assignment stands among those that could have been.

    Attributes
    ----------
    statistic : float
        Studentised score of the actual assignment.
    p_value, smallest_p : float
        Two-sided; ties count.  Exact where `enumerated`, else (1 + b) / (1 + B).  The smallest
        is that which the reference set could give.
    assignments, draws : int
        Size of the reference set, and how many were looked at, the actual one included.
    enumerated : bool
        Whether these are all, so that no seed matters.
    """

    statistic: float
    p_value: float
    smallest_p: float
    assignments: int
    draws: int
    enumerated: bool

    def tidy(self) -> pd.DataFrame:
        """Return the test as one row."""
        return pd.DataFrame([asdict(self)])

    def summary(self) -> str:
        """Return the statistic and its p-value, and against which assignments."""
        smallest = f"the smallest possible is {self.smallest_p:.3g}"
        return f"{self}: statistic {self.statistic:.3f}, p = {self.p_value:.3g} ({smallest})"

    _repr_markdown_ = as_code

    def __str__(self) -> str:
        how = "all" if self.enumerated else f"{self.draws} drawn from"
        return f"studentised randomisation over clusters, {how} {self.assignments} assignments"


def test(
    score: ArrayLike,
    exposure: ArrayLike,
    treated: ArrayLike,
    *,
    strata: ArrayLike | None = None,
    draws: int = 9999,
    seed: int | None = None,
) -> RandomisationTest:
    """Test that treatment affected nobody, by assigning it to other clusters.

    `score` are each cluster's summed residuals under the hypothesis, from a model without
    treatment: outcome less mean, or events less expected events; shape (n_clusters,) or, where
    the comparison is made at many event times, (n_clusters, n_times).  `exposure` is what they
    are measured against, of the same shape: summed weights, or expected events.  Clusters are
    exchanged within `strata` only; a stratum of a single cluster is joined with the next one in
    sorted order (the last with the one before it).  Where there are no more assignments than
    `draws`, all are used.  Refused with fewer than two clusters in an arm or 40 assignments.

    Notes
    -----
    With z an assignment and m(t) the treated share of the exposure, cluster g contributes
    ``u = sum_t (z - m) score`` to the score and ``h = sum_t (z - m)^2 exposure`` to the
    information: the difference in means with one column, the log-rank score with one column
    per event time, its compensator included.  The statistic is the sum of u over the root of
    the sum of ``{(u - b h) / (1 - l)}^2``, where ``b = sum u / sum h`` takes out the effect and
    l is the cluster's share of its arm's information, as leaving it out would.

    The test is exact for "no effect on anyone" when clusters are exchangeable within strata.
    Studentising keeps its size roughly right when clusters differ in size, and for an average
    effect of zero (Chung and Romano 2013, Annals of Statistics 41; MacKinnon and Webb 2020,
    Journal of Econometrics 218).

    Examples
    --------
    >>> treated = np.arange(10) < 3
    >>> found = test(np.where(treated, 7.0, -3.0) + np.arange(10), np.ones(10), treated, seed=1)
    >>> found.enumerated, found.assignments, round(found.p_value, 4)
    (True, 120, 0.0167)
    """
    A, H, z, stratum = _checked(score, exposure, treated, strata)
    members = [stratum == s for s in np.unique(stratum)]
    n = prod(comb(int(own.sum()), int(z[own].sum())) for own in members)
    for arm, clusters in (("treated", z), ("comparison", ~z)):
        if clusters.sum() < 2:
            raise DesignError(f"randomisation needs at least two {arm} clusters")
    if n < LEAST_ASSIGNMENTS:
        raise DesignError(
            f"{n} assignments of treatment to clusters are fewer than {LEAST_ASSIGNMENTS}: no "
            "test at 5 % can be made of them"
        )
    enumerated = n <= draws
    Z = _all(z, stratum) if enumerated else _drawn(z, stratum, draws, seed)
    actual = float(_statistics(z[None, :], A, H)[0])
    size = max(1, BLOCK // (len(z) + A.shape[1]))
    reference = np.concatenate(
        [_statistics(Z[first : first + size], A, H) for first in range(0, len(Z), size)]
    )
    extreme = int((np.abs(reference) >= abs(actual) * (1 - TIE)).sum())
    if enumerated:
        largest = np.abs(reference).max()
        ties = int((np.abs(reference) >= largest * (1 - TIE)).sum())
        p_value, smallest = extreme / n, ties / n
    else:
        p_value, smallest = (1 + extreme) / (1 + draws), 1 / (1 + draws)
    return RandomisationTest(
        statistic=actual,
        p_value=p_value,
        smallest_p=smallest,
        assignments=n,
        draws=len(Z) if enumerated else draws + 1,
        enumerated=enumerated,
    )


def merged(strata: ArrayLike) -> IntArray:
    """Return strata as codes from 0, single clusters joined with the next in sorted order.

    Examples
    --------
    >>> merged(["a", "b", "b", "c"]).tolist()
    [0, 0, 0, 0]
    >>> merged([1, 1, 2, 3, 3]).tolist()
    [0, 0, 1, 1, 1]
    """
    values: NDArray[Any] = np.asarray(strata)
    labels, code = np.unique(values, return_inverse=True)
    size = np.bincount(code)
    target = np.zeros(len(labels), dtype=np.int64)
    current, held = -1, 0
    for k, count in enumerate(size.tolist()):
        # A new stratum starts where the one before holds at least two clusters.
        if k == 0 or held >= 2:
            current, held = current + 1, 0
        target[k] = current
        held += count
    if held == 1 and current > 0:
        target[target == current] = current - 1
    return np.asarray(target[code.ravel()])


def _checked(
    score: ArrayLike, exposure: ArrayLike, treated: ArrayLike, strata: ArrayLike | None
) -> tuple[FloatArray, FloatArray, BoolArray, IntArray]:
    z = np.asarray(treated, dtype=bool)
    A, H = (
        np.asarray(part, dtype=np.float64).reshape(len(z), -1) for part in (score, exposure)
    )
    if A.shape != H.shape or not (np.isfinite(A).all() and np.isfinite(H).all()):
        raise ValueError(
            "score and exposure must be finite and of one shape, a row per cluster"
        )
    if (H < 0).any() or not (H.sum(axis=0) > 0).all():
        raise ValueError("exposure must not be negative, nor all zero at any time")
    stratum = np.zeros(len(z), dtype=np.int64) if strata is None else merged(strata)
    if stratum.shape != z.shape:
        raise ValueError("strata must hold one value per cluster")
    return A, H, z, stratum


def _statistics(Z: BoolArray, A: FloatArray, H: FloatArray) -> FloatArray:
    """Return the studentised score of each assignment, one per row of `Z`."""
    z = Z.astype(np.float64)
    m = (z @ H) / H.sum(axis=0)
    u = z * A.sum(axis=1) - m @ A.T
    h = z * H.sum(axis=1) - 2.0 * z * (m @ H.T) + m**2 @ H.T
    total, information = u.sum(axis=1), h.sum(axis=1)
    own = np.where(Z, (h * z).sum(axis=1)[:, None], (h * (1.0 - z)).sum(axis=1)[:, None])
    # A cluster that is all of its arm's information has no deviation that could be seen.
    rest = np.maximum(1.0 - h / np.maximum(own, 1e-300), 1e-6)
    deviation = (u - (total / information)[:, None] * h) / rest
    spread = np.sqrt((deviation**2).sum(axis=1))
    floor = max(1e-12 * float(np.abs(A).sum()), np.finfo(float).tiny)
    return np.asarray(total / np.maximum(spread, floor))


def _all(treated: BoolArray, strata: IntArray) -> BoolArray:
    """Return every assignment, one per row."""
    Z = np.zeros((1, len(treated)), dtype=bool)
    for s in np.unique(strata).tolist():
        members = np.flatnonzero(strata == s)
        chosen = list(combinations(members.tolist(), int(treated[members].sum())))
        part = np.zeros((len(chosen), len(treated)), dtype=bool)
        for row, own in zip(part, chosen, strict=True):
            row[list(own)] = True
        Z = (Z[:, None, :] | part[None, :, :]).reshape(-1, len(treated))
    return Z


def _drawn(treated: BoolArray, strata: IntArray, draws: int, seed: int | None) -> BoolArray:
    """Return random assignments, one per row."""
    rng = np.random.default_rng(seed_of(seed, "the test"))
    Z = np.zeros((draws, len(treated)), dtype=bool)
    rows = np.arange(draws)[:, None]
    for s in np.unique(strata).tolist():
        members = np.flatnonzero(strata == s)
        order = np.argsort(rng.random((draws, len(members))), axis=1)
        Z[rows, members[order[:, : int(treated[members].sum())]]] = True
    return Z
