"""Gray's test that groups have the same incidence of one of several causes.

Kernel: arrays in, frozen object out; strata, late entry, weights and clusters.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from evaluation.arrays import FloatArray, IntArray
from evaluation.survival.competing import event_table
from evaluation.survival.equality.k_sample import KSample, coded
from evaluation.survival.timeline import (
    Timeline,
    row_causes,
    row_weights,
    timeline,
    upto,
    weighing,
)


def compare(
    exit: ArrayLike,  # noqa: A002
    cause: ArrayLike,
    group: ArrayLike,
    *,
    of: int = 1,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    rho: float = 0.0,
) -> KSample:
    """Compare the incidence of a cause between groups.

    Rows as in `evaluation.survival.fine_gray.fit`, groups, weights and strata as in
    `evaluation.survival.equality.log_rank.compare`.  Positive ``observed - expected`` means a
    higher incidence.

    Notes
    -----
    Gray (1988), Annals of Statistics 16, with the factors for ties of R's ``cuminc``.  Times
    weigh ``(1 - F(t-)) ** rho``, F of all groups together: the same at 0, early ones more above
    it.  Each group's risk set keeps those who left otherwise:
    ``R = Y (1 - F(t-)) / S(t-)``.  The influence of a row follows from that of the incidence:
    it differentiates the statistic with respect to the hazards of both kinds.

    Examples
    --------
    >>> found = compare([1, 2, 3, 4], [1, 2, 1, 1], [1, 1, 0, 0])
    >>> found.expected.round(3).tolist()
    [2.5, 0.5]
    """
    n = len(np.atleast_1d(exit))
    weight = row_weights(weights, n)
    causes = row_causes(weighing(cause, weight), n)
    labels, code, stratum = coded(group, strata, weight)
    kind = np.where(causes == of, 1, np.where(causes > 0, 2, 0))
    k = len(labels)
    sums: tuple[FloatArray, ...] = (np.zeros(k), np.zeros(k), np.zeros(k), np.zeros((k, k)))
    contributions = np.zeros((n, k))
    exits = np.asarray(exit, dtype=np.float64)
    entries = None if entry is None else np.asarray(entry, dtype=np.float64)
    for rows in np.split(
        np.argsort(stratum, kind="stable"), np.cumsum(np.bincount(stratum))[:-1]
    ):
        own = rows[weight[rows] > 0]
        if not len(own):
            continue
        part, contributions[own] = _one_stratum(
            timeline(exits[own], None if entries is None else entries[own]),
            kind[own],
            code[own],
            weights=weight[own],
            n_groups=k,
            rho=rho,
        )
        sums = tuple(total + one for total, one in zip(sums, part, strict=True))
    return KSample.of(labels, sums, contributions, is_robust=weights is not None)


def _one_stratum(
    line: Timeline,
    kind: IntArray,
    group: IntArray,
    *,
    weights: FloatArray,
    n_groups: int,
    rho: float,
) -> tuple[tuple[FloatArray, ...], FloatArray]:
    """Return the sums of `KSample.of` over one stratum, and the rows' influence."""
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
    rate = _ratio(happened, total)
    pooled = np.cumsum(rate)
    emphasis = np.maximum(1.0 - _shifted(pooled, 0.0), 0.0) ** rho
    own, share = _ratio(kept, kept.sum(axis=1, keepdims=True)), _ratio(size, total[:, None])
    # a[t, i, r]: what an excess of group r at t adds to the statistic of group i.
    a = -size[:, :, None] * share[:, None, :]
    a[:, range(n_groups), range(n_groups)] += size
    a *= emphasis[:, None, None]
    moved = a * _ratio(rate, 1.0 - _shifted(pooled, 0.0))[:, None, None]
    later = moved.sum(axis=0) - np.cumsum(moved, axis=0)
    ratio = _ratio((1.0 - pooled)[:, None], after)
    by_event = a + np.where(after > 0, 1.0 - ratio, 1.0)[:, None, :] * later
    by_other = ratio[:, None, :] * later
    one = _tie_factor(happened[:, None], total[:, None] * before)
    two = _tie_factor(others, y)
    scatter = one * before * rate[:, None] * per_head
    vcov = np.einsum("tir,tjr,tr->ij", by_event, by_event, scatter)
    spread = np.where(after > 0, two * (before * per_head) ** 2 * others, 0.0)
    vcov += np.einsum("tir,tjr,tr->ij", by_other, by_other, spread)
    contributions = np.empty((len(kind), n_groups))
    scale = before * per_head
    for i in range(n_groups):
        effect = np.stack([by_event[:, i] * scale, -by_other[:, i] * scale])
        spent = upto((effect * hazard).sum(axis=0))
        gain = effect[np.maximum(kind - 1, 0), line.stop, group] * (kind > 0)
        during = spent[line.stop + 1, group] - spent[line.start, group]
        contributions[:, i] = weights * (gain - during)
    happened = emphasis * happened
    expected, slope = happened @ own, happened @ (own * (1.0 - own))
    return (emphasis @ events, expected, slope, vcov), contributions


def _shifted(values: FloatArray, first: float) -> FloatArray:
    """Return a curve as it stands just before each time."""
    return np.concatenate([np.full_like(values[:1], first), values[:-1]])


def _ratio(values: FloatArray, by: FloatArray) -> FloatArray:
    """Return a quotient, 0 where nobody stands below the line."""
    out = np.zeros(np.broadcast_shapes(values.shape, by.shape))
    return np.asarray(np.divide(values, by, out=out, where=by > 0))


def _tie_factor(events: FloatArray, size: FloatArray) -> FloatArray:
    """Return ``1 - (d - 1)/(y - 1)`` where more than one event ties."""
    many = (events > 1) & (size > 1)
    gone = np.divide(events - 1.0, size - 1.0, out=np.zeros_like(size), where=many)
    return np.asarray(1.0 - gone)
