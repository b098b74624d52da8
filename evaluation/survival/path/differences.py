"""Differences between arms over weeks, with one covariance for all that is read from them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.arms import ARMS
from evaluation.estimates import Effect
from evaluation.inference import randomisation
from evaluation.inference.gatekeeper import Decision, decide
from evaluation.inference.jackknife import (
    Uncertainty,
    arm_error,
    contributions,
    delete_one,
    effective_number,
    from_influence,
)
from evaluation.inference.judgement import Judgement
from evaluation.inference.simultaneous import critical_value
from evaluation.survival.basis import TESTS
from evaluation.survival.path.weekly_shares import Weekly
from evaluation.survival.timeline import summed

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PathDifferences:
    """Weekly shares of both arms on the rows used, and how they move with each unit.

    Attributes
    ----------
    m : Matched
        The comparison.
    table : Weekly
        Weeks of the rows used.
    counted : np.ndarray
        Statuses that count.
    treated, weights, unit : np.ndarray
        Arm, weight and unit of each row used.
    shares : np.ndarray
        Treated, then comparison, shape (2, n_weeks).
    moved : np.ndarray or None
        Shape (2, n_units, n_weeks): each arm's shares with a unit left out less the shares
        under the jackknife, influence of each unit otherwise; None where inference is refused.
    decision : Decision
        What the gatekeeper chose.
    notes : tuple of str
        What else a reader must know.
    """

    m: Matched
    table: Weekly
    counted: IntArray
    treated: BoolArray
    weights: FloatArray
    unit: IntArray
    shares: FloatArray
    moved: FloatArray | None
    decision: Decision
    notes: tuple[str, ...]

    def unit_weights(self) -> dict[str, FloatArray]:
        """Return the weight that each unit carries in each arm."""
        n = int(self.unit.max()) + 1
        return {
            f"{arm}_weight": summed(self.unit[own], self.weights[own], n)
            for arm, own in zip(ARMS, (self.treated, ~self.treated), strict=True)
        }

    def uncertainty(self, functional: FloatArray) -> Uncertainty | None:
        """Return the uncertainty of a weighted sum of the differences over weeks.

        None where inference is refused or nothing varies.
        """
        if self.moved is None:
            return None
        moved = (self.moved[0] - self.moved[1]) @ functional
        if self.decision.method == "jackknife":
            found = delete_one(0.0, moved, **self.unit_weights())
        else:
            found = from_influence(moved, **self.unit_weights())
        return found if found.std_error > 0 else None

    def bands(
        self, level: float, *, draws: int, seed: int, accumulate: BoolArray | None = None
    ) -> tuple[FloatArray, FloatArray, float]:
        """Return errors, degrees of freedom and the band's reach in errors, week by week.

        Of the differences, or of their sums over the weeks to `accumulate`.
        """
        n = self.table.n_weeks
        functionals = np.eye(n)
        if accumulate is not None:
            functionals = np.triu(np.ones((n, n)))[:, accumulate] * accumulate[:, None]
        found = [self.uncertainty(column) for column in functionals.T]
        error = np.array([math.nan if one is None else one.std_error for one in found])
        dof = np.array([math.nan if one is None else one.dof for one in found])
        if self.moved is None or np.isnan(error).all():
            return error, dof, math.nan
        moved = (self.moved[0] - self.moved[1]) @ functionals
        if self.decision.method == "jackknife":
            moved = contributions(moved, **self.unit_weights())
        fewest = float(np.nanmin(dof))
        return (
            error,
            dof,
            critical_value(moved, dof=fewest, level=level, draws=draws, seed=seed),
        )

    def arm_error(self, *, treated: bool) -> tuple[FloatArray, float]:
        """Return errors and degrees of freedom of one arm's shares."""
        weight = self.unit_weights()[f"{ARMS[0 if treated else 1]}_weight"]
        if self.moved is None:
            return np.full(self.table.n_weeks, np.nan), math.nan
        moved = self.moved[0 if treated else 1]
        if self.decision.method == "jackknife":
            return arm_error(moved, weight)
        return np.sqrt((moved**2).sum(axis=0)), effective_number(weight) - 1.0

    def counts(self, positions: IntArray, *, treated: bool) -> tuple[FloatArray, FloatArray]:
        """Return rows in the statuses and rows observed in one arm, week by week."""
        own = (self.treated == treated).astype(np.float64)[:, None]
        inside, seen = self.table.totals(own, positions)
        return inside[0], seen[0]

    def share_of(self, position: int, *, treated: bool) -> FloatArray:
        """Return one arm's weighted share in one status, week by week."""
        own = np.where(self.treated == treated, self.weights, 0.0)[:, None]
        inside, seen = self.table.totals(own, np.array([position]))
        return np.asarray(inside[0] / seen[0])

    def accumulated(
        self,
        horizon: int,
        *,
        time: NDArray[np.int64],
        outcome: str,
        level: float,
        draws: int,
        seed: int,
    ) -> Effect:
        """Return the difference in weeks accumulated from week 1 to a horizon."""
        chosen = (time >= 1) & (time <= horizon)
        functional = chosen.astype(np.float64)
        estimate = float((self.shares[0] - self.shares[1]) @ functional)
        found = self.uncertainty(functional)
        if found is not None:
            test = f"{TESTS[self.decision.method]}, t({found.dof:.1f})"
            judged = Judgement.of(found, estimate, level=level, test=test, notes=self.notes)
        elif self.decision.is_randomised:
            randomised = self._randomised(chosen, draws, seed)
            judged = Judgement.randomised(randomised, *self.notes, randomised.note)
        else:
            judged = Judgement.refused(*self.notes)
        return judged.on(
            Effect(
                outcome=outcome,
                term=f"accumulated_weeks_{horizon}",
                estimate=estimate,
                unit="weeks",
                estimand=self.m.estimand,
                method=f"{self.m.design}; weekly shares",
                n_treated=int(self.treated.sum()),
                n_comparison=int((~self.treated).sum()),
                n_clusters=self.decision.n_clusters,
                conf_level=level,
                notes=(*self.m.notes, self.decision.reason),
            )
        )

    def _randomised(
        self, chosen: BoolArray, draws: int, seed: int
    ) -> randomisation.RandomisationTest:
        """Test accumulated weeks by exchanging clusters."""
        values = self.table.in_weeks(chosen, self.counted, self.weights)
        mean = float(self.weights @ values / self.weights.sum())
        weight = self.unit_weights()
        score = summed(self.unit, self.weights * (values - mean), int(self.unit.max()) + 1)
        return randomisation.test(
            score,
            weight["treated_weight"] + weight["comparison_weight"],
            weight["treated_weight"] > 0,
            draws=draws,
            seed=seed,
        )


def path_differences(
    m: Matched, table: Weekly, counted: IntArray, lags: tuple[int, ...]
) -> PathDifferences:
    """Estimate both arms' weekly shares and how they move with each unit.

    Raises
    ------
    DesignError
        If an arm is empty, or nobody of an arm is observed in a week.
    """
    rows = np.flatnonzero(m.weights > 0)
    treated, weights = m.treated[rows], m.weights[rows]
    used = table.of(rows)
    cluster = None if m.cluster is None else m.cluster[rows]
    groups = m.independent_sets
    sets = None if groups is None else groups[rows]
    decision = decide(cluster, treated, weights, kind="time", sets=sets)
    if cluster is not None:
        unit = pd.factorize(cluster)[0].astype(np.int64)
    else:
        unit = sets if sets is not None else pd.factorize(m.persons[rows])[0].astype(np.int64)
    arms = np.column_stack([weights * treated, weights * ~treated])
    inside, seen = used.totals(arms, counted)
    if not (seen > 0).all():
        arm, week = np.argwhere(seen <= 0)[0].tolist()
        raise DesignError(
            f"no {ARMS[arm]} row is observed in week {lags[week]} (and perhaps in others); "
            "shorten `weeks`"
        )
    shares = inside / seen
    moved: FloatArray | None = None
    notes: tuple[str, ...] = ()
    if decision.method == "jackknife":
        moved, notes = _left_out(m, rows, used, counted, treated, unit, shares)
    elif not decision.is_refused:
        n = int(unit.max()) + 1
        moved = np.stack([used.influence(arm, counted, unit, n) for arm in arms.T])
    return PathDifferences(
        m=m,
        table=used,
        counted=counted,
        treated=treated,
        weights=weights,
        unit=unit,
        shares=shares,
        moved=moved,
        decision=decision,
        notes=notes,
    )


def _left_out(
    m: Matched,
    rows: IntArray,
    table: Weekly,
    counted: IntArray,
    treated: BoolArray,
    unit: IntArray,
    shares: FloatArray,
) -> tuple[FloatArray | None, tuple[str, ...]]:
    """Return both arms' shares without each cluster less the shares, or why there are none."""
    n = int(unit.max()) + 1
    try:
        replicate = m.reweigh_without_each(rows)
    except DesignError as error:
        return None, (f"inference refused: without one of the clusters {error}",)
    moved = np.empty((2, n, table.n_weeks))
    for arm, own in enumerate((treated, ~treated)):
        inside, seen = table.totals(replicate * own[:, None], counted)
        if not (seen > 0).all():
            return None, ("inference refused: in a week one cluster alone carries an arm",)
        moved[arm] = inside / seen - shares[arm]
    return moved, ()
