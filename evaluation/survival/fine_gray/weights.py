"""How those who left by a competing cause still count: who could have been seen that long.

At time t such a row counts with K(t-)/K(T-), where K is G, the survival of censoring, times H,
the share that has come under observation by then (Geskus 2011).  Both are product limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray, summed
from evaluation.survival.timeline import Timeline, upto

Definition = Literal["crr", "finegray", "finegray-breslow"]
# A risk set that is this small beside the largest one is rounding.
EMPTY = 1e-10


class Steps(NamedTuple):
    """Event times as positions, steps of the hazard there, and these times risk-set means."""

    at: IntArray
    hazard: FloatArray
    drift: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Limit:
    """A product limit ``prod (1 - jumps / at_risk)`` in one stratum.

    `at` are positions on the grid of times.  Entries stand before the position's time,
    censorings at it or (R's ``finegray``) behind it: `side` says whether a time at the position
    counts as behind the jump ("left") or before it.  Each row might jump in the range `first`
    to `last`, and does at ``last - 1``, or `first` for an entry.  A jump is divided by `spare`
    in its influence: `at_risk`, less `jumps` where the derivative is that of the product as it
    stands.
    """

    at: IntArray
    jumps: FloatArray
    at_risk: FloatArray
    first: IntArray
    last: IntArray
    is_jump: BoolArray
    is_entry: bool
    side: Literal["left", "right"]
    spare: FloatArray

    def factors(self, n_times: int) -> FloatArray:
        """Return ``1 - jumps / at_risk`` at each position, 1 where nobody jumps."""
        found = np.ones(n_times)
        rest = 1.0 - self.jumps / self.at_risk
        found[self.at] = np.where(rest > EMPTY, rest, 0.0)
        return found

    def influence(
        self, kept: FloatArray, X: FloatArray, stop: IntArray, steps: Steps
    ) -> FloatArray:
        """Return what each row of the stratum does to the score by its part in the limit.

        A jump at u changes the weights of those who left before u, in the risk sets behind it.
        `kept` is the rows' risk over K(T-), and `steps` are multiplied by K.
        """
        earlier = np.searchsorted(stop, self.at, side=self.side)
        ahead = np.searchsorted(steps.at, self.at, side=self.side)
        some = self.spare > EMPTY * self.at_risk.max(initial=0.0)
        share = np.divide(1.0, self.spare, out=np.zeros_like(self.spare), where=some)
        own = np.where(some, self.jumps / self.at_risk, 0.0)
        rest = behind(steps.hazard)[ahead]
        gone = upto(kept)[earlier]
        # Entries divide: who is seen at t had to have entered by then.
        where = self.first if self.is_entry else self.last - 1
        sign = -1.0 if self.is_entry else 1.0
        psi = np.empty_like(X)
        for k in range(X.shape[1]):
            mean = upto(kept * X[:, k])[earlier]
            q = (mean * rest - gone * behind(steps.drift[:, k])[ahead]) * share
            spent = upto(q * own)
            psi[:, k] = -sign * (spent[self.last] - spent[self.first])
            psi[self.is_jump, k] += sign * q[where[self.is_jump]]
        return psi


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weights:
    """K in each stratum of the censoring distribution.

    `before` is K just before each time of the grid, (n_strata, n_times), `inverse` 1 / K(T-) of
    the rows that left by a competing cause, 0 for all others, and `counted` what each row
    counts for: R's ``finegray`` counts rows, not weights.
    """

    before: FloatArray
    inverse: FloatArray
    stratum: IntArray
    limits: list[list[Limit]]
    counted: FloatArray

    @classmethod
    def of(
        cls,
        line: Timeline,
        weights: FloatArray,
        left: BoolArray,
        competing: BoolArray,
        stratum: IntArray,
        definition: Definition,
    ) -> Weights:
        """Estimate it from rows by falling exit, of which some have `left` by an event."""
        counted = weights if definition == "crr" else np.ones_like(weights)
        before, limits = [], []
        for s in range(int(stratum.max()) + 1):
            own = _ascending(stratum, s)
            part = Timeline(times=line.times, stop=line.stop[own], start=line.start[own])
            found = [_censoring(part, counted[own], left[own], definition)]
            g = found[0].factors(len(line.times))
            k = np.concatenate([[1.0], np.cumprod(g)[:-1]])
            if line.start.any():
                found.append(_entry(part, counted[own]))
                # Entries behind t are still to come: H(t-) is what is left of 1 before them.
                h = found[1].factors(len(line.times))
                k = k * np.concatenate([np.cumprod(h[::-1])[::-1][1:], [1.0]])
            # Nothing is known of a stratum behind its last exit: nobody counts there (as in R).
            k[part.stop.max() + 1 :] = 0.0
            before.append(k)
            limits.append(found)
        table, stop = np.array(before), line.stop
        inverse = np.zeros(len(stop))
        inverse[competing] = table[stratum[competing], stop[competing]]
        if (inverse[competing] == 0.0).any():
            raise DesignError(
                "at some time after the first exits nobody is at risk: with late entry the "
                "follow-up must have no such gap; count from a later time"
            )
        inverse[competing] = 1.0 / inverse[competing]
        return cls(
            before=table, inverse=inverse, stratum=stratum, limits=limits, counted=counted
        )

    def influence(
        self, kept: FloatArray, X: FloatArray, stop: IntArray, steps: Steps
    ) -> FloatArray:
        """Return what each row does to the score by its part in K, as `Limit.influence`."""
        psi = np.zeros_like(X)
        for s, limits in enumerate(self.limits):
            own = _ascending(self.stratum, s)
            k = self.before[s, steps.at]
            kept_steps = Steps(steps.at, k * steps.hazard, k[:, None] * steps.drift)
            for limit in limits:
                psi[own] += limit.influence(kept[own], X[own], stop[own], kept_steps)
        return np.asarray(self.counted[:, None] * psi)


def _ascending(stratum: IntArray, s: int) -> IntArray:
    """Return a stratum's rows, which stand by falling exit, in order of time."""
    return np.flatnonzero(stratum == s)[::-1]


def behind(values: FloatArray) -> FloatArray:
    """Return sums from each position to the end, and 0 after it."""
    total = upto(values)
    return np.asarray(total[-1] - total)


def _censoring(
    line: Timeline, weights: FloatArray, left: BoolArray, definition: Definition
) -> Limit:
    """Return the survival of censoring.

    In ``crr`` everybody who leaves at t may still be censored at t; in ``finegray`` events come
    before.  Fine and Gray write a censoring's influence for times without ties, and ``crr``
    takes ``T < u <= s`` to the letter.  With events before censorings it is the derivative of
    the product limit as it stands: ``T <= u < s``, and another ``1 - dLambda(u)``.
    """
    own, stop, n_times = definition == "crr", line.stop, len(line.times)
    censored = summed(stop[~left], weights[~left], n_times)
    at_risk = line.at_risk(weights)
    if not own:
        at_risk = at_risk - summed(stop[left], weights[left], n_times)
    at = np.flatnonzero(censored)
    last = np.searchsorted(at, stop, side="right")
    if not own:
        last -= np.isin(stop, at) & left
    jumps, at_risk = np.minimum(censored[at], at_risk[at]), at_risk[at]
    return Limit(
        at=at,
        jumps=jumps,
        at_risk=at_risk,
        first=np.searchsorted(at, line.start, side="left"),
        last=last,
        is_jump=~left,
        is_entry=False,
        side="left" if own else "right",
        spare=at_risk if own else at_risk - jumps,
    )


def _entry(line: Timeline, weights: FloatArray) -> Limit:
    """Return the distribution of entry: a product limit with time turned round."""
    entering = summed(line.start, weights, len(line.times))
    at = np.flatnonzero(entering)
    jumps, at_risk = entering[at], line.at_risk(weights)[at]
    return Limit(
        at=at,
        jumps=jumps,
        at_risk=at_risk,
        first=np.searchsorted(at, line.start, side="left"),
        last=np.searchsorted(at, line.stop, side="right"),
        is_jump=np.ones(len(weights), dtype=bool),
        is_entry=True,
        side="left",
        spare=at_risk - jumps,
    )
