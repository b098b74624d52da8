"""The units on which a time effect's uncertainty rests, and the effect made from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from data_dictionary.executor import IN_PROCESS, Executor
from evaluation.arrays import FloatArray, IntArray
from evaluation.comparison.arms import ARMS
from evaluation.estimates import Effect, table
from evaluation.inference.gatekeeper import Decision, decide
from evaluation.inference.jackknife import (
    Uncertainty,
    delete_one,
    from_influence,
)
from evaluation.inference.judgement import Judgement, ratio_of
from evaluation.inference.randomisation import RandomisationTest
from evaluation.survival.durations import Duration, Observed, observe
from evaluation.survival.timeline import summed
from evaluation.terms import RATIO_UNITS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from evaluation.comparison.matched import Matched

TESTS = {
    "jackknife": "delete-one-cluster jackknife (CV3)",
    "set": "robust by matched set",
    "hc2": "robust by person",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EffectByCause:
    """The same effect for every cause of leaving; numbers are those of the studied cause.

    Attributes
    ----------
    causes : dict of str to Effect
        One effect per cause, the studied one first.
    decision : Decision
        How inference was chosen.
    """

    causes: dict[str, Effect]
    decision: Decision

    @property
    def effect(self) -> Effect:
        """The effect on the studied cause."""
        return next(iter(self.causes.values()))

    @property
    def estimate(self) -> float:
        """Estimate for the studied cause."""
        return self.effect.estimate

    @property
    def std_error(self) -> float:
        """Its standard error, of the log for a ratio; NaN where inference is refused."""
        return self.effect.std_error

    @property
    def conf_low(self) -> float:
        """Lower limit of its interval."""
        return self.effect.conf_low

    @property
    def conf_high(self) -> float:
        """Upper limit of its interval."""
        return self.effect.conf_high

    @property
    def p_value(self) -> float:
        """Its p-value against no effect."""
        return self.effect.p_value

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know."""
        return self.effect.notes

    def tidy(self) -> pd.DataFrame:
        """Return the effect on the studied cause as one row of effects.csv."""
        return self.effect.tidy()

    def summary(self) -> str:
        """Return the studied effect in full, then every competing cause in one line each."""
        others = [f"  {effect}" for effect in list(self.causes.values())[1:]]
        return "\n".join([self.effect.summary(), *others])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the effect on every cause with its interval."""
        return table(tuple(self.causes.values())).plot(ax=ax)

    def __str__(self) -> str:
        return str(self.effect)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Basis:
    """A comparison's durations with the independent units that inference may count.

    Attributes
    ----------
    observed : Observed
        The rows used.
    decision : Decision
        What the gatekeeper chose, and why.
    unit : np.ndarray
        Code of each row's unit: its cluster, its matched set, or itself.
    level : float
        Coverage of the intervals.
    estimand, design : str
        Estimand and design of the comparison.
    notes : tuple of str
        Notes of the comparison, carried on to every effect.
    replicates : np.ndarray or None
        Weights estimated again with each cluster left out, shape (n_rows, n_clusters); None
        where weights are not estimated or the jackknife does not judge.
    executor : Executor
        Makes the estimates under each of them.
    carry : callable or None
        Makes what each row does to a weighted sum through the weights' estimation, from the
        sum's terms per unit of weight; None where weights are not estimated.
    """

    observed: Observed
    decision: Decision
    unit: IntArray
    level: float
    estimand: str
    design: str
    notes: tuple[str, ...]
    replicates: FloatArray | None = None
    executor: Executor = IN_PROCESS
    carry: Callable[[FloatArray], FloatArray] | None = None

    @property
    def n_units(self) -> int:
        """Number of units."""
        return int(self.unit.max()) + 1

    def unit_weight(self, *, treated: bool) -> FloatArray:
        """Return the weight that each unit carries in one arm."""
        own = self.observed.treated == treated
        return summed(self.unit[own], self.observed.weights[own], self.n_units)

    def unit_weights(self) -> dict[str, FloatArray]:
        """Return the weight that each unit carries in each arm, as the jackknife takes it."""
        return {f"{arm}_weight": self.unit_weight(treated=arm == ARMS[0]) for arm in ARMS}

    def weights_left_out(self) -> list[FloatArray]:
        """Return the rows' weights with each unit left out, estimated again where they were."""
        if self.replicates is not None:
            return [*self.replicates.T]
        return [self.observed.weights * (self.unit != g) for g in range(self.n_units)]

    def left_out(
        self,
        refit: Callable[[FloatArray], FloatArray],
        *,
        counted: Callable[[], FloatArray] | None = None,
    ) -> FloatArray:
        """Return the coefficients with each unit left out, units along the first axis.

        `refit` makes them under other weights of the rows, `counted` faster and all at once
        while weights are held fixed.
        """
        if counted is not None and self.replicates is None:
            return counted()
        return np.array(self.executor.map(refit, self.weights_left_out()))

    def uncertainty(
        self,
        estimate: float,
        *,
        left_out: Callable[[], FloatArray],
        influence: Callable[[], FloatArray],
    ) -> Uncertainty | None:
        """Return the uncertainty that the decision allows.

        None where it is refused, or where nothing varies between units (no events of a cause).
        `left_out` makes the estimates with one cluster left out each, `influence` each row's
        weighted influence; only that is called which the decision asks for.
        """
        if self.decision.is_refused:
            return None
        weights = self.unit_weights()
        if self.decision.method == "jackknife":
            found = delete_one(estimate, left_out(), **weights)
        else:
            rows = influence()
            if self.carry is not None:
                rows = rows + self.carry(rows / self.observed.weights)
            found = from_influence(summed(self.unit, rows, self.n_units), **weights)
        return found if found.std_error > 0 else None

    def effect(
        self,
        *,
        outcome: str,
        term: str,
        estimate: float,
        unit: str,
        estimator: str,
        uncertainty: Uncertainty | None,
        randomised: RandomisationTest | None = None,
        notes: tuple[str, ...] = (),
    ) -> Effect:
        """Return the effect; for a ratio, `estimate` and `uncertainty` are those of its log."""
        o, is_log = self.observed, unit in RATIO_UNITS
        if uncertainty is not None:
            again = ", weights re-estimated" if self.replicates is not None else ""
            test = f"{TESTS[self.decision.method]}, t({uncertainty.dof:.1f}){again}"
            judged = Judgement.of(
                uncertainty, estimate, level=self.level, test=test, is_log=is_log, notes=notes
            )
        elif randomised is not None:
            judged = Judgement.randomised(randomised, *notes, randomised.note)
        elif notes or self.decision.is_refused:
            judged = Judgement.refused(*notes)
        else:
            judged = Judgement.refused("no interval: the estimate does not vary between units")
        return judged.on(
            Effect(
                outcome=outcome,
                term=term,
                estimate=ratio_of(estimate) if is_log else float(estimate),
                unit=unit,
                estimand=self.estimand,
                method=f"{self.design}; {estimator}",
                n_treated=int(o.treated.sum()),
                n_comparison=int((~o.treated).sum()),
                n_clusters=self.decision.n_clusters,
                conf_level=self.level,
                notes=(*self.notes, self.decision.reason),
            )
        )


def basis(m: Matched, d: Duration, *, level: float) -> Basis:
    """Check the durations of a comparison and ask the gatekeeper how to judge them."""
    if not 0.0 < level < 1.0:
        raise DesignError(f"level={level} must lie between 0 and 1, such as 0.95")
    o = observe(m, d)
    decision = decide(o.cluster, o.treated, o.weights, kind="time", sets=o.sets)
    if o.cluster is not None:
        unit = pd.factorize(o.cluster)[0].astype(np.int64)
    elif decision.method == "set" and o.sets is not None:
        unit = o.sets
    else:
        # A unit may have several periods at risk, such as before and after a start.
        unit = pd.factorize(m.frame[m.roles.unit].to_numpy()[o.rows])[0].astype(np.int64)
    replicates = None
    if m.weighting is not None and decision.method == "jackknife":
        try:
            replicates = m.reweigh_without_each(o.rows)
        except DesignError as error:
            reason = f"{decision.reason}; refused: without one of the clusters, {error}"
            decision = replace(decision, method="none", reason=reason)
    return Basis(
        observed=o,
        decision=decision,
        unit=unit,
        level=level,
        estimand=m.estimand,
        design=m.design,
        notes=m.notes,
        replicates=replicates,
        executor=IN_PROCESS if m.replicates is None else m.replicates.executor,
        carry=None if m.influence is None else partial(_carried, m, o.rows),
    )


def _carried(m: Matched, rows: IntArray, terms: FloatArray) -> FloatArray:
    """Return what each used row does to a sum over them through the weights' estimation."""
    if m.influence is None:
        raise ValueError("the weights have no estimating equations")
    values = np.zeros((len(m.frame), 1))
    values[rows, 0] = m.weight_factor[rows] * terms
    carried: FloatArray = m.influence.carry(values)[rows, 0]
    return carried
