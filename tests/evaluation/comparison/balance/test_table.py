from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

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
