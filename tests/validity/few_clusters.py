"""Studies with few clusters and no effect, many at a time, and the test that judges them.

Scores and rare events are drawn as each cluster's number, mean and sum of squares, durations as
its counts by time and way of leaving.  From these the test is computed for all studies at once;
`public_p` puts one study through the public functions, row by row, and gives the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# Log-normal spread of cluster sizes, and how many times larger treated clusters are; None: as
# after 1:1 matching both arms have the same rows in all.
SIZES: dict[str, tuple[float, float | None]] = {
    "equal": (0.0, 1.0),
    "unequal, matched": (0.5, None),
    "very unequal, matched": (1.0, None),
    "unequal, treated larger": (0.5, 3.0),
}
ROWS_PER_CLUSTER = 25
RARE = 0.03
# Durations: periods to the horizon, shares with the event, another event, and censored by then.
PERIODS, EVENT, OTHER, LOST = 8, 0.4, 0.15, 0.2
LEAST_EFFECTIVE = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One design and one law of the clusters' shocks.

    `law` is ``normal``, ``skew 1``, ``skew 2`` (gamma, exponential) or ``rare``; `ratio` says
    how many times as widely treated clusters scatter, `effect` is in persons' standard
    deviations.
    """

    outcome: str
    treated: int
    comparison: int
    sizes: str
    law: str
    icc: float
    ratio: float
    effect: float = 0.0

    @property
    def is_treated(self) -> Mask:
        """Which clusters are treated."""
        return np.arange(self.treated + self.comparison) < self.treated

    def generator(self, start: int = 0) -> np.random.Generator:
        """Return the random numbers of this cell's studies from a start on."""
        laws = ("normal", "skew 1", "skew 2", "rare")
        numbers = (round(1000 * one) for one in (self.icc, self.ratio, self.effect))
        return np.random.default_rng(
            [
                *(start, ord(self.outcome[0]), self.treated, self.comparison),
                *(list(SIZES).index(self.sizes), laws.index(self.law), *numbers),
            ]
        )


Scores: TypeAlias = tuple[Floats, Floats, Floats]
Counts: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Per study: estimate, variance of each arm, what persons alone give, clusters' shares."""

    estimate: Floats
    variance: tuple[Floats, Floats]
    floor: tuple[Floats, Floats]
    shares: tuple[Floats, Floats]
    constant: Mask

    @property
    def effective(self) -> Floats:
        """Return the smaller effective number of clusters."""
        return np.minimum(*(1.0 / (w**2).sum(axis=1) for w in self.shares))

    @property
    def refused(self) -> Mask:
        """Which studies are refused: too few effective clusters, or an arm that is constant."""
        return np.asarray((self.effective < LEAST_EFFECTIVE - 1e-9) | self.constant)

    def p_values(self) -> Floats:
        """Return the p-value of the test: floored variances, Bell-McCaffrey degrees, Welch."""
        parts = [np.maximum(v, f) for v, f in zip(self.variance, self.floor, strict=True)]
        dof = [_cluster_dof(w) for w in self.shares]
        total = parts[0] + parts[1]
        apart = parts[0] ** 2 / dof[0] + parts[1] ** 2 / dof[1]
        welch = total**2 / np.where(apart > 0, apart, 1.0)
        return _p(self.estimate, total, welch)

    def fallback(self) -> Floats:
        """Return the p-value on the smaller effective number less one degrees, no floor."""
        return _p(self.estimate, self.variance[0] + self.variance[1], self.effective - 1.0)


def drawn(cell: Cell, runs: int, start: int = 0) -> Scores | Counts:
    """Return studies of a cell."""
    make = scores if cell.outcome == "scores" else durations
    return make(cell, runs, start)


def judge(cell: Cell, data: Scores | Counts, *, weeks: bool) -> Judged:
    """Return what the test knows of each study."""
    if isinstance(data, tuple):
        return judge_scores(*data, cell.is_treated)
    return judge_durations(data, cell.is_treated, weeks=weeks)


def scores(cell: Cell, runs: int, start: int = 0) -> Scores:
    """Return cluster sizes, means and sums of squares within, each (runs, n_clusters)."""
    rng, treated = cell.generator(start), cell.is_treated
    n, r = _rows(rng, cell, runs), np.where(treated, cell.ratio, 1.0)
    if cell.law == "rare":
        spread = (0.5 * r) ** 2
        share = np.clip(RARE * rng.gamma(1.0 / spread, spread, n.shape), 0.0, 1.0)
        hits = rng.binomial(n.astype(np.int64), share).astype(np.float64)
        return n, hits / n, hits * (1.0 - hits / n)
    # Persons' dispersion moves half as far as that of the shocks.
    person = 1.0 + (r - 1.0) / 2.0
    shock = _shocks(rng, cell.law, n.shape) * r * sqrt(cell.icc / (1.0 - cell.icc))
    mean = cell.effect * treated + shock + rng.normal(0.0, 1.0, n.shape) * person / np.sqrt(n)
    return n, mean, person**2 * rng.chisquare(n - 1.0)


def durations(cell: Cell, runs: int, start: int = 0) -> Counts:
    """Return counts (runs, n_clusters, PERIODS, 3): who leaves when, by event, other, censored.

    The shock is on the share with the event by the horizon, so that its mean is the same in
    both arms.
    """
    rng, treated = cell.generator(start), cell.is_treated
    n, r = _rows(rng, cell, runs), np.where(treated, cell.ratio, 1.0)
    if cell.law == "rare":
        spread = (0.5 * r) ** 2
        share = RARE * rng.gamma(1.0 / spread, spread, n.shape)
    else:
        sd = sqrt(EVENT * (1.0 - EVENT))
        shock = _shocks(rng, cell.law, n.shape) * r * sd * sqrt(cell.icc / (1.0 - cell.icc))
        share = EVENT + cell.effect * sd * treated + shock
    share = np.clip(share, 0.0, 0.99 - OTHER)
    seen = 1.0 - LOST * np.arange(PERIODS) / (PERIODS - 1)
    part = np.full(PERIODS, 1.0 / PERIODS)
    events = np.stack(
        [share[..., None] * part, np.broadcast_to(OTHER * part, (*n.shape, PERIODS))], -1
    )
    left = 1.0 - events.sum(axis=-1).cumsum(axis=-1)
    after = np.append(seen[1:], 0.0)
    cells = np.concatenate(
        [events * seen[:, None], (left * (seen - after))[..., None]], axis=-1
    )
    flat = rng.multinomial(
        n.astype(np.int64), cells.reshape(*n.shape, -1) / cells.sum((-1, -2))[..., None]
    )
    return np.asarray(flat.reshape(cells.shape), dtype=np.int64)


def judge_scores(n: Floats, mean: Floats, within: Floats, treated: Mask) -> Judged:
    """Return the difference in means of each study and its variances."""
    spare = (n - 1.0).sum(axis=1)
    pooled = within.sum(axis=1) / np.where(spare > 0, spare, 1.0)
    estimate, variance, floor, shares = np.zeros(len(n)), [], [], []
    constant = np.zeros(len(n), dtype=bool)
    for sign, arm in ((1.0, treated), (-1.0, ~treated)):
        w = n[:, arm] / n[:, arm].sum(axis=1, keepdims=True)
        middle = (w * mean[:, arm]).sum(axis=1, keepdims=True)
        estimate = estimate + sign * middle[:, 0]
        moved = w * (mean[:, arm] - middle) / (1.0 - w)
        variance.append(_cv3(moved))
        constant |= (within[:, arm].sum(axis=1) + variance[-1]) == 0
        floor.append(pooled / n[:, arm].sum(axis=1))
        shares.append(w)
    return _judged(estimate, variance, floor, shares, constant)


def judge_durations(counts: Counts, treated: Mask, *, weeks: bool) -> Judged:
    """Return the difference in incidence at the horizon, or in its area, and its variances."""
    functional = (
        np.r_[np.ones(PERIODS - 1), 0.0] if weeks else np.r_[np.zeros(PERIODS - 1), 1.0]
    )
    c = counts.astype(np.float64)
    n = c.sum(axis=(2, 3))
    estimate, variance, sizes, squares, shares = np.zeros(len(c)), [], [], [], []
    constant = np.zeros(len(c), dtype=bool)
    for sign, arm in ((1.0, treated), (-1.0, ~treated)):
        own = c[:, arm]
        total = own.sum(axis=1)
        value, psi = _incidence(total, functional, influence=True)
        constant |= value == 0
        left_out, _ = _incidence(total[:, None] - own, functional)
        estimate = estimate + sign * value
        variance.append(_cv3(left_out - value[:, None]))
        weight = n[:, arm].sum(axis=1)
        sums = (own * psi[:, None]).sum(axis=(2, 3))
        square = (own * psi[:, None] ** 2).sum(axis=(2, 3))
        squares.append(((square - sums**2 / n[:, arm]).sum(axis=1)) * weight**2)
        sizes.append(weight)
        shares.append(n[:, arm] / weight[:, None])
    pooled = (squares[0] + squares[1]) / (n - 1.0).sum(axis=1)
    return _judged(estimate, variance, [pooled / size for size in sizes], shares, constant)


def public_p(cell: Cell, data: Scores | Counts, k: int, *, weeks: bool = False) -> float:
    """Return the p-value that the public functions give the k-th study; NaN if refused."""
    import evaluation as ev

    if isinstance(data, tuple):
        n, mean, within = (part[k] for part in data)
        values = [_values(*one) for one in zip(n, mean, within, strict=True)]
        town = np.repeat(np.arange(len(n)), n.astype(np.int64))
        frame = pd.DataFrame({"town": town, "y": np.concatenate(values)})
        return ev.mean_difference(_unmatched(frame, cell.is_treated), "y").p_value
    make = ev.time_since_event if weeks else ev.incidence
    return make(*_durations(cell, data[k]), float(PERIODS)).p_value


def public_hazard_ps(cell: Cell, runs: int) -> Floats:
    """Return the p-values that the public function gives hazard ratios; NaN if refused."""
    import evaluation as ev

    data = durations(cell, runs)
    return np.array([ev.hazard_ratio(*_durations(cell, one)).p_value for one in data])


def _durations(cell: Cell, counts: Counts) -> tuple[Any, Any]:
    """Return the rows behind one study's counts as the public functions take them."""
    import evaluation as ev

    town, period, way = (
        np.repeat(one.ravel(), counts.ravel()) for one in np.indices(counts.shape)
    )
    words = np.array(["event", "other", None], dtype=object)
    frame = pd.DataFrame({"town": town, "time": period + 1.0, "way": words[way]})
    d = ev.Duration(exit="time", event="way", of="event", competing=("other",))
    return _unmatched(frame, cell.is_treated), d


def _unmatched(frame: pd.DataFrame, treated: Mask) -> Any:
    import evaluation as ev

    roles = ev.Roles(unit="person", treatment="arm", cluster="town")
    arm = treated[frame["town"].to_numpy()]
    return ev.unmatched(frame.assign(person=range(len(frame)), arm=arm), roles)


def _values(n: float, mean: float, within: float) -> Floats:
    """Return values with this number, mean and sum of squares."""
    size = int(n)
    if size == 1:
        return np.array([mean])
    apart = np.r_[1.0, -1.0, np.zeros(size - 2)] / sqrt(2.0)
    return mean + sqrt(within) * apart


def _shocks(rng: np.random.Generator, law: str, shape: tuple[int, ...]) -> Floats:
    """Return shocks of mean 0 and variance 1."""
    if law == "normal":
        return rng.normal(0.0, 1.0, shape)
    # A gamma of shape k has skewness 2 / sqrt(k).
    k = 4.0 if law == "skew 1" else 1.0
    return np.asarray((rng.gamma(k, 1.0, shape) - k) / sqrt(k))


def _rows(rng: np.random.Generator, cell: Cell, runs: int) -> Floats:
    """Return cluster sizes of each study."""
    spread, larger = SIZES[cell.sizes]
    treated = cell.is_treated
    part = np.exp(rng.normal(0.0, spread, (runs, len(treated))))
    total = float(ROWS_PER_CLUSTER * len(treated))
    if larger is None:
        for arm in (treated, ~treated):
            part[:, arm] *= total / 2.0 / part[:, arm].sum(axis=1, keepdims=True)
    else:
        part[:, treated] *= larger
        part *= total / part.sum(axis=1, keepdims=True)
    return np.maximum(np.rint(part), 2.0)


def _incidence(
    c: Floats, functional: Floats, *, influence: bool = False
) -> tuple[Floats, Floats]:
    """Return a weighted sum of the first cause's incidence from counts (..., PERIODS, 3).

    And each leaver's influence on it, by time and way of leaving, if asked for.
    """
    gone = c.sum(axis=-1)
    at_risk = gone[..., ::-1].cumsum(axis=-1)[..., ::-1]
    safe = np.where(at_risk > 0, at_risk, 1.0)
    hazard, other = c[..., 0] / safe, c[..., 1] / safe
    stay = 1.0 - hazard - other
    before = np.concatenate(
        [np.ones((*stay.shape[:-1], 1)), stay.cumprod(axis=-1)[..., :-1]], -1
    )
    steps = before * hazard
    curve = steps.cumsum(axis=-1)
    value = curve @ functional
    if not influence:
        return value, value
    tail = functional[::-1].cumsum()[::-1]
    gain = tail * before / safe
    ahead = (functional * curve)[..., ::-1].cumsum(axis=-1)[..., ::-1] - tail * curve
    loss = np.where(stay > 1e-12, ahead / (safe * np.where(stay > 1e-12, stay, 1.0)), 0.0)
    during = (loss * (hazard + other) - gain * hazard).cumsum(axis=-1)
    return value, np.stack([during + gain - loss, during - loss, during], axis=-1)


def _cv3(moved: Floats) -> Floats:
    k = moved.shape[1]
    return np.asarray((k - 1) / k * (moved**2).sum(axis=1))


def _judged(
    estimate: Floats,
    variance: list[Floats],
    floor: list[Floats],
    shares: list[Floats],
    constant: Mask,
) -> Judged:
    return Judged(
        estimate=estimate,
        variance=(variance[0], variance[1]),
        floor=(floor[0], floor[1]),
        shares=(shares[0], shares[1]),
        constant=constant,
    )


def _cluster_dof(w: Floats) -> Floats:
    """Return `evaluation.inference.jackknife.cluster_dof` of each study."""
    c, s = (w / (1.0 - w)) ** 2, (w**2).sum(axis=1)
    own, pair = 1.0 - 2.0 * w + s[:, None], s[:, None] - 2.0 * w
    a, b, d = (np.asarray((c * w**power).sum(axis=1)) for power in range(3))
    pairs = s**2 * a**2 + 2.0 * a * d - 4.0 * s * a * b + 2.0 * b**2
    spread = (c**2 * (own**2 - pair**2)).sum(axis=1) + pairs
    return np.asarray((c * own).sum(axis=1) ** 2 / spread)


def _p(estimate: Floats, variance: Floats, dof: Floats) -> Floats:
    """Return two-sided p-values, NaN where nothing varies or no degree is left."""
    from scipy.special import stdtr

    known = (variance > 0) & (dof > 0)
    error = np.sqrt(np.where(known, variance, 1.0))
    return np.where(
        known, 2.0 * stdtr(np.where(known, dof, 1.0), -np.abs(estimate) / error), np.nan
    )
