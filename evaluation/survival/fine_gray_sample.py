"""Rows of a Fine-Gray model in order of time, and sums over its two-sided risk sets.

At time t a risk set holds everybody still under observation and, behind t, those who left by a
competing cause, with weight G(t-)/G(T-), where G is the survival of censoring.  The first part
is a sum taken backwards over times, the second one taken forwards of rows over G(T-), times
G(t-): no row is ever split, and a pass costs O(n p^2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.survival.fine_gray_kernel import two_sided
from evaluation.survival.timeline import row_weights, summed, timeline

Definition = Literal["crr", "finegray", "finegray-breslow"]
# A risk set for censoring that is this small beside the largest one is rounding.
EMPTY = 1e-10


class RiskSets(NamedTuple):
    """What the derivatives need: risks of the rows, and sums at the event times.

    With d tied events of mean weight m and ``z_j = S0 - (j/d) D0`` (Efron; for Breslow S0),
    ``a0 = sum m/z``, ``a1 = sum m (j/d)/z``, and ``b0 b1 b2`` the sums of ``m (j/d)^k / z^2``.
    """

    risk: FloatArray
    kept: FloatArray
    s1: FloatArray
    d1: FloatArray
    a0: FloatArray
    a1: FloatArray
    b0: FloatArray
    b1: FloatArray
    b2: FloatArray
    log_z: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """Checked rows in order of time.

    Attributes
    ----------
    X : np.ndarray
        Covariates, centred and scaled so that Newton's steps can be compared.
    centre, scale : np.ndarray
        What was taken off and divided by.
    weights, stop : np.ndarray
        Case weights, and exits as positions on a grid of times, ascending.
    event, competing : np.ndarray
        Who left by the studied cause, and who by another one; the rest is censored.
    times : np.ndarray
        The grid.
    rows : np.ndarray
        Position of each row in the input; rows of weight 0 are left out.
    definition : str
        Whose ties: see `fine_gray.fit`.
    at, begin, end : np.ndarray
        Times of the studied event as positions on the grid, and the range of their rows.
    seen : np.ndarray
        Number of event times up to each row's exit.
    tied : np.ndarray
        Event time of each event.
    censoring : Censoring
        The distribution of censoring.
    """

    X: FloatArray
    centre: FloatArray
    scale: FloatArray
    weights: FloatArray
    stop: IntArray
    event: BoolArray
    competing: BoolArray
    times: FloatArray
    rows: IntArray
    definition: Definition
    at: IntArray
    begin: IntArray
    end: IntArray
    seen: IntArray
    tied: IntArray
    censoring: Censoring

    def derivatives(self, beta: FloatArray) -> tuple[float, FloatArray, FloatArray]:
        """Return log-likelihood, score and information on the scaled covariates."""
        eta = self.X @ beta
        sets = self._risk_sets(eta)
        own = self.weights * self.event
        loglik = float(own @ eta) - sets.log_z
        score = own @ self.X - (sets.a0 @ sets.s1 - sets.a1 @ sets.d1)
        # The rows' squares: each with the hazard that it was exposed to, whole or in part.
        hazard, later = self._spread(sets.a0)
        exposed = sets.risk * hazard + sets.kept * later
        exposed[self.event] -= sets.risk[self.event] * sets.a1[self.tied]
        cross = (sets.b1[:, None] * sets.s1).T @ sets.d1
        means = (sets.b0[:, None] * sets.s1).T @ sets.s1
        means += (sets.b2[:, None] * sets.d1).T @ sets.d1 - cross - cross.T
        return loglik, score, (self.X * exposed[:, None]).T @ self.X - means

    def influence(self, coef: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return each row's weighted part of the score, and its part through G; scaled X.

        They are ``eta`` and ``psi`` of Fine and Gray (1999, section 5).
        """
        sets = self._risk_sets(self.X @ (coef * self.scale))
        drift = sets.b0[:, None] * sets.s1 - sets.b1[:, None] * sets.d1
        hazard, later = self._spread(sets.a0)
        score = -self.X * (sets.risk * hazard + sets.kept * later)[:, None]
        for k in range(self.X.shape[1]):
            moved, moved_later = self._spread(drift[:, k])
            score[:, k] += sets.risk * moved + sets.kept * moved_later
        e, tied = self.event, self.tied
        weight = summed(tied, self.weights[e], len(self.at))[:, None]
        mean = (sets.a0[:, None] * sets.s1 - sets.a1[:, None] * sets.d1) / weight
        tie = sets.b1[:, None] * sets.s1 - sets.b2[:, None] * sets.d1
        own = self.X[e]
        score[e] += self.weights[e, None] * (own - mean[tied])
        score[e] += sets.risk[e, None] * (own * sets.a1[tied, None] - tie[tied])
        return score, self._through_censoring(sets, drift)

    def hazard(self, coef: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return event times and the cumulative subdistribution hazard at X = 0."""
        sets = self._risk_sets(self.X @ (coef * self.scale))
        baseline = np.cumsum(sets.a0) * np.exp(-float(self.centre @ coef))
        return self.times[self.at], baseline

    def without(self, leave: BoolArray) -> Sample:
        """Return the sample without the rows that `leave` marks, G estimated anew."""
        keep = ~leave
        return arranged(
            X=self.X[keep],
            centre=self.centre,
            scale=self.scale,
            weights=self.weights[keep],
            stop=self.stop[keep],
            event=self.event[keep],
            competing=self.competing[keep],
            times=self.times,
            rows=self.rows[keep],
            definition=self.definition,
        )

    def _risk_sets(self, eta: FloatArray) -> RiskSets:
        """Sum over the risk set of every event time."""
        risk = self.weights * np.exp(eta)
        kept = risk * self.censoring.inverse
        before = self.censoring.before[self.at]
        s0, s1, d0, d1 = two_sided(self.X, risk, kept, self.event, self.begin, self.end, before)
        d = np.bincount(self.tied)
        first = np.cumsum(d) - d
        share = np.zeros(len(self.tied))
        if self.definition == "finegray":
            share = (np.arange(len(self.tied)) - first[self.tied]) / d[self.tied]
        z = s0[self.tied] - share * d0[self.tied]
        m = (np.add.reduceat(self.weights[self.event], first) / d)[self.tied]

        def over_ties(values: FloatArray) -> FloatArray:
            return np.asarray(np.add.reduceat(values, first))

        return RiskSets(
            risk=risk,
            kept=kept,
            s1=s1,
            d1=d1,
            a0=over_ties(m / z),
            a1=over_ties(m * share / z),
            b0=over_ties(m / z**2),
            b1=over_ties(m * share / z**2),
            b2=over_ties(m * share**2 / z**2),
            log_z=float(m @ np.log(z)),
        )

    def _spread(self, increments: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return sums of what happens at event times, up to each row's exit and behind it.

        Behind it each increment counts with G(t-).
        """
        upto = np.concatenate([[0.0], np.cumsum(increments)])
        kept = np.cumsum(self.censoring.before[self.at] * increments)
        behind = kept[-1] - np.concatenate([[0.0], kept])
        return upto[self.seen], behind[self.seen]

    def _through_censoring(self, sets: RiskSets, drift: FloatArray) -> FloatArray:
        """Return what each row contributes to the score by its part in the estimate of G.

        A censoring at u takes weight from those who left by a competing cause before it, in
        the risk sets after it: ``q(u)``, over who could be censored at u.  Fine and Gray write
        it for times without ties, and ``crr`` takes ``T < u <= s`` to the letter.  With events
        before censorings (``finegray``) it is the derivative of the product limit as it
        stands: ``T <= u < s``, and another ``1 - dLambda(u)``.
        """
        own = self.definition == "crr"
        g = self.censoring
        earlier = np.searchsorted(self.stop, g.at, side="left" if own else "right")
        ahead = np.searchsorted(self.at, g.at, side="left" if own else "right")
        lost = g.at_risk if own else g.at_risk - g.censored
        some = lost > EMPTY * g.at_risk.max(initial=0.0)
        share = np.divide(1.0, lost, out=np.zeros_like(lost), where=some)
        hazard = np.where(some, g.censored / g.at_risk, 0.0)
        is_censored = ~(self.event | self.competing)
        passed = np.searchsorted(g.at, self.stop, side="right")
        if not own:
            passed -= np.isin(self.stop, g.at) & ~is_censored
        before = g.before[self.at]
        rest = _behind(before * sets.a0)[ahead]
        gone = np.concatenate([[0.0], np.cumsum(sets.kept)])[earlier]
        psi = np.empty_like(self.X)
        for k in range(self.X.shape[1]):
            mean = np.concatenate([[0.0], np.cumsum(sets.kept * self.X[:, k])])[earlier]
            q = (mean * rest - gone * _behind(before * drift[:, k])[ahead]) * share
            spent = np.concatenate([[0.0], np.cumsum(q * hazard)])
            psi[:, k] = -spent[passed]
            psi[is_censored, k] += q[passed[is_censored] - 1]
        return np.asarray(g.weights[:, None] * psi)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Censoring:
    """The survival of censoring.

    Attributes
    ----------
    before : np.ndarray
        G just before each time of the grid.
    inverse : np.ndarray
        1 / G(T-) of the rows that left by a competing cause, 0 for all others.
    at, at_risk, censored : np.ndarray
        Times with censorings as positions on the grid, who could be censored and who was.
    weights : np.ndarray
        What each row counts for: R's ``finegray`` counts rows, not weights.
    """

    before: FloatArray
    inverse: FloatArray
    at: IntArray
    at_risk: FloatArray
    censored: FloatArray
    weights: FloatArray

    @classmethod
    def of(
        cls,
        weights: FloatArray,
        stop: IntArray,
        event: BoolArray,
        competing: BoolArray,
        n_times: int,
        definition: Definition,
    ) -> Censoring:
        """Estimate it from rows in order of time.

        In ``crr`` everybody who leaves at t may still be censored at t; in ``finegray`` events
        come before.
        """
        if definition != "crr":
            weights = np.ones_like(weights)
        left = event | competing
        leaving = summed(stop, weights, n_times)
        censored = summed(stop[~left], weights[~left], n_times)
        at_risk: FloatArray = np.cumsum(leaving[::-1])[::-1]
        if definition != "crr":
            at_risk = at_risk - (leaving - censored)
        at = np.flatnonzero(censored)
        hazard = np.zeros(n_times)
        hazard[at] = np.minimum(censored[at] / at_risk[at], 1.0)
        before = np.concatenate([[1.0], np.cumprod(1.0 - hazard)[:-1]])
        inverse = np.zeros(len(stop))
        inverse[competing] = 1.0 / before[stop[competing]]
        return cls(
            before=before,
            inverse=inverse,
            at=at,
            at_risk=at_risk[at],
            censored=censored[at],
            weights=weights,
        )


def arranged(
    *,
    X: FloatArray,
    centre: FloatArray,
    scale: FloatArray,
    weights: FloatArray,
    stop: IntArray,
    event: BoolArray,
    competing: BoolArray,
    times: FloatArray,
    rows: IntArray,
    definition: Definition,
) -> Sample:
    """Return the sample of rows in order of time, with event times and censoring."""
    happened = stop[event]
    if not len(happened):
        raise DesignError("no row leaves by the studied cause: nothing to fit")
    at, tied = np.unique(happened, return_inverse=True)
    return Sample(
        X=X,
        centre=centre,
        scale=scale,
        weights=weights,
        stop=stop,
        event=event,
        competing=competing,
        times=times,
        rows=rows,
        definition=definition,
        at=at,
        begin=np.searchsorted(stop, at).astype(np.int64),
        end=np.searchsorted(stop, at, side="right").astype(np.int64),
        seen=np.searchsorted(at, stop, side="right").astype(np.int64),
        tied=tied.astype(np.int64),
        censoring=Censoring.of(weights, stop, event, competing, len(times), definition),
    )


def take_sample(
    exit: ArrayLike,  # noqa: A002
    cause: ArrayLike,
    X: ArrayLike,
    *,
    of: int,
    weights: ArrayLike | None,
    definition: Definition,
) -> Sample:
    """Check the rows and put them in order of time."""
    exits = np.asarray(exit, dtype=np.float64)
    n = len(exits)
    columns = np.asarray(X, dtype=np.float64)
    columns = columns[:, None] if columns.ndim == 1 else columns
    if columns.ndim != 2 or len(columns) != n or not columns.shape[1]:
        raise ValueError("X must have one row per exit and at least one column")
    if not np.isfinite(columns).all():
        raise ValueError("X holds values that are missing or infinite")
    causes = np.asarray(cause)
    if causes.shape != (n,) or not (np.floor(causes) == causes).all() or (causes < 0).any():
        raise ValueError("cause must be 0 (censored), 1, 2, ..., one per row")
    if of < 1:
        raise ValueError(f"of={of} is no cause; causes are numbered from 1")
    weight = row_weights(weights, n)
    rows = np.flatnonzero(weight > 0)
    line = timeline(exits[rows])
    order = np.argsort(line.stop, kind="stable")
    rows, stop = rows[order], line.stop[order]
    chosen = columns[rows]
    centre = np.average(chosen, axis=0, weights=weight[rows])
    spread = chosen.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    return arranged(
        X=(chosen - centre) / scale,
        centre=centre,
        scale=scale,
        weights=weight[rows],
        stop=stop,
        event=causes[rows] == of,
        competing=(causes[rows] != of) & (causes[rows] > 0),
        times=line.times,
        rows=rows,
        definition=definition,
    )


def _behind(values: FloatArray) -> FloatArray:
    """Return sums from each position to the end, and 0 after it."""
    total = np.cumsum(values)
    return np.asarray(total[-1] - np.concatenate([[0.0], total]))
