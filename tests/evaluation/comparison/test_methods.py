from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from data_dictionary.errors import DesignError
from evaluation import (
    Cem,
    Exact,
    Full,
    Matched,
    Nearest,
    Optimal,
    Roles,
    Subclass,
    match,
)


def _difference(m: Matched, outcome: str) -> float:
    y, w = m.frame[outcome].to_numpy(), m.weights
    means = [np.average(y[arm], weights=w[arm]) for arm in (m.treated, ~m.treated)]
    return float(means[0] - means[1])


def _same_sets(subclass: np.ndarray, stored: list[str | None]) -> bool:
    """Whether two numberings put the same rows together and leave out the same."""
    both = pd.DataFrame({"own": subclass, "other": stored})
    inside = both["other"].notna()
    if not ((both["own"] >= 0) == inside).all():
        return False
    links = both[inside].drop_duplicates()
    return len(links) == links["own"].nunique() == links["other"].nunique()


# --- parity with MatchIt 4.7.2 and optmatch 0.10.6


def test_optimal_pairs_have_the_total_distance_of_optmatch(
    sim, sim_roles, sim_oracle, lalonde, lalonde_roles, lalonde_oracle
) -> None:
    stored = sim_oracle["optimal"]
    m = match(sim, sim_roles, method="optimal", distance="ps")
    # R leaves its propensities 1e-12 early, hundreds of them are added.
    assert_allclose(m.pairs["distance"].sum(), stored["sum_abs_pair_dist"], atol=1e-9)
    # On a line several pairings share the total; they use the same rows here.
    assert_allclose(m.weights, stored["weights"], rtol=1e-12)
    assert_allclose(_difference(m, "y"), stored["att"], rtol=1e-10)
    m = match(lalonde, lalonde_roles, method="optimal", distance="ps")
    stored = lalonde_oracle["optimal"]
    assert_allclose(m.pairs["distance"].sum(), stored["sum_abs_pair_dist"], rtol=1e-7)
    assert_allclose(_difference(m, "re78"), stored["att"], rtol=1e-7)


def test_full_matching_is_as_close_as_that_of_optmatch(
    sim, sim_roles, sim_oracle, lalonde, lalonde_roles, lalonde_oracle
) -> None:
    for frame, roles, stored in (
        (sim, sim_roles, sim_oracle["full"]),
        (lalonde, lalonde_roles, lalonde_oracle["full"]),
    ):
        m = match(frame, roles, method="full", distance="ps")
        # optmatch rounds distances, so its total may lie above the least by as much.
        total = m.pairs["distance"].sum()
        assert total <= stored["sum_abs_pair_dist"] + 1e-9
        assert_allclose(total, stored["sum_abs_pair_dist"], rtol=1e-7)
        assert m.subclass.max() + 1 == stored["n_sets"]
        assert_allclose(m.ess["comparison"], stored["ess_comparison"], rtol=1e-10)
    # The optimum's weights are unique on lalonde; on the other several optima exist.
    assert_allclose(m.weights, stored["weights"], rtol=1e-10)
    assert_allclose(_difference(m, "re78"), stored["att"], rtol=1e-10)


@pytest.mark.parametrize(
    ("data", "entry", "outcome", "options"),
    [
        ("sim", "subclass5", "y", {"method": Subclass(n=5), "distance": "ps"}),
        ("lalonde", "subclass6", "re78", {"method": "subclass", "distance": "ps"}),
        ("lalonde", "cem_sturges", "re78", {"method": "cem"}),
    ],
)
def test_sets_and_weights_are_those_of_matchit(
    data: str, entry: str, outcome: str, options: dict[str, Any], request: Any
) -> None:
    frame, roles, oracle = (
        request.getfixturevalue(data + suffix) for suffix in ("", "_roles", "_oracle")
    )
    stored = oracle[entry]
    m = match(frame, roles, **options)
    assert _same_sets(m.subclass, stored["sets"])
    assert_allclose(m.weights, stored["weights"], rtol=1e-10)
    assert_allclose(_difference(m, outcome), stored["att"], rtol=1e-10)
    used = m.used
    sizes = (used & m.treated).sum(), (used & ~m.treated).sum()
    assert sizes == (stored["n_treated"], stored["n_comparison"])


# --- by hand

HAND = pd.DataFrame(
    {
        "id": range(7),
        "t": [1, 1, 1, 0, 0, 0, 0],
        "s": [1.0, 2.0, 9.0, 1.5, 2.5, 3.0, 8.0],
        "g": list("abaabba"),
        "y": [3.0, 5.0, 7.0, 1.0, 2.0, 4.0, 6.0],
    }
)
BY_S = Roles(unit="id", treatment="t", covariates=("s",))


def _sets(m: Matched) -> list[list[int]]:
    return [np.flatnonzero(m.subclass == k).tolist() for k in range(m.subclass.max() + 1)]


def test_full_matching_by_hand() -> None:
    # Nearest to each: 0-3 (.5), 1-3 or 1-4 (.5), 2-6 (1), 5-1 (1).  Least: 0-3, 1-4, 1-5, 2-6.
    m = match(HAND, BY_S, method="full", distance="s")
    assert _sets(m) == [[0, 3], [1, 4, 5], [2, 6]]
    assert m.pairs["distance"].sum() == 3.0
    # ATT: rows 4 and 5 share one treated's weight; scaled from 3 to 4.
    assert_allclose(m.weights, [1, 1, 1, 4 / 3, 2 / 3, 2 / 3, 4 / 3])


def test_full_matching_for_all_weighs_by_the_share_of_treated_by_hand() -> None:
    m = match(HAND, BY_S, method="full", distance="s", estimand="ATE")
    # 1/p: 2, 3, 2 (sum 7, scaled to 3); 1/(1-p): 2, 1.5, 1.5, 2 (sum 7, scaled to 4).
    assert_allclose(m.weights, [6 / 7, 9 / 7, 6 / 7, 8 / 7, 6 / 7, 6 / 7, 8 / 7])
    m = match(HAND, BY_S, method="full", distance="s", estimand="ATC")
    # (1-p)/p: 1, 2, 1 (sum 4, scaled to 3).
    assert_allclose(m.weights, [3 / 4, 3 / 2, 3 / 4, 1, 1, 1, 1])


def test_full_matching_lets_treated_share_where_they_are_many() -> None:
    turned = HAND.assign(t=1 - HAND["t"])
    m = match(turned, BY_S, method="full", distance="s")
    assert _sets(m) == [[0, 3], [1, 4, 5], [2, 6]]
    bound = match(turned, BY_S, method=Full(min_controls=1), distance="s")
    assert bound.dropped["reason"].tolist() == ["comparison rows within reach all used"]
    assert bound.used.sum() == 6


def test_bounds_leave_out_as_few_as_they_must() -> None:
    m = match(HAND, BY_S, method=Full(max_controls=1), distance="s")
    assert m.used.sum() == 6
    assert m.pairs["distance"].sum() == 2.0
    assert m.dropped.empty  # comparison rows are no part of the target


def test_exact_matching_by_hand() -> None:
    roles = Roles(unit="id", treatment="t", covariates=("g",))
    m = match(HAND, roles, method="exact")
    # Set a: treated 0, 2, comparison 3, 6; set b: 1 and 4, 5.
    assert _sets(m) == [[0, 2, 3, 6], [1, 4, 5]]
    assert_allclose(m.weights, [1, 1, 1, 4 / 3, 2 / 3, 2 / 3, 4 / 3])
    assert m.pairs.empty


def test_own_cutpoints_and_groups_make_the_sets() -> None:
    roles = Roles(unit="id", treatment="t", covariates=("s", "g"))
    cut = Cem(cutpoints={"s": [5.0]}, grouping={"g": [["a", "b"]]})
    assert _sets(match(HAND, roles, method=cut)) == [[0, 1, 3, 4, 5], [2, 6]]
    one_bin = Cem(cutpoints={"s": 1})
    assert _sets(match(HAND, roles, method=one_bin)) == [[0, 2, 3, 6], [1, 4, 5]]
    with pytest.raises(DesignError, match=r"no comparison row for any of the 3 treated"):
        match(HAND, roles, method=Cem(cutpoints={"s": 0}))


def test_a_value_on_a_cut_falls_into_the_upper_bin() -> None:
    cut = Cem(cutpoints={"s": [1.5, 9.0]})
    m = match(HAND, BY_S, method=cut)
    assert m.dropped["row"].tolist() == [0, 2]  # 1.0 below the cut, 9.0 on it


def test_k2k_leaves_as_many_of_each_arm_in_every_set() -> None:
    roles = Roles(unit="id", treatment="t", covariates=("s", "g"))
    m = match(HAND, roles, method=Cem(cutpoints={"s": 1}, k2k=True))
    assert m.pairs[["treated", "comparison"]].to_numpy().tolist() == [[0, 3], [1, 4], [2, 6]]
    assert set(m.weights[m.used]) == {1.0}


def test_a_variable_ratio_gives_the_most_to_the_lowest() -> None:
    frame = pd.DataFrame(
        {"id": range(15), "t": [1] * 3 + [0] * 12, "s": [3.0, 1.0, 2.0, *np.linspace(0, 4, 12)]}
    )
    variable = Nearest(min_controls=1, max_controls=4)
    m = match(frame, BY_S, method=variable, distance="s", ratio=2)
    # 6 partners for 3: one gets 4, the other two 1 each.
    assert m.pairs.groupby("treated").size().to_dict() == {0: 1, 1: 4, 2: 1}
    m = match(frame, BY_S, method=variable, distance="s", ratio=7 / 3)
    assert m.pairs.groupby("treated").size().to_dict() == {0: 1, 1: 4, 2: 2}


def test_the_atc_gives_every_comparison_row_a_treated_partner() -> None:
    m = match(HAND, BY_S, distance="s", estimand="ATC", order="smallest", replace=True)
    assert m.pairs[["comparison", "treated"]].to_numpy().tolist() == [
        [3, 0], [4, 1], [5, 1], [6, 2],
    ]  # fmt: skip
    assert_allclose(m.weights, [3 / 4, 3 / 2, 3 / 4, 1, 1, 1, 1])
    short = match(HAND, BY_S, distance="s", estimand="ATC", order="smallest")
    assert short.dropped["reason"].tolist() == ["treated rows within reach all used"]
    assert "1 of 4 comparison rows" in short.notes[-1]
    assert short.tidy()["n_dropped"].tolist() == [0, 1]


def test_optimal_beats_greedy_where_greedy_is_shortsighted() -> None:
    frame = pd.DataFrame({"id": range(4), "t": [1, 1, 0, 0], "s": [2.0, 1.0, 1.4, 9.0]})
    greedy = match(frame, BY_S, distance="s", order="smallest")
    best = match(frame, BY_S, method="optimal", distance="s")
    assert greedy.pairs["distance"].sum() == pytest.approx(7.4)
    assert best.pairs["distance"].sum() == pytest.approx(7.4)
    closest = match(frame, BY_S, distance="s", order="closest")
    assert closest.pairs["comparison"].tolist() == [3, 2]


def test_anti_exact_and_calipers_keep_partners_apart_and_near() -> None:
    far = match(HAND, BY_S, method=Nearest(anti_exact=("g",)), distance="s")
    assert (
        far.frame["g"].to_numpy()[far.pairs["treated"]]
        != far.frame["g"].to_numpy()[far.pairs["comparison"]]
    ).all()
    near = match(HAND, BY_S, method=Optimal(caliper_unit="raw"), distance="s", caliper=0.5)
    assert near.dropped["reason"].tolist() == ["outside the caliper"]
    by_y = match(HAND, BY_S, method=Optimal(calipers={"y": 1.0}), distance="s")
    assert by_y.pairs[["treated", "comparison"]].to_numpy().tolist() == [[0, 4], [1, 5], [2, 6]]
    in_sd = match(HAND, BY_S, method=Full(calipers_sd={"y": 0.5}), distance="s")
    y = HAND["y"].to_numpy()
    gaps = np.abs(y[in_sd.pairs["treated"]] - y[in_sd.pairs["comparison"]])
    assert (gaps <= 0.5 * HAND["y"].std()).all()
    with pytest.raises(DesignError, match="every candidate barred by anti_exact"):
        match(HAND.assign(g=1), BY_S, method=Nearest(anti_exact=("g",)), distance="s")


@pytest.mark.parametrize(
    ("discard", "lost"),
    [("treated", [0, 2]), ("comparison", []), ("both", [0, 2])],
)
def test_rows_outside_the_common_support_are_left_out(discard: str, lost: list[int]) -> None:
    for method in (Nearest(discard=discard), Full(discard=discard), Optimal(discard=discard)):
        m = match(HAND, BY_S, method=method, distance="s")
        assert m.dropped["row"].tolist() == lost
        assert set(m.dropped["reason"]) <= {"outside the common support"}
        assert not m.used[lost].any()


def test_donors_may_be_excluded() -> None:
    m = match(HAND, BY_S, method=Nearest(exclude={"g": ["b"]}), distance="s")
    assert m.used[HAND["t"].eq(0) & HAND["g"].eq("b")].sum() == 0
    assert m.notes[0] == "2 comparison row(s) are excluded as donors (g)."
    with pytest.raises(DesignError, match="all 4 are excluded, discarded"):
        match(HAND, BY_S, method=Exact(exclude={"g": ["a", "b"]}))


def test_a_random_order_is_repeatable_by_its_seed() -> None:
    frame = _people(150, 1)
    runs = [match(frame, ROLES, order="random", seed=seed).pairs for seed in (3, 3, 4)]
    pd.testing.assert_frame_equal(runs[0], runs[1])
    assert not runs[0].equals(runs[2])


def test_mahalanobis_decides_inside_the_propensity_caliper(sim, sim_roles) -> None:
    inside = Nearest(mahalanobis=("x1", "x2"))
    m = match(sim, sim_roles, method=inside, distance="ps", caliper=0.2)
    gap = np.abs(m.distance[m.pairs["treated"]] - m.distance[m.pairs["comparison"]])
    assert (gap <= m.caliper_width).all()
    plain = match(sim, sim_roles, distance="ps", caliper=0.2)
    x = sim[["x1", "x2"]].to_numpy()

    def away(one: Matched) -> float:
        return float(np.abs(x[one.pairs["treated"]] - x[one.pairs["comparison"]]).mean())

    assert away(m) < away(plain) / 2
    best = match(
        sim, sim_roles, method=Optimal(mahalanobis=("x1", "x2")), distance="ps", caliper=0.2
    )
    if len(best.pairs) == len(m.pairs):
        assert best.pairs["distance"].sum() <= m.pairs["distance"].sum()


# --- what holds of any method


def _people(n: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    treated = rng.random(n) < 0.3
    treated[:2] = True, False
    return pd.DataFrame(
        {
            "id": np.arange(n),
            "t": treated,
            "x": np.round(rng.normal(size=n) + 0.5 * treated, int(rng.integers(0, 4))),
            "z": rng.normal(size=n),
            "g": rng.choice(["a", "b", "c"], size=n),
            "w": rng.uniform(0.5, 2, size=n),
        }
    )


ROLES = Roles(unit="id", treatment="t", covariates=("x", "z"))
ANY_METHOD = [
    "nearest",
    Nearest(calipers={"z": 1.0}, anti_exact=("g",)),
    Nearest(mahalanobis=("x", "z"), discard="both"),
    "optimal",
    Optimal(calipers_sd={"x": 1.0}, exclude={"g": ["c"]}),
    "full",
    Full(min_controls=1 / 2, max_controls=3),
    Full(max_controls=2, calipers={"z": 1.0}),
    Cem(cutpoints={"x": 3, "z": 3}),
    Cem(cutpoints={"x": 2, "z": 2}, k2k=True),
    Subclass(n=2, discard="comparison"),
]


@settings(deadline=None, max_examples=50)
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(8, 80),
    method=st.sampled_from(ANY_METHOD),
    estimand=st.sampled_from(["ATT", "ATC", "ATE"]),
    distance=st.sampled_from(["ps", "mahalanobis", "robust_mahalanobis", "z"]),
    exact=st.sampled_from([(), ("g",)]),
    weight=st.sampled_from([None, "w"]),
)
@pytest.mark.filterwarnings("ignore::data_dictionary.errors.CareWarning")
def test_any_method_gives_a_good_comparison_or_says_why_not(
    seed, n, method, estimand, distance, exact, weight
) -> None:
    frame = _people(n, seed)
    before = frame.copy(deep=True)
    roles = replace(ROLES, exact=exact, weight=weight)
    options = {} if isinstance(method, Cem) else {"distance": distance}
    try:
        m = match(frame, roles, method=method, estimand=estimand, **options)
    except DesignError as refusal:
        assert "fault of the program" not in str(refusal)  # noqa: PT017
        return
    pd.testing.assert_frame_equal(frame, before)
    plain = m.weights / (frame["w"].to_numpy() if weight else 1.0)
    for arm in (m.treated, ~m.treated):
        assert_allclose(plain[arm].sum(), (m.used & arm).sum())
    focal = {"ATT": m.treated, "ATC": ~m.treated}.get(estimand)
    if focal is not None:
        assert_allclose(plain[focal & m.used], 1)
    if not m.pairs.empty:
        g = frame["g"].to_numpy()
        same = g[m.pairs["treated"]] == g[m.pairs["comparison"]]
        assert not exact or same.all()
    for array in (m.weights, m.treated, m.subclass):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000), ratio=st.integers(1, 2))
def test_optimal_is_never_farther_than_greedy_with_as_many(seed: int, ratio: int) -> None:
    frame = _people(60, seed)
    for distance in ("z", "mahalanobis"):
        greedy = match(frame, ROLES, distance=distance, ratio=ratio, order="closest")
        best = match(frame, ROLES, method="optimal", distance=distance, ratio=ratio)
        assert len(best.pairs) >= len(greedy.pairs)
        if len(best.pairs) == len(greedy.pairs):
            assert best.pairs["distance"].sum() <= greedy.pairs["distance"].sum() + 1e-9


def test_equal_seeds_and_data_give_equal_bytes() -> None:
    frame = _people(200, 5)
    for method in ("optimal", "full", "subclass"):
        first, second = (match(frame, ROLES, method=method) for _ in range(2))
        assert_array_equal(first.weights, second.weights)


# --- what must not work

REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({"method": "full", "ratio": 2}, "ratio=2 is not used by method='full'"),
    ({"method": "full", "replace": True}, "replace=True is not used by method='full'"),
    ({"method": "optimal", "order": "data"}, "order='data' is not used by method='optimal'"),
    ({"method": "cem", "caliper": 0.2}, "caliper=0.2 is not used by method='cem'"),
    ({"method": "exact", "distance": "ps"}, "distance='ps' is not used by method='exact'"),
    ({"method": "subclass", "seed": 1}, "seed=1 is not used by method='subclass'"),
    ({"method": "optimal", "estimand": "ATE"}, "'ATE' cannot be had with method='optimal'"),
    ({"method": Cem(k2k=True), "estimand": "ATE"}, "'ATE' cannot be had with Cem"),
    ({"distance": "mahalanobis", "caliper": 0.2}, "belongs to a score"),
    ({"distance": "mahalanobis", "order": "smallest"}, "ranks a score"),
    ({"distance": "g"}, "is a column that holds no numbers"),
    ({"distance": "xx"}, "or a column. Did you mean 'x'"),
    ({"order": "random"}, "needs seed=, a whole number"),
    ({"seed": 3}, "seed=3 is not used by order='largest'"),
    ({"method": "subclass", "distance": "mahalanobis"}, "no order to cut subclasses from"),
    ({"method": Subclass(n=1)}, r"Subclass\(n=1\) must be a whole number from 2 up"),
    ({"method": Subclass(n=50)}, "Ask for fewer subclasses"),
    ({"method": Full(min_controls=0.4)}, "must be 0, a share such as 1/2"),
    ({"method": Full(max_controls=0)}, "must be a whole number from 1 up, or None"),
    ({"method": Full(min_controls=3, max_controls=2)}, "exceeds max_controls"),
    ({"method": Full(min_controls=9)}, "treated would have fewer comparison rows"),
    ({"method": Nearest(max_controls=3)}, "is the average and must lie between"),
    ({"method": Nearest(min_controls=2), "ratio": 2}, "must be whole numbers"),
    ({"method": Nearest(calipers={"gg": 1})}, "'gg' is not a column of this table"),
    ({"method": Nearest(calipers={"g": 1})}, "'g' holds no numbers"),
    ({"method": Nearest(calipers={"x": -1})}, "it must be 0 or more"),
    ({"method": Nearest(anti_exact="g")}, r"write \('g',\)"),
    ({"method": Nearest(discard="all")}, "discard='all' is not offered"),
    ({"method": Nearest(discard="both"), "distance": "mahalanobis"}, "needs a score"),
    ({"method": Nearest(caliper_unit="cm")}, "caliper_unit='cm' is not offered"),
    (
        {"method": Nearest(caliper_unit="raw")},
        "caliper_unit='raw' is not used without caliper=",
    ),
    ({"method": Nearest(mahalanobis=("x",)), "distance": "mahalanobis"}, "needs a score"),
    ({"method": Cem(cutpoints={"xx": 3})}, "'xx' is not a covariate. Did you mean 'x'"),
    ({"method": Cem(cutpoints={"x": "scott"})}, "allowed: a number of bins, 'sturges'"),
    ({"method": Cem(cutpoints={"x": -1})}, "a number of bins from 0 up"),
    ({"method": Cem(grouping={"x": [[1, 2]]})}, "is a number; give it cutpoints"),
]


@pytest.mark.parametrize(("options", "message"), REFUSALS)
def test_what_cannot_be_had_is_refused_by_name(options: dict[str, Any], message: str) -> None:
    with pytest.raises(DesignError, match=message):
        match(_people(40, 2), ROLES, **options)


def test_subclasses_refuse_exact_columns_they_would_ignore() -> None:
    with pytest.raises(DesignError, match=r"roles\.exact is not used by method='subclass'"):
        match(_people(40, 2), replace(ROLES, exact=("g",)), method="subclass")


@pytest.mark.parametrize("method", ["full", "subclass", "cem", "exact"])
def test_a_unit_in_several_rows_is_refused_where_it_would_be_used_twice(method: str) -> None:
    frame = pd.concat([_people(40, 2), _people(40, 2)[lambda p: ~p["t"]]], ignore_index=True)
    with pytest.raises(DesignError, match=r"row\(s\) repeat a unit"):
        match(frame, ROLES, method=method)


def test_optimal_uses_one_row_of_a_unit_in_several_months() -> None:
    frame = pd.concat([_people(40, 2), _people(40, 3)[lambda p: ~p["t"]]], ignore_index=True)
    frame = frame[frame["t"] | ~frame["id"].isin(frame.loc[frame["t"], "id"])]
    m = match(frame.reset_index(drop=True), ROLES, method="optimal")
    assert m.frame.loc[m.used, "id"].is_unique


def test_missing_values_in_an_option_s_columns_are_counted() -> None:
    frame = _people(40, 2)
    frame.loc[3:5, "w"] = np.nan
    with pytest.raises(DesignError, match="caliper 'w': 3 missing"):
        match(frame, ROLES, method=Nearest(calipers={"w": 1.0}))
