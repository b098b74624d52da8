"""Rosenbaum's bounds for matched pairs: how much hidden bias a finding withstands.

Persons are taken as independent: it says nothing of what people of one municipality share.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evaluation.arrays import FloatArray
from evaluation.robustness.person_values import PersonValues
from evaluation.survival.durations import Duration, observe

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched

# Odds beyond this are as good as any.
MOST = 100.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RosenbaumBounds:
    """Largest two-sided p-values at each odds `gamma` of hidden bias within a pair.

    `critical` are the largest odds at which the finding stands, NaN where it does not without
    bias.
    """

    gamma: FloatArray
    p_value: FloatArray
    critical: float
    n_pairs: int


def bounds(
    differences: FloatArray,
    *,
    gamma: tuple[float, ...] = (1.0, 1.25, 1.5, 2.0, 3.0),
    alpha: float = 0.05,
) -> RosenbaumBounds:
    """Bound the signed-rank test of matched pairs under hidden bias.

    `differences` are treated less comparison in each pair; zeros tell nothing and are left out.
    A finding is lost at `alpha`.

    Notes
    -----
    Rosenbaum (2002), Observational Studies, section 4.3: with odds at most G each difference
    is positive with probability at most G / (1 + G).  Wilcoxon's signed ranks with mid-ranks
    and the normal approximation; where all differences are of one size that is the sign
    (McNemar's) test, and its binomial distribution is used.  Twice the one-sided p.

    Examples
    --------
    >>> found = bounds(np.r_[np.ones(110), -np.ones(12)], gamma=(5.0,))
    >>> round(float(found.p_value[0]) / 2, 2)
    0.02
    """
    if not 0 < alpha < 1 or min(gamma, default=0.0) < 1:
        raise ValueError("alpha must lie between 0 and 1 and every gamma be at least 1")
    told = differences[np.abs(differences) > 0]
    if not len(told):
        raise ValueError("no pair tells the arms apart: every difference is zero")
    size = np.abs(told)
    ranks = pd.Series(size).rank().to_numpy()
    positive = ranks[told > 0].sum(), ranks[told < 0].sum()
    statistic = float(max(positive))
    is_sign_test = bool(np.ptp(size) <= 1e-12 * size.max())

    def p_value(odds: float) -> float:
        share = odds / (1.0 + odds)
        if is_sign_test:
            from scipy.special import bdtrc

            won = round(statistic / ranks[0])
            return min(1.0, 2.0 * float(bdtrc(won - 1, len(told), share)))
        from scipy.special import ndtr

        expected = share * ranks.sum()
        spread = np.sqrt(share * (1.0 - share) * (ranks**2).sum())
        return min(1.0, 2.0 * float(ndtr(-(statistic - expected) / spread)))

    return RosenbaumBounds(
        gamma=np.array(gamma),
        p_value=np.array([p_value(odds) for odds in gamma]),
        critical=_critical(p_value, alpha),
        n_pairs=len(told),
    )


def _critical(p_value: Callable[[float], float], alpha: float) -> float:
    """Return the largest odds whose p-value is at most `alpha`."""
    if p_value(1.0) > alpha:
        return float("nan")
    if p_value(MOST) <= alpha:
        return MOST
    low, high = 1.0, MOST
    while high - low > 1e-4:
        middle = (low + high) / 2.0
        low, high = (middle, high) if p_value(middle) <= alpha else (low, middle)
    return low


def pair_differences(m: Matched, values: PersonValues) -> FloatArray:
    """Return treated less comparison of each pair, 0 where a pair cannot tell.

    A duration gives 1 where the treated is first to have the event and -1 where the comparison
    is, up to the horizon; a pair in which the one that is ahead cannot be known, because the
    other was censored earlier, gives 0.
    """
    treated, comparison = (
        rows[np.argsort(m.subclass[rows], kind="stable")]
        for rows in (np.flatnonzero(m.used & (m.treated == arm)) for arm in (True, False))
    )
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
