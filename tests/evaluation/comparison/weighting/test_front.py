"""Weights of every method: small cases, published figures, what holds, what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import evaluation as ev
from data_dictionary.errors import ColumnError, DesignError
from tests.evaluation.comparison.small import drawn
from tests.evaluation.comparison.weighting.offered import EVERY, OFFERED, ROLES

ORACLE = json.loads(
    (Path(__file__).parents[3] / "oracle" / "weights_lalonde.json").read_text(encoding="utf-8")
)


def mean(frame: pd.DataFrame, column: str, weights: np.ndarray, rows: np.ndarray) -> float:
    return float(np.average(frame[column][rows], weights=weights[rows]))


# x = 0: 2 of 8 treated, e = 1/4.  x = 1: 6 of 9 treated, e = 2/3.
TWO_BY_TWO = pd.DataFrame(
    {
        "id": range(17),
        "x": np.repeat([0, 1], [8, 9]),
        "plan": np.r_[[1] * 2, [0] * 6, [1] * 6, [0] * 3],
    }
)
# Treated then comparison, at x = 0 then x = 1, as the tilting functions h of the estimands say.
BY_HAND = {
    ("ipw", "ATT"): ([1, 1], [1 / 3, 2]),
    ("ipw", "ATC"): ([3, 1 / 2], [1, 1]),
    ("ipw", "ATE"): ([4, 3 / 2], [4 / 3, 3]),
    ("overlap", "ATO"): ([3 / 4, 1 / 3], [1 / 4, 2 / 3]),
    ("matching", "ATM"): ([1, 1 / 2], [1 / 3, 1]),
    # A saturated logit balances exactly: the same weights by other equations.
    ("entropy", "ATT"): ([1, 1], [1 / 3, 2]),
    ("entropy", "ATC"): ([3, 1 / 2], [1, 1]),
    ("entropy", "ATE"): ([4, 3 / 2], [4 / 3, 3]),
    ("cbps", "ATT"): ([1, 1], [1 / 3, 2]),
    ("cbps", "ATC"): ([3, 1 / 2], [1, 1]),
    ("cbps", "ATE"): ([4, 3 / 2], [4 / 3, 3]),
}


@pytest.mark.parametrize(("method", "estimand"), EVERY)
def test_a_two_by_two_table_by_hand(method: str, estimand: str) -> None:
    roles = ev.Roles(unit="id", treatment="plan", covariates=("x",))
    m = ev.weigh(TWO_BY_TWO, roles, method=method, estimand=estimand)
    for arm, raw in zip((m.treated, ~m.treated), BY_HAND[method, estimand], strict=True):
        expected = np.array(raw)[TWO_BY_TWO["x"]][arm]
        assert_allclose(m.weights[arm], expected * arm.sum() / expected.sum(), rtol=1e-9)


@pytest.mark.parametrize(
    ("method", "estimand", "entry", "tolerance"),
    [
        # R's glm stops one step before us: about 1e-7 in the propensity.
        ("ipw", "ATT", "ATT", 1e-6),
        ("ipw", "ATE", "ATE", 1e-6),
        ("overlap", "ATO", "ATO", 1e-6),
        # Both exact.
        ("entropy", "ATT", "ebal_ATT_exact", 1e-8),
        ("cbps", "ATT", "ebal_ATT_exact", 1e-8),
    ],
)
def test_weights_sizes_and_effects_agree_with_r(
    method: str, estimand: str, entry: str, tolerance: float, lalonde, lalonde_roles
) -> None:
    m = ev.weigh(lalonde, lalonde_roles, method=method, estimand=estimand)
    stored = ORACLE[entry]
    theirs = np.array(stored["weights"])
    for arm in (m.treated, ~m.treated):
        ours = m.weights[arm] / m.weights[arm].sum()
        assert_allclose(ours, theirs[arm] / theirs[arm].sum(), rtol=tolerance)
    assert m.ess["comparison"] == pytest.approx(stored["ess_comparison"], rel=tolerance)
    assert m.ess["treated"] == pytest.approx(stored.get("ess_treated", 185), rel=tolerance)
    effect = ev.mean_difference(m, "re78")
    assert effect.estimate == pytest.approx(stored["effect"], rel=tolerance)
    assert effect.estimand == estimand


@pytest.mark.parametrize(("method", "estimand"), EVERY)
def test_every_method_and_estimand_makes_a_design_that_effects_take(
    method: str, estimand: str, lalonde, lalonde_roles
) -> None:
    before = lalonde.copy()
    m = ev.weigh(lalonde, lalonde_roles, method=method, estimand=estimand)
    pd.testing.assert_frame_equal(lalonde, before)
    assert_allclose([m.weights[m.treated].sum(), m.weights[~m.treated].sum()], [185, 429])
    effect = ev.mean_difference(m, "re78")
    assert (effect.estimand, effect.n_treated, effect.n_comparison) == (estimand, 185, 429)
    assert not effect.is_refused
    with pytest.raises(ValueError, match="read-only"):
        m.weights[0] = 1


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), pair=st.sampled_from(EVERY), sampled=st.booleans())
def test_what_holds_of_any_weights(seed: int, pair: tuple[str, str], sampled: bool) -> None:
    method, estimand = pair
    frame = drawn(seed)
    rng = np.random.default_rng(seed)
    base = rng.integers(1, 4, len(frame)).astype(float) if sampled else np.ones(len(frame))
    roles = ev.Roles(
        unit="id", treatment="plan", covariates=("x", "female"), weight="s" if sampled else None
    )
    try:
        m = ev.weigh(frame.assign(s=base), roles, method=method, estimand=estimand)
    except DesignError:
        assume(False)
    arms = (m.treated, ~m.treated)
    for arm in arms:
        assert_allclose(m.weights[arm].sum(), base[arm].sum())
    assert (m.weights > 0).all()
    if method in ("entropy", "cbps", "overlap"):
        for column in ("x", "female"):
            means = [mean(frame, column, m.weights, arm) for arm in arms]
            assert_allclose(means[0], means[1], atol=1e-8)
    if method == "entropy":
        target = {"ATT": m.treated, "ATC": ~m.treated, "ATE": m.treated | True}[estimand]
        aim = mean(frame, "x", base, target)
        assert_allclose([mean(frame, "x", m.weights, arm) for arm in arms], aim, atol=1e-8)
    order = rng.permutation(len(frame))
    again = ev.weigh(frame.assign(s=base).iloc[order], roles, method=method, estimand=estimand)
    assert_allclose(again.weights, m.weights[order], rtol=1e-7)


@pytest.mark.parametrize(("method", "estimand"), EVERY)
def test_a_sampling_weight_of_two_counts_as_two_rows(method: str, estimand: str) -> None:
    frame = drawn(3)
    frame["s"] = np.where(np.arange(len(frame)) % 3 == 0, 2.0, 1.0)
    roles = ev.Roles(unit="id", treatment="plan", covariates=("x", "female"), weight="s")
    weighted = ev.weigh(frame, roles, method=method, estimand=estimand)
    twice = frame.loc[frame.index.repeat(frame["s"].astype(int))].reset_index(drop=True)
    twice["id"] = range(len(twice))
    repeated = ev.weigh(twice, ROLES, method=method, estimand=estimand)
    first = np.flatnonzero(~twice["x"].duplicated())
    assert_allclose(weighted.weights / frame["s"], repeated.weights[first], rtol=1e-8)


@pytest.mark.parametrize(
    ("method", "estimand", "message"),
    [
        ("overlap", "ATT", "'overlap' does not estimate the ATT; it offers ATO.*'ipw' or"),
        ("ipw", "ATO", "it offers ATT, ATC, ATE.*use method='overlap'"),
        ("matching", "ATE", "it offers ATM"),
        ("entropy", "ATM", "use method='matching'"),
        ("cbps", "ATO", "use method='overlap'"),
        ("ipw", "att", "estimand='att' is not offered"),
        ("ipv", "ATT", "method='ipv' is not offered.*Did you mean 'ipw'"),
    ],
)
def test_combinations_that_do_not_exist_are_refused_by_name(
    method: str, estimand: str, message: str
) -> None:
    with pytest.raises(DesignError, match=message):
        ev.weigh(drawn(), ROLES, method=method, estimand=estimand)


def test_the_estimand_left_open_is_the_methods_own() -> None:
    found = {method: ev.weigh(drawn(), ROLES, method=method).estimand for method in OFFERED}
    assert found == {method: allowed[0] for method, allowed in OFFERED.items()}


def test_designs_that_weights_cannot_serve_are_refused() -> None:
    frame = drawn()
    with pytest.raises(DesignError, match="leaves nothing to balance"):
        ev.weigh(frame, ev.Roles(unit="id", treatment="plan"))
    with pytest.raises(DesignError, match="rule for partners"):
        ev.weigh(
            frame, ev.Roles(unit="id", treatment="plan", covariates=("x",), exact=("female",))
        )
    months = pd.concat([frame, frame[~frame["plan"]].head(5)], ignore_index=True)
    with pytest.raises(DesignError, match=r"5 row.s. repeat a unit of the same arm"):
        ev.weigh(months, ROLES)
    with pytest.raises(DesignError, match="covariate 'x': 1 missing"):
        ev.weigh(frame.assign(x=frame["x"].where(frame["id"] > 0)), ROLES)
    with pytest.raises(ColumnError, match=r"'fmale' is not a column.*'female'"):
        ev.weigh(frame, ev.Roles(unit="id", treatment="plan", covariates=("fmale",)))
    with pytest.raises(DesignError, match=r"trim=0\.7 must lie between 0 and 0.5"):
        ev.InverseProbability(trim=0.7)
    with pytest.raises(DesignError, match=r"cap=1\.5"):
        ev.InverseProbability(cap=1.5)
    with pytest.raises(DesignError, match="moments=9"):
        ev.Entropy(moments=9)
    with pytest.raises(DesignError, match=r"no weights|separate treated from comparison"):
        ev.weigh(frame.assign(x=frame["plan"] * 2.0), ROLES, method="cbps", estimand="ATE")


def test_comparison_rows_of_treated_units_are_not_used() -> None:
    frame = drawn()
    own = frame[frame["plan"]].head(4).assign(plan=False)
    m = ev.weigh(pd.concat([frame, own], ignore_index=True), ROLES)
    assert not m.used[-4:].any()
    assert_allclose(m.weights[:-4], ev.weigh(frame, ROLES).weights)


def test_what_others_have_published_or_reported_comes_out(
    nsw, nhefs, nhefs_roles, psid, psid_roles
) -> None:
    def effect(frame: pd.DataFrame, roles: ev.Roles, outcome: str, *how: str) -> ev.Effect:
        method, estimand = how
        return ev.mean_difference(ev.weigh(frame, roles, method, estimand=estimand), outcome)

    # Hernán and Robins, What If, chapter 12: 3.4405, numbers with their squares.
    names = ("age", "smokeintensity", "smokeyrs", "wt71")
    squares = {f"{name}_squared": nhefs[name] ** 2 for name in names}
    with_squares = replace(nhefs_roles, covariates=(*nhefs_roles.covariates, *squares))
    quit_ = effect(nhefs.assign(**squares), with_squares, "wt82_71", "ipw", "ATE")
    assert_allclose(quit_.estimate, 3.4405, atol=5e-5)
    # py-why/dowhy, issue 8: 1,632.46 by an unpenalised logit.
    background = ("age", "educ", "black", "hisp", "marr", "nodegree")
    roles = ev.Roles(unit="id", treatment="treat", covariates=background)
    frame = nsw.assign(id=range(len(nsw)))
    assert_allclose(effect(frame, roles, "re78", "ipw", "ATE").estimate, 1632.46, atol=5e-3)
    # WeightIt 2.0.0, lm_weightit(vcov = "asympt"); it stops entropy balancing at 1e-4.
    for frame, roles, outcome, method, estimate, error in (
        (nhefs, nhefs_roles, "wt82_71", "entropy", 3.3413, 0.4814),
        (psid, psid_roles, "re78", "entropy", 2058.2, 825.1),
        (psid, psid_roles, "re78", "ipw", 1758.9, 917.8),
    ):
        found = effect(frame, roles, outcome, method, "ATT")
        assert_allclose([found.estimate, found.std_error], [estimate, error], rtol=1e-4)
