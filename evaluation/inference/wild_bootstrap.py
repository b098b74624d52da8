"""The restricted wild cluster bootstrap of one coefficient, and the interval that inverts it.

A kernel: arrays in, a frozen object out; knows nothing of frames, arms or outcomes.
"""

# ruff: noqa: PT028 (the kernel is called `test`; it is not one of pytest's)

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from data_dictionary.errors import DesignError
from evaluation.arguments import seed_of
from evaluation.arrays import FloatArray, summed
from evaluation.inference.cluster_variance import orthogonal_factor, used_rows

Weights = Literal["auto", "rademacher", "webb"]

# Draws that equal the sample but for rounding (all signs kept, all turned) count as ties.
TIE = 1e-9
# Beyond this many standard errors a limit is as good as infinite.
FAR = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class WildTest:
    """Test of one coefficient against `null`, with the interval of the same test.

    Attributes
    ----------
    estimate, null, t : float
        Coefficient, hypothesis, and studentised distance (standard error CR1S).
    p_value, smallest_p : float
        Two-sided; draws that tie with the sample count.  The smallest is what the draws could
        give.
    conf_low, conf_high : float
        Limits of the hypotheses that the same draws do not reject at 1 - `level`.
    weights : str
        Distribution of the draws, ``rademacher`` or ``webb``.
    enumerated, draws : bool, int
        Whether every sign vector was used, so that no seed matters, and how many, the sample
        itself (all signs kept) included.
    """

    estimate: float
    null: float
    t: float
    p_value: float
    conf_low: float
    conf_high: float
    level: float
    weights: str
    enumerated: bool
    draws: int
    smallest_p: float
    n_clusters: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Path:
    """Every draw's t as a function of the hypothesis, s standard errors from the estimate.

    t(s)^2 = (m0 - s m1)^2 / (q0 - 2 s q1 + s^2 q2), and the sample's own is s^2.
    """

    m0: FloatArray
    m1: FloatArray
    q0: FloatArray
    q1: FloatArray
    q2: FloatArray
    always: NDArray[np.bool_]

    def counts(self, s: FloatArray) -> NDArray[np.bool_]:
        """Return whether each draw is at least as far out as the sample at `s`."""
        t2 = (self.m0 - s * self.m1) ** 2
        scale = np.maximum(self.q0 - 2 * s * self.q1 + s**2 * self.q2, 0.0)
        return self.always | (t2 >= s**2 * scale * (1 - TIE) ** 2)


def test(
    X: ArrayLike,
    y: ArrayLike,
    cluster: NDArray[Any],
    *,
    coefficient: int,
    null: float = 0.0,
    draws: int = 9999,
    weights: Weights = "auto",
    seed: int | None = None,
    row_weights: ArrayLike | None = None,
    level: float = 0.95,
) -> WildTest:
    """Test one least-squares coefficient by the restricted wild cluster bootstrap (WCR).

    Parameters
    ----------
    X, y, cluster : array_like
        Design matrix with its constant, outcome, and cluster of each row.
    coefficient : int
        Column of `X` that is tested.
    null : float
        Hypothesis.
    draws : int
        Random draws; where 2^G is no larger, every sign vector is used instead.
    weights : {"auto", "rademacher", "webb"}
        Distribution of the draws.  ``auto``: Rademacher with all sign vectors where
        2^G <= `draws`, else Webb's six points below 13 clusters, else random Rademacher.
    seed : int or None
        Of the random draws, of which there are none where every sign vector is used.
    row_weights : array_like or None
        Regression weights of the rows.
    level : float
        Coverage of the interval.

    Raises
    ------
    ValueError
        If an argument is malformed.
    DesignError
        If columns are collinear, fewer than two clusters remain, or the coefficient fits
        without any residual.

    Notes
    -----
    Cameron, Gelbach and Miller (2008); Webb (2014) for the six points; Roodman, MacKinnon,
    Nielsen and Webb (2019), section 5, for working on cluster sums.  The draw that keeps all
    signs is the sample: it is one of the enumerated vectors and is added to random draws, so
    p = (1 + b) / (1 + B) there and never 0.

    The interval is exact, not searched for: restricted residuals are linear in the hypothesis,
    so each draw enters and leaves the count at the roots of one quartic.  The hypotheses that
    are not rejected may leave gaps; the interval then spans them, except that it stops short
    of a rejected `null`, so p-value and interval never contradict each other.

    Examples
    --------
    >>> import numpy as np
    >>> y = np.array([1.0, 2.0, 2.5, 3.0, 1.5, 4.0])
    >>> found = test(np.ones((6, 1)), y, np.arange(6), coefficient=0, seed=1)
    >>> found.p_value, found.enumerated
    (0.03125, True)
    """
    if not 0 < level < 1 or draws < 1:
        raise ValueError("level must lie between 0 and 1 and draws be positive")
    X, y, codes, w = used_rows(X, y, cluster, row_weights)
    n, k = X.shape
    if not -k <= coefficient < k:
        raise ValueError(f"coefficient={coefficient} is not a column of a matrix with {k}")
    n_clusters = int(codes.max(initial=-1)) + 1
    if n_clusters < 2:
        raise DesignError("a cluster bootstrap needs at least two clusters")
    root = np.sqrt(w)
    # The tested column goes last: the last column of Q is then its part that no other explains.
    Q, R = orthogonal_factor(
        np.column_stack([np.delete(X, coefficient, axis=1), X[:, coefficient]]) * root[:, None]
    )
    residual = y * root - Q @ (Q.T @ (y * root))
    unit = R[-1, -1]
    theta = float(Q[:, -1] @ (y * root))
    E = summed(codes, Q * residual[:, None], n_clusters)
    B = summed(codes, Q * Q[:, [-1]], n_clusters)
    small_sample = n_clusters / (n_clusters - 1) * (n - 1) / max(n - k, 1)
    spread = float(np.sqrt(small_sample * (E[:, -1] ** 2).sum()))
    if spread <= 1e-12 * float(np.linalg.norm(y * root)):
        raise DesignError("the regression leaves no residual to resample")
    V, kind, enumerated = multipliers(n_clusters, draws, weights, seed)
    path = _path(V, E, B, spread, small_sample)
    s = (null * unit - theta) / spread
    p_value = float(path.counts(np.array(s)).mean())
    low, high = _accepted(path, 1 - level, s, is_rejected=p_value <= 1 - level)
    limits = sorted(((theta + low * spread) / unit, (theta + high * spread) / unit))
    return WildTest(
        estimate=float(theta / unit),
        null=null,
        t=float(-s * np.sign(unit)),
        p_value=p_value,
        conf_low=float(limits[0]),
        conf_high=float(limits[1]),
        level=level,
        weights=kind,
        enumerated=enumerated,
        draws=2**n_clusters if enumerated else len(V),
        smallest_p=min(float(path.counts(np.array(far)).mean()) for far in (-FAR, FAR)),
        n_clusters=n_clusters,
    )


def multipliers(
    n_clusters: int, draws: int, weights: Weights, seed: int | None
) -> tuple[FloatArray, str, bool]:
    """Return the draws, one row each, their distribution, and whether they are all."""
    if weights not in ("auto", "rademacher", "webb"):
        raise ValueError(f"weights='{weights}' is not known; use auto, rademacher or webb")
    if weights != "webb" and 2**n_clusters <= draws:
        # A vector and its mirror image give the same |t|: one of each pair is enough.
        codes = np.arange(2 ** (n_clusters - 1))[:, None]
        turned = ((codes >> np.arange(n_clusters)) & 1).astype(np.float64)
        return 1.0 - 2.0 * turned, "rademacher", True
    rng = np.random.default_rng(seed_of(seed, "the bootstrap"))
    use_webb = weights == "webb" or (weights == "auto" and n_clusters < 13)
    points = np.sqrt([0.5, 1.0, 1.5]) if use_webb else np.ones(1)
    V = np.ones((draws + 1, n_clusters))
    V[1:] = rng.choice(np.concatenate([-points, points]), size=(draws, n_clusters))
    return V, "webb" if use_webb else "rademacher", False


def _path(
    V: FloatArray, E: FloatArray, B: FloatArray, spread: float, small_sample: float
) -> _Path:
    """Return each draw's t as a function of the hypothesis, from cluster sums alone."""
    e, b = E[:, -1], spread * B[:, -1]
    # Cluster scores of the bootstrap sample: own residuals minus what the refit takes up.
    score0 = V * e - (V @ E) @ B.T
    score1 = V * b - (V @ (spread * B)) @ B.T
    return _Path(
        m0=V @ e,
        m1=V @ b,
        q0=small_sample * (score0**2).sum(axis=1),
        q1=small_sample * (score0 * score1).sum(axis=1),
        q2=small_sample * (score1**2).sum(axis=1),
        always=(V[:, [0]] == V).all(axis=1),
    )


def _accepted(path: _Path, alpha: float, s: float, *, is_rejected: bool) -> tuple[float, float]:
    """Return the limits of the hypotheses that are not rejected at `alpha`."""
    where, change, first = _crossings(path)
    p = (first + np.concatenate([[0.0], np.cumsum(change)])) / len(path.m0)
    start = np.concatenate([[-np.inf], where])
    stop = np.concatenate([where, [np.inf]])
    kept = (p > alpha) & (stop > start)
    # A gap in the accepted set may hold a rejected null: the interval ends before it.
    if is_rejected:
        kept &= (start >= s) if s < 0 else (stop <= s)
    return float(start[kept].min(initial=0.0)), float(stop[kept].max(initial=0.0))


def _crossings(path: _Path) -> tuple[FloatArray, FloatArray, float]:
    """Return where draws enter (+1) or leave (-1) the count, sorted, and the count at -inf."""
    keep = (1 - TIE) ** 2
    # A leading term of 0 means a root at infinity; any root beyond FAR is as good as that.
    lead = np.maximum(keep * path.q2, (path.q0 + path.m1**2) / FAR**2)
    lead = np.maximum(lead, np.finfo(float).tiny)
    monic = np.zeros((len(lead), 4, 4))
    monic[:, [1, 2, 3], [0, 1, 2]] = 1.0
    monic[:, 0, 3] = path.m0**2 / lead
    monic[:, 1, 3] = -2 * path.m0 * path.m1 / lead
    monic[:, 2, 3] = (path.m1**2 - keep * path.q0) / lead
    monic[:, 3, 3] = 2 * keep * path.q1 / lead
    root = np.linalg.eigvals(monic)
    is_real = np.abs(root.imag) <= 1e-7 * (1 + np.abs(root))
    edges = np.sort(np.where(is_real, np.clip(root.real, -FAR, FAR), FAR), axis=1).T
    ends = np.full((1, edges.shape[1]), FAR)
    middle = (np.vstack([-2 * ends, edges]) + np.vstack([edges, 2 * ends])) / 2
    inside = path.counts(middle).astype(float)
    change = np.diff(inside, axis=0)
    moved = change != 0
    where, change = edges[moved], change[moved]
    order = np.argsort(where, kind="stable")
    return where[order], change[order], float(inside[0].sum())
