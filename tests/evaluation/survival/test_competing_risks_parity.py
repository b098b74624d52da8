"""Fine-Gray, Gray's test, log-rank tests, hazards and quantiles against R."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from evaluation.survival import fine_gray, kaplan_meier, parametric
from evaluation.survival.competing import at_horizon
from evaluation.survival.equality import gray, log_rank
from evaluation.survival.standardised.adjusted import pseudo_values

ORACLE = Path(__file__).parents[2] / "oracle"
R = json.loads((ORACLE / "competing_risks_r.json").read_text(encoding="utf-8"))

# The same closed forms at the same maximum: coxph stops beneath rounding.
SAME_MAXIMUM = 1e-9
# crr stops when its score is small; its derivatives are exact at where it stopped.
CRR_STOPS = 1e-8
ROUNDING = 1e-11
# survreg stops when its likelihood does.
SURVREG_STOPS = 1e-6
# The same sums over times.
CUMINC = 1e-9


def close(found, expected, rtol) -> None:
    """Compare on the scale of the whole array."""
    expected = np.asarray(expected, dtype=float)
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=rtol * np.abs(expected).max())


def column(rows, case, part):
    """Return the column that plays a part in a case, None where none does."""
    return rows[case[part]].to_numpy() if case.get(part) else None


def fitted(rows, case, definition):
    """Fit a stored case."""
    return fine_gray.fit(
        column(rows, case, "stop"),
        column(rows, case, "event"),
        rows[case["columns"]],
        of=int(case["of"]),
        weights=column(rows, case, "weight"),
        cluster=column(rows, case, "cluster"),
        definition=definition,
    )


@pytest.mark.parametrize("name", R["crr"])
def test_coefficients_variance_and_likelihood_are_those_of_crr(name, case_rows) -> None:
    entry = R["crr"][name]
    rows = case_rows(entry["case"])
    found = fitted(rows, entry["case"], "crr")
    assert found.n == entry["n"]
    close(found.coef, entry["coef"], CRR_STOPS)
    close(found.vcov, entry["vcov"], CRR_STOPS)
    close([found.loglik_null, found.loglik], entry["loglik"], ROUNDING)
    people = rows[entry["case"]["columns"]].iloc[:3]
    close(found.incidence(people, entry["times"]), entry["incidence"], CRR_STOPS)


@pytest.mark.parametrize("name", R["finegray"])
def test_the_other_definition_is_finegray_followed_by_coxph(name, case_rows) -> None:
    entry = R["finegray"][name]
    efron = entry["case"]["ties"] == "efron"
    definition = "finegray" if efron else "finegray-breslow"
    found = fitted(case_rows(entry["case"]), entry["case"], definition)
    close(found.coef, entry["coef"], SAME_MAXIMUM)
    close(found.vcov_fixed_censoring, entry["vcov_fixed_censoring"], SAME_MAXIMUM)
    close(found.vcov_model, entry["vcov_model"], SAME_MAXIMUM)
    close([found.loglik_null, found.loglik], entry["loglik"], ROUNDING)


@pytest.mark.parametrize("name", R["log_rank"])
def test_log_rank_tests_are_those_of_survdiff(name, case_rows) -> None:
    entry = R["log_rank"][name]
    case = entry["case"]
    rows = case_rows(case)
    found = log_rank.compare(
        column(rows, case, "stop"),
        column(rows, case, "event"),
        column(rows, case, "group"),
        strata=column(rows, case, "strata"),
        emphasis=log_rank.FlemingHarrington(rho=case["rho"]),
    )
    for part in ("observed", "expected", "vcov", "chisq"):
        close(getattr(found, part), entry[part], ROUNDING)


@pytest.mark.parametrize("name", R["score_test"])
def test_robust_log_rank_tests_are_the_robust_score_test_of_coxph(name, case_rows) -> None:
    entry = R["score_test"][name]
    case = entry["case"]
    rows = case_rows(case)
    found = log_rank.compare(
        column(rows, case, "stop"),
        column(rows, case, "event"),
        column(rows, case, "group"),
        entry=column(rows, case, "start"),
        weights=column(rows, case, "weight"),
        strata=column(rows, case, "strata"),
    )
    if "cluster" in case:
        found = found.clustered(rows[case["cluster"]])
    assert found.is_robust
    close(found.chisq, entry["chisq"], ROUNDING)
    gap = found.observed - found.expected
    close(gap[1], entry["score"], 1e-9)


@pytest.mark.parametrize("name", R["gray"])
def test_grays_test_is_that_of_cuminc(name, case_rows) -> None:
    entry = R["gray"][name]
    case = entry["case"]
    rows = case_rows(case)
    for of in (1, 2):
        found = gray.compare(
            column(rows, case, "stop"),
            column(rows, case, "event"),
            column(rows, case, "group"),
            of=of,
            strata=column(rows, case, "strata"),
        )
        assert found.dof == entry["dof"][of - 1]
        close(found.chisq, entry["chisq"][of - 1], CUMINC)
        close(found.p_value, entry["p_value"][of - 1], 1e-6) if found.p_value > 1e-9 else None


@pytest.mark.parametrize(
    "name", [name for name, entry in R["hazard"].items() if "cluster" not in entry["case"]]
)
def test_quantiles_are_those_of_survfit(name, case_rows) -> None:
    entry = R["hazard"][name]
    case = entry["case"]
    rows = case_rows(case)
    given = (column(rows, case, "stop"), column(rows, case, "event"))
    options = {"entry": column(rows, case, "start"), "weights": column(rows, case, "weight")}
    curve = kaplan_meier.fit(*given, **options)
    for k, share in enumerate(entry["shares"]):
        expected = [entry[part][k] for part in ("quantile", "lower", "upper")]
        # R has no upper limit where ours is infinite.
        np.testing.assert_allclose(
            curve.quantile(share), [np.inf if e is None else e for e in expected]
        )


def test_a_median_on_a_flat_piece_is_its_middle_as_in_r() -> None:
    flat = R["flat"]
    curve = kaplan_meier.fit(flat["stop"], flat["event"])
    assert curve.quantile(0.5)[0] == flat["median"] == 5.5


@pytest.mark.parametrize("name", R["aft"])
def test_accelerated_failure_times_are_those_of_survreg(name, case_rows) -> None:
    entry = R["aft"][name]
    rows = case_rows(entry["case"])
    found = parametric.fit(
        rows["spell"].to_numpy(float),
        rows["censor1"].to_numpy(float),
        rows["ui1"].to_numpy(float),
        entry=None,
        weights=np.ones(len(rows)),
        distribution=name,
    )
    close(found.parameters, entry["parameters"], SURVREG_STOPS)
    # survreg's third parameter is the log of the scale, the negative of ours.
    turn = np.array([1.0, 1.0, -1.0])
    close(found.vcov * np.outer(turn, turn), entry["vcov"], SURVREG_STOPS)
    assert found.loglik == pytest.approx(entry["loglik"], rel=ROUNDING)
    by_age = rows["age"].to_numpy()
    summed = [found.influence()[by_age == age].sum() for age in np.unique(by_age)]
    assert np.sqrt(np.sum(np.square(summed))) == pytest.approx(entry["std_error"], rel=1e-6)


def test_pseudo_observations_are_those_of_survival(mgus2) -> None:
    entry = R["pseudo"]
    kept = np.array(entry["rows"], dtype=int) - 1
    for of, cause in enumerate(("first", "second"), start=1):
        for k, time in enumerate(entry["times"]):
            found = pseudo_values(
                mgus2["etime"], mgus2["ev"], lambda times, to=time: at_horizon(times, to), of=of
            )
            close(found[kept], np.array(entry[cause])[:, k], ROUNDING)
