"""The units on which a time effect's uncertainty rests, and the effect made from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from data_dictionary.executor import IN_PROCESS, Executor
from evaluation.arguments import level_of, number_of
from evaluation.arrays import BoolArray, FloatArray, IntArray, summed
from evaluation.comparison.arms import ARMS, target_of
from evaluation.estimates import Effect, table
from evaluation.inference.gatekeeper import Decision, decide
from evaluation.inference.jackknife import Uncertainty, delete_one, from_influence
from evaluation.inference.judgement import Judgement, ratio_of
from evaluation.inference.randomisation import RandomisationTest
from evaluation.survival.durations import Duration, Observed, observe
from evaluation.terms import OF_DURATION, term_of

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

    def _repr_markdown_(self) -> str:
        notes = "".join(f"\n- {note}" for note in self.notes)
        return table(tuple(self.causes.values()))._repr_markdown_() + notes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Units:
    """Rows of a comparison with the independent units that inference may count.

    `unit` codes each row's cluster, its matched set, or itself; `notes` are carried on to every
    effect.  Where weights are estimated, `replicates` are those with each cluster left out,
    (n_rows, n_clusters), if the jackknife judges, and `carry` makes what each row does to a
    weighted sum through that estimation, from the sum's terms per unit of weight.
    """

    treated: BoolArray
    weights: FloatArray
    unit: IntArray
    decision: Decision
    level: float
    estimand: str
    design: str
    notes: tuple[str, ...]
    time_unit: str = "weeks"
    replicates: FloatArray | None = None
    executor: Executor = IN_PROCESS
    carry: Callable[[FloatArray], FloatArray] | None = None

    @property
    def target(self) -> BoolArray:
        """The rows whom the effect is about."""
        return target_of(self.treated, self.estimand)

    @property
    def n_units(self) -> int:
        """Number of units."""
        return int(self.unit.max()) + 1

    def unit_weight(self, *, treated: bool) -> FloatArray:
        """Return the weight that each unit carries in one arm."""
        own = self.treated == treated
        return summed(self.unit[own], self.weights[own], self.n_units)

    def unit_weights(self) -> dict[str, FloatArray]:
        """Return the weight that each unit carries in each arm, as the jackknife takes it."""
        return {f"{arm}_weight": self.unit_weight(treated=arm == ARMS[0]) for arm in ARMS}

    def by_unit(self, influence: FloatArray) -> FloatArray:
        """Return rows' influence summed by unit, with what they do to estimated weights."""
        if self.carry is not None:
            influence = influence + self.carry(influence / self.weights)
        return summed(self.unit, influence, self.n_units)

    def weights_left_out(self) -> list[FloatArray]:
        """Return the rows' weights with each unit left out, estimated again where they were."""
        if self.replicates is not None:
            return [*self.replicates.T]
        return [self.weights * (self.unit != g) for g in range(self.n_units)]

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
        if self.decision.method == "jackknife":
            return self.moved_by(left_out() - estimate)
        return self.moved_by(self.by_unit(influence()))

    def moved_by(self, parts: FloatArray) -> Uncertainty | None:
        """Return the uncertainty of an estimate that leaving each unit out moves so far.

        Or, where no clusters are left out, whose influence each unit has.
        """
        weights = self.unit_weights()
        if self.decision.method == "jackknife":
            found = delete_one(0.0, parts, **weights)
        else:
            found = from_influence(parts, **weights)
        return found if found.std_error > 0 else None

    def effect(
        self,
        *,
        outcome: str,
        term: str,
        estimate: float,
        estimator: str,
        uncertainty: Uncertainty | None,
        randomised: RandomisationTest | None = None,
        notes: tuple[str, ...] = (),
    ) -> Effect:
        """Return the effect; for a ratio, `estimate` and `uncertainty` are those of its log."""
        kind = term_of(term)
        is_log = kind.is_ratio
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
                unit=self.time_unit if kind.unit == OF_DURATION else kind.unit,
                estimand=self.estimand,
                method=f"{self.design}; {estimator}",
                n_treated=int(self.treated.sum()),
                n_comparison=int((~self.treated).sum()),
                n_clusters=self.decision.n_clusters,
                conf_level=self.level,
                notes=(*self.notes, self.decision.reason),
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Basis(Units):
    """A comparison's durations with the independent units that inference may count."""

    observed: Observed

    def horizon(self, given: object, unit: str) -> float:
        """Return a horizon that lies after the time at which curves begin."""
        begins = self.observed.origin
        words = f"a time after {begins:g} {unit}" if begins else f"a positive time in {unit}"
        return number_of(given, "horizon", words, above=begins)


def units_of(m: Matched, rows: IntArray, *, level: float) -> Units:
    """Ask the gatekeeper how to judge some rows of a comparison, weights taken as they are."""
    level = level_of(level)
    treated, weights = m.treated[rows], m.weights[rows]
    cluster = None if m.cluster is None else m.cluster[rows]
    sets = None if m.independent_sets is None else m.independent_sets[rows]
    decision = decide(cluster, treated, weights, kind="time", sets=sets)
    if cluster is None and decision.method == "set" and sets is not None:
        unit = sets
    else:
        # A person may have several periods at risk, such as before and after a start.
        labels = m.persons[rows] if cluster is None else cluster
        unit = pd.factorize(labels)[0].astype(np.int64)
    return Units(
        treated=treated,
        weights=weights,
        unit=unit,
        decision=decision,
        level=level,
        estimand=m.estimand,
        design=m.design,
        notes=m.notes,
    )


def basis(m: Matched, d: Duration, *, level: float) -> Basis:
    """Check the durations of a comparison and ask the gatekeeper how to judge them."""
    o = observe(m, d)
    units = units_of(m, o.rows, level=level)
    b = Basis(observed=o, **{own.name: getattr(units, own.name) for own in fields(units)})
    b = replace(b, time_unit=d.unit)
    if m.weighting is not None and b.decision.method == "jackknife":
        try:
            b = replace(b, replicates=m.reweigh_without_each(o.rows))
        except DesignError as error:
            reason = f"{b.decision.reason}; refused: without one of the clusters, {error}"
            b = replace(b, decision=replace(b.decision, method="none", reason=reason))
    return replace(
        b,
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
