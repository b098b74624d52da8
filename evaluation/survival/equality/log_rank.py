"""Log-rank tests and their weighted relatives, stratified, with late entry, weights, clusters.

Kernel: arrays in, frozen object out.  A table of who is at risk and who leaves, per group and
per distinct time of each stratum, holds everything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from evaluation.arguments import number_of
from evaluation.arrays import FloatArray, IntArray, summed
from evaluation.survival.equality.k_sample import KSample, coded
from evaluation.survival.timeline import (
    Timeline,
    row_events,
    row_weights,
    timeline,
    upto,
    weighing,
)

# The largest number below 0: bounds of arguments are open.
_BELOW_0 = -math.ulp(0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlemingHarrington:
    """Weigh each event time by ``S(t-)^rho (1 - S(t-))^gamma``, S from all groups together.

    Attributes
    ----------
    rho, gamma : float
        ``rho=1`` stresses early differences (Peto and Peto), ``gamma=1`` late ones.
    """

    rho: float = 0.0
    gamma: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no power."""
        for name in ("rho", "gamma"):
            number_of(getattr(self, name), name, "0 or more, and finite", above=_BELOW_0)


Emphasis = Literal["log-rank", "gehan"] | FlemingHarrington


def compare(
    exit: ArrayLike,  # noqa: A002
    event: ArrayLike,
    group: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    emphasis: Emphasis = "log-rank",
) -> KSample:
    """Compare the hazards of groups.

    Rows as in `evaluation.survival.cox.fit`; with `weights`, rows of weight 0 as good as
    absent, the variance is robust, and sums run over `strata`.  `emphasis` weighs each event
    time: by one, the number at risk, or a function of survival.  Positive
    ``observed - expected`` means a higher hazard.

    Notes
    -----
    Mantel (1966); Gehan (1965); Fleming and Harrington (1981, 1991); hypergeometric variance.
    Robust: Lin and Wei's (1989) contributions to the score of Cox's model at no difference.

    Examples
    --------
    >>> found = compare([1, 2, 3, 4], [1, 1, 1, 1], [1, 1, 0, 0])
    >>> found.expected.round(3).tolist(), round(found.chisq, 3)
    ([3.167, 0.833], 2.882)
    """
    n = len(np.atleast_1d(exit))
    own = row_weights(weights, n)
    line = timeline(exit, entry, own)
    happened, weight = row_events(weighing(event, own), n)[:, None], own[:, None]
    labels, code, stratum = coded(group, strata, own)
    width = len(line.times)
    # One grid holds the times of every stratum: rows of later ones are counted as at risk and
    # as still to enter, and cancel.
    key, stop = np.unique(line.stop + stratum * width, return_inverse=True)
    start = np.searchsorted(key, line.start + stratum * width)
    grid = Timeline(times=key, stop=stop, start=start)
    inside = code[:, None] == np.arange(len(labels))
    at_risk = np.column_stack([grid.at_risk(own) for own in (weight * inside).T])
    at_risk = np.where(at_risk > 1e-10 * weight.sum(), at_risk, 0.0)
    by_group = summed(stop, weight * happened * inside, len(key))
    total, events = at_risk.sum(axis=1), by_group.sum(axis=1)
    total = np.where(total > 0, total, 1.0)
    factor = _factor(emphasis, total, np.minimum(events / total, 1.0), key // width)
    share = at_risk / total[:, None]
    is_robust = weights is not None
    # One event among one at risk has no variance; with weights, Y - 1 means nothing.
    spare = np.ones(len(key))
    if not is_robust:
        spare = np.where(total > 1, (total - events) / np.where(total > 1, total - 1, 1), 0.0)
    scatter = factor**2 * events * spare
    sums = (
        factor @ by_group,
        (factor * events) @ share,
        (factor * events * spare) @ (share * (1.0 - share)),
        np.diag(scatter @ share) - (share * scatter[:, None]).T @ share,
    )
    hazard = (factor * events / total)[:, None]
    spent, drift = (
        (own[stop + 1] - own[start]) for own in (upto(hazard), upto(hazard * share))
    )
    gain = happened * factor[stop, None] * (inside - share[stop])
    return KSample.of(
        labels, sums, weight * (gain - inside * spent + drift), is_robust=is_robust
    )


def _factor(
    emphasis: Emphasis, total: FloatArray, hazard: FloatArray, stratum: IntArray
) -> FloatArray:
    """Return the weight of each time of each stratum."""
    if emphasis == "log-rank":
        return np.ones(len(total))
    if emphasis == "gehan":
        return total
    if not isinstance(emphasis, FlemingHarrington):
        raise ValueError(
            f"emphasis={emphasis!r} is not known; use 'log-rank', 'gehan' or FlemingHarrington"
        )
    before = np.empty(len(hazard))
    heads = np.flatnonzero(np.diff(stratum, prepend=-1))
    for head, end in zip(heads, [*heads[1:], len(hazard)], strict=True):
        before[head:end] = np.concatenate([[1.0], np.cumprod(1.0 - hazard[head : end - 1])])
    return np.asarray(before**emphasis.rho * (1.0 - before) ** emphasis.gamma)
