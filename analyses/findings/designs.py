"""Make the comparison that a plan names, and run a study's other designs beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

import evaluation as ev
from analyses.cohort.risk_sets import match_periods
from analyses.cohort.rows import CohortRows
from analyses.inputs.tables import Tables
from analyses.outcomes.outcomes import Estimated, decision_of, estimate_outcome
from analyses.study.methods import MAIN
from analyses.study.sections import Comparison, Study, Value
from data_dictionary.errors import DesignError
from data_dictionary.executor import IN_PROCESS, Executor
from evaluation import Effect, Matched, Roles
from evaluation.comparison.matching.method import Matching
from evaluation.comparison.weighting.method import WeighMethod

FROM_EFFECT = ("estimate", "std_error", "conf_low", "conf_high", "n_treated", "n_comparison")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DesignEffect:
    """One outcome under one design; the first of each outcome is that of the plan."""

    outcome: str
    name: str
    label: str
    matched: Matched
    effect: Effect


def compare(
    frame: pd.DataFrame,
    roles: Roles,
    plan: Comparison,
    index_date: str | None,
    executor: Executor = IN_PROCESS,
) -> Matched:
    """Make the comparison that the plan names, its weights without each cluster included."""
    method = plan.options
    if isinstance(method, ev.RiskSets):
        return match_periods(frame, roles, method, str(index_date))
    if isinstance(method, WeighMethod):
        m = ev.weigh(frame, roles, method, estimand=plan.estimand)  # type: ignore[arg-type]
        return m.replicated(executor) if decision_of(m, m.used).method == "jackknife" else m
    if isinstance(method, Matching):
        return ev.match(frame, roles, _with_levels(method, frame), estimand=plan.estimand)  # type: ignore[arg-type]
    return ev.unmatched(frame, roles)


def design_effects(
    study: Study,
    tables: Tables,
    rows: CohortRows,
    found: Mapping[str, Estimated],
    executor: Executor = IN_PROCESS,
) -> tuple[DesignEffect, ...]:
    """Return the effect on every measured amount under every design of the study.

    Parameters
    ----------
    study, tables : Study, Tables
        The plan and the data.
    rows : CohortRows
        Everybody who may be compared.
    found : mapping of str to Estimated
        What the plan's own comparison gave.
    executor : Executor
        Does what has to be done once per cluster.

    Raises
    ------
    DesignError
        If a design cannot be made, naming it.
    """
    values = [outcome for outcome in study.outcomes if isinstance(outcome, Value)]
    if not (study.designs and values):
        return ()
    made = [
        DesignEffect(
            outcome=outcome.name,
            name=MAIN,
            label=study.comparison.label,
            matched=found[outcome.name].matched,
            effect=found[outcome.name].tested,
        )
        for outcome in values
    ]
    for design in study.designs:
        plan = design.comparison
        complete = rows.frame[list(plan.required)].notna().all(axis=1)
        roles = replace(rows.roles, covariates=plan.covariates, exact=plan.exact)
        try:
            usable = rows.frame.loc[complete].reset_index(drop=True)
            m = compare(usable, roles, plan, study.cohort.index_date, executor)
            effects = [estimate_outcome(outcome, m, study, tables).tested for outcome in values]
        except DesignError as error:
            raise DesignError(f"[[design]] {design.name}: {error}") from error
        made += [
            DesignEffect(
                outcome=effect.outcome,
                name=design.name,
                label=design.label,
                matched=m,
                effect=effect,
            )
            for effect in effects
        ]
    return tuple(sorted(made, key=lambda one: [v.name for v in values].index(one.outcome)))


def designs_frame(designs: tuple[DesignEffect, ...]) -> pd.DataFrame:
    """Return designs.csv before disclosure control."""
    return pd.DataFrame([_row(one) for one in designs])


def _row(one: DesignEffect) -> dict[str, Any]:
    balance = one.matched.balance().tidy()
    covariates = balance["covariate"].isin(one.matched.roles.covariates)
    return {
        "outcome": one.outcome,
        "design": one.name,
        "label": one.label,
        "method": one.matched.method,
        **{name: getattr(one.effect, name) for name in FROM_EFFECT},
        "ess_treated": one.matched.ess["treated"],
        "ess_comparison": one.matched.ess["comparison"],
        # What is balanced exactly is 0, not the rounding error of one machine.
        "largest_smd": round(balance.loc[covariates, "smd_after"].abs().max(), 9),
    }


def _with_levels(method: Matching, frame: pd.DataFrame) -> Matching:
    """Return the method with codes as texts where a column is a category of texts."""
    told = {
        name: [str(level) for level in levels]
        if isinstance(frame[name].dtype, pd.CategoricalDtype)
        else levels
        for name, levels in method.exclude.items()
    }
    return replace(method, exclude=told)
