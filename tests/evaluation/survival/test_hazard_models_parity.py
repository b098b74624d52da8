"""Late entry, groups of censoring, piecewise exponential, standardised incidence against R."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from evaluation.survival import fine_gray
from evaluation.survival.piecewise import model as piecewise

ORACLE = Path(__file__).parents[2] / "oracle"
R = json.loads((ORACLE / "hazard_models_r.json").read_text(encoding="utf-8"))

# The same closed forms at the same maximum: coxph and glm stop beneath rounding.
SAME_MAXIMUM = 1e-9
# crr stops when its score is small.
CRR_STOPS = 1e-8
# glm's weighted least squares solve the equations by QR, less exactly than they converge.
GLM_STOPS = 1e-7


def close(found, expected, rtol) -> None:
    """Compare on the scale of the whole array."""
    expected = np.asarray(expected, dtype=float)
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=rtol * np.abs(expected).max())


def column(rows, case, part):
    """Return the column that plays a part in a case, None where none does."""
    return rows[case[part]].to_numpy() if case.get(part) else None


@pytest.mark.parametrize("name", R["finegray"])
def test_late_entry_gives_the_numbers_of_finegray(name, case_rows) -> None:
    entry = R["finegray"][name]
    case = entry["case"]
    rows = case_rows(case)
    found = fine_gray.fit(
        rows[case["stop"]],
        rows[case["event"]],
        rows[case["columns"]],
        of=case["of"],
        entry=rows[case["start"]],
        weights=column(rows, case, "weight"),
        definition="finegray" if case["ties"] == "efron" else "finegray-breslow",
    )
    assert found.n == entry["n"]
    close(found.coef, entry["coef"], SAME_MAXIMUM)
    close(found.vcov_fixed_censoring, entry["vcov_fixed_censoring"], SAME_MAXIMUM)
    close([found.loglik_null, found.loglik], entry["loglik"], SAME_MAXIMUM)


@pytest.mark.parametrize("name", R["crr"])
def test_groups_of_the_censoring_distribution_are_those_of_crr(name, case_rows) -> None:
    entry = R["crr"][name]
    rows = case_rows(entry["case"])
    found = fine_gray.fit(
        rows["etime"],
        rows["ev"],
        rows[["age", "male"]],
        of=entry["case"]["of"],
        censoring_strata=rows["male"],
    )
    close(found.coef, entry["coef"], CRR_STOPS)
    close([found.loglik_null, found.loglik], entry["loglik"], SAME_MAXIMUM)


@pytest.mark.parametrize("name", R["piecewise"])
def test_piecewise_exponential_is_poisson_regression_of_split_rows(name, case_rows) -> None:
    entry = R["piecewise"][name]
    case = entry["case"]
    rows = case_rows(case)
    found = piecewise.fit(
        rows[case["stop"]],
        rows[case["event"]],
        rows[case["columns"]],
        cuts=case["cuts"],
        entry=column(rows, case, "start"),
        weights=column(rows, case, "weight"),
        strata=column(rows, case, "strata"),
    )
    close(found.coef, entry["coef"], GLM_STOPS)
    close(found.rate.ravel(), entry["rate"], GLM_STOPS)
    close(found.vcov, entry["vcov"], GLM_STOPS)
    close(found.loglik, entry["loglik"], GLM_STOPS)
    parts = found.influence()
    if "cluster" in case:
        code = pd.factorize(rows[case["cluster"]])[0]
        parts = np.column_stack([np.bincount(code, column) for column in parts.T])
    close(parts.T @ parts, entry["vcov_robust"], GLM_STOPS)


@pytest.mark.parametrize("model", R["standardised"])
def test_standardised_incidence_is_the_g_formula_by_hand_in_r(model, case_rows) -> None:
    entry = R["standardised"][model]
    rows = case_rows(entry["case"]).astype({"male": bool})
    rows["cause"] = rows["ev"].map({1: "pcm", 2: "death"})
    roles = ev.Roles(unit="id", treatment="male", covariates=("age",))
    m = replace(ev.unmatched(rows, roles), estimand="ATE")
    d = ev.Duration(exit="etime", event="cause", of="pcm", competing=("death",), unit="months")
    found = ev.standardised_incidence(
        m, d, entry["horizon"], covariates=("age", "hgb"), model=model
    )
    treated, comparison = entry["treated"], entry["comparison"]
    for k, cause in enumerate(d.causes):
        gap = treated["incidence"][k] - comparison["incidence"][k]
        assert found.causes[cause].estimate == pytest.approx(100 * gap, rel=1e-8)
        gap = treated["area"][k] - comparison["area"][k]
        assert found.weeks[cause].estimate == pytest.approx(gap, rel=1e-8)
    last = found.curves.groupby(["arm", "cause"])["estimate"].last()
    assert last["treated", "pcm"] == pytest.approx(treated["incidence"][0], rel=1e-8)
    assert last["comparison", "death"] == pytest.approx(comparison["incidence"][1], rel=1e-8)
