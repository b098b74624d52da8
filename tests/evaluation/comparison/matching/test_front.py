from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from data_dictionary.errors import CareWarning, ColumnError, DesignError
from evaluation import Matched, Roles, match, unmatched

# --- parity with MatchIt 4.7.2

SIM_CALLS: dict[str, dict[str, Any]] = {
    "nearest": {},
    "nearest_caliper02": {"caliper": 0.2},
    "nearest_replace": {"replace": True},
    "nearest_ratio2_caliper": {"ratio": 2, "caliper": 0.1},
    "mahalanobis": {"distance": "mahalanobis"},
}
LALONDE_CALLS: dict[str, dict[str, Any]] = {
    "nearest": {},
    "nearest_caliper02": {"caliper": 0.2},
    "nearest_ratio2": {"ratio": 2},
    "nearest_replace": {"replace": True},
    "nearest_exact": {},
}


def _difference(m: Matched, outcome: str) -> float:
    y, w = m.frame[outcome].to_numpy(), m.weights
    means = [np.average(y[arm], weights=w[arm]) for arm in (m.treated, ~m.treated)]
    return float(means[0] - means[1])


def _partners(m: Matched) -> dict[str, list[str]]:
    names = m.frame["id"].to_numpy()
    partners: dict[str, list[str]] = {name: [] for name in names[m.treated]}
    for own, other in m.pairs[["treated", "comparison"]].to_numpy():
        partners[names[own]].append(names[other])
    return partners


@pytest.mark.parametrize("entry", SIM_CALLS)
def test_pairs_and_weights_are_those_of_matchit(entry, sim, sim_roles, sim_oracle) -> None:
    stored = sim_oracle[entry]
    m = match(sim, sim_roles, **{"distance": "ps", **SIM_CALLS[entry]})
    assert _partners(m) == stored["pairs"]
    assert_allclose(m.weights, stored["weights"], rtol=1e-12)
    assert_allclose(m.ess, [stored["n_treated"], stored["ess_comparison"]], rtol=1e-12)
    # Sum over hundreds of pairs of propensities that R leaves 1e-12 early.
    if "sum_abs_pair_dist" in stored:
        assert_allclose(m.pairs["distance"].sum(), stored["sum_abs_pair_dist"], atol=1e-10)
    assert_allclose(_difference(m, "y"), stored["att"], rtol=1e-12)
    if stored.get("caliper_width"):
        assert_allclose(m.caliper_width, stored["caliper_width"], rtol=1e-10)


@pytest.mark.parametrize("entry", LALONDE_CALLS)
def test_tied_data_give_what_matchit_gives(
    entry, lalonde, lalonde_roles, lalonde_oracle
) -> None:
    stored = lalonde_oracle[entry]
    exact = ("race",) if entry == "nearest_exact" else ()
    roles = replace(lalonde_roles, exact=exact)
    m = match(lalonde, roles, distance="ps", **LALONDE_CALLS[entry])
    # Published with 8 digits.
    assert_allclose(_difference(m, "re78"), stored["att"], rtol=1e-7)
    used = m.used
    sizes = (used & m.treated).sum(), (used & ~m.treated).sum()
    assert sizes == (stored["n_treated"], stored["n_comparison"])
    assert_allclose(m.ess["comparison"], stored["ess_comparison"], rtol=1e-7)
    if "largest_smd" in stored:
        assert_allclose(m.balance().largest, stored["largest_smd"], rtol=1e-7)
    if "sum_abs_pair_dist" in stored:
        assert_allclose(m.pairs["distance"].sum(), stored["sum_abs_pair_dist"], rtol=1e-7)
    if "pairs" in stored:
        assert _partners(m) == stored["pairs"]


def test_the_experiment_needs_no_match(nsw) -> None:
    # Published benchmark of the Dehejia-Wahba sample.
    roles = Roles(unit="rownames", treatment="treat")
    assert_allclose(_difference(unmatched(nsw, roles), "re78"), 1794.3424, rtol=1e-7)


def test_unmatched_lalonde_differs_as_published(lalonde, lalonde_roles, lalonde_oracle) -> None:
    raw = unmatched(lalonde, lalonde_roles)
    assert_allclose(_difference(raw, "re78"), lalonde_oracle["difference"], rtol=1e-7)
    assert raw.notes == ("no matching was done: the arms are compared as they stand.",)
    assert str(raw).startswith("unmatched")


# --- what holds of any match


def assert_good_match(m: Matched, *, ratio: int) -> None:
    """Assert what must hold of any match, whatever the data."""
    own, other = m.pairs["treated"].to_numpy(), m.pairs["comparison"].to_numpy()
    assert m.treated[own].all(), "a treated partner is not treated"
    assert not m.treated[other].any(), "a comparison partner is treated"
    assert (np.abs(m.distance[own] - m.distance[other]) <= m.caliper_width).all()
    assert np.bincount(own).max() <= ratio
    units = m.frame[m.roles.unit].to_numpy()
    if not m.replace:
        assert pd.Series(units[m.used]).is_unique, "a unit was used twice"
    for column in m.roles.exact:
        values = m.frame[column].to_numpy()
        assert (values[own] == values[other]).all(), f"{column} differs within a pair"
    n_treated, n_comparison = len(np.unique(own)), len(np.unique(other))
    assert_allclose(m.weights[m.treated].sum(), n_treated)
    assert_allclose(m.weights[~m.treated].sum(), n_comparison)
    assert_array_equal(np.flatnonzero(m.used), np.union1d(own, other))
    everybody = np.union1d(own, m.dropped["row"])
    assert_array_equal(everybody, np.flatnonzero(m.treated))


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(20, 60))
    n_units = draw(st.sampled_from([n // 3, n, 10 * n]))
    treated = rng.random(n) < draw(st.sampled_from([0.2, 0.5]))
    treated[:4] = [True, False, True, False]
    return pd.DataFrame(
        {
            "unit": rng.integers(0, n_units, size=n),
            "treated": treated,
            "x": np.round(rng.normal(size=n) + treated, draw(st.sampled_from([0, 6]))),
            "town": rng.choice(list("ab"), size=n),
            "month": rng.integers(1, 3, size=n),
        },
        index=rng.permutation(n),
    )


@settings(deadline=None, max_examples=50)
@given(
    frame=frames(),
    ratio=st.integers(1, 3),
    is_replaced=st.booleans(),
    caliper=st.sampled_from([None, 0.2, 1.0]),
    order=st.sampled_from(["largest", "data"]),
    exact=st.sampled_from([(), ("month",), ("month", "town")]),
)
@pytest.mark.filterwarnings("ignore::data_dictionary.errors.CareWarning")
def test_any_match_is_good(frame, ratio, is_replaced, caliper, order, exact) -> None:
    roles = Roles(unit="unit", treatment="treated", covariates=("x", "town"), exact=exact)
    try:
        m = match(frame, roles, ratio=ratio, replace=is_replaced, caliper=caliper, order=order)
    except DesignError as refusal:
        if "no overlap" in str(refusal) or "no comparison row for any" in str(refusal):
            return
        raise
    assert_good_match(m, ratio=ratio)


def _people(n: int = 200, seed: int = 7) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    treated = rng.random(n) < 0.25
    return pd.DataFrame(
        {
            "id": [f"p{i}" for i in range(n)],
            "plan": treated,
            "age": rng.normal(40 + 3 * treated, 10),
            "children": rng.integers(0, 4, size=n),
            "quarter": rng.choice(["2017Q1", "2017Q2"], size=n),
            "town": rng.integers(1, 12, size=n),
        }
    )


PEOPLE = Roles(
    unit="id",
    treatment="plan",
    covariates=("age", "children"),
    exact=("quarter",),
    cluster="town",
)


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 2**32 - 1), ratio=st.integers(1, 2))
def test_without_ties_the_order_of_rows_does_not_matter(seed: int, ratio: int) -> None:
    frame = _people()
    shuffled = frame.iloc[np.random.default_rng(seed).permutation(len(frame))]
    first = match(frame, PEOPLE, ratio=ratio, caliper=0.5)
    second = match(shuffled, PEOPLE, ratio=ratio, caliper=0.5)
    assert _partners(first) == _partners(second)


def test_the_frame_is_neither_changed_nor_tied_to_the_match() -> None:
    frame = _people()
    before = frame.copy(deep=True)
    m = match(frame, PEOPLE, caliper=0.3)
    m.balance()
    pd.testing.assert_frame_equal(frame, before)
    frame["new"] = 1
    assert "new" not in m.frame.columns
    for array in (m.weights, m.treated, m.subclass, m.propensity, m.distance):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_sets_are_numbered_by_their_treated_row_and_agree_with_the_pairs() -> None:
    m = match(_people(), PEOPLE, ratio=2)
    for subclass, rows in m.pairs.groupby("subclass"):
        members = np.flatnonzero(m.subclass == subclass)
        assert_array_equal(members, np.union1d(rows["treated"], rows["comparison"]))
    assert m.pairs["treated"].is_monotonic_increasing
    assert m.set_codes is m.subclass


def test_with_replacement_rows_have_no_set_of_their_own() -> None:
    m = match(_people(), PEOPLE, replace=True)
    assert m.set_codes is None
    assert m.pairs["subclass"].nunique() == m.treated.sum()


def test_clusters_are_coded_in_sorted_order_and_absent_without_a_role() -> None:
    frame = _people()
    m = match(frame, PEOPLE)
    assert_array_equal(np.unique(frame["town"])[m.cluster_codes], frame["town"])
    assert_array_equal(m.cluster, frame["town"])
    alone = match(frame, replace(PEOPLE, cluster=None))
    assert alone.cluster is None
    assert alone.cluster_codes is None


def test_a_person_with_many_months_is_used_once() -> None:
    frame = _people(120)
    months = pd.concat([frame] * 5, ignore_index=True)
    months = months[~months["plan"] | ~months["id"].duplicated()].reset_index(drop=True)
    months["age"] += np.linspace(0, 1, len(months))
    m = match(months, replace(PEOPLE, exact=()), ratio=2)
    assert_good_match(m, ratio=2)
    assert m.frame.loc[~m.treated, "id"].duplicated().any()


def test_nobody_is_compared_with_themselves() -> None:
    frame = _people(60)
    own_months = frame[frame["plan"]].assign(plan=False)
    m = match(pd.concat([frame, own_months], ignore_index=True), replace(PEOPLE, exact=()))
    assert m.used[: len(frame)].sum() == m.used.sum()
    assert f"{len(own_months)} comparison row(s) belong to units that are also" in m.notes[0]


def test_order_decides_who_is_served_when_the_pool_is_short() -> None:
    frame = pd.DataFrame(
        {"id": range(8), "t": [1, 1, 1, 0, 0, 1, 0, 0], "x": [5.0, 3, 1, 4, 2.5, 7, 0.5, 0]}
    )
    roles = Roles(unit="id", treatment="t", covariates=("x",), exact=("g",))
    frame["g"] = [0, 0, 0, 0, 0, 0, 1, 1]  # four treated, two partners
    largest, data = match(frame, roles), match(frame, roles, order="data")
    assert largest.dropped["row"].tolist() == [1, 2]
    assert data.dropped["row"].tolist() == [2, 5]
    assert set(data.dropped["reason"]) == {"comparison rows within reach all used"}


def test_why_somebody_has_no_partner_is_kept_and_told() -> None:
    frame = pd.DataFrame(
        {
            "id": range(9),
            "t": [1, 1, 1, 1, 0, 0, 0, 0, 0],
            "x": [1.0, 1.01, 9.0, 1.0, 1.02, 3.0, 0.0, -2.0, 12.0],
            "g": list("aaabaaaac"),
        }
    )
    roles = Roles(unit="id", treatment="t", covariates=("x",), exact=("g",))
    m = match(frame, roles, caliper=0.1)
    assert dict(m.dropped.to_numpy().tolist()) == {
        0: "comparison rows within reach all used",
        2: "outside the caliper",
        3: "no comparison row in the exact stratum",
    }
    assert m.notes[-1] == (
        "no partner for 3 of 4 treated (1 comparison rows within reach all used; 1 no "
        "comparison row in the exact stratum; 1 outside the caliper); the effect is that of "
        "the 1 matched."
    )
    assert m.notes[-1] in m.summary()


def test_sampling_weights_multiply_the_weights_of_the_match() -> None:
    frame = _people()
    frame["w"] = np.where(frame["children"] > 1, 2.0, 0.5)
    m = match(frame, replace(PEOPLE, weight="w"), ratio=2)
    plain = m.weights / frame["w"].to_numpy()
    assert_allclose(plain[m.treated & m.used], 1)
    assert_allclose(plain[~m.treated].sum(), (m.used & ~m.treated).sum())
    before = m.balance().table.set_index("covariate").loc["age", "smd_before"]
    assert (
        before
        != match(frame, PEOPLE).balance().table.set_index("covariate").loc["age", "smd_before"]
    )


def test_tidy_and_text_tell_the_same_sizes() -> None:
    m = match(_people(), PEOPLE, caliper=0.2, ratio=2)
    treated, comparison = m.tidy().itertuples(index=False)
    assert treated.n_used + treated.n_dropped == treated.n == m.treated.sum()
    assert str(m).endswith(f": {treated.n_used} treated, {comparison.n_used} comparison")
    assert m.design == (
        "nearest 1:2 on the logit of the propensity, caliper 0.2 SD, exact on quarter"
    )
    assert f"effective size {comparison.ess:.1f}" in m.summary()


def test_rows_separated_by_a_covariate_are_dropped_with_that_reason() -> None:
    frame = _people()
    frame["new"] = frame["plan"] & (frame["age"] > 50)
    with pytest.warns(CareWarning, match="separation by new = 1"):
        m = match(frame, replace(PEOPLE, covariates=("age", "new"), exact=()))
    lost = np.flatnonzero(frame["new"])
    told = m.dropped.set_index("row")["reason"]
    assert set(told[lost]) == {"no counterpart in the other arm"}


# --- what must not work


def test_every_wrong_option_is_named_at_once_with_what_is_allowed() -> None:
    with pytest.raises(DesignError) as refusal:
        match(
            _people(), PEOPLE, distance="logitt", estimand="ATE", order="biggest", ratio=0,
            caliper=-1, replace="no", seed=3,
        )  # fmt: skip
    assert str(refusal.value).splitlines() == [
        "estimand='ATE' cannot be had with method='nearest', which gives one arm partners from "
        "the other; allowed: 'ATT', 'ATC'. For the ATE use 'full', 'exact', 'cem' or "
        "'subclass'.",
        "distance='logitt' is not offered; allowed: 'ps', 'logit', 'mahalanobis', "
        "'robust_mahalanobis', or a column. Did you mean 'logit'?",
        "ratio=0 must be a whole number from 1 up (partners per treated).",
        "caliper=-1 must be a number above 0 (standard deviations of the distance), or None "
        "for no caliper.",
        "replace='no' must be True or False.",
        "order='biggest' is not offered; allowed: 'largest', 'smallest', 'data', 'closest', "
        "'random'.",
        "seed=3 is not used by order='biggest', which is not random; leave it out.",
    ]


def test_an_unknown_method_is_refused_by_name() -> None:
    with pytest.raises(DesignError, match="method='nearst' is not offered; allowed: 'nearest'"):
        match(_people(), PEOPLE, method="nearst")


@pytest.mark.parametrize("caliper", [0, float("nan"), float("inf"), True, "0.2"])
def test_a_caliper_that_is_no_width_is_refused(caliper: object) -> None:
    with pytest.raises(DesignError, match="must be a number above 0"):
        match(_people(), PEOPLE, caliper=caliper)


@pytest.mark.parametrize("ratio", [1.5, True, "2", -1])
def test_a_ratio_that_is_no_count_is_refused(ratio: object) -> None:
    with pytest.raises(DesignError, match="must be a whole number from 1 up"):
        match(_people(), PEOPLE, ratio=ratio)


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (False, "no treated row among 200"),
        (True, "no comparison row among 200"),
        (np.arange(200) % 3, r"has 3 level\(s\) that are not all 0/1"),
        (["yes", "no"] * 100, r"has 2 level\(s\) that are not all 0/1"),
        ([None, True, False, True] * 50, r"50 row\(s\) have no value"),
    ],
)
@pytest.mark.parametrize("verb", [match, unmatched])
def test_a_treatment_that_is_not_two_arms_is_refused(verb, plan, message) -> None:
    with pytest.raises(DesignError, match=message):
        verb(_people().assign(plan=plan), PEOPLE)


@pytest.mark.parametrize("dtype", [bool, int, float, "boolean", "Int64", object])
def test_a_treatment_may_be_stored_in_any_way(dtype: object) -> None:
    frame = _people()
    m = match(frame.astype({"plan": dtype}), PEOPLE)
    assert_array_equal(m.treated, frame["plan"])


def test_missing_values_are_counted_for_every_column_at_once() -> None:
    frame = _people().astype({"children": "Int64"})
    frame.loc[3:5, "age"] = np.nan
    frame.loc[7, "quarter"] = None
    frame.loc[9:10, "children"] = pd.NA
    with pytest.raises(DesignError) as refusal:
        match(frame, PEOPLE)
    assert str(refusal.value).splitlines() == [
        "3 column(s) have missing values among 200 rows",
        "  - exact 'quarter': 1 missing value(s)",
        "  - covariate 'age': 3 missing value(s)",
        "  - covariate 'children': 2 missing value(s)",
        "Impute them, give missing its own level, or leave those rows out.",
    ]


def test_no_overlap_within_the_caliper_is_refused_with_counts() -> None:
    with pytest.raises(DesignError, match=r"no comparison row for any of the \d+ treated \("):
        match(_people(), PEOPLE, caliper=1e-9)


def test_matching_on_nothing_is_refused() -> None:
    with pytest.raises(DesignError, match=r"covariates=\(\) leaves nothing to match on"):
        match(_people(), replace(PEOPLE, covariates=()))


def test_a_role_without_a_column_offers_the_nearest_name() -> None:
    with pytest.raises(ColumnError, match="Did you mean 'children'"):
        match(_people(), replace(PEOPLE, covariates=("age", "chidren")))


@pytest.mark.parametrize("weight", [0.0, -1.0, np.nan, np.inf])
def test_a_sampling_weight_that_weighs_nothing_is_refused(weight: float) -> None:
    frame = _people().assign(w=1.0)
    frame.loc[:2, "w"] = weight
    for verb in (match, unmatched):
        with pytest.raises(DesignError, match=r"weight='w': 3 row\(s\) are missing"):
            verb(frame, replace(PEOPLE, weight="w"))
