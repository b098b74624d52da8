"""Weights, clusters, strata, late entry and ties together, against R's survival package."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from evaluation.survival import competing, cox, kaplan_meier
from evaluation.survival.cox.proportionality import grambsch_therneau

ORACLE = Path(__file__).parents[2] / "oracle"
COX = json.loads((ORACLE / "cox_r.json").read_text(encoding="utf-8"))
CURVES = json.loads((ORACLE / "curves_r.json").read_text(encoding="utf-8"))
COX.pop("_meta")

# Both stop Newton's method once its steps are beneath rounding: the same numbers but for it.
SAME_MAXIMUM = 1e-10
# Closed forms in another order of operations; risk sets by subtraction of weights.
ROUNDING = 1e-11


def close(found, expected, rtol) -> None:
    """Compare on the scale of the whole array: its zeros are zeros up to rounding."""
    expected = np.asarray(expected, dtype=float)
    np.testing.assert_allclose(
        found, expected, rtol=rtol, atol=rtol * np.nanmax(np.abs(expected))
    )


def column(rows, case, part):
    """Return the column that plays a part in a case, None where none does."""
    return rows[case[part]].to_numpy() if case.get(part) else None


@pytest.fixture(scope="module")
def fitted(case_rows):
    """Return the fit of a stored case, each made once."""
    made: dict[str, cox.CoxFit] = {}

    def fit(name: str) -> cox.CoxFit:
        if name not in made:
            case = COX[name]["case"]
            rows = case_rows(case)
            made[name] = cox.fit(
                column(rows, case, "stop"),
                column(rows, case, "event"),
                rows[case["columns"]].to_numpy(),
                entry=column(rows, case, "start"),
                weights=column(rows, case, "weight"),
                strata=column(rows, case, "strata"),
                cluster=column(rows, case, "cluster"),
                ties=case["ties"],
            )
        return made[name]

    return fit


def with_answer(answer: str) -> list[str]:
    """Return the Cox cases for which R gave an answer of this name."""
    return [name for name, entry in COX.items() if answer in entry]


@pytest.mark.parametrize("name", COX)
def test_cox_coefficients_and_likelihood_are_those_of_r(name, fitted) -> None:
    found, expected = fitted(name), COX[name]
    assert (found.n, found.n_events) == (expected["n"], expected["n_events"])
    close(found.coef, expected["coef"], SAME_MAXIMUM)
    close(found.vcov, expected["vcov"], SAME_MAXIMUM)
    close([found.loglik_null, found.loglik], expected["loglik"], ROUNDING)


@pytest.mark.parametrize("name", with_answer("vcov_robust"))
def test_cox_robust_variance_is_that_of_r(name, fitted) -> None:
    close(fitted(name).vcov_robust, COX[name]["vcov_robust"], SAME_MAXIMUM)


@pytest.mark.parametrize("name", with_answer("baseline"))
def test_cox_baseline_hazard_is_that_of_r(name, fitted, case_rows) -> None:
    found, expected, case = fitted(name), COX[name]["baseline"], COX[name]["case"]
    levels = [""]
    if "strata" in case:
        levels = sorted({str(level) for level in case_rows(case)[case["strata"]]})
    strata = np.array(expected.get("stratum", [""] * len(expected["time"])))
    for code, level in enumerate(levels):
        own = found.baseline_stratum == code
        curve = np.concatenate([[0.0], found.baseline_hazard[own]])
        wanted = strata == level
        # Ages are sums of whole years and parts of one: equal up to rounding only.
        at = np.array(expected["time"])[wanted] + 1e-7
        reached = np.searchsorted(found.baseline_time[own], at)
        close(curve[reached], np.array(expected["hazard"])[wanted], SAME_MAXIMUM)


@pytest.mark.parametrize("name", with_answer("zph"))
def test_proportionality_test_is_that_of_r(name, fitted) -> None:
    found = fitted(name)
    terms = {str(position): [position] for position in range(len(found.coef))}
    for transform, expected in COX[name]["zph"].items():
        rows = grambsch_therneau(found, terms, transform=transform).tidy()
        close(rows["chisq"], expected, 1e-9)


@pytest.mark.parametrize("name", with_answer("dfbeta"))
def test_cox_residuals_are_those_of_r(name, fitted) -> None:
    close(fitted(name).score_residuals(), COX[name]["score"], SAME_MAXIMUM)
    close(fitted(name).influence(), COX[name]["dfbeta"], SAME_MAXIMUM)


def incidence_of(rows, case, n_causes):
    return competing.aalen_johansen(
        column(rows, case, "stop"),
        column(rows, case, "event"),
        entry=column(rows, case, "start"),
        weights=column(rows, case, "weight"),
        n_causes=n_causes,
    )


def clustered_error(curve, cause, functional, cluster) -> float:
    """Return the error of a weighted sum of a curve, rows summed within clusters."""
    influence = curve.influence(cause, functional)
    if cluster is not None:
        influence = np.bincount(np.unique(cluster, return_inverse=True)[1], influence)
    return float(np.sqrt((influence**2).sum()))


@pytest.mark.parametrize("name", CURVES["survival"])
def test_kaplan_meier_is_that_of_r(name, case_rows) -> None:
    expected = CURVES["survival"][name]
    case = expected["case"]
    rows = case_rows(case)
    found = kaplan_meier.fit(
        column(rows, case, "stop"),
        column(rows, case, "event"),
        entry=column(rows, case, "start"),
        weights=column(rows, case, "weight"),
    )
    at = np.searchsorted(found.time, np.array(expected["time"]) - 1e-7)
    for attribute in ("time", "at_risk", "n_events", "survival"):
        close(getattr(found, attribute)[at], expected[attribute], ROUNDING)
    if "cluster" not in case:
        close(found.std_error[at], expected["std_error"], SAME_MAXIMUM)
        return
    curve = incidence_of(rows, case, 1)
    cluster = column(rows, case, "cluster")
    errors = [
        clustered_error(curve, 1, competing.at_horizon(curve.time, time + 1e-7), cluster)
        for time in expected["time"]
    ]
    close(errors, expected["std_error"], SAME_MAXIMUM)


@pytest.mark.parametrize("name", CURVES["incidence"])
def test_aalen_johansen_is_that_of_r(name, case_rows) -> None:
    expected = CURVES["incidence"][name]
    case = expected["case"]
    rows = case_rows(case)
    found = incidence_of(rows, case, 2)
    at = np.searchsorted(found.time, np.array(expected["time"]) - 1e-7)
    close(found.time[at], expected["time"], ROUNDING)
    close(found.incidence[at], expected["incidence"], ROUNDING)
    cluster = column(rows, case, "cluster")
    if cluster is None:
        close(found.std_error[at], expected["std_error"], ROUNDING)
    area = competing.area_to_horizon(found.time, case["horizon"])
    for cause in (1, 2):
        by_cluster = [
            clustered_error(found, cause, competing.at_horizon(found.time, time), cluster)
            for time in found.time[at]
        ]
        close(by_cluster, np.array(expected["std_error"])[:, cause - 1], SAME_MAXIMUM)
        assert area @ found.incidence[:, cause - 1] == pytest.approx(
            expected["area"][cause - 1], rel=ROUNDING
        )
        assert clustered_error(found, cause, area, cluster) == pytest.approx(
            expected["area_std_error"][cause - 1], rel=SAME_MAXIMUM
        )


def test_incidence_is_that_of_cmprsk(case_rows) -> None:
    # Another package, another algorithm.
    expected = CURVES["cuminc"]
    case = CURVES["incidence"]["mgus"]["case"]
    found = incidence_of(case_rows(case), case, 2)
    at = np.searchsorted(found.time, expected["time"], side="right") - 1
    close(found.incidence[at], expected["incidence"], ROUNDING)
