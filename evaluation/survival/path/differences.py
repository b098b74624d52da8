"""Differences between arms over weeks, with one covariance for all that is read from them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.arms import ARMS
from evaluation.estimates import Effect
from evaluation.inference import variation
from evaluation.inference.jackknife import NO_FLOOR, Uncertainty, persons_alone
from evaluation.notes import Note
from evaluation.survival.basis import Units, units_of
from evaluation.survival.path.weekly_shares import Weekly

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PathDifferences:
    """Weekly shares of both arms on the rows used, and how they move with each unit.

    `counted` are the statuses that count.  `shares` has the treated, then the comparison,
    (2, n_weeks); `moved` is (2, n_units, n_weeks): each arm's shares with a unit left out less
    the shares under the jackknife, influence of each unit otherwise; None where inference is
    refused.  `alone` is the covariance that persons alone give each arm, (2, n_weeks, n_weeks),
    None where it is not known.
    """

    units: Units
    table: Weekly
    counted: IntArray
    shares: FloatArray
    moved: FloatArray | None
    alone: FloatArray | None
    notes: tuple[str, ...]

    def uncertainty(self, functional: FloatArray) -> Uncertainty | Note | None:
        """Return the uncertainty of a weighted sum of the differences over weeks, if any."""
        largest = float(np.abs(functional).sum())
        moved = None if self.moved is None else self.moved @ functional
        for k, arm in enumerate(ARMS):
            is_still = moved is not None and variation.is_still(moved[k], largest)
            if is_still or variation.are_edges(self.shares[k, functional != 0]):
                return variation.constant(arm, "who is in the status")
        if moved is None:
            return None
        floor = NO_FLOOR if self.alone is None else self.alone @ functional @ functional
        return self.units.moved_by(moved[0] - moved[1], floor, largest=largest)

    def bands(
        self, *, draws: int, seed: int | None, accumulate: BoolArray | None = None
    ) -> tuple[FloatArray, FloatArray, float]:
        """Return errors, degrees of freedom and the band's reach in errors, week by week.

        Of the differences, or of their sums over the weeks to `accumulate`.
        """
        n = self.table.n_weeks
        functionals = np.eye(n)
        if accumulate is not None:
            functionals = np.triu(np.ones((n, n)))[:, accumulate] * accumulate[:, None]
        found = [self.uncertainty(column) for column in functionals.T]
        error, dof = np.full((2, len(found)), math.nan)
        for k, one in enumerate(found):
            if isinstance(one, Uncertainty):
                error[k], dof[k] = one.std_error, one.dof
        known = ~np.isnan(error)
        if self.moved is None or not known.any():
            return error, dof, math.nan
        moved = (self.moved[0] - self.moved[1]) @ functionals[:, known]
        return error, dof, self.units.reach(moved, dof[known], draws=draws, seed=seed)

    def arm_error(self, *, treated: bool) -> tuple[FloatArray, float]:
        """Return errors and degrees of freedom of one arm's shares."""
        if self.moved is None:
            return np.full(self.table.n_weeks, np.nan), math.nan
        return self.units.arm_error(self.moved[0 if treated else 1], treated=treated)

    def counts(self, positions: IntArray, *, treated: bool) -> tuple[FloatArray, FloatArray]:
        """Return rows in the statuses and rows observed in one arm, week by week."""
        own = (self.units.treated == treated).astype(np.float64)[:, None]
        inside, seen = self.table.totals(own, positions)
        return inside[0], seen[0]

    def share_of(self, position: int, *, treated: bool) -> FloatArray:
        """Return one arm's weighted share in one status, week by week."""
        units = self.units
        own = np.where(units.treated == treated, units.weights, 0.0)[:, None]
        inside, seen = self.table.totals(own, np.array([position]))
        return np.asarray(inside[0] / seen[0])

    def accumulated(self, horizon: int, *, time: IntArray, outcome: str) -> Effect:
        """Return the difference in weeks accumulated from week 1 to a horizon."""
        chosen = (time >= 1) & (time <= horizon)
        functional = chosen.astype(np.float64)
        return self.units.effect(
            outcome=outcome,
            term=f"accumulated_weeks_{horizon}",
            estimate=float((self.shares[0] - self.shares[1]) @ functional),
            treated_mean=float(self.shares[0] @ functional),
            estimator="weekly shares",
            uncertainty=self.uncertainty(functional),
            notes=self.notes,
        )


def path_differences(
    m: Matched, table: Weekly, counted: IntArray, lags: tuple[int, ...], level: float
) -> PathDifferences:
    """Estimate both arms' weekly shares and how they move with each unit.

    Refuses an arm that is empty, or of which nobody is observed in a week.
    """
    rows = np.flatnonzero(m.weights > 0)
    units, used = units_of(m, rows, level=level), table.of(rows)
    arms = np.column_stack([units.weights * units.treated, units.weights * ~units.treated])
    inside, seen = used.totals(arms, counted)
    if not (seen > 0).all():
        arm, week = np.argwhere(seen <= 0)[0].tolist()
        raise DesignError(
            f"no {ARMS[arm]} row is observed in week {lags[week]} (and perhaps in others); "
            "shorten `weeks`"
        )
    shares = inside / seen
    moved: FloatArray | None = None
    alone: FloatArray | None = None
    notes: tuple[str, ...] = ()
    if units.decision.method == "jackknife":
        if m.weighting is None:
            alone = _alone(units, used, counted, arms)
        moved, notes = _left_out(m, rows, units, used, counted, shares)
    elif not units.decision.is_refused:
        influence = (used.influence(own, counted, units.unit, units.n_units) for own in arms.T)
        moved = np.stack(list(influence))
    return PathDifferences(
        units=units,
        table=used,
        counted=counted,
        shares=shares,
        moved=moved,
        alone=alone,
        notes=notes,
    )


def _alone(units: Units, table: Weekly, counted: IntArray, arms: FloatArray) -> FloatArray:
    """Return the covariance that persons alone give each arm's shares."""
    n = len(units.weights)
    rows = sum(table.influence(own, counted, np.arange(n), n) for own in arms.T)
    return persons_alone(
        np.asarray(rows), units.weights, units.unit, units.treated, person=units.person
    )


def _left_out(
    m: Matched,
    rows: IntArray,
    units: Units,
    table: Weekly,
    counted: IntArray,
    shares: FloatArray,
) -> tuple[FloatArray | None, tuple[str, ...]]:
    """Return both arms' shares without each cluster less the shares, or why there are none."""
    try:
        replicate = m.reweigh_without_each(rows)
    except DesignError as error:
        return None, (variation.no_replicate(error),)
    moved = []
    for share, own in zip(shares, (units.treated, ~units.treated), strict=True):
        inside, seen = table.totals(replicate * own[:, None], counted)
        if not (seen > 0).all():
            return None, (variation.no_replicate("an arm is not observed in a week"),)
        moved.append(inside / seen - share)
    return np.stack(moved), ()
