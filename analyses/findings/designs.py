"""Run a study's other designs beside the comparison of its plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from analyses.cohort.compare import compare
from analyses.cohort.rows import CohortRows
from analyses.inputs.tables import Tables
from analyses.outcomes.kind import Estimated
from analyses.outcomes.value import values_of
from analyses.study.methods import MAIN
from analyses.study.sections import Study
from data_dictionary.errors import DesignError
from data_dictionary.executor import IN_PROCESS, Executor
from evaluation import Effect, Matched

FROM_EFFECT = ("estimate", "std_error", "conf_low", "conf_high", "n_treated", "n_comparison")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DesignEffect:
    """One outcome under one design; the first of each outcome is that of the plan."""

    outcome: str
    name: str
    label: str
    matched: Matched
    effect: Effect


def design_effects(
    study: Study,
    tables: Tables,
    rows: CohortRows,
    found: Mapping[str, Estimated],
    executor: Executor = IN_PROCESS,
) -> tuple[DesignEffect, ...]:
    """Return the effect on every measured amount under every design of the study.

    `found` is what the plan's own comparison gave.  A design that cannot be made is refused by
    name.
    """
    values = values_of(study)
    if not (study.designs and values):
        return ()
    plan = study.comparison.label
    made = [(name, MAIN, plan, found[name].matched, found[name].tested) for name in values]
    for design in study.designs:
        comparison = design.comparison
        complete = rows.frame[list(comparison.required)].notna().all(axis=1)
        usable = rows.frame.loc[complete].reset_index(drop=True)
        roles = replace(rows.roles, covariates=comparison.covariates, exact=comparison.exact)
        try:
            m = compare(usable, roles, comparison, study.cohort.index_date, executor)
            made += [
                (name, design.name, design.label, m, value.estimated(m, study, tables).tested)
                for name, value in values.items()
            ]
        except DesignError as error:
            raise DesignError(f"[[design]] {design.name}: {error}") from error
    order = list(values)
    made.sort(key=lambda one: order.index(one[0]))
    return tuple(
        DesignEffect(outcome=outcome, name=name, label=label, matched=m, effect=effect)
        for outcome, name, label, m, effect in made
    )


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
