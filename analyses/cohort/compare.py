"""Make the comparison that a plan names, of the rows that may be compared."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import evaluation as ev
from analyses.cohort.risk_sets import match_periods
from analyses.study.comparison_keys import RISK_SETS, UNMATCHED, WEIGHTING
from analyses.study.sections import Comparison
from data_dictionary.executor import IN_PROCESS, Executor
from evaluation import Matched, Roles
from evaluation.inference.gatekeeper import Decision, decide


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


def decision_of(m: Matched, observed: NDArray[np.bool_]) -> Decision:
    """Return how inference is chosen for a linear effect on the observed rows."""
    weights = np.where(observed, m.weights, 0.0)
    # Estimated weights are estimated again without each cluster: the jackknife, not the wild.
    kind: Literal["linear", "time"] = "linear" if m.weighting is None else "time"
    return decide(m.cluster, m.treated, weights, kind=kind, sets=m.independent_sets)


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
