"""From tables in memory to every effect: the whole analysis without files or a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from analyses.cohort.compare import compare
from analyses.cohort.donors import own_note
from analyses.cohort.flow import Step, all_met, narrow_arms
from analyses.cohort.rows import CohortRows, cohort_rows
from analyses.findings.designs import design_effects
from analyses.inputs.tables import Tables
from analyses.outcomes.intention_to_treat import Contrast, intention_to_treat
from analyses.outcomes.kind import Estimated, Kind
from analyses.outcomes.path import WeeklyPath, weekly_path
from analyses.study.sections import Study
from data_dictionary.errors import DesignError
from data_dictionary.executor import IN_PROCESS, Executor
from evaluation import Effect, EffectTable, Matched, Roles
from evaluation.terms import require_term


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Estimates:
    """Every effect of a study, with the comparisons behind them.

    Attributes
    ----------
    effects : EffectTable
        As in effects.csv, adjusted within families, before disclosure control.
    curves : pandas.DataFrame
        As in curves.csv, with the counts that disclosure control needs.
    steps : tuple of Step
        What flow.csv counts.
    cohort : CohortRows
        Everybody who might have been compared.
    outcomes : mapping of str to Estimated
        Comparison, decision and effect of each outcome.
    contrast : Contrast or None
        The intention to treat, where the study file asks for it.
    path : WeeklyPath or None
        The weekly outcome path, where the study file asks for it.
    designs : pandas.DataFrame
        As in designs.csv: measured amounts under the plan's and every other design.
    """

    effects: EffectTable
    curves: pd.DataFrame
    steps: tuple[Step, ...]
    cohort: CohortRows
    outcomes: Mapping[str, Estimated]
    contrast: Contrast | None = None
    path: WeeklyPath | None = None
    designs: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def main(self) -> Estimated:
        """The first outcome of the set that needs no survey answers, else the first."""
        found = list(self.outcomes.values())
        return next((one for one in found if not one.outcome.is_asked), found[0])

    def kept(self, outcome: str) -> pd.Index:
        """Return the keys of the participants that matching kept for an outcome."""
        m = self.outcomes[outcome].matched
        keys: pd.Index = pd.Index(m.frame.loc[m.used & m.treated, m.roles.unit])
        return keys


def estimate(study: Study, tables: Tables, executor: Executor = IN_PROCESS) -> Estimates:
    """Estimate every outcome of a study.

    Parameters
    ----------
    study : Study
        The plan.
    tables : Tables
        The data, typed and checked.
    executor : Executor
        Does what has to be done once per cluster.

    Returns
    -------
    Estimates
        The same for the same input: every draw comes from the study's seed.

    Raises
    ------
    DesignError
        If the comparison or an outcome cannot be made.
    """
    rows = cohort_rows(study, tables)
    sets = Comparisons(study, rows, executor)
    steps = list(rows.steps)
    found: dict[str, Estimated] = {}
    refused: list[str] = []
    for outcome in study.outcomes:
        m, more = sets.of(outcome)
        steps += more
        try:
            one = outcome.estimated(outcome.placed(m, study, tables), study, tables)
        except DesignError as error:
            refused.append(f"[[outcome]] {outcome.name}: {error}")
            continue
        if study.cohort.donors == "own":
            one = replace(one, notes=(*one.notes, own_note(study.comparison.method)))
        found[outcome.name] = one
    if refused:
        raise DesignError("\n".join(refused))
    contrast = intention_to_treat(study, tables, rows.nearest)
    try:
        path = None if sets.shared is None else weekly_path(study, tables, sets.shared)
    except DesignError as error:
        raise DesignError(f"[path]: {error}") from error
    return Estimates(
        effects=_effect_table(study, found, contrast, path),
        curves=pd.concat([one.curves for one in found.values()], ignore_index=True),
        steps=tuple(steps),
        cohort=rows,
        outcomes=found,
        contrast=contrast,
        path=path,
        designs=design_effects(study, tables, rows, found, executor),
    )


class Comparisons:
    """The comparison of each outcome: a set of its own, or the one that the others share.

    The executor is as in `compare`.
    """

    def __init__(self, study: Study, rows: CohortRows, executor: Executor | None) -> None:
        self._study, self._rows, self._executor = study, rows, executor
        self.shared: Matched | None = None

    def of(self, outcome: Kind) -> tuple[Matched, list[Step]]:
        """Return the comparison of an outcome, and the steps to it that no other has."""
        rows = self._rows
        own = outcome.own_set(self._study, rows.frame, rows.late)
        if own is not None:
            # Matched anew among those of whom the outcome can be known.
            steps = narrow_arms(rows.arms, rows.persons, own.conditions, outcome=outcome.name)
            kept = all_met(own.conditions, len(rows.frame))
            roles = replace(rows.roles, covariates=own.covariates)
            m = self._made(rows.frame[kept].reset_index(drop=True), roles)
            return m, [*steps, *_matched_steps(m, steps, rows)]
        if self.shared is not None:
            return self.shared, []
        self.shared = self._made(rows.frame, rows.roles)
        return self.shared, _matched_steps(self.shared, rows.steps, rows)

    def _made(self, frame: pd.DataFrame, roles: Roles) -> Matched:
        study = self._study
        return compare(frame, roles, study.comparison, study.cohort.index_date, self._executor)


def _matched_steps(m: Matched, before: Sequence[Step], rows: CohortRows) -> list[Step]:
    """Return which persons were matched of those left by the steps before."""
    keys = m.frame[m.roles.unit].to_numpy()
    place = pd.Series(rows.persons, index=rows.frame[m.roles.unit].to_numpy())
    # A control may have several rows; it is one person in flow.csv.
    place = place[~place.index.duplicated()]
    left = {step.arm: step.n for step in before}
    steps: list[Step] = []
    for arm, own in (("treated", m.treated), ("comparison", ~m.treated)):
        persons = place[pd.unique(keys[own & m.used])].to_numpy()
        steps.append(
            Step(
                step="matched",
                arm=arm,
                persons=persons,
                lost=left[arm] - persons.size,
                outcome=before[-1].outcome,
            )
        )
    return steps


def _effect_table(
    study: Study,
    found: Mapping[str, Estimated],
    contrast: Contrast | None,
    path: WeeklyPath | None,
) -> EffectTable:
    """Return all effects in the order of the plan, adjusted within each family."""
    shared = _shared_causes(found)
    effects: list[Effect] = []
    for name, one in found.items():
        effects.append(one.tested)
        effects += [
            effect.renamed(f"{name}:{effect.outcome}") if effect.outcome in shared else effect
            for effect in one.others
        ]
    if contrast is not None:
        effects.append(contrast.effect)
    effects += [] if path is None else path.effects
    for effect in effects:
        # Reports know their words by code, so a term that is not listed must not leave.
        require_term(effect.term, effect.unit)
    table = EffectTable(effects=tuple(effects))
    # Adjusted last, over all effects: a family may span kinds of outcomes.
    if study.inference.adjust == "none":
        return table
    return table.adjust(
        study.inference.adjust,
        families={outcome.name: outcome.family for outcome in study.outcomes},
        tested={name: one.tested.term for name, one in found.items()},
    )


def _shared_causes(found: Mapping[str, Estimated]) -> frozenset[str]:
    """Return the competing causes that several outcomes have, or that are outcomes too."""
    causes = [
        cause
        for name, one in found.items()
        for cause in {effect.outcome for effect in one.others} - {name}
    ]
    named = [*found, *causes]
    return frozenset(cause for cause in causes if named.count(cause) > 1)
