"""The units on which a time effect's uncertainty rests, and the effect made from them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from data_dictionary.executor import IN_PROCESS, Executor
from evaluation.arguments import level_of, number_of
from evaluation.arrays import BoolArray, FloatArray, IntArray, summed
from evaluation.comparison.arms import ARMS, TILTED, target_share
from evaluation.estimates import Effect, table
from evaluation.inference.gatekeeper import Decision, decide
from evaluation.inference.jackknife import (
    NO_FLOOR,
    Uncertainty,
    arm_error,
    contributions,
    delete_one,
    effective_number,
    from_influence,
    persons_alone,
)
from evaluation.inference.judgement import Judgement, ratio_of
from evaluation.inference.simultaneous import critical_value
from evaluation.inference.variation import no_replicate, of_parts, only_rounding
from evaluation.notes import Note
from evaluation.survival.cox.newton import UnidentifiedError
from evaluation.survival.durations import Duration, Observed, at_risk_again, observe
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


class Composed(NamedTuple):
    """Rows' influence through models, and through the target's composition.

    The latter is not moved by estimated weights, unless they make the target.
    """

    direction: FloatArray
    composition: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Units:
    """Rows of a comparison with the independent units that inference may count.

    `person` codes each row's person, `unit` its cluster, matched set or person; `base` are
    weights before the design; `notes` are carried on to every effect.  Where weights are
    estimated, `replicates` are those with each cluster left out, (n_rows, n_clusters), if the
    jackknife judges, and `carry` makes what each row does to a weighted sum through that
    estimation, from the sum's terms per unit of weight.
    """

    treated: BoolArray
    weights: FloatArray
    base: FloatArray
    unit: IntArray
    person: IntArray
    decision: Decision
    level: float
    estimand: str
    design: str
    notes: tuple[str, ...]
    time_unit: str = "weeks"
    replicates: FloatArray | None = None
    executor: Executor = IN_PROCESS
    carry: Callable[[FloatArray], FloatArray] | None = None

    def share(self, weights: FloatArray) -> FloatArray:
        """Return what each row counts for in those whom the effect is about; sums to 1."""
        return target_share(self.treated, self.estimand, self.base, weights)

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

    def by_unit(self, influence: FloatArray | Composed) -> FloatArray:
        """Return rows' influence summed by unit, with what they do to estimated weights."""
        return summed(self.unit, self.carried(influence), self.n_units)

    def carried(self, influence: FloatArray | Composed) -> FloatArray:
        """Return rows' influence with what they do to estimated weights."""
        if isinstance(influence, Composed):
            if self.estimand in TILTED:
                return self.carried(influence.direction + influence.composition)
            return self.carried(influence.direction) + influence.composition
        if self.carry is None:
            return influence
        if influence.ndim == 2:
            return np.column_stack([self.carried(column) for column in influence.T])
        return influence + self.carry(influence / self.weights)

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
        influence: Callable[[], FloatArray | Composed],
        largest: float = 1.0,
    ) -> Uncertainty | Note | None:
        """Return the uncertainty that the decision allows, or why there is none.

        None where the decision is to refuse.  `left_out` makes the estimates with one cluster
        left out each, and is called only where the decision asks for it; `influence` makes each
        row's weighted influence.  `largest` is the largest outcome, 1 for the log of a ratio.
        """
        if self.decision.is_refused:
            return None
        if not np.isfinite(estimate):
            return only_rounding()
        if self.decision.method != "jackknife":
            return self.moved_by(self.by_unit(influence()), largest=largest)
        try:
            moved = left_out() - estimate
        except UnidentifiedError:
            return no_replicate("the ratio is not finite")
        except DesignError as error:
            return no_replicate(error)
        return self.moved_by(moved, self.floor(influence), largest=largest)

    def floor(self, influence: Callable[[], FloatArray | Composed]) -> FloatArray:
        """Return the variance that persons alone give each arm, from rows' influence.

        0 where weights are estimated without equations: without their influence persons
        would seem to give too much.
        """
        try:
            rows = self.carried(influence())
        except DesignError:
            # Exact ties have no influence, and so no floor.
            return NO_FLOOR
        if self.replicates is not None and self.carry is None:
            return np.zeros((2, *rows.shape[1:], *rows.shape[1:]))
        return persons_alone(rows, self.weights, self.unit, self.treated, person=self.person)

    def moved_by(
        self, parts: FloatArray, floor: FloatArray = NO_FLOOR, *, largest: float = 1.0
    ) -> Uncertainty | Note:
        """Return the uncertainty of an estimate that leaving each unit out moves so far.

        Or, where no clusters are left out, whose influence each unit has; `floor` is what
        persons alone give each arm.
        """
        weights = self.unit_weights()
        if (why := of_parts(parts, floor, largest, **weights)) is not None:
            return why
        if self.decision.method == "jackknife":
            return delete_one(0.0, parts, floor=floor, **weights)
        return from_influence(parts, **weights)

    def arm_error(self, moved: FloatArray, *, treated: bool) -> tuple[FloatArray, float]:
        """Return errors (n_times,) and degrees of freedom of an arm that each unit moves so."""
        weight = self.unit_weight(treated=treated)
        if self.decision.method == "jackknife":
            return arm_error(moved, weight)
        return np.sqrt((moved**2).sum(axis=0)), effective_number(weight) - 1.0

    def reach(
        self, moved: FloatArray, dof: FloatArray, *, draws: int, seed: int | None
    ) -> float:
        """Return in errors how far the band over what each unit moves so reaches."""
        if self.decision.method == "jackknife":
            moved = contributions(moved, **self.unit_weights())
        fewest = float(dof.min())
        return critical_value(moved, dof=fewest, level=self.level, draws=draws, seed=seed)

    def count(self, *, treated: bool) -> int:
        """Return the persons of one arm, however many rows they have."""
        return len(np.unique(self.person[self.treated == treated]))

    def effect(
        self,
        *,
        outcome: str,
        term: str,
        estimate: float,
        estimator: str,
        treated_mean: float = math.nan,
        uncertainty: Uncertainty | Note | None,
        notes: tuple[str, ...] = (),
    ) -> Effect:
        """Return the effect; for a ratio, `estimate` and `uncertainty` are those of its log."""
        kind = term_of(term)
        is_log = kind.is_ratio
        if not isinstance(uncertainty, Uncertainty):
            judged = Judgement.refused(*notes, *([uncertainty] if uncertainty else []))
        else:
            again = ", weights re-estimated" if self.replicates is not None else ""
            test = f"{TESTS[self.decision.method]}, t({uncertainty.dof:.1f}){again}"
            judged = Judgement.of(
                uncertainty, estimate, level=self.level, test=test, is_log=is_log, notes=notes
            )
        return judged.on(
            Effect(
                outcome=outcome,
                term=term,
                estimate=ratio_of(estimate) if is_log else float(estimate),
                treated_mean=treated_mean,
                unit=self.time_unit if kind.unit == OF_DURATION else kind.unit,
                estimand=self.estimand,
                method=f"{self.design}; {estimator}",
                n_treated=self.count(treated=True),
                n_comparison=self.count(treated=False),
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
    decision = decide(cluster, treated, weights, sets=sets)
    # A person may have several periods at risk, such as before and after a start.
    person = pd.factorize(m.persons[rows])[0].astype(np.int64)
    if cluster is not None:
        unit = pd.factorize(cluster)[0].astype(np.int64)
    else:
        unit = sets if decision.method == "set" and sets is not None else person
    return Units(
        treated=treated,
        weights=weights,
        base=m.base_weights[rows],
        unit=unit,
        person=person,
        decision=decision,
        level=level,
        estimand=m.estimand,
        design=m.design,
        notes=(*m.notes, *m.kept_note),
    )


def basis(m: Matched, d: Duration, *, level: float, recurrent: bool = False) -> Basis:
    """Check the durations of a comparison and ask the gatekeeper how to judge them.

    Where events may be `recurrent` a note says of how many units they are.
    """
    o = observe(m, d, recurrent=recurrent)
    units = replace(units_of(m, o.rows, level=level), time_unit=d.unit)
    if again := at_risk_again(m, o.rows, o.exit, o.cause) if recurrent else 0:
        said = (
            "{again} units are at risk again after an event: the ratio is that of the rates of "
            "all events (Andersen and Gill), and the rows of a unit stand together in the error"
        )
        units = replace(units, notes=(*units.notes, Note("recurrent", said, {"again": again})))
    b = Basis(observed=o, **{own.name: getattr(units, own.name) for own in fields(units)})
    if m.weighting is not None and b.decision.method == "jackknife":
        try:
            b = replace(b, replicates=m.reweigh_without_each(o.rows))
        except DesignError as error:
            notes = (*b.notes, no_replicate(error))
            b = replace(b, notes=notes, decision=replace(b.decision, method="none"))
    return replace(
        b,
        executor=IN_PROCESS if m.replicates is None else m.replicates.executor,
        carry=None if m.influence is None else partial(_carried, m, o.rows),
    )


def _carried(m: Matched, rows: IntArray, terms: FloatArray) -> FloatArray:
    return m.through_weights(rows, terms)[rows]
