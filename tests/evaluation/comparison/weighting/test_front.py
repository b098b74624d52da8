"""Weights of every method: small cases, published figures, what holds, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import evaluation as ev
from data_dictionary.errors import CareWarning, ColumnError, DesignError

ORACLE = json.loads(
    (Path(__file__).parents[3] / "oracle" / "weights_lalonde.json").read_text(encoding="utf-8")
)
OFFERED = {
    "ipw": ("ATT", "ATC", "ATE"),
    "overlap": ("ATO",),
    "matching": ("ATM",),
    "entropy": ("ATT", "ATC", "ATE"),
    "cbps": ("ATT", "ATC", "ATE"),
}
EVERY = [(method, estimand) for method, allowed in OFFERED.items() for estimand in allowed]
ROLES = ev.Roles(unit="id", treatment="plan", covariates=("x", "female"))


def persons(seed: int = 0, n: int = 120) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"id": np.arange(n), "x": rng.normal(size=n)})
    frame["female"] = rng.integers(0, 2, n)
    frame["plan"] = rng.random(n) < 1 / (1 + np.exp(0.5 - 0.8 * frame["x"]))
    frame["y"] = frame["x"] + frame["plan"] + rng.normal(size=n)
    return frame


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
    frame = persons(seed)
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
    frame = persons(3)
    frame["s"] = np.where(np.arange(len(frame)) % 3 == 0, 2.0, 1.0)
    roles = ev.Roles(unit="id", treatment="plan", covariates=("x", "female"), weight="s")
    weighted = ev.weigh(frame, roles, method=method, estimand=estimand)
    twice = frame.loc[frame.index.repeat(frame["s"].astype(int))].reset_index(drop=True)
    twice["id"] = range(len(twice))
    repeated = ev.weigh(twice, ROLES, method=method, estimand=estimand)
    first = np.flatnonzero(~twice["x"].duplicated())
    assert_allclose(weighted.weights / frame["s"], repeated.weights[first], rtol=1e-8)


def test_entropy_balances_higher_moments_when_asked(lalonde, lalonde_roles) -> None:
    m = ev.weigh(lalonde, lalonde_roles, method=ev.Entropy(moments=2))
    for power in (1, 2):
        values = lalonde.assign(a=lalonde["age"] ** power, e=lalonde["educ"] ** power)
        for column in ("a", "e"):
            means = [mean(values, column, m.weights, arm) for arm in (m.treated, ~m.treated)]
            assert_allclose(means[1], means[0], rtol=1e-9)


def test_unstabilised_weights_scale_both_arms_to_the_target(lalonde, lalonde_roles) -> None:
    m = ev.weigh(
        lalonde, lalonde_roles, method=ev.InverseProbability(stabilised=False), estimand="ATE"
    )
    assert_allclose([m.weights[m.treated].sum(), m.weights[~m.treated].sum()], [614, 614])
    assert ev.mean_difference(m, "re78").estimate == pytest.approx(
        ORACLE["ATE"]["effect"], rel=1e-6
    )


def test_trimming_leaves_out_extreme_propensities_and_says_so(lalonde, lalonde_roles) -> None:
    m = ev.weigh(lalonde, lalonde_roles, method=ev.InverseProbability(trim=0.1), estimand="ATE")
    score = m.propensity
    inside = (score >= 0.1) & (score <= 0.9)
    assert ((m.weights > 0) == inside).all()
    assert m.tidy()["n_dropped"].sum() == (~inside).sum() == len(m.dropped)
    assert any("outside 0.1 to 0.9 are left out" in note for note in m.notes)


def test_a_cap_cuts_the_largest_weights_of_each_arm(lalonde, lalonde_roles) -> None:
    plain = ev.weigh(lalonde, lalonde_roles, estimand="ATE")
    m = ev.weigh(lalonde, lalonde_roles, method=ev.InverseProbability(cap=0.9), estimand="ATE")
    arm = m.treated
    cut = plain.weights[arm] > np.quantile(plain.weights[arm], 0.9)
    assert len(set(np.round(m.weights[arm][cut], 9))) == 1
    ratio = m.weights[arm][~cut] / plain.weights[arm][~cut]
    assert_allclose(ratio, ratio[0])
    assert m.ess["treated"] > plain.ess["treated"]


def test_rows_without_a_counterpart_are_left_out_with_a_warning() -> None:
    frame = persons(1)
    frame["site"] = "both"
    frame.loc[frame.index[frame["plan"]][:3], "site"] = "trial only"
    frame.loc[frame.index[~frame["plan"]][:4], "site"] = "other only"
    roles = ev.Roles(unit="id", treatment="plan", covariates=("x", "site"))
    with pytest.warns(CareWarning, match="3 treated and 4 comparison"):
        m = ev.weigh(frame, roles)
    assert len(m.dropped) == 3
    assert not m.used[frame["site"] != "both"].any()
    inside = ev.weigh(frame[frame["site"] == "both"], roles)
    assert_allclose(m.weights[frame["site"] == "both"], inside.weights, rtol=1e-8)


def test_entropy_gives_no_weight_to_a_level_that_the_target_lacks() -> None:
    frame = persons(1)
    frame["site"] = "both"
    frame.loc[frame.index[~frame["plan"]][:4], "site"] = "other only"
    roles = ev.Roles(unit="id", treatment="plan", covariates=("x", "site"))
    m = ev.weigh(frame, roles, method="entropy")
    assert not m.used[frame["site"] == "other only"].any()
    assert any("4 comparison row(s) weigh 0" in note for note in m.notes)


def test_infeasible_targets_are_named_all_at_once() -> None:
    frame = persons(2)
    frame["far"] = np.where(frame["plan"], 10.0, np.arange(len(frame)) % 5)
    frame["site"] = np.where(frame["plan"] & (frame["x"] > 0), "trial only", "both")
    roles = ev.Roles(unit="id", treatment="plan", covariates=("x", "far", "site"))
    with pytest.raises(DesignError) as refusal:
        ev.weigh(frame, roles, method="entropy")
    message = str(refusal.value)
    assert "far: every comparison row lies below the target's mean" in message
    assert "site[trial only]" in message
    assert "- x" not in message


def test_targets_that_only_together_cannot_be_reached_are_named() -> None:
    # Comparison rows lie on u + v = 1, the treated at (0.8, 0.8): each alone is in range.
    u = np.linspace(0, 1, 21)
    frame = pd.DataFrame(
        {
            "id": range(24),
            "plan": [0] * 21 + [1] * 3,
            "u": [*u, 0.7, 0.8, 0.9],
            "v": [*(1 - u), 0.9, 0.8, 0.7],
        }
    )
    roles = ev.Roles(unit="id", treatment="plan", covariates=("u", "v"))
    with pytest.raises(DesignError, match="for these columns together"):
        ev.weigh(frame, roles, method="entropy")
    jitter = np.random.default_rng(1).uniform(0, 0.05, 21)
    frame.loc[:20, "v"] += jitter
    with pytest.raises(DesignError, match=r"for these columns together: u, v\."):
        ev.weigh(frame, roles, method="entropy")


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
        ev.weigh(persons(), ROLES, method=method, estimand=estimand)


def test_the_estimand_left_open_is_the_methods_own() -> None:
    found = {method: ev.weigh(persons(), ROLES, method=method).estimand for method in OFFERED}
    assert found == {method: allowed[0] for method, allowed in OFFERED.items()}


def test_designs_that_weights_cannot_serve_are_refused() -> None:
    frame = persons()
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
    frame = persons()
    own = frame[frame["plan"]].head(4).assign(plan=False)
    m = ev.weigh(pd.concat([frame, own], ignore_index=True), ROLES)
    assert not m.used[-4:].any()
    assert_allclose(m.weights[:-4], ev.weigh(frame, ROLES).weights)


def test_the_summary_tells_the_tail_of_the_weights(lalonde, lalonde_roles) -> None:
    m = ev.weigh(lalonde, lalonde_roles)
    row = m.weight_tail().set_index("arm").loc["comparison"]
    own = m.weights[~m.treated]
    assert row["largest"] == pytest.approx(own.max() / own.mean())
    assert row["top_share"] == pytest.approx(np.sort(own)[-4:].sum() / own.sum())
    assert f"largest {row['largest']:.2f}" in m.summary()
    # The treated weigh 1 each: nothing to tell.
    assert "weights of the treated arm" not in m.summary()


def test_weights_without_some_rows_are_those_of_a_frame_without_them() -> None:
    frame = persons(5)
    keep = np.arange(len(frame)) % 4 > 0
    for method, estimand in EVERY:
        m = ev.weigh(frame, ROLES, method=method, estimand=estimand)
        alone = ev.weigh(frame[keep], ROLES, method=method, estimand=estimand)
        again = m.reweigh(keep)
        assert not again[~keep].any()
        assert_allclose(again[keep], alone.weights, rtol=1e-8)


def test_a_match_is_held_fixed_when_rows_are_left_out(lalonde, lalonde_roles) -> None:
    m = ev.unmatched(lalonde, lalonde_roles)
    keep = np.arange(len(lalonde)) % 2 == 0
    assert_allclose(m.reweigh(keep), np.where(keep, m.weights, 0))
