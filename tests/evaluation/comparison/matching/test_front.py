from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from data_dictionary.errors import CareWarning, ColumnError, DesignError
from evaluation import (
    Full,
    Matched,
    Nearest,
    Optimal,
    Roles,
    g_computation,
    match,
    mean_difference,
    unmatched,
    weigh,
)
from tests.evaluation.comparison.small import CITIZENS, citizens, difference

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
    assert_allclose(difference(m, "y"), stored["att"], rtol=1e-12)
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
    assert_allclose(difference(m, "re78"), stored["att"], rtol=1e-7)
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


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 2**32 - 1), ratio=st.integers(1, 2))
def test_without_ties_the_order_of_rows_does_not_matter(seed: int, ratio: int) -> None:
    frame = citizens()
    shuffled = frame.iloc[np.random.default_rng(seed).permutation(len(frame))]
    first = match(frame, CITIZENS, ratio=ratio, caliper=0.5)
    second = match(shuffled, CITIZENS, ratio=ratio, caliper=0.5)
    assert _partners(first) == _partners(second)


def test_the_frame_is_neither_changed_nor_tied_to_the_match() -> None:
    frame = citizens()
    before = frame.copy(deep=True)
    m = match(frame, CITIZENS, caliper=0.3)
    m.balance()
    pd.testing.assert_frame_equal(frame, before)
    frame["new"] = 1
    assert "new" not in m.frame.columns
    for array in (m.weights, m.treated, m.subclass, m.propensity, m.distance):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_a_person_with_many_months_is_used_once() -> None:
    frame = citizens(120)
    months = pd.concat([frame] * 5, ignore_index=True)
    months = months[~months["plan"] | ~months["id"].duplicated()].reset_index(drop=True)
    months["age"] += np.linspace(0, 1, len(months))
    m = match(months, replace(CITIZENS, exact=()), ratio=2)
    assert_good_match(m, ratio=2)
    assert m.frame.loc[~m.treated, "id"].duplicated().any()


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


def test_sampling_weights_multiply_the_weights_of_the_match() -> None:
    frame = citizens()
    frame["w"] = np.where(frame["children"] > 1, 2.0, 0.5)
    m = match(frame, replace(CITIZENS, weight="w"), ratio=2)
    plain = m.weights / frame["w"].to_numpy()
    assert_allclose(plain[m.treated & m.used], 1)
    assert_allclose(plain[~m.treated].sum(), (m.used & ~m.treated).sum())
    before, plain = (
        one.balance().table.set_index("covariate").loc["age", "smd_before"]
        for one in (m, match(frame, CITIZENS))
    )
    assert before != plain


def test_rows_separated_by_a_covariate_are_dropped_with_that_reason() -> None:
    frame = citizens()
    frame["new"] = frame["plan"] & (frame["age"] > 50)
    with pytest.warns(CareWarning, match="separation by new = 1"):
        m = match(frame, replace(CITIZENS, covariates=("age", "new"), exact=()))
    lost = np.flatnonzero(frame["new"])
    told = m.dropped.set_index("row")["reason"]
    assert set(told[lost]) == {"no counterpart in the other arm"}


# --- what must not work


def test_every_wrong_option_is_named_at_once_with_what_is_allowed() -> None:
    with pytest.raises(DesignError) as refusal:
        match(
            citizens(), CITIZENS, distance="logitt", estimand="ATE", order="biggest", ratio=0,
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
        match(citizens(), CITIZENS, method="nearst")


@pytest.mark.parametrize("caliper", [0, float("nan"), float("inf"), True, "0.2"])
def test_a_caliper_that_is_no_width_is_refused(caliper: object) -> None:
    with pytest.raises(DesignError, match="must be a number above 0"):
        match(citizens(), CITIZENS, caliper=caliper)


@pytest.mark.parametrize("ratio", [1.5, True, "2", -1])
def test_a_ratio_that_is_no_count_is_refused(ratio: object) -> None:
    with pytest.raises(DesignError, match="must be a whole number from 1 up"):
        match(citizens(), CITIZENS, ratio=ratio)


@pytest.mark.parametrize(
    ("method", "message"),
    [
        (Nearest(calipers=0.2), "calipers=0.2 must be a mapping by column"),
        (Nearest(calipers={"age": "x"}), "'age' has width 'x'; it must be 0 or more"),
        (Nearest(calipers={"race": 1}), "calipers: 'race' holds no numbers"),
        (Nearest(exclude={"race": "black"}), "'race' has 'black'; write a list, such as"),
        (Nearest(exclude={"age": 30}), "'age' has 30; write a list, such as [30]."),
        (Nearest(mahalanobis="age"), "mahalanobis='age' is one text; write ('age',)."),
        (Optimal(anti_exact=5), "anti_exact=5 must be a tuple of names"),
        (Full(mahalanobis=None), "mahalanobis=None must be a tuple of names"),
        (Nearest(distance=["age"]), "distance=a list is not offered"),
        (Nearest(distance=pd.DataFrame()), "distance=a DataFrame is not offered"),
        (Nearest(distance="race"), "distance='race' is a column that holds no numbers"),
        (Nearest(distance="glm"), "You may mean 'logit'."),
        ("genetic", "You may mean 'nearest'."),
        ("cardinality", "You may mean 'optimal'."),
    ],
    ids=str,
)
def test_a_keyword_of_the_wrong_kind_is_told_in_words(
    method: Any, message: str, lalonde, lalonde_roles
) -> None:
    with pytest.raises(DesignError, match=re.escape(message)):
        match(lalonde.assign(id=range(len(lalonde))), lalonde_roles, method)


def test_an_estimand_in_small_letters_is_understood(lalonde, lalonde_roles) -> None:
    frame = lalonde.assign(id=range(len(lalonde)))
    for make in (match, weigh):
        with pytest.raises(DesignError, match="Did you mean 'ATT'"):
            make(frame, lalonde_roles, estimand="att")
    for method, meant in {"ebal": "entropy", "glm": "ipw"}.items():
        with pytest.raises(DesignError, match=f"You may mean '{meant}'."):
            weigh(frame, lalonde_roles, method)


@pytest.mark.parametrize("distance", ["ps", "mahalanobis", "robust_mahalanobis"])
def test_a_column_with_the_name_of_a_distance_is_never_passed_by_in_silence(
    distance: str, lalonde, lalonde_roles
) -> None:
    frame = lalonde.assign(id=range(len(lalonde)), logit=1.0, **{distance: 1.0})
    message = "the table has a column of that name; rename the column"
    with pytest.raises(DesignError, match=f"distance='{distance}' is .* {message}"):
        match(frame, lalonde_roles, distance=distance)
    # The usual distance need not have been chosen: it is told.
    told = (
        "distance 'logit' is the logit of the propensity that the match makes, not the column"
    )
    for m in (match(frame, lalonde_roles), match(frame, lalonde_roles, "subclass")):
        assert any(note.startswith(told) for note in m.notes)
    assert told not in " ".join(match(frame, lalonde_roles, "cem").notes)
    with pytest.raises(ColumnError, match="by='subclass' is the matched set, and"):
        match(frame.assign(subclass=1), lalonde_roles).balance_by("subclass")


@pytest.mark.parametrize("make", [match, weigh, unmatched])
def test_what_is_no_table_and_no_roles_is_told_in_words(make, lalonde, lalonde_roles) -> None:
    frame = lalonde.assign(id=range(len(lalonde)))
    with pytest.raises(DesignError, match="frame is 'treat ~ age'; give a table"):
        make("treat ~ age", frame)
    with pytest.raises(DesignError, match=r"roles is a dict; write ev\.Roles"):
        make(frame, {"unit": "id"})
    with pytest.raises(DesignError, match="frame is a dict; give a table"):
        make(frame.to_dict("list"), lalonde_roles)
    twice = pd.concat([frame, frame[["age"]]], axis=1)
    with pytest.raises(ColumnError, match="covariates='age' is the name of 2 columns"):
        make(twice, lalonde_roles)
    with pytest.raises(DesignError, match=r"weight='race' holds no numbers \(string\)"):
        make(frame, replace(lalonde_roles, covariates=("age",), weight="race"))


def test_several_columns_of_one_name_are_named_wherever_they_are_meant(
    lalonde, lalonde_roles
) -> None:
    frame = lalonde.assign(id=range(len(lalonde)))
    twice = pd.concat([frame, frame[["re78"]]], axis=1)
    for method in (Nearest(distance="re78"), Nearest(calipers={"re78": 1})):
        with pytest.raises(DesignError, match="='re78' is the name of 2 columns"):
            match(twice, lalonde_roles, method)
    m = match(twice, lalonde_roles)
    with pytest.raises(ColumnError, match="outcome='re78' is the name of 2 columns"):
        mean_difference(m, "re78")


ALONE = [Nearest(), Nearest(distance="mahalanobis"), Optimal(ratio=3), Full()]


@pytest.mark.parametrize(
    ("method", "alone"), [*((one, 1) for one in [*ALONE, "cem", "exact"]), (Full(), 0)], ids=str
)
def test_one_person_in_an_arm_is_matched_and_told(method: Any, alone: int, lalonde) -> None:
    of_arm = lalonde.index[lalonde["treat"] == alone][1:]
    frame = lalonde.drop(index=of_arm).assign(id=range(len(lalonde) - len(of_arm)))
    roles = Roles(unit="id", treatment="treat", covariates=("age", "educ"))
    m = match(frame, roles, method)
    assert m.used[m.treated == alone].sum() == 1
    assert m.balance().summary()
    assert len(m.balance_detail()) >= 2
    assert m.summary()
    assert len(m.tidy()) == 2
    effect = mean_difference(weigh(frame, roles) if alone else m, "re78")
    assert np.isfinite(effect.estimate)
    assert np.isnan(effect.p_value)


def test_what_others_have_reported_of_a_match_comes_out(
    lalonde, lalonde_roles, nhefs, nhefs_roles
) -> None:
    # kosukeimai/MatchIt, issue 83: the largest weight of full matching, 12 treated with one.
    m = match(lalonde.assign(id=range(len(lalonde))), lalonde_roles, "full")
    assert_allclose(m.weights.max(), 12 * 429 / 185)
    # MatchIt 4.7.2 and marginaleffects: pairs, regression in the matched sample.
    effect = g_computation(match(nhefs, nhefs_roles), "wt82_71")
    assert_allclose([effect.estimate, effect.std_error], [2.8817, 0.5296], atol=5e-5)
