from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import evaluation as ev
from data_dictionary.errors import ColumnError, DesignError

Maker = Callable[..., ev.Matched]
D = ev.Duration(exit="etime", event="pcm", unit="months")


def test_a_table_and_its_tests_are_those_of_r(
    deaths: ev.Matched, one_arm: dict[str, Any]
) -> None:
    expected = one_arm["model"]
    found = ev.hazard_ratio(deaths, D, covariates=("age", "late")).coefficients()
    table = found.tidy()
    np.testing.assert_allclose(table["log_ratio"], expected["coef"], rtol=1e-8)
    np.testing.assert_allclose(table["std_error"], expected["robust"], rtol=1e-8)
    np.testing.assert_allclose(table["ratio"], np.exp(table["log_ratio"]))
    tests = found.tests.set_index("test")
    for name in ("likelihood ratio", "Wald", "score"):
        value = expected[name.replace(" ", "_").lower()]
        assert tests.loc[name, "statistic"] == pytest.approx(value, rel=1e-7)
        assert tests.loc[name, "df"] == 3
    # R's chi-squares; F has Hotelling's factor for the units that the covariance is made from.
    robust, joint = tests.loc["Wald, over units"], found.joint(("age", "late")).iloc[0]
    for row, name in ((robust, "wald_robust"), (joint, "joint_robust")):
        assert row["dof"] == pytest.approx(found.dof - row["df"] + 1)
        chisq = row["statistic"] * row["df"] * found.dof / row["dof"]
        assert chisq == pytest.approx(expected[name], rel=1e-7)
    assert found.aic == pytest.approx(expected["aic"], rel=1e-10)


@pytest.mark.parametrize("function", [ev.hazard_ratio, ev.subdistribution_hazard])
@pytest.mark.parametrize("cluster", [True, False])
def test_the_first_row_is_the_effect_and_one_coefficient_is_its_own_test(
    function: Callable[..., Any], cluster: bool, make: Maker, duration: ev.Duration
) -> None:
    m = make(n=200, cluster=cluster)
    m = ev.unmatched(m.frame.assign(quarter=m.frame["quarter"].astype(str)), m.roles)
    effect = function(m, duration, covariates=("age", "quarter"))
    found = effect.coefficients()
    first = found.tidy().iloc[0]
    pairs = {"ratio": "estimate", "std_error": "std_error", "conf_low": "conf_low"}
    for column, part in {**pairs, "conf_high": "conf_high", "p_value": "p_value"}.items():
        assert first[column] == pytest.approx(getattr(effect, part), rel=1e-9)
    assert found.tidy()["term"].tolist() == ["plan", "age", *["quarter"] * 3]
    assert found.tidy()["column"].iloc[-1] == "quarter[4]"
    alone = found.joint(("age",)).iloc[0]
    row = found.tidy().iloc[1]
    assert alone["statistic"] == pytest.approx((row["log_ratio"] / row["std_error"]) ** 2)
    assert found.joint(("quarter",)).iloc[0]["df"] == 3
    with pytest.raises(DesignError, match=r"names='age' is one text"):
        found.joint("age")
    with pytest.raises(ColumnError, match=r"no coefficient.*'aeg'.*Did you mean 'age'"):
        found.joint(("aeg",))


def test_weights_estimated_again_count_in_every_coefficient(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=150)
    m = ev.weigh(m.frame, m.roles, method="entropy")
    found = ev.hazard_ratio(m, duration, covariates=("age",))
    first = found.coefficients().tidy().iloc[0]
    assert first["std_error"] == pytest.approx(found.std_error, rel=1e-12)
    # With weights the tests of independent persons do not hold.
    assert found.coefficients().tests["test"].tolist() == ["Wald, over units"]


def test_refused_inference_leaves_the_coefficients_alone(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=150)
    few = ev.unmatched(m.frame[m.frame["town"] > 6].reset_index(drop=True), m.roles)
    found = ev.hazard_ratio(few, duration, covariates=("age",)).coefficients()
    assert found.tidy()["std_error"].isna().all()
    assert "Wald, over units" not in set(found.tests["test"])
    with pytest.raises(DesignError, match="allows no errors"):
        found.joint(("age",))


def test_more_coefficients_than_units_can_judge_have_no_test_together(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=200)
    names = tuple(f"x{j}" for j in range(15))
    rng = np.random.default_rng(4)
    frame = m.frame.assign(**{name: rng.normal(size=len(m.frame)) for name in names})
    found = ev.hazard_ratio(ev.unmatched(frame, m.roles), duration, covariates=names)
    together = found.coefficients().joint(names).iloc[0]
    assert found.coefficients().dof < 15
    assert np.isnan(together["p_value"])
    assert found.coefficients().joint(names[:2]).iloc[0]["p_value"] > 0.001
