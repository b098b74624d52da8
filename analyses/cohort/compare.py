"""Make the comparison that a plan names, of the rows that may be compared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import evaluation as ev
from analyses.cohort.risk_sets import match_periods
from analyses.study.comparison import Comparison
from data_dictionary.executor import IN_PROCESS, Executor
from evaluation import Matched, Roles
from evaluation.comparison.matching.method import Matching
from evaluation.comparison.weighting.method import WeighMethod
from evaluation.inference.gatekeeper import Decision, decide


def compare(
    frame: pd.DataFrame,
    roles: Roles,
    plan: Comparison,
    index_date: str | None,
    executor: Executor | None = IN_PROCESS,
) -> Matched:
    """Make the comparison that the plan names, its weights without each cluster included.

    Without an executor those are left to whoever needs them.
    """
    method = plan.options
    if isinstance(method, ev.RiskSets):
        return match_periods(frame, roles, method, str(index_date))
    if isinstance(method, WeighMethod):
        m = ev.weigh(frame, roles, method, estimand=plan.estimand)  # type: ignore[arg-type]
        is_judged_by_them = decision_of(m, m.used).method == "jackknife"
        return m.replicated(executor) if executor and is_judged_by_them else m
    if isinstance(method, Matching):
        return ev.match(frame, roles, _with_levels(method, frame), estimand=plan.estimand)  # type: ignore[arg-type]
    return ev.unmatched(frame, roles)


def decision_of(m: Matched, observed: NDArray[np.bool_]) -> Decision:
    """Return how inference is chosen for a linear effect on the observed rows."""
    # By those whose outcome is known: clusters that did not answer judge nothing (decision 2).
    weights = np.where(observed, m.weights, 0.0)
    return decide(m.cluster, m.treated, weights, sets=m.independent_sets)


def _with_levels(method: Matching, frame: pd.DataFrame) -> Matching:
    """Return the method with codes as texts where a column is a category of texts."""
    told = {
        name: [str(level) for level in levels]
        if isinstance(frame[name].dtype, pd.CategoricalDtype)
        else levels
        for name, levels in method.exclude.items()
    }
    return replace(method, exclude=told)
