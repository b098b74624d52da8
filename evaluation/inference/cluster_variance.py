"""Least squares with cluster-robust variance: CR0 to CR3 and Satterthwaite degrees of freedom.

A kernel: arrays in, a frozen object out; knows nothing of frames, arms or outcomes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray, summed
from evaluation.inference.jackknife import Uncertainty

Kind = Literal["CR0", "CR1", "CR1S", "CR2", "CR3"]
KINDS: tuple[Kind, ...] = ("CR0", "CR1", "CR1S", "CR2", "CR3")

# Exact zeros among the eigenvalues of an adjustment matrix (a cluster's own dummy) come out of
# the decomposition at about 1e-15; the others are of the order of 1.
ZERO = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClusterFit:
    """Coefficients with a cluster-robust variance, of the `n` rows with positive weight.

    `dof` are the Satterthwaite degrees of freedom of each coefficient's t statistic.
    """

    coef: FloatArray
    vcov: FloatArray
    dof: FloatArray
    kind: Kind
    n: int
    n_clusters: int

    @property
    def std_error(self) -> FloatArray:
        """Standard error of each coefficient, shape (k,)."""
        # Of an arm in which nothing varies only rounding is left, which may be below 0.
        return np.sqrt(np.maximum(np.diag(self.vcov), 0.0))

    def uncertainty(self, coefficient: int) -> Uncertainty:
        """Return the standard error of one coefficient with its degrees of freedom."""
        error, dof = self.std_error[coefficient], self.dof[coefficient]
        return Uncertainty(std_error=float(error), dof=float(dof))

    def p_value(self, coefficient: int, *, null: float = 0.0) -> float:
        """Return the two-sided p-value of one coefficient against `null`, from Student's t."""
        return self.uncertainty(coefficient).p_value(float(self.coef[coefficient]), null)

    def interval(self, coefficient: int, *, level: float = 0.95) -> tuple[float, float]:
        """Return the confidence limits of one coefficient at `level`, from Student's t."""
        return self.uncertainty(coefficient).interval(float(self.coef[coefficient]), level)


def fit(
    X: ArrayLike,
    y: ArrayLike,
    cluster: NDArray[Any],
    *,
    kind: Kind = "CR2",
    weights: ArrayLike | None = None,
) -> ClusterFit:
    """Fit least squares and return its cluster-robust variance.

    Parameters
    ----------
    X : array_like
        Design matrix of full column rank, constant included, shape (n, k).
    y : array_like
        Outcome, shape (n,).
    cluster : np.ndarray
        Cluster of each row, any labels, shape (n,).  One label per row makes CR2 the
        heteroskedasticity-robust HC2.
    kind : {"CR2", "CR0", "CR1", "CR1S", "CR3"}
        Small-sample correction, named as in the R package clubSandwich: CR1 scales by
        G/(G-1), CR1S also by (n-1)/(n-k), CR2 is bias-reduced linearisation, CR3 leaves
        clusters out.
    weights : array_like or None
        Non-negative weights of the rows; rows of weight 0 are left out.

    Raises
    ------
    ValueError
        If shapes differ, a number is not finite, a weight is negative, or `kind` is unknown.
    DesignError
        If columns are collinear, or fewer than two clusters remain, or a coefficient hangs on
        one cluster alone (CR3 does not exist then).

    Notes
    -----
    Bell and McCaffrey (2002); Pustejovsky and Tipton (2018), equations 4 to 7 and 11, with the
    identity as working model also when weighted (clubSandwich's choice for ``lm`` with
    weights) and the pseudo-inverse root where a cluster has its own dummy.  No n_g x n_g
    matrix is formed: the adjustment of cluster g differs from the identity only in the span of
    its rows of X and WX, so a basis of at most 2k columns carries it.

    Examples
    --------
    >>> import numpy as np
    >>> X, y = np.ones((4, 1)), np.array([1.0, 2.0, 3.0, 6.0])
    >>> fit(X, y, np.array([1, 1, 2, 2]), kind="CR0").vcov.item()
    1.125
    """
    if kind not in KINDS:
        raise ValueError(f"kind='{kind}' is not known; use one of {', '.join(KINDS)}")
    X, y, codes, w = used_rows(X, y, cluster, weights)
    n, k = X.shape
    n_clusters = int(codes.max(initial=-1)) + 1
    if n_clusters < 2:
        raise DesignError("a cluster-robust variance needs at least two clusters")
    root = np.sqrt(w)
    # With Z = X R^-1 the moment matrix Z'WZ is the identity, whatever the columns' units.
    R = orthogonal_factor(X * root[:, None])[1]
    Z = np.asarray(np.linalg.solve(R.T, X.T).T, dtype=np.float64)
    theta = Z.T @ (w * y)
    residual = y - Z @ theta
    U = _scores(Z, w, codes, n_clusters, kind)
    s = summed(codes, U * residual[:, None], n_clusters)
    scale = {
        "CR1": n_clusters / (n_clusters - 1),
        "CR1S": n_clusters / (n_clusters - 1) * (n - 1) / max(n - k, 1),
    }.get(kind, 1.0)
    back = np.linalg.inv(R)
    V = scale * (s.T @ s)
    return ClusterFit(
        coef=back @ theta,
        vcov=back @ V @ back.T,
        dof=_degrees_of_freedom(Z, w, codes, n_clusters, U @ back.T),
        kind=kind,
        n=n,
        n_clusters=n_clusters,
    )


def used_rows(
    X: ArrayLike, y: ArrayLike, cluster: NDArray[Any], weights: ArrayLike | None
) -> tuple[FloatArray, FloatArray, NDArray[np.intp], FloatArray]:
    """Return design, outcome, cluster codes and weights of the rows of positive weight."""
    X = np.asarray(X, dtype=float)
    y = np.asarray(y, dtype=float)
    w = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=float)
    if X.ndim != 2 or not len(X) == len(y) == len(cluster) == len(w):
        raise ValueError("X must be a matrix with as many rows as y, cluster and weights")
    if not (np.isfinite(w).all() and (w >= 0).all()):
        raise ValueError("weights must be finite and not negative")
    used = w > 0
    X, y, w = X[used], y[used], w[used]
    if not (np.isfinite(X).all() and np.isfinite(y).all()):
        raise ValueError("X and y must be finite in every row of positive weight")
    codes = pd.factorize(np.asarray(cluster)[used], sort=False)[0]
    if (codes < 0).any():
        raise ValueError("cluster is missing in a row of positive weight")
    return X, y, codes, w


def orthogonal_factor(X: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the thin QR factors of `X`; refuse collinear columns by position."""
    factors = np.linalg.qr(X)
    Q: FloatArray = factors.Q
    R: FloatArray = factors.R
    if len(R) < X.shape[1]:
        raise DesignError(f"{len(X)} row(s) cannot carry {X.shape[1]} coefficients")
    collinear = np.flatnonzero(np.abs(np.diag(R)) <= 1e-9 * np.linalg.norm(X, axis=0))
    if len(collinear):
        raise DesignError(
            f"column(s) {', '.join(map(str, collinear))} of the design matrix, counted from 0, "
            "follow from the others; leave them out"
        )
    return Q, R


def _scores(
    Z: FloatArray, w: FloatArray, codes: NDArray[np.intp], n_clusters: int, kind: Kind
) -> FloatArray:
    """Return A'WZ: what the residuals are multiplied with before they are summed by cluster."""
    WZ = Z * w[:, None]
    if kind in ("CR0", "CR1", "CR1S"):
        return WZ
    S2 = WZ.T @ WZ
    if kind == "CR2" and n_clusters == len(codes):
        leverage = np.einsum("ij,ij->i", Z, WZ)
        B = 1.0 - 2.0 * leverage + np.einsum("ij,jk,ik->i", Z, S2, Z)
        power = np.where(B > ZERO, np.maximum(B, ZERO) ** -0.5, 0.0)
        return WZ * power[:, None]
    U = np.empty_like(WZ)
    order = np.argsort(codes, kind="stable")
    for rows in np.split(order, np.cumsum(np.bincount(codes))[:-1]):
        z, wz = Z[rows], WZ[rows]
        U[rows] = _bias_reduced(z, wz, S2) if kind == "CR2" else _leave_out(z, wz)
    return U


def _bias_reduced(Z: FloatArray, WZ: FloatArray, S2: FloatArray) -> FloatArray:
    """Return B^(-1/2) WZ of one cluster, B = I - ZZ'W - WZZ' + Z S2 Z' (CR2)."""
    Q = np.linalg.qr(np.hstack([Z, WZ]))[0]
    a, b = Q.T @ Z, Q.T @ WZ
    B = np.eye(Q.shape[1]) - a @ b.T - b @ a.T + a @ S2 @ a.T
    value, vector = np.linalg.eigh((B + B.T) / 2)
    power = np.where(value > ZERO, np.maximum(value, ZERO) ** -0.5, 0.0)
    return WZ + Q @ ((vector * power) @ (vector.T @ b) - b)


def _leave_out(Z: FloatArray, WZ: FloatArray) -> FloatArray:
    """Return (I - WZZ')^-1 WZ of one cluster (CR3)."""
    rest = np.eye(Z.shape[1]) - Z.T @ WZ
    if np.linalg.eigvalsh((rest + rest.T) / 2)[0] < ZERO:
        raise DesignError("CR3 does not exist: a coefficient hangs on one cluster; use CR2")
    return WZ @ np.linalg.inv(rest)


def _degrees_of_freedom(
    Z: FloatArray, w: FloatArray, codes: NDArray[np.intp], n_clusters: int, U: FloatArray
) -> FloatArray:
    """Return tr(P)^2 / tr(P^2) per coefficient, P the G x G products of the g vectors.

    P is diagonal plus low rank, so neither P nor an n x n matrix is formed.
    """
    WZ = Z * w[:, None]
    S2 = WZ.T @ WZ
    k = Z.shape[1]
    middle = np.block([[S2, -np.eye(k)], [-np.eye(k), np.zeros((k, k))]])
    dof = np.empty(k)
    for column in range(k):
        u = U[:, [column]]
        own = np.bincount(codes, weights=u[:, 0] ** 2, minlength=n_clusters)
        F = np.hstack([summed(codes, Z * u, n_clusters), summed(codes, WZ * u, n_clusters)])
        low = (F @ middle * F).sum(axis=1)
        inner = middle @ (F.T @ F)
        trace = own.sum() + low.sum()
        squares = (own**2).sum() + 2 * (own * low).sum() + np.trace(inner @ inner)
        # A coefficient whose clusters are fitted exactly has no variance to speak of.
        dof[column] = trace**2 / squares if squares > 0 else np.nan
    return dof
