from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import evaluation as ev
from data_dictionary.errors import ColumnError
from evaluation.comparison.balance.table import Balance

ORACLE = json.loads(
    (Path(__file__).parents[3] / "oracle" / "weights_lalonde.json").read_text(encoding="utf-8")
)
SIX = pd.DataFrame(
    {
        "id": range(6),
        "plan": [1, 1, 1, 0, 0, 0],
        "age": [20, 30, 40, 30, 50, 70],
        "female": [1, 1, 0, 0, 1, 0],
        "income": [1.0, np.nan, 3.0, 2.0, np.nan, np.nan],
    }
)
SIX_ROLES = ev.Roles(unit="id", treatment="plan", covariates=("age", "female"))


def test_details_of_six_people_by_hand() -> None:
    m = ev.unmatched(SIX, SIX_ROLES)
    table = m.balance_detail(
        ev.BalanceTerms(extra=("income",), squares=True, interactions=True)
    ).set_index(["kind", "covariate"])
    age = table.loc[("covariate", "age")]
    assert (age["treated_before"], age["comparison_before"], age["diff_before"]) == (
        30,
        50,
        -20,
    )
    # Distribution functions at 20 30 40 50 70: 1/3 2/3 1 1 1 against 0 1/3 1/3 2/3 1.
    assert_allclose(age["ecdf_before"], (1 / 3 + 1 / 3 + 2 / 3 + 1 / 3) / 5)
    female = table.loc[("covariate", "female")]
    assert_allclose(female["diff_before"], 1 / 3)
    assert_allclose(female["overlap_before"], 2 / 3)
    assert_allclose(table.loc[("extra", "income"), ["treated_before", "comparison_before"]], 2)
    missing = table.loc[("missing", "income")]
    assert_allclose(missing[["treated_before", "comparison_before"]].tolist(), [1 / 3, 2 / 3])
    assert table.loc[("square", "age^2"), "treated_before"] == pytest.approx(2900 / 3)
    assert table.loc[("interaction", "age * female"), "comparison_before"] == pytest.approx(
        50 / 3
    )


@pytest.mark.parametrize(
    ("method", "estimand"), [("ipw", "ATT"), ("ipw", "ATE"), ("overlap", "ATO")]
)
def test_weighted_balance_agrees_with_cobalt(
    method: str, estimand: str, lalonde, lalonde_roles
) -> None:
    m = ev.weigh(lalonde, lalonde_roles, method=method, estimand=estimand)
    stored = ORACLE[estimand]["balance"]
    theirs = pd.DataFrame(stored["values"], columns=stored["columns"], dtype=float)
    table = m.balance().tidy()
    ours = table[table["covariate"] != "distance"]
    detail = m.balance_detail()
    named = detail[detail["kind"] == "covariate"]
    for mine, other in {"smd": "Diff", "vr": "V.Ratio", "ks": "KS"}.items():
        for when, word in {"before": "Un", "after": "Adj"}.items():
            # The denominators are exact; R's propensities end about 1e-7 from ours.
            assert_allclose(ours[f"{mine}_{when}"], theirs[f"{other}.{word}"], atol=1e-6)
            assert_allclose(named[f"{mine}_{when}"], ours[f"{mine}_{when}"], rtol=1e-12)
    assert_allclose(named["treated_after"], theirs["M.1.Adj"], rtol=1e-6)
    assert_allclose(named["comparison_after"], theirs["M.0.Adj"], rtol=1e-6)


def test_mean_distances_of_distributions_agree_with_matchit(sim, sim_roles, sim_oracle) -> None:
    columns = sim_oracle["_meta"]["columns"]
    theirs = pd.DataFrame(sim_oracle["balance_all"], columns=columns, dtype=float)
    theirs.index = sim_oracle["_meta"]["variables"]
    ours = ev.unmatched(sim, sim_roles).balance_detail().set_index("covariate")
    names = list(sim_roles.covariates)
    # Same arithmetic.
    assert_allclose(ours.loc[names, "ecdf_before"], theirs.loc[names, "eCDF Mean"], rtol=1e-9)


def test_the_denominator_belongs_to_the_target(lalonde, lalonde_roles) -> None:
    rows = {}
    for estimand in ("ATT", "ATC", "ATE"):
        balance = ev.weigh(lalonde, lalonde_roles, estimand=estimand).balance()
        rows[estimand] = balance.table.set_index("covariate").loc["age", "smd_before"]
        assert balance.rule in balance.summary()
    own, other = (lalonde.loc[lalonde["treat"] == arm, "age"] for arm in (1, 0))
    gap = own.mean() - other.mean()
    assert rows["ATT"] == pytest.approx(gap / own.std())
    assert rows["ATC"] == pytest.approx(gap / other.std())
    assert rows["ATE"] == pytest.approx(gap / np.sqrt((own.var() + other.var()) / 2))


def test_the_prognosis_is_the_comparison_rows_own_regression(lalonde, lalonde_roles) -> None:
    m = ev.weigh(lalonde, lalonde_roles, method="entropy")
    row = m.balance_detail(ev.BalanceTerms(prognostic="re78")).iloc[-1]
    # It is linear in covariates that are balanced exactly, so it is balanced too.
    assert row["kind"] == "prognostic"
    assert row["smd_after"] == pytest.approx(0, abs=1e-8)
    comparison = lalonde.loc[lalonde["treat"] == 0, "re78"]
    assert row["comparison_before"] == pytest.approx(comparison.mean())


@settings(deadline=None, max_examples=50)
@given(
    sizes=st.lists(
        st.tuples(
            st.sampled_from([0.0, 0.05, 0.1, 0.1004, 0.3, -0.7, np.nan]),
            st.sampled_from([0.0, 0.05, 0.1, 0.1004, 0.3, -0.7, np.nan]),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_the_sentence_agrees_with_the_numbers(sizes: list[tuple[float, float]]) -> None:
    table = pd.DataFrame(sizes, columns=["smd_before", "smd_after"])
    table["covariate"], table["level"] = [f"c{i}" for i in range(len(sizes))], ""
    nothing = np.empty(0)
    found = Balance(table=table, denominator=nothing, ess=pd.Series(), estimand="ATT")
    said = found.sentence(0.1)
    before, after = table["smd_before"].abs(), table["smd_after"].abs()
    if before.isna().all() or after.isna().all():
        assert "nothing varies" in said
        return
    verb = "falls" if after.max() < before.max() else "rises"
    assert ("goes" if after.max() == before.max() else verb) in said
    assert f"from {before.max():.3f} (c{before.idxmax()})" in said
    assert f"to {after.max():.3f} (c{after.idxmax()})" in said
    n_over = int((after > 0.1).sum())
    assert f"; {n_over or 'none'} of {len(table)} " in said


def test_counts_over_a_threshold_are_those_of_the_table(lalonde, lalonde_roles) -> None:
    balance = ev.weigh(lalonde, lalonde_roles).balance()
    for threshold in (0.05, 0.1, 0.25):
        counts = balance.counts(threshold)["n_over"].tolist()
        table = balance.table
        assert counts == [
            (table[f"smd_{when}"].abs() > threshold).sum() for when in ("before", "after")
        ]


def test_unknown_columns_are_named_all_at_once() -> None:
    with pytest.raises(ColumnError) as refusal:
        ev.unmatched(SIX, SIX_ROLES).balance_detail(
            ev.BalanceTerms(extra=("incme",), prognostic="wage")
        )
    assert "extra='incme'" in str(refusal.value)
    assert "'income'" in str(refusal.value)
    assert "prognostic='wage'" in str(refusal.value)


def test_overlap_is_never_above_what_the_distribution_functions_leave(psid, psid_roles) -> None:
    m = ev.weigh(psid, psid_roles, estimand="ATE")
    assert m.ess["treated"] < 3
    table = m.balance_detail().set_index("covariate")
    assert_allclose(table.loc["re74", "overlap_after"], 1 - 0.376, atol=5e-4)
    for when in ("before", "after"):
        assert (table[f"overlap_{when}"] <= 1 - table[f"ks_{when}"]).all()


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 10**6),
    n=st.integers(3, 60),
    heap=st.sampled_from([0.001, 0.5, 1.0, 5.0, 10.0]),
    tail=st.sampled_from([0.0, 1.0, 4.0]),
)
def test_the_bound_of_overlap_holds_for_heaped_numbers_and_heavy_weights(
    seed: int, n: int, heap: float, tail: float
) -> None:
    rng = np.random.default_rng(seed)
    plan = np.arange(n) % 3 == 0
    own = rng.gamma(1.0, 10.0, n) + rng.normal(0, 8) * plan
    frame = pd.DataFrame({"id": range(n), "plan": plan, "x": np.round(own / heap) * heap})
    frame["w"] = np.exp(tail * rng.normal(size=n))
    roles = ev.Roles(unit="id", treatment="plan", covariates=("x",), weight="w")
    row = ev.unmatched(frame, roles).balance_detail().iloc[0]
    assert 0 <= row["overlap_before"] <= 1 - row["ks_before"] + 1e-12


def test_a_column_that_an_arm_lacks_has_no_overlap() -> None:
    frame = SIX.assign(income=[np.nan, np.nan, np.nan, 2.0, 1.0, 3.0])
    m = ev.unmatched(frame, SIX_ROLES)
    table = m.balance_detail(ev.BalanceTerms(extra=("income",))).set_index("kind")
    assert np.isnan(table.loc["extra", ["ks_before", "overlap_before"]].astype(float)).all()
