from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary.errors import DesignError
from evaluation.survival import cox

RX = ["rxLev+5FU", "rxObs"]
HEART = ["age", "year", "surgery", "transplant"]

# Six people (time, event, x): (1,1,1) (1,0,1) (6,1,1) (6,1,0) (8,0,0) (9,1,0); r = exp(b).
#   t = 1: 3r + 3 at risk, the event has r.  t = 6: r + 3 at risk, events r and 1.  t = 9: 1/1.
#   Breslow: L = r / (3r + 3) * r / (r + 3)^2
#     U = 1/(r + 1) + (3 - r)/(r + 3) = 0  <=>  r^2 - 3r - 6 = 0  <=>  r = (3 + sqrt 33)/2
#   Efron:   the second of the ties has r + 3 - (r + 1)/2 = (r + 5)/2 at risk
#     U = 1/(r + 1) + 3/(r + 3) - r/(r + 5) = 0  <=>  r^3 - 23 r - 30 = 0
#   Exact:   pairs out of {r, 1, 1, 1} weigh 3r + 3, so U = 2/(r + 1) > 0: no maximum
TIME = [1, 1, 6, 6, 8, 9]
EVENT = [1, 0, 1, 1, 0, 1]
X = [1.0, 1.0, 1.0, 0.0, 0.0, 0.0]


def test_six_people_by_hand() -> None:
    breslow = cox.fit(TIME, EVENT, X, ties="breslow")
    r = (3 + np.sqrt(33)) / 2
    assert breslow.coef[0] == pytest.approx(np.log(r), abs=1e-10)
    assert breslow.loglik == pytest.approx(np.log(r / (3 * r + 3) * r / (r + 3) ** 2))
    assert 1 / breslow.vcov[0, 0] == pytest.approx(r / (r + 1) ** 2 + 6 * r / (r + 3) ** 2)
    efron = cox.fit(TIME, EVENT, X)
    root = max(np.roots([1, 0, -23, -30]).real)
    assert efron.coef[0] == pytest.approx(np.log(root), abs=1e-10)
    assert efron.loglik_null == pytest.approx(-np.log(6) - np.log(4) - np.log(3))
    assert efron.n_events == 4


def test_baseline_of_six_people_by_hand() -> None:
    # Breslow at x = 0: 1/(3r + 3), then 2/(r + 3), then 1.
    fitted = cox.fit(TIME, EVENT, X, ties="breslow")
    r = (3 + np.sqrt(33)) / 2
    steps = np.cumsum([1 / (3 * r + 3), 2 / (r + 3), 1.0])
    assert fitted.baseline_time.tolist() == [1, 6, 9]
    np.testing.assert_allclose(fitted.baseline_hazard, steps, rtol=1e-9)


def test_score_residuals_of_six_people_by_hand() -> None:
    # Breslow: x - mean at the own event, less r_i times the sum of (x_i - mean) dH while at
    # risk; means r/(r + 1), r/(r + 3), 0.
    fitted = cox.fit(TIME, EVENT, X, ties="breslow")
    r = (3 + np.sqrt(33)) / 2
    m1, m6 = r / (r + 1), r / (r + 3)
    h1, h6 = 1 / (3 * r + 3), 2 / (r + 3)
    spent1 = [r * (1 - m1) * h1] * 3 + [-m1 * h1] * 3
    spent6 = [0, 0, r * (1 - m6) * h6, -m6 * h6, -m6 * h6, -m6 * h6]
    own = [1 - m1, 0, 1 - m6, -m6, 0, 0]
    expected = np.array(own) - spent1 - spent6
    np.testing.assert_allclose(fitted.score_residuals()[:, 0], expected, atol=1e-9)


def same_as(stored: dict[str, Any], fitted: cox.CoxFit) -> None:
    """Compare with a stored coxph.  R stops at 1e-9, we at 1e-10: rtol 1e-7."""
    assert (fitted.n, fitted.n_events) == (stored["n"], stored["nevent"])
    np.testing.assert_allclose(fitted.coef, list(stored["coef"].values()), rtol=1e-7)
    robust = fitted.vcov if fitted.vcov_robust is None else fitted.vcov_robust
    np.testing.assert_allclose(robust, stored["vcov"], rtol=1e-7, atol=1e-14)
    np.testing.assert_allclose(fitted.vcov, stored.get("naive_vcov", robust), rtol=1e-7)
    assert [fitted.loglik_null, fitted.loglik] == pytest.approx(stored["loglik"], rel=1e-12)
    if "basehaz_uncentered" in stored and "strata" not in stored["basehaz_uncentered"]:
        base = stored["basehaz_uncentered"]
        upto = np.searchsorted(fitted.baseline_time, base["time"], side="right")
        hazard = np.concatenate([[0.0], fitted.baseline_hazard])[upto]
        np.testing.assert_allclose(hazard, base["hazard"], rtol=1e-7)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_colon_equals_coxph(
    colon: pd.DataFrame, oracle: dict[str, Any], ties: cox.Ties
) -> None:
    columns = [*RX, "age", "sex", "nodes", "obstruct"]
    rows = colon[colon["etype"] == 2].dropna(subset=columns)
    fitted = cox.fit(rows["time"], rows["status"], rows[columns], ties=ties)
    same_as(oracle["cox"][f"colon_death_{ties}"], fitted)


def test_strata_and_clusters_equal_coxph(colon: pd.DataFrame, oracle: dict[str, Any]) -> None:
    rows = colon.dropna(subset=["nodes"])
    fitted = cox.fit(
        rows["time"],
        rows["status"],
        rows[[*RX, "age", "nodes"]],
        strata=rows["etype"],
        cluster=rows["id"],
    )
    same_as(oracle["cox"]["colon_wlw_cluster_strata_efron"], fitted)


@pytest.mark.parametrize("clustered", [False, True])
def test_heart_with_entries_that_tie_with_events_equals_coxph(
    heart: pd.DataFrame, oracle: dict[str, Any], clustered: bool
) -> None:
    fitted = cox.fit(
        heart["stop"],
        heart["event"],
        heart[HEART],
        entry=heart["start"],
        cluster=heart["id"] if clustered else None,
    )
    name = "heart_startstop_cluster_efron" if clustered else "heart_startstop_efron"
    same_as(oracle["cox"][name], fitted)


def test_left_truncated_mgus2_equals_coxph(mgus2: pd.DataFrame, oracle: dict[str, Any]) -> None:
    leaves = mgus2["age"] + mgus2["futime"] / 12
    own = (leaves > mgus2["age"]) & mgus2["mspike"].notna()
    columns = np.column_stack([mgus2["sex"] == "M", mgus2["mspike"]])[own].astype(float)
    fitted = cox.fit(leaves[own], mgus2["death"][own], columns, entry=mgus2["age"][own])
    same_as(oracle["left_truncation"]["cox"], fitted)


def test_printed_digits_of_colon_and_heart(
    colon: pd.DataFrame, heart: pd.DataFrame, oracle: dict[str, Any]
) -> None:
    printed, treatments = oracle["printed"], ["rxLev", "rxLev+5FU"]
    rows = colon[colon["etype"] == 2]
    death = cox.fit(rows["time"], rows["status"], rows[[*treatments, "sex", "age"]])
    # Eight decimals were printed, and R stops at 1e-9.
    np.testing.assert_allclose(death.coef, printed["colon_death"]["coef"], atol=1.1e-8)
    errors = np.sqrt(np.diag(death.vcov))
    np.testing.assert_allclose(errors, printed["colon_death"]["se"], atol=1.1e-8)
    logliks = [round(death.loglik_null, 4), round(death.loglik, 4)]
    assert logliks == printed["colon_death"]["loglik"]
    both = cox.fit(colon["time"], colon["status"], colon[treatments], cluster=colon["id"])
    three = cox.fit(
        heart["stop"],
        heart["event"],
        heart[["age", "surgery", "transplant"]],
        entry=heart["start"],
        cluster=heart["id"],
    )
    for fitted, name in ((both, "colon_both_events_cluster"), (three, "heart")):
        stored = printed[name]
        assert fitted.vcov_robust is not None
        # As above: eight digits, R stops at 1e-9.
        np.testing.assert_allclose(fitted.coef, stored["coef"], rtol=1e-7)
        for vcov, key in ((fitted.vcov, "naive_se"), (fitted.vcov_robust, "robust_se")):
            np.testing.assert_allclose(np.sqrt(np.diag(vcov)), stored[key], rtol=5e-8)


def random_rows(seed: int, n: int = 70) -> dict[str, Any]:
    """Heavy ties, late entry, strata, uneven weights."""
    rng = np.random.default_rng(seed)
    return {
        "exit": rng.integers(4, 12, n),
        "event": rng.integers(0, 2, n),
        "X": rng.normal(size=(n, 2)),
        "entry": rng.integers(0, 4, n),
        "weights": rng.uniform(0.5, 2.0, n),
        "strata": rng.integers(0, 2, n),
    }


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_dfbeta_is_the_derivative_by_the_row_weight(ties: cox.Ties) -> None:
    rows = random_rows(0)
    weights, step = rows["weights"], 1e-5
    dfbeta = cox.fit(**rows, ties=ties).influence()
    for i in range(len(weights)):
        nudge = step * (np.arange(len(weights)) == i)
        more = cox.fit(**{**rows, "weights": weights + nudge}, ties=ties).coef
        less = cox.fit(**{**rows, "weights": weights - nudge}, ties=ties).coef
        np.testing.assert_allclose(
            dfbeta[i], weights[i] * (more - less) / (2 * step), atol=1e-8
        )


def test_robust_variance_is_the_summed_square_of_dfbetas() -> None:
    rows = random_rows(1)
    town = np.random.default_rng(2).integers(0, 6, 70)
    fitted = cox.fit(**rows, cluster=town)
    summed = np.array([fitted.influence()[town == g].sum(axis=0) for g in range(6)])
    np.testing.assert_allclose(fitted.vcov_robust, summed.T @ summed, rtol=1e-12)
    alone = cox.fit(**rows)
    np.testing.assert_allclose(
        alone.vcov_robust, alone.influence().T @ alone.influence(), rtol=1e-12
    )


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_leaving_groups_out_equals_fitting_without_them(ties: cox.Ties) -> None:
    rows = random_rows(4)
    group = np.random.default_rng(5).integers(0, 7, 70)
    left = cox.fit(**rows, ties=ties).delete_groups(group, 7)
    for g in range(7):
        alone = cox.fit(**{k: v[group != g] for k, v in rows.items()}, ties=ties)
        # Both stop at 1e-10 of a standard deviation.
        np.testing.assert_allclose(left[g], alone.coef, atol=1e-9)


def test_exact_ties_equal_the_sum_over_all_sets() -> None:
    rng = np.random.default_rng(7)
    exits, event = rng.integers(4, 8, 14), rng.integers(0, 2, 14)
    entry = np.minimum(rng.integers(0, 6, 14), exits - 1)
    columns = rng.normal(size=(14, 2))
    fitted = cox.fit(exits, event, columns, entry=entry, ties="exact")

    def loglik(beta: Any) -> float:
        total = 0.0
        for t in np.unique(exits[event == 1]):
            hit = np.flatnonzero((exits == t) & (event == 1))
            present = np.flatnonzero((entry < t) & (exits >= t))
            sets = combinations(present, len(hit))
            total += columns[hit].sum(axis=0) @ beta
            total -= np.log(sum(np.exp(columns[list(s)].sum(axis=0) @ beta) for s in sets))
        return float(total)

    assert fitted.loglik == pytest.approx(loglik(fitted.coef), rel=1e-12)
    assert fitted.loglik_null == pytest.approx(loglik(np.zeros(2)), rel=1e-12)
    step = 1e-4
    for nudge in (np.array([step, 0]), np.array([0, step])):
        slope = loglik(fitted.coef + nudge) - loglik(fitted.coef - nudge)
        assert slope == pytest.approx(0.0, abs=1e-9)
        bend = loglik(fitted.coef + nudge) + loglik(fitted.coef - nudge) - 2 * fitted.loglik
        along = np.linalg.inv(fitted.vcov)[nudge > 0, nudge > 0][0]
        assert -bend / step**2 == pytest.approx(along, rel=1e-4)


def test_exact_ties_of_hundreds_of_events_stay_finite() -> None:
    rng = np.random.default_rng(8)
    columns = rng.normal(size=3000)
    fitted = cox.fit(
        rng.integers(1, 4, 3000), rng.random(3000) < 0.5, 0.01 * columns, ties="exact"
    )
    assert np.isfinite([fitted.loglik, fitted.coef[0], fitted.vcov[0, 0]]).all()


def test_exact_without_ties_is_efron() -> None:
    rng = np.random.default_rng(9)
    exits, columns = rng.permutation(60), rng.normal(size=(60, 2))
    event = rng.integers(0, 2, 60)
    exact = cox.fit(exits, event, columns, ties="exact")
    efron = cox.fit(exits, event, columns)
    np.testing.assert_allclose(exact.coef, efron.coef, rtol=1e-8)
    np.testing.assert_allclose(exact.vcov, efron.vcov, rtol=1e-8)


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000), unit=st.floats(0.1, 10.0))
def test_neither_unit_nor_order_nor_absent_rows_matter(seed: int, unit: float) -> None:
    rows = random_rows(seed)
    once = cox.fit(**rows)
    order = np.random.default_rng(seed).permutation(70)
    shuffled = {k: v[order] for k, v in rows.items()}
    shuffled["exit"] = shuffled["exit"] * unit
    shuffled["entry"] = shuffled["entry"] * unit
    again = cox.fit(**shuffled)
    np.testing.assert_allclose(again.coef, once.coef, atol=1e-9)
    np.testing.assert_allclose(again.vcov_robust, once.vcov_robust, rtol=1e-7)
    np.testing.assert_allclose(
        again.score_residuals(), once.score_residuals()[order], atol=1e-8
    )
    absent = {k: np.concatenate([v, v[:5]]) for k, v in rows.items()}
    absent["weights"][-5:] = 0.0
    np.testing.assert_allclose(cox.fit(**absent).coef, once.coef, atol=1e-9)


def test_doubled_weights_are_doubled_rows_with_breslow_ties() -> None:
    rows = random_rows(11)
    twice = {k: np.tile(v, (2, 1)) if v.ndim == 2 else np.tile(v, 2) for k, v in rows.items()}
    heavy = {**rows, "weights": 2 * rows["weights"]}
    one, two = (cox.fit(**r, ties="breslow") for r in (heavy, twice))
    np.testing.assert_allclose(one.coef, two.coef, atol=1e-9)
    np.testing.assert_allclose(one.vcov, two.vcov, rtol=1e-8)


def test_residuals_sum_to_zero_and_large_covariates_do_no_harm(colon: pd.DataFrame) -> None:
    rows = colon[colon["etype"] == 2]
    columns = rows[["age", "rxLev"]].to_numpy(dtype=float) + np.array([1e6, 0.0])
    fitted = cox.fit(rows["time"], rows["status"], columns)
    np.testing.assert_allclose(fitted.score_residuals().sum(axis=0), 0.0, atol=1e-6)
    plain = cox.fit(rows["time"], rows["status"], rows[["age", "rxLev"]])
    np.testing.assert_allclose(fitted.coef, plain.coef, rtol=1e-6)


@pytest.mark.parametrize("ties", cox.TIES)
def test_an_arm_without_events_is_named_not_estimated(ties: cox.Ties) -> None:
    rng = np.random.default_rng(12)
    arm = np.arange(100) < 50
    event = ~arm & (rng.random(100) < 0.6)
    columns = np.column_stack([rng.normal(size=100), arm])
    with pytest.raises(cox.UnidentifiedError, match="runs to infinity") as caught:
        cox.fit(rng.integers(1, 20, 100), event, columns, ties=ties)
    assert caught.value.columns == (1,)


def test_exact_ties_of_the_six_people_have_no_maximum() -> None:
    with pytest.raises(cox.UnidentifiedError, match="monotone"):
        cox.fit(TIME, EVENT, X, ties="exact")


def test_dependent_and_constant_columns_are_all_named() -> None:
    rng = np.random.default_rng(13)
    first = rng.normal(size=(50, 2))
    columns = np.column_stack([first, first.sum(axis=1), np.ones(50)])
    with pytest.raises(cox.UnidentifiedError, match="2, 3 are constant") as caught:
        cox.fit(rng.integers(1, 20, 50), np.ones(50), columns)
    assert caught.value.columns == (2, 3)


def test_what_cannot_be_fitted_is_refused() -> None:
    with pytest.raises(DesignError, match="no row has the event"):
        cox.fit([1, 2], [0, 0], [0.0, 1.0])
    with pytest.raises(DesignError, match="neither weights nor cluster"):
        cox.fit(TIME, EVENT, X, weights=np.ones(6), ties="exact")
    with pytest.raises(ValueError, match="efron, breslow, exact"):
        cox.fit(TIME, EVENT, X, ties="discrete")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="missing or infinite"):
        cox.fit(TIME, EVENT, [*X[:5], np.nan])
    with pytest.raises(ValueError, match="0 or 1"):
        cox.fit(TIME, [2, *EVENT[1:]], X)
    with pytest.raises(ValueError, match="one row per exit"):
        cox.fit(TIME, EVENT, X[:5])
    with pytest.raises(ValueError, match="one value per row"):
        cox.fit(TIME, EVENT, X, strata=[1, 2])
    rng = np.random.default_rng(14)
    exact = cox.fit(rng.permutation(20), np.ones(20), rng.normal(size=20), ties="exact")
    with pytest.raises(DesignError, match="score residuals"):
        exact.score_residuals()


def test_clustered_errors_equal_lifelines_where_lifelines_is_right() -> None:
    from lifelines import CoxPHFitter

    # Without ties and late entry the two define the same sandwich.
    rng = np.random.default_rng(15)
    frame = pd.DataFrame(rng.normal(size=(300, 2)), columns=["a", "b"])
    frame["t"] = rng.exponential(size=300) * np.exp(-0.4 * frame["a"])
    frame["e"] = rng.integers(0, 2, 300)
    frame["g"] = rng.integers(0, 25, 300)
    theirs = CoxPHFitter().fit(
        frame, "t", "e", cluster_col="g", fit_options={"precision": 1e-12}
    )
    ours = cox.fit(frame["t"], frame["e"], frame[["a", "b"]], cluster=frame["g"])
    np.testing.assert_allclose(ours.coef, theirs.params_, rtol=1e-6)
    assert ours.vcov_robust is not None
    np.testing.assert_allclose(
        np.sqrt(np.diag(ours.vcov_robust)), theirs.standard_errors_, rtol=1e-5
    )
