"""Run a study's other designs beside the comparison of its plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analyses.cohort.compare import compare
from analyses.cohort.rows import CohortRows
from analyses.inputs.tables import Tables
from analyses.outcomes.kind import Estimated
from analyses.outcomes.value import values_of
from analyses.study.comparison import Comparison
from analyses.study.methods import MAIN
from analyses.study.sections import Study
from data_dictionary.errors import DesignError
from data_dictionary.executor import IN_PROCESS, Executor
from evaluation import Matched

FROM_EFFECT = ("estimate", "std_error", "conf_low", "conf_high", "n_treated", "n_comparison")


def design_effects(
    study: Study,
    tables: Tables,
    rows: CohortRows,
    found: Mapping[str, Estimated],
    executor: Executor = IN_PROCESS,
) -> pd.DataFrame:
    """Return designs.csv: every measured amount under the plan's and every other design.

    `found` is what the plan's own comparison gave; it stands first.  A design that cannot be
    made is refused by name.
    """
    values = values_of(study.outcomes)
    if not (study.designs and values):
        return pd.DataFrame()
    main = MAIN, study.comparison.label
    made = [_row(name, *main, found[name]) for name in values]
    for design in study.designs:
        try:
            m = compared(study, rows, design.comparison, executor)
            for name, value in values.items():
                one = value.estimated(m, study, tables)
                made.append(_row(name, design.name, design.label, one))
        except DesignError as error:
            raise DesignError(f"[[design]] {design.name}: {error}") from error
    order = list(values)
    made.sort(key=lambda row: order.index(str(row["outcome"])))
    return pd.DataFrame(made)


def compared(
    study: Study, rows: CohortRows, plan: Comparison, executor: Executor | None
) -> Matched:
    """Make the comparison of another design, of the rows that have what it needs."""
    complete = rows.frame[list(plan.required)].notna().all(axis=1)
    usable = rows.frame.loc[complete].reset_index(drop=True)
    roles = replace(
        rows.roles, covariates=plan.covariates, exact=plan.exact, missing=plan.blanks
    )
    return compare(usable, roles, plan, study.cohort.index_date, executor)


def _row(outcome: str, design: str, label: str, one: Estimated) -> dict[str, object]:
    m, effect = one.matched, one.tested
    treated, comparison = one.who
    balance = m.balance().tidy()
    covariates = balance["covariate"].isin(m.roles.covariates)
    return {
        "outcome": outcome,
        "design": design,
        "label": label,
        "method": m.method,
        **{name: getattr(effect, name) for name in FROM_EFFECT},
        "n_treated_who": treated,
        "n_comparison_who": comparison,
        "ess_treated": m.ess["treated"],
        "ess_comparison": m.ess["comparison"],
        # What is balanced exactly is 0, not the rounding error of one machine.
        "largest_smd": round(balance.loc[covariates, "smd_after"].abs().max(), 9),
    }
