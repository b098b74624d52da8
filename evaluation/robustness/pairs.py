"""What tells the two persons of a matched pair apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evaluation.arrays import FloatArray, IntArray
from evaluation.robustness.person_values import PersonValues
from evaluation.survival.durations import Duration, observe

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched


def pair_differences(m: Matched, values: PersonValues) -> FloatArray:
    """Return treated less comparison of each pair, 0 where a pair cannot tell.

    A duration gives 1 where the treated is first to have the event and -1 where the comparison
    is, up to the horizon; a pair in which the one that is ahead cannot be known, because the
    other was censored earlier, gives 0.
    """
    treated, comparison = _partners(m)
    if not isinstance(values.of, Duration):
        both = (values.weight[treated] > 0) & (values.weight[comparison] > 0)
        return np.asarray((values.value[treated] - values.value[comparison])[both])
    o = observe(m, values.of)
    place = np.full(len(m.frame), -1)
    place[o.rows] = np.arange(len(o.rows))
    end = np.inf if values.horizon is None else values.horizon
    has_event = (o.cause == 1) & (o.exit <= end)
    # Whoever leaves by another cause never has the event; the censored are known until then.
    event_at = np.where(has_event, o.exit, np.inf)
    known_until = np.where(o.cause == 0, o.exit, np.inf)
    a, b = place[treated], place[comparison]
    first = (event_at[a] < event_at[b]) & (event_at[a] <= known_until[b])
    last = (event_at[b] < event_at[a]) & (event_at[b] <= known_until[a])
    ahead: FloatArray = first.astype(np.float64) - last.astype(np.float64)
    return ahead


def _partners(m: Matched) -> tuple[IntArray, IntArray]:
    """Return the treated and the comparison row of each pair, pairs in one order."""
    sides = []
    for arm in (True, False):
        rows = np.flatnonzero(m.used & (m.treated == arm))
        sides.append(rows[np.argsort(m.subclass[rows], kind="stable")])
    return sides[0], sides[1]
