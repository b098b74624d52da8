"""Gray's test that groups have the same incidence of one of several causes.

Kernel: arrays in, frozen object out; strata, late entry, weights and clusters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from evaluation.arrays import FloatArray, IntArray
from evaluation.survival.competing import event_table
from evaluation.survival.equality.k_sample import KSample, coded
from evaluation.survival.timeline import row_causes, row_weights, timeline


def compare(
    exit: ArrayLike,  # noqa: A002
    cause: ArrayLike,
    group: ArrayLike,
    *,
    of: int = 1,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
) -> KSample:
    """Compare the incidence of a cause between groups.

    Parameters
    ----------
    exit, cause, of, entry
        As in `evaluation.survival.fine_gray.fit`.
    group, weights, strata
        As in `evaluation.survival.equality.log_rank.compare`.

    Returns
    -------
    KSample
        Positive ``observed - expected`` means a higher incidence.

    Raises
    ------
    DesignError
        If there is a single group, or no event of the cause while two groups are at risk.
    ValueError
        If shapes differ or a number is missing.

    Notes
    -----
    Gray (1988), Annals of Statistics 16, with equal emphasis on all times (rho = 0) and the
    factors for ties of R's ``cuminc``.  Each group's risk set keeps those who left otherwise:
    ``R = Y (1 - F(t-)) / S(t-)``.  The influence of a row follows from that of the incidence:
    it differentiates the statistic with respect to the hazards of both kinds.

    Examples
    --------
    >>> found = compare([1, 2, 3, 4], [1, 2, 1, 1], [1, 1, 0, 0])
    >>> found.expected.round(3).tolist()
    [2.5, 0.5]
    """
    line = timeline(exit, entry)
    n = len(line.stop)
    causes = row_causes(cause, n)
    labels, code, stratum = coded(group, strata, n)
    kind = np.where(causes == of, 1, np.where(causes > 0, 2, 0))
    weight, is_robust = row_weights(weights, n), weights is not None
    k = len(labels)
    observed, expected, slope, vcov = np.zeros(k), np.zeros(k), np.zeros(k), np.zeros((k, k))
    contributions = np.zeros((n, k))
    exits = np.asarray(exit, dtype=np.float64)
    entries = None if entry is None else np.asarray(entry, dtype=np.float64)
    for own in np.split(
        np.argsort(stratum, kind="stable"), np.cumsum(np.bincount(stratum))[:-1]
    ):
        part = _one_stratum(
            exits[own],
            kind[own],
            code[own],
            entry=None if entries is None else entries[own],
            weights=weight[own],
            n_groups=k,
        )
        observed += part.observed
        expected += part.expected
        slope += part.slope
        vcov += part.vcov
        contributions[own] = part.contributions
    return KSample(
        groups=labels,
        observed=observed,
        expected=expected,
        vcov=contributions.T @ contributions if is_robust else vcov,
        slope=slope,
        contributions=contributions,
        is_robust=is_robust,
    )


class _Part(NamedTuple):
    """What one stratum adds."""

    observed: FloatArray
    expected: FloatArray
    slope: FloatArray
    vcov: FloatArray
    contributions: FloatArray


def _one_stratum(
    exits: FloatArray,
    kind: IntArray,
    group: IntArray,
    *,
    entry: FloatArray | None,
    weights: FloatArray,
    n_groups: int,
) -> _Part:
    """Return observed and expected events, their variance and the rows' influence."""
    line = timeline(exits, entry)
    tables = [event_table(line, kind, weights * (group == g), 2) for g in range(n_groups)]
    events = np.stack([table[0][:, 0] for table in tables], axis=1)
    others = np.stack([table[0][:, 1] for table in tables], axis=1)
    y = np.stack([table[1] for table in tables], axis=1)
    present = y > 1e-10 * y.max()
    per_head = np.divide(1.0, y, out=np.zeros_like(y), where=present)
    hazard = np.stack([events, others]) * per_head
    after: FloatArray = np.cumprod(1.0 - np.minimum(hazard.sum(axis=0), 1.0), axis=0)
    before = _shifted(after, 1.0)
    incidence = _shifted(np.cumsum(before * hazard[0], axis=0), 0.0)
    # People at risk over survival: a group's size if nobody had left otherwise.
    size = np.divide(y, before, out=np.zeros_like(y), where=present & (before > 0))
    total, kept = size.sum(axis=1), size * (1.0 - incidence)
    happened = events.sum(axis=1)
    pooled = np.cumsum(np.divide(happened, total, out=np.zeros_like(total), where=total > 0))
    own = _share(kept)
    share = _share(size)
    # a[t, i, r]: what an excess of group r at t adds to the statistic of group i.
    a = -size[:, :, None] * share[:, None, :]
    a[:, range(n_groups), range(n_groups)] += size
    rate = np.divide(happened, total, out=np.zeros_like(total), where=total > 0)
    rest = 1.0 - _shifted(pooled, 0.0)
    moved = a * np.divide(rate, rest, out=np.zeros_like(rate), where=rest > 0)[:, None, None]
    later = moved.sum(axis=0) - np.cumsum(moved, axis=0)
    free = (1.0 - pooled)[:, None]
    ratio = np.divide(free, after, out=np.zeros_like(after), where=after > 0)
    by_event = a + np.where(after > 0, 1.0 - ratio, 1.0)[:, None, :] * later
    by_other = ratio[:, None, :] * later
    one = _tie_factor(happened[:, None], total[:, None] * before)
    two = _tie_factor(others, y)
    scatter = one * before * rate[:, None] * per_head
    vcov = np.einsum("tir,tjr,tr->ij", by_event, by_event, scatter)
    spread = np.where(after > 0, two * (before * per_head) ** 2 * others, 0.0)
    vcov += np.einsum("tir,tjr,tr->ij", by_other, by_other, spread)
    contributions = np.empty((len(exits), n_groups))
    scale = before * per_head
    for i in range(n_groups):
        effect = np.stack([by_event[:, i] * scale, -by_other[:, i] * scale])
        spent = np.cumsum((effect * hazard).sum(axis=0), axis=0)
        spent = np.concatenate([np.zeros((1, n_groups)), spent])
        gain = effect[np.maximum(kind - 1, 0), line.stop, group] * (kind > 0)
        during = spent[line.stop + 1, group] - spent[line.start, group]
        contributions[:, i] = weights * (gain - during)
    return _Part(
        observed=events.sum(axis=0),
        expected=happened @ own,
        slope=happened @ (own * (1.0 - own)),
        vcov=vcov,
        contributions=contributions,
    )


def _shifted(values: FloatArray, first: float) -> FloatArray:
    """Return a curve as it stands just before each time."""
    return np.concatenate([np.full_like(values[:1], first), values[:-1]])


def _share(values: FloatArray) -> FloatArray:
    """Return each group's share at each time."""
    total = values.sum(axis=1, keepdims=True)
    share: FloatArray = np.divide(values, total, out=np.zeros_like(values), where=total > 0)
    return share


def _tie_factor(events: FloatArray, size: FloatArray) -> FloatArray:
    """Return ``1 - (d - 1)/(y - 1)`` where more than one event ties."""
    many = (events > 1) & (size > 1)
    gone = np.divide(events - 1.0, size - 1.0, out=np.zeros_like(size), where=many)
    return np.asarray(1.0 - gone)
