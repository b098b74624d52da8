from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from data_dictionary.errors import CareWarning, DesignError
from evaluation.comparison.propensity import estimate, fit_logit


def test_a_two_by_two_table_gives_the_log_odds_by_hand() -> None:
    # x = 0: 2 of 8 treated; x = 1: 6 of 9.  Intercept log(2/6), slope log((6/3) / (2/6)).
    x = np.repeat([0.0, 1.0], [8, 9])
    treated = np.r_[[True] * 2, [False] * 6, [True] * 6, [False] * 3]
    fit = fit_logit(x[:, None], treated)
    assert_allclose(fit.coef, [np.log(2 / 6), np.log(6)], rtol=1e-12)
    assert not fit.separated.any()


def test_coefficients_agree_with_r(lalonde, lalonde_roles, lalonde_oracle) -> None:
    fitted = estimate(lalonde, lalonde_roles.covariates, lalonde["treat"].to_numpy(bool))
    ours = fitted.coef.rename({"race[hispan]": "racehispan", "race[white]": "racewhite"})
    stored = pd.Series(lalonde_oracle["coef"])
    # R stops when the deviance changes by less than 1e-8, one step before we do.
    assert_allclose(ours[stored.index], stored, rtol=2e-6)


def test_fitted_probabilities_agree_with_r(sim, sim_roles, sim_oracle) -> None:
    fitted = estimate(sim, sim_roles.covariates, sim["treat"].to_numpy(bool))
    assert_allclose(fitted.score, sim_oracle["distance"], atol=1e-11)


def test_the_score_equations_hold_with_large_offsets_and_scales() -> None:
    rng = np.random.default_rng(1)
    X = np.column_stack([2017 + rng.normal(size=500), 1e6 * rng.normal(size=500)])
    treated = rng.random(500) < 1 / (1 + np.exp(1 - (X[:, 0] - 2017)))
    fit = fit_logit(X, treated)
    probability = 1 / (1 + np.exp(-fit.log_odds))
    standardised = (X - X.mean(axis=0)) / X.std(axis=0)
    assert_allclose(standardised.T @ (treated - probability), 0, atol=1e-9)
    assert_allclose(fit.coef[0] + X @ fit.coef[1:], fit.log_odds, atol=1e-8)


def test_a_weight_of_three_counts_as_three_rows() -> None:
    rng = np.random.default_rng(2)
    X = rng.normal(size=(60, 2))
    treated = rng.random(60) < 0.4
    weights = rng.integers(1, 4, size=60)
    weighted = fit_logit(X, treated, weights=weights.astype(float))
    repeated = fit_logit(np.repeat(X, weights, axis=0), np.repeat(treated, weights))
    assert_allclose(weighted.coef, repeated.coef, rtol=1e-9)


def test_constant_and_repeated_covariates_are_left_out_and_noted() -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"x": rng.normal(size=80), "c": 4, "z": rng.normal(size=80)})
    frame["again"] = 2 * frame["x"] - frame["z"] + 1
    treated = rng.random(80) < 0.5
    with_all = estimate(frame, ("x", "c", "z", "again"), treated)
    without = estimate(frame, ("x", "z"), treated)
    assert_allclose(with_all.score, without.score, rtol=1e-9)
    assert with_all.coef.isna().to_dict() == {
        "(Intercept)": False, "x": False, "c": True, "z": False, "again": True,
    }  # fmt: skip
    assert with_all.notes == (
        "covariate c is constant and is left out of the propensity.",
        "covariate again repeats other covariates and is left out of the propensity.",
    )


def _persons(n: int = 300) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"x": rng.normal(size=n), "town": rng.choice(list("abc"), size=n)})
    return frame, rng.random(n) < 0.3


def test_complete_separation_names_the_column_that_separates() -> None:
    frame, treated = _persons()
    frame["income"] = np.where(treated, 10.0, 20.0) + frame["x"]
    with pytest.raises(DesignError, match=r"completely \(income\): no overlap"):
        estimate(frame, ("x", "town", "income"), treated)


def test_a_level_that_only_the_treated_have_is_named_and_its_rows_left_out() -> None:
    frame, treated = _persons()
    new = treated & (frame["x"] > 1).to_numpy()
    frame["town"] = np.where(new, "new", frame["town"])
    with pytest.warns(CareWarning, match=r"separation by town\[new\]: .* have no counterpart"):
        fitted = estimate(frame, ("x", "town"), treated)
    assert_allclose(fitted.separated, new)
    assert (fitted.score[new] == 1).all()
    assert f"{new.sum()} treated and 0 comparison row(s)" in fitted.notes[0]


def test_a_level_that_only_comparisons_have_is_noted_without_a_warning() -> None:
    frame, treated = _persons()
    frame["flag"] = ~treated & (frame["x"] > 1).to_numpy()
    fitted = estimate(frame, ("x", "flag"), treated)
    assert (fitted.score[frame["flag"]] == 0).all()
    assert "separation by flag = 1: 0 treated and" in fitted.notes[0]


@pytest.mark.parametrize("reference", ["0new", "new"], ids=["reference level", "other level"])
def test_separated_rows_leave_the_others_fit_as_if_they_were_not_there(reference: str) -> None:
    frame, treated = _persons()
    rare = ~treated & (frame["x"] > 1).to_numpy()
    frame["town"] = np.where(rare, reference, frame["town"])
    everybody = estimate(frame, ("x", "town"), treated)
    others = estimate(frame[~rare], ("x", "town"), treated[~rare])
    assert_allclose(everybody.score[~rare], others.score, rtol=1e-9)


def test_two_columns_that_separate_together_are_both_named() -> None:
    rng = np.random.default_rng(5)
    treated = rng.random(300) < 0.4
    z = rng.normal(size=300)
    frame = pd.DataFrame({"z": z, "above": np.where(treated, np.abs(z), z)})
    with pytest.warns(CareWarning, match="separation by z, above"):
        fitted = estimate(frame, ("z", "above"), treated)
    assert_allclose(fitted.separated, treated & (z < 0))


def test_rows_far_out_are_not_taken_for_separated() -> None:
    rng = np.random.default_rng(6)
    x = rng.standard_t(1.5, size=2000) * 3
    treated = rng.random(2000) < 1 / (1 + np.exp(2 - x))
    fit = fit_logit(x[:, None], treated)
    assert np.abs(fit.log_odds).max() > 30
    assert not fit.separated.any()


def test_separation_is_seen_where_treatment_is_rare() -> None:
    # One in a hundred is treated: the first Newton step of a level that only they have is
    # about 100 log-odds, where the likelihood is flat.
    rng = np.random.default_rng(1)
    treated = np.arange(20_000) < 200
    only = treated & (rng.random(20_000) < 0.3)
    frame = pd.DataFrame({"x": rng.normal(size=20_000), "level": np.where(only, "b", "a")})
    with pytest.warns(CareWarning, match=r"separation by level\[b\]"):
        fitted = estimate(frame, ("x", "level"), treated)
    np.testing.assert_array_equal(fitted.separated, only)


def test_other_rows_are_predicted_at_the_limit_of_the_fit() -> None:
    # Level b is treated throughout; among the others x decides at 3, but for a tie there.
    level = np.array([1.0] * 4 + [0] * 8)
    x = np.array([0.0, 1, 2, 3, 0, 1, 2, 3, 3, 4, 5, 6])
    treated = np.array([1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1], dtype=bool)
    fit = fit_logit(np.column_stack([level, x]), treated)
    assert fit.separated.sum() == 10
    others = np.array([[1.0, -9.0], [0, 2.5], [0, 3], [0, 40]])
    found = fit.predict(others)
    assert found[[1, 3]].tolist() == [-np.inf, np.inf]
    assert found[2] == pytest.approx(0.0, abs=1e-9)
    assert np.isinf(found[0])
    # Rows of the fit are where the fit has them.
    assert np.array_equal(
        np.isinf(fit.predict(np.column_stack([level, x]))), np.isinf(fit.log_odds)
    )


def test_rows_all_alike_predict_the_same_for_others() -> None:
    everybody = fit_logit(np.arange(4.0)[:, None], np.ones(4, dtype=bool))
    assert everybody.predict(np.array([[9.0]])).tolist() == [np.inf]
    nobody = fit_logit(np.empty((4, 0)), np.zeros(4, dtype=bool))
    assert nobody.predict(np.empty((2, 0))).tolist() == [-np.inf, -np.inf]
    # A level of its own, and the rest of the other kind.
    level = np.array([[1.0], [1], [0], [0]])
    fit = fit_logit(level, np.array([True, True, False, False]))
    assert fit.predict(np.array([[0.0], [1.0]])).tolist() == [-np.inf, np.inf]
