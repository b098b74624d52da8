"""Formulas of the propensity, against R's glm, and all that a formula may not say."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from data_dictionary.errors import DesignError
from evaluation.comparison.formula import formula_faults, propensity_design

TERMS = "~ bs(age, 4) + educ*race + married + nodegree + re74 + re75"
CALLS = {
    "splines": TERMS,
    "polynomials": "~ poly(age, 3) + log(educ + 1) + race:married + I(re74^2) + re75",
    "indicator": "~ age + educ + race + re74",
    "indicator_splines": "~ bs(age, df=4) + educ*race + re74",
}


@pytest.fixture(scope="module")
def oracle() -> dict[str, Any]:
    path = Path(__file__).parents[2] / "oracle" / "propensity_r.json"
    return json.loads(path.read_text())


def with_blanks(frame: pd.DataFrame) -> pd.DataFrame:
    """Blanks where tests/oracle/propensity.R has them."""
    position = np.arange(1, len(frame) + 1)
    return frame.assign(
        age=frame["age"].mask(position % 7 == 0), race=frame["race"].mask(position % 11 == 0)
    )


@pytest.mark.parametrize("name", CALLS)
def test_propensities_and_the_effect_equal_glm(lalonde, lalonde_roles, oracle, name) -> None:
    """Both converge to rounding: rtol 1e-8."""
    frame, roles = lalonde, lalonde_roles
    if name.startswith("indicator"):
        frame, roles = with_blanks(frame), replace(roles, missing="indicator")
    said = oracle[name]
    w = ev.weigh(frame, roles, formula=CALLS[name])
    assert w.propensity is not None
    np.testing.assert_allclose(w.propensity[::25], said["fitted"], rtol=1e-8)
    effect = ev.mean_difference(w, "re78")
    assert effect.estimate == pytest.approx(said["att"], rel=1e-8)
    m = ev.match(frame, roles, formula=CALLS[name])
    np.testing.assert_allclose(m.propensity, w.propensity, rtol=1e-9)
    assert CALLS[name] in m.design
    assert CALLS[name] in w.design


def test_indicators_without_a_formula_are_those_of_glm(lalonde, lalonde_roles, oracle) -> None:
    roles = replace(
        lalonde_roles, missing="indicator", covariates=("age", "educ", "race", "re74")
    )
    w = ev.weigh(with_blanks(lalonde), roles)
    np.testing.assert_allclose(w.propensity[::25], oracle["indicator"]["fitted"], rtol=1e-8)


@pytest.mark.parametrize("method", ["ipw", "overlap", "entropy", "cbps"])
def test_leaving_a_town_out_moves_the_knots(lalonde, lalonde_roles, method) -> None:
    """As if the town had never been there; a town of the old makes the knots others."""
    town = np.where(lalonde["age"] > 35, 0, np.arange(len(lalonde)) % 5 + 1)
    frame = lalonde.assign(town=town)
    roles = replace(lalonde_roles, cluster="town")
    keep = town != 0
    whole = ev.weigh(frame, roles, method, formula=TERMS)
    alone = ev.weigh(frame[keep], roles, method, formula=TERMS)
    np.testing.assert_allclose(whole.reweigh(keep)[keep], alone.weights, rtol=1e-9)
    kept = whole.weighting.model.rows.predictors
    anew, sliced = kept.anew(keep).X, kept.rows(keep).X
    assert np.abs(anew - sliced).max() > 0.1


def test_entropy_balances_what_the_formula_says(lalonde, lalonde_roles) -> None:
    w = ev.weigh(lalonde, lalonde_roles, "entropy", formula="~ . + age:re74 + I(educ**2)")
    share = np.where(w.treated, 1, -1) * w.weights / w.weights[w.treated].sum()
    share[~w.treated] *= w.weights[w.treated].sum() / w.weights[~w.treated].sum()
    for values in (lalonde["age"] * lalonde["re74"], lalonde["educ"] ** 2, lalonde["re75"]):
        assert abs(share @ values) < 1e-8 * values.std()


def test_errors_carry_the_columns_of_the_formula(lalonde, lalonde_roles) -> None:
    """The same columns made by hand give the same error."""
    by_hand = lalonde.assign(
        square=lalonde["age"] ** 2.0, product=lalonde["age"] * lalonde["educ"]
    )
    names = ("age", "educ", "square", "product")
    hand = ev.weigh(by_hand, replace(lalonde_roles, covariates=names))
    told = ev.weigh(
        lalonde,
        replace(lalonde_roles, covariates=names[:2]),
        formula="~ age*educ + I(age^2)",
    )
    one, other = (ev.mean_difference(m, "re78") for m in (hand, told))
    assert told.influence is not None
    assert other.std_error == pytest.approx(one.std_error, rel=1e-8)


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("~ agee + educ", "'agee' is no covariate; .* Did you mean 'age'?"),
        ("~ age + y", "'y' is no covariate"),
        ("~ treat", "'treat' is no covariate"),
        ("treat ~ age", "the treatment stands in the roles, .* formula='~ age'"),
        ("~ spline(age)", "'spline' is no function that formulas have; .* They have bs, cr"),
        ("~ {age.mean()}", "no function that formulas have"),
        ("~ {__import__('os').getcwd()}", "no function that formulas have"),
        ("~ I([x for x in age])", "no function that formulas have"),
        ("~ age +", "cannot be read"),
        ("~ 1", "names no covariate"),
        ("", "names no covariate"),
    ],
)
def test_what_a_formula_may_not_say(formula: str, said: str) -> None:
    frame = pd.DataFrame({"id": range(4), "treat": [0, 1, 0, 1], "age": [1.0, 2, 3, 4], "y": 0})
    frame["educ"] = [1, 1, 2, 2]
    roles = ev.Roles(unit="id", treatment="treat", covariates=("age", "educ"))
    assert formula_faults(formula, roles.covariates)
    for make in (ev.match, ev.weigh):
        with pytest.raises(DesignError, match=said):
            make(frame, roles, formula=formula)


def test_values_that_are_not_finite_are_told_with_their_term() -> None:
    frame = pd.DataFrame({"age": [20.0, 30.0, 0.0], "educ": [1, 2, 3]})
    with pytest.raises(DesignError, match=r"has no finite log\(age\) in 1 row\(s\)"):
        propensity_design(frame, ("age", "educ"), "~ log(age)")
    with pytest.raises(
        DesignError, match=r"cannot be evaluated: .*`df` must be greater than 3"
    ):
        propensity_design(frame, ("age",), "~ bs(age, df=2)")
    frame["town"] = ["secret", "b", "c"]
    for formula in ("~ bs(town, 4)", "~ I(town*age)", "~ log(town)"):
        with pytest.raises(DesignError, match="has the category 'town' where a number belongs"):
            propensity_design(frame, ("age", "town"), formula)
    assert len(propensity_design(frame, ("age", "town"), "~ C(town):age")[1]) == 3


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ({"distance": "mahalanobis"}, "formula make.s. the propensity, which distance="),
        ({"method": "exact"}, "formula='~ age' is not used by method='exact'"),
        ({"formula": 3}, "formula=3 must be text"),
    ],
)
def test_a_formula_needs_a_propensity(lalonde, lalonde_roles, call, said) -> None:
    with pytest.raises(DesignError, match=said):
        ev.match(lalonde, lalonde_roles, **{"formula": "~ age", **call})


def test_odd_names_and_danish_ones() -> None:
    frame = pd.DataFrame(
        {"my age": [1.0, 2, 3], "køn": ["k", "m", "k"], "b": [True, False, True]}
    )
    design = propensity_design(frame, tuple(frame.columns), "~ I(`my age`^2) + køn:b")
    assert [column.label for column in design[1]] == [
        "I(`my age` ** 2)",
        "køn[k]:b",
        "køn[m]:b",
    ]
    assert design[0][:, 0].tolist() == [1, 4, 9]
