from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import evaluation as ev
from data_dictionary.errors import DesignError
from evaluation import Roles, match, unmatched
from evaluation.comparison.balance.table import BALANCE_COLUMNS


def test_a_table_of_six_people_by_hand() -> None:
    persons = pd.DataFrame(
        {
            "id": range(6),
            "plan": [1, 1, 1, 0, 0, 0],
            "age": [20, 30, 40, 30, 50, 70],
            "female": [1, 1, 0, 0, 1, 0],
        }
    )
    roles = Roles(unit="id", treatment="plan", covariates=("age", "female"))
    age, female = unmatched(persons, roles).balance().table.itertuples(index=False)
    # Means 30 and 50, SD of the treated 10, variances 100 and 400.
    assert_allclose([age.smd_before, age.vr_before], [-2, 0.25])
    # The largest gap is just before 50: all treated are below, one of three comparisons.
    assert_allclose(age.ks_before, 2 / 3)
    # Shares 2/3 and 1/3; SD of the treated sqrt(2/3 * 1/3).
    assert_allclose([female.smd_before, female.ks_before], [(1 / 3) / np.sqrt(2 / 9), 1 / 3])
    assert np.isnan(female.vr_before)
    assert_allclose([age.smd_after, female.smd_after], [age.smd_before, female.smd_before])


def test_a_blank_is_neither_a_value_nor_a_level_of_its_column() -> None:
    whole = pd.DataFrame(
        {
            "id": range(8),
            "plan": [1, 1, 1, 1, 0, 0, 0, 0],
            "age": [20, 30, 40, np.nan, 30, 50, 70, np.nan],
            "female": [1, 0, 1, np.nan, 1, 0, 0, 1],
            "school": ["a", "b", None, "a", "b", "b", "a", None],
        }
    )
    covariates = ("age", "female", "school")
    roles = Roles(unit="id", treatment="plan", covariates=covariates)
    found = unmatched(whole, roles).balance().table.set_index(["covariate", "level"])
    for name in covariates:
        known = whole[whole[name].notna()]
        own = unmatched(known, Roles(unit="id", treatment="plan", covariates=(name,)))
        alone = own.balance().table.set_index(["covariate", "level"])
        told = found.loc[[name]].drop(columns="outcome").astype(float)
        assert_allclose(told, alone.drop(columns="outcome").astype(float))


def test_of_a_column_that_an_arm_left_blank_nothing_is_told() -> None:
    rows = pd.DataFrame({"id": range(4), "plan": [1, 1, 0, 0], "age": [20, 30, None, None]})
    roles = Roles(unit="id", treatment="plan", covariates=("age",))
    (age,) = unmatched(rows, roles).balance().table.itertuples(index=False)
    assert np.isnan([age.smd_before, age.ks_before]).all()


CALLS = {
    "nearest": {},
    "nearest_caliper02": {"caliper": 0.2},
    "nearest_replace": {"replace": True},
    "nearest_ratio2_caliper": {"ratio": 2, "caliper": 0.1},
}


@pytest.mark.parametrize("entry", CALLS)
def test_every_statistic_agrees_with_matchit(entry: str, sim, sim_roles, sim_oracle) -> None:
    table = match(sim, sim_roles, distance="ps", **CALLS[entry]).balance().table
    variables, columns = sim_oracle["_meta"]["variables"], sim_oracle["_meta"]["columns"]
    assert table["covariate"].tolist() == variables
    before = pd.DataFrame(sim_oracle["balance_all"], columns=columns, dtype=float)
    after = pd.DataFrame(sim_oracle[entry]["balance_matched"], columns=columns, dtype=float)
    for ours, theirs in {
        "smd": "Std. Mean Diff.",
        "vr": "Var. Ratio",
        "ks": "eCDF Max",
    }.items():
        # Same arithmetic; the distance row inherits R's earlier stop, about 1e-12.
        assert_allclose(table[f"{ours}_before"], before[theirs], rtol=1e-9, atol=1e-11)
        assert_allclose(table[f"{ours}_after"], after[theirs], rtol=1e-9, atol=1e-11)


def test_all_levels_of_a_factor_agree_with_matchit(
    lalonde, lalonde_roles, lalonde_oracle
) -> None:
    table = match(lalonde, lalonde_roles, distance="ps", caliper=0.2).balance().table
    names = (table["covariate"] + table["level"]).tolist()
    assert names == lalonde_oracle["_meta"]["variables"]
    columns = lalonde_oracle["_meta"]["columns"]
    before = pd.DataFrame(lalonde_oracle["balance_all"], columns=columns, dtype=float)
    stored = lalonde_oracle["nearest_caliper02"]["balance_matched"]
    after = pd.DataFrame(stored, columns=columns, dtype=float)
    for when, theirs in {"before": before, "after": after}.items():
        # The distance row inherits R's earlier stop: 1e-7 of the propensities.
        for name, column in {
            "smd": "Std. Mean Diff.",
            "vr": "Var. Ratio",
            "ks": "eCDF Max",
        }.items():
            assert_allclose(table[f"{name}_{when}"], theirs[column], rtol=1e-6, atol=1e-9)


def test_columns_are_those_of_the_results_folder(sim, sim_roles) -> None:
    balance = match(sim, sim_roles).balance(outcome="employment")
    assert tuple(balance.tidy().columns) == BALANCE_COLUMNS
    assert set(balance.tidy()["outcome"]) == {"employment"}
    table = balance.tidy()
    table.loc[0, "smd_after"] = 99
    assert balance.largest < 1


def test_the_rule_of_the_denominator_is_printed_with_the_numbers(sim, sim_roles) -> None:
    balance = match(sim, sim_roles).balance()
    assert balance.rule in balance.summary()
    assert "standard deviation among the treated in the full sample" in balance.rule
    assert "effective sample size: treated 217.0, comparison 217.0" in balance.summary()


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), caliper=st.sampled_from([None, 0.5]))
def test_the_denominator_is_the_same_number_before_and_after(
    seed: int, caliper: float | None
) -> None:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"id": range(60), "x": rng.normal(size=60), "t": rng.random(60) < 0.4})
    frame.loc[:1, "t"] = [True, False]
    roles = Roles(unit="id", treatment="t", covariates=("x",))
    m = match(frame, roles, ratio=2, caliper=caliper)
    balance = m.balance()
    for when, weights in {"before": np.ones(60), "after": m.weights}.items():
        means = [np.average(m.distance[a], weights=weights[a]) for a in (m.treated, ~m.treated)]
        expected = (means[0] - means[1]) / balance.denominator[0]
        assert_allclose(balance.table.loc[0, f"smd_{when}"], expected, atol=1e-12)


@settings(deadline=None, max_examples=40)
@given(
    treated=st.lists(st.integers(0, 6), min_size=1, max_size=8),
    comparison=st.lists(
        st.tuples(st.integers(0, 6), st.sampled_from([0.5, 1.0, 2.0])), min_size=1, max_size=12
    ),
)
def test_ks_is_the_largest_gap_over_all_values(
    treated: list[int], comparison: list[tuple[int, float]]
) -> None:
    values, weights = map(np.array, zip(*comparison, strict=True))
    frame = pd.DataFrame(
        {
            "id": range(len(treated) + len(values)),
            "t": np.r_[np.ones(len(treated)), np.zeros(len(values))],
            "x": np.r_[treated, values] + 0.5,  # never 0/1
            "w": np.r_[np.ones(len(treated)), weights],
        }
    )
    roles = Roles(unit="id", treatment="t", covariates=("x",), weight="w")
    table = unmatched(frame, roles).balance().table
    gaps = [
        abs(np.mean(np.array(treated) <= v) - weights[values <= v].sum() / weights.sum())
        for v in range(7)
    ]
    assert_allclose(table["ks_before"], max(gaps), atol=1e-12)
    assert_allclose(table["ks_after"], max(gaps), atol=1e-12)


def test_a_covariate_that_does_not_vary_among_the_treated_uses_both_arms() -> None:
    persons = pd.DataFrame(
        {"id": range(5), "t": [1, 1, 0, 0, 0], "x": [5, 5, 4, 6, 8], "c": [7, 7, 7, 7, 7]}
    )
    x, c = (
        unmatched(persons, Roles(unit="id", treatment="t", covariates=("x", "c")))
        .balance()
        .table.itertuples(index=False)
    )
    # Variances 0 and 4: the mean of both arms is 2.
    assert_allclose(x.smd_before, -1 / np.sqrt(2))
    assert c.smd_before == 0


def test_a_blank_covariate_is_compared_among_those_known_and_by_its_share() -> None:
    """By hand: ages 30 and 50 among the treated, 20 and 40 known of four in comparison."""
    frame = pd.DataFrame(
        {
            "id": range(6),
            "t": [1, 1, 0, 0, 0, 0],
            "age": [30, 50, 20, 40, None, None],
            "town": ["a", "b", "a", None, "b", "b"],
        }
    )
    roles = Roles(unit="id", treatment="t", covariates=("age", "town"), missing="indicator")
    table = ev.unmatched(frame, roles).balance().tidy().set_index(["covariate", "level"])
    assert list(table.index) == [
        *(("age", ""), ("age", "missing")),
        *(("town", "a"), ("town", "b"), ("town", "missing")),
    ]
    assert table.loc[("age", ""), "smd_before"] == pytest.approx(10 / np.sqrt(200))
    assert table.loc[("age", "missing"), "ks_before"] == 0.5
    assert table.loc[("town", "b"), "ks_before"] == pytest.approx(2 / 3 - 1 / 2)
    assert table.loc[("town", "missing"), "ks_before"] == 0.25


METHODS = [
    *("nearest", "optimal", "full", "subclass", "exact", "cem", "ipw", "overlap", "entropy"),
    *("cbps", ev.Cem(k2k=True), ev.Nearest(distance="robust_mahalanobis")),
    *(ev.Nearest(distance="mahalanobis", replace=True), ev.Entropy(moments=2)),
]


@pytest.mark.parametrize(
    "method", METHODS, ids=lambda one: one if isinstance(one, str) else one.describe()
)
def test_every_method_takes_declared_blanks(lalonde, lalonde_roles, method) -> None:
    """Each is verified by a second computation; where means are balanced, shares are too."""
    place = np.arange(len(lalonde))
    frame = lalonde.assign(
        age=lalonde["age"].mask(place % 7 == 0), race=lalonde["race"].mask(place % 5 == 0)
    )
    make = ev.weigh if str(method) in ("ipw", "overlap", "entropy", "cbps") else ev.match
    make = ev.weigh if isinstance(method, ev.Entropy) else make
    with pytest.raises(DesignError, match=r"(?s)'age': 88 .*'race': 123 .*missing='indic"):
        make(frame.copy(), lalonde_roles, method)
    m = make(frame, replace(lalonde_roles, missing="indicator"), method)
    table = m.balance().tidy()
    assert (table["level"] == "missing").sum() == 2
    if m.method in ("overlap", "entropy", "cbps"):
        assert table.loc[table["covariate"] != "distance", "smd_after"].abs().max() < 1e-8
    if m.method == "exact":
        assert m.balance().largest < 1e-12
    assert len(m.lost()) == len(m.balance_by("treat")) >= len(table) - 1
    assert np.isfinite(ev.mean_difference(m, "re78", covariates=("age",)).estimate)
    if m.method == "ipw":
        g = ev.g_computation(m, "re78")
        assert np.isfinite(g.estimate)
    frame["other"] = frame["educ"].mask(place % 2 == 0)
    with pytest.raises(DesignError, match=r"'other': .* missing value"):
        ev.mean_difference(make(frame, m.roles, method), "re78", covariates=("other",))


def test_indicators_are_columns_made_by_hand(lalonde, lalonde_roles) -> None:
    """The number that blanks are filled with does not matter to the weights."""
    blank = np.arange(len(lalonde)) % 7 == 0
    frame = lalonde.assign(age=lalonde["age"].mask(blank))
    names = ("age", "educ", "re74")
    told = replace(lalonde_roles, covariates=names, missing="indicator")
    hand = replace(lalonde_roles, covariates=("filled", "blank", *names[1:]))
    by_hand = frame.assign(filled=frame["age"].fillna(-3.0), blank=blank)
    for method in ("ipw", "entropy", "overlap"):
        one, other = ev.weigh(frame, told, method), ev.weigh(by_hand, hand, method)
        np.testing.assert_allclose(one.weights, other.weights, rtol=1e-7)
        errors = [ev.mean_difference(m, "re78").std_error for m in (one, other)]
        assert errors[0] == pytest.approx(errors[1], rel=1e-7)
