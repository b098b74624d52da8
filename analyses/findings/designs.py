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
from analyses.study.comparison_keys import MAIN, RISK_SETS, UNMATCHED, WEIGHTING
from analyses.study.sections import Comparison, Study, Value
from data_dictionary.errors import DesignError
from data_dictionary.executor import IN_PROCESS, Executor
from evaluation import Effect, Matched, Roles

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
    if plan.method == UNMATCHED:
        return ev.unmatched(frame, roles)
    if plan.method == RISK_SETS:
        return match_periods(frame, roles, plan, str(index_date))
    options = _with_levels(plan, frame)
    if plan.method in WEIGHTING:
        m = ev.weigh(frame, roles, method=options, estimand=plan.estimand)  # type: ignore[arg-type]
        return m.replicated(executor) if decision_of(m, m.used).method == "jackknife" else m
    return ev.match(
        frame,
        roles,
        method=options,  # type: ignore[arg-type]
        distance=plan.distance,
        estimand=plan.estimand,  # type: ignore[arg-type]
        ratio=plan.ratio,
        replace=plan.replace,
        caliper=plan.caliper,
        order=plan.order,
        seed=plan.seed,
    )


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


def _with_levels(plan: Comparison, frame: pd.DataFrame) -> object:
    """Return the options with codes as texts where a column is a category of texts."""
    exclude = getattr(plan.options, "exclude", {})
    if not exclude:
        return plan.options
    is_text = {name: isinstance(frame[name].dtype, pd.CategoricalDtype) for name in exclude}
    told = {
        name: [str(level) for level in levels] if is_text[name] else levels
        for name, levels in exclude.items()
    }
    return replace(plan.options, exclude=told)  # type: ignore[type-var]
