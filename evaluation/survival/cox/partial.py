"""Partial likelihoods: sums over the risk sets of event times, and what follows from them.

Cox's and Fine and Gray's models differ in who is at risk when, and in nothing else.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Self

import numpy as np

from evaluation.arrays import BoolArray, FloatArray, IntArray, summed
from evaluation.survival.cox import kernels
from evaluation.survival.cox.newton import Likelihood
from evaluation.survival.timeline import upto


class EventTimes(NamedTuple):
    """Where rows stand to the times of the studied event.

    So many are `seen` by a row's exit, and `missed` before it is at risk.  Events have `rows`
    and stand `tied` at a time, where there are `d` of them with mean weight `m`.
    """

    seen: IntArray
    missed: IntArray
    rows: IntArray
    tied: IntArray
    d: IntArray
    m: FloatArray

    @classmethod
    def of(
        cls, seen: IntArray, missed: IntArray, event: BoolArray, weights: FloatArray
    ) -> EventTimes:
        """Find the events: the last time that such a row has seen is its own."""
        rows = np.flatnonzero(event)
        tied = seen[rows] - 1
        d = np.bincount(tied)
        return cls(seen, missed, rows, tied, d, summed(tied, weights[rows], len(d)) / d)


class Sums(NamedTuple):
    """Sums at event times, over the risk set (`s1`) and over its events (`d1`).

    With d tied events of mean weight m and ``z_j = S0 - (j/d) D0`` (Efron; for Breslow S0),
    ``a0 = sum m/z``, ``a1 = sum m (j/d)/z``, ``b0 b1 b2`` are the sums of ``m (j/d)^k / z^2``
    and `log_z` is ``sum m log z``: all of them need five scalar sums and one pass over X.
    """

    s1: FloatArray
    d1: FloatArray
    a0: FloatArray
    a1: FloatArray
    b0: FloatArray
    b1: FloatArray
    b2: FloatArray
    log_z: FloatArray

    def tilted(self, by: FloatArray | None) -> Self:
        """Return the sums with each time's multiplied by something."""
        if by is None:
            return self
        return self._replace(**{name: by * getattr(self, name) for name in self._fields[2:]})

    def means(self) -> FloatArray:
        """Return the risk sets' means, summed over tied events."""
        return np.asarray(self.a0[:, None] * self.s1 - self.a1[:, None] * self.d1)

    def drift(self) -> FloatArray:
        """Return the hazard's steps times the risk sets' means."""
        return np.asarray(self.b0[:, None] * self.s1 - self.b1[:, None] * self.d1)

    def tie(self) -> FloatArray:
        """Return the part of the drift to which tied events were not exposed."""
        return np.asarray(self.b1[:, None] * self.s1 - self.b2[:, None] * self.d1)

    def squares(self) -> FloatArray:
        """Return the summed squares of the risk sets' means, (p, p)."""
        cross = (self.b1[:, None] * self.s1).T @ self.d1
        own = (self.b0[:, None] * self.s1).T @ self.s1
        return np.asarray(own + (self.b2[:, None] * self.d1).T @ self.d1 - cross - cross.T)


@dataclass(frozen=True, kw_only=True, eq=False)
class PartialLikelihood(Likelihood):
    """Weighted rows by stratum of the baseline hazard and falling exit.

    `start` and `stop` are positions on `times`; some rows have the studied event then.
    """

    weights: FloatArray
    event: BoolArray
    start: IntArray
    stop: IntArray
    times: FloatArray

    @property
    @abstractmethod
    def is_efron(self) -> bool:
        """Whether tied events take each other out of the risk set by and by."""

    @property
    @abstractmethod
    def baseline(self) -> IntArray:
        """Each row's stratum of the baseline hazard."""

    @cached_property
    def plan(self) -> kernels.Walk:
        """How risk sets change."""
        return kernels.walk(self.stop, self.start, self.baseline)

    @cached_property
    def heads(self) -> IntArray:
        """The first row of each group of ties with events, by stratum and rising time."""
        heads = self.plan.begin[:-1]
        heads = heads[np.logical_or.reduceat(self.event, heads)]
        return heads[np.lexsort((self.stop[heads], self.baseline[heads]))]

    @cached_property
    def groups(self) -> IntArray:
        """These groups' places in the walk."""
        return np.searchsorted(self.plan.begin, self.heads)

    @property
    def at(self) -> IntArray:
        """The event times, as positions on the grid."""
        return self.stop[self.heads]

    @cached_property
    def events(self) -> EventTimes:
        """The event times, each stratum's own, and how rows stand to them."""
        key = self.baseline * (len(self.times) + 1)
        at = (key + self.stop)[self.heads]
        seen = np.searchsorted(at, key + self.stop, side="right")
        missed = np.searchsorted(at, key + self.start, side="left")
        return EventTimes.of(seen, missed, self.event, self.weights)

    def risk_sets(self, risk: FloatArray) -> tuple[FloatArray, ...]:
        """Return sums of risks and of risks times X: at risk, and with the event, by time."""
        slot = np.full(len(self.plan.first), -1)
        slot[self.groups] = np.arange(len(self.groups))
        return kernels.risk_sets(self.X, risk, self.event, self.plan, slot, len(self.groups))

    def exposure(self, risk: FloatArray, increments: FloatArray) -> FloatArray:
        """Return what happens at event times while each row is at risk, times its risk."""
        total = upto(increments)
        return np.asarray(risk * (total[self.events.seen] - total[self.events.missed]))

    def sums_at(self, coef: FloatArray) -> Sums:
        """Return the sums of some coefficients, at the centre of the covariates."""
        return self.sums(self.weights * np.exp(self.eta(coef)))

    def sums(self, risk: FloatArray) -> Sums:
        """Sum over the risk set of every event time."""
        d, m = self.events.d, self.events.m
        s0, s1, d0, d1 = self.risk_sets(risk)
        first, k = np.cumsum(d) - d, np.repeat(np.arange(len(d)), d)
        share = (np.arange(len(k)) - first[k]) / d[k] if self.is_efron else np.zeros(len(k))
        z, m = s0[k] - share * d0[k], m[k]
        parts = (m / z, m * share / z, m / z**2, m * share / z**2, m * share**2 / z**2)
        over_ties = (np.add.reduceat(part, first) for part in (*parts, m * np.log(z)))
        return Sums(s1, d1, *over_ties)

    def derivatives(
        self, beta: FloatArray, tilt: FloatArray | None = None
    ) -> tuple[float, FloatArray, FloatArray]:
        """Return log-likelihood, score and information on the scaled covariates.

        With a `tilt` each event time has its terms multiplied by it.
        """
        X, e, tied, eta = self.X, self.events.rows, self.events.tied, self.X @ beta
        risk = self.weights * np.exp(eta)
        sums = self.sums(risk).tilted(tilt)
        own = np.zeros(len(X))
        own[e] = self.weights[e] if tilt is None else self.weights[e] * tilt[tied]
        loglik = float(own @ eta - sums.log_z.sum())
        score = own @ X - (sums.a0 @ sums.s1 - sums.a1 @ sums.d1)
        # The rows' squares: each with the hazard that it was exposed to, whole or in part.
        exposed = self.exposure(risk, sums.a0)
        exposed[e] -= risk[e] * sums.a1[tied]
        return loglik, score, (X * exposed[:, None]).T @ X - sums.squares()

    def residuals(self, coef: FloatArray, tilt: FloatArray | None = None) -> FloatArray:
        """Return rows' score residuals, not weighted, on the scaled covariates, own order.

        A row's residual sums ``(x - mean(t)) dM(t)`` over its time at risk: differences of two
        cumulative curves, the hazard and the hazard times the risk-set mean; tied events were
        at risk for a part of their own time only.
        """
        X, e, tied = self.X, self.events.rows, self.events.tied
        risk = np.exp(self.eta(coef))
        plain = self.sums(self.weights * risk)
        mean = plain.means() / (self.events.d * self.events.m)[:, None]
        sums = plain.tilted(tilt)
        drift, tie = sums.drift(), sums.tie()
        found = -X * self.exposure(risk, sums.a0)[:, None]
        for k in range(X.shape[1]):
            found[:, k] += self.exposure(risk, drift[:, k])
        gain = X[e] - mean[tied]
        found[e] += gain if tilt is None else tilt[tied, None] * gain
        found[e] += risk[e, None] * (X[e] * sums.a1[tied, None] - tie[tied])
        return found
