"""Optimal pairs and full matching: optmatch's totals, small cases by hand, and the greedy."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from evaluation import Full, Nearest, Optimal, match
from tests.evaluation.comparison.small import BY_S, HAND, ROLES, difference, people, sets


def test_optimal_pairs_have_the_total_distance_of_optmatch(
    sim, sim_roles, sim_oracle, lalonde, lalonde_roles, lalonde_oracle
) -> None:
    stored = sim_oracle["optimal"]
    m = match(sim, sim_roles, method="optimal", distance="ps")
    # R leaves its propensities 1e-12 early, hundreds of them are added.
    assert_allclose(m.pairs["distance"].sum(), stored["sum_abs_pair_dist"], atol=1e-9)
    # On a line several pairings share the total; they use the same rows here.
    assert_allclose(m.weights, stored["weights"], rtol=1e-12)
    assert_allclose(difference(m, "y"), stored["att"], rtol=1e-10)
    m = match(lalonde, lalonde_roles, method="optimal", distance="ps")
    stored = lalonde_oracle["optimal"]
    assert_allclose(m.pairs["distance"].sum(), stored["sum_abs_pair_dist"], rtol=1e-7)
    assert_allclose(difference(m, "re78"), stored["att"], rtol=1e-7)


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
    assert_allclose(difference(m, "re78"), stored["att"], rtol=1e-10)


def test_full_matching_by_hand() -> None:
    # Nearest to each: 0-3 (.5), 1-3 or 1-4 (.5), 2-6 (1), 5-1 (1).  Least: 0-3, 1-4, 1-5, 2-6.
    m = match(HAND, BY_S, method="full", distance="s")
    assert sets(m) == [[0, 3], [1, 4, 5], [2, 6]]
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
    assert sets(m) == [[0, 3], [1, 4, 5], [2, 6]]
    bound = match(turned, BY_S, method=Full(min_controls=1), distance="s")
    assert bound.dropped["reason"].tolist() == ["comparison rows within reach all used"]
    assert bound.used.sum() == 6


def test_bounds_leave_out_as_few_as_they_must() -> None:
    m = match(HAND, BY_S, method=Full(max_controls=1), distance="s")
    assert m.used.sum() == 6
    assert m.pairs["distance"].sum() == 2.0
    assert m.dropped.empty  # comparison rows are no part of the target


def test_optimal_beats_greedy_where_greedy_is_shortsighted() -> None:
    frame = pd.DataFrame({"id": range(4), "t": [1, 1, 0, 0], "s": [2.0, 1.0, 1.4, 9.0]})
    greedy = match(frame, BY_S, distance="s", order="smallest")
    best = match(frame, BY_S, method="optimal", distance="s")
    assert greedy.pairs["distance"].sum() == pytest.approx(7.4)
    assert best.pairs["distance"].sum() == pytest.approx(7.4)
    closest = match(frame, BY_S, distance="s", order="closest")
    assert closest.pairs["comparison"].tolist() == [3, 2]


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000), ratio=st.integers(1, 2))
def test_optimal_is_never_farther_than_greedy_with_as_many(seed: int, ratio: int) -> None:
    frame = people(60, seed)
    for distance in ("z", "mahalanobis"):
        greedy = match(frame, ROLES, distance=distance, ratio=ratio, order="closest")
        best = match(frame, ROLES, method="optimal", distance=distance, ratio=ratio)
        assert len(best.pairs) >= len(greedy.pairs)
        if len(best.pairs) == len(greedy.pairs):
            assert best.pairs["distance"].sum() <= greedy.pairs["distance"].sum() + 1e-9


def test_optimal_uses_one_row_of_a_unit_in_several_months() -> None:
    frame = pd.concat([people(40, 2), people(40, 3)[lambda p: ~p["t"]]], ignore_index=True)
    frame = frame[frame["t"] | ~frame["id"].isin(frame.loc[frame["t"], "id"])]
    m = match(frame.reset_index(drop=True), ROLES, method="optimal")
    assert m.frame.loc[m.used, "id"].is_unique


def test_a_ratio_not_reached_is_spread_evenly_and_told(lalonde, lalonde_roles) -> None:
    # 429 comparison rows for 185 who want 5 each: 59 get a third.
    for method in (Optimal(ratio=5), Nearest(ratio=5)):
        m = match(lalonde.assign(id=range(len(lalonde))), lalonde_roles, method=method)
        sizes = m.pairs.groupby("treated").size().value_counts().to_dict()
        assert sizes == {2: 126, 3: 59}
        # MatchIt's own choice (165 with 2, 1 with 4, 19 with 5) is worth 395.4.
        assert_allclose(m.ess["comparison"], 414.0, atol=0.05)
        assert m.notes == (
            "185 of 185 sets have fewer partners than asked for, up to 5 (126 with 2, 59 with "
            "3); there were no more within reach.",
        )


def test_a_caliper_that_leaves_sets_short_is_told(lalonde, lalonde_roles) -> None:
    frame = lalonde.assign(id=range(len(lalonde)))
    for method in (Optimal(ratio=2, caliper=0.1), Nearest(ratio=2, caliper=0.1)):
        m = match(frame, lalonde_roles, method=method)
        sizes = m.pairs.groupby("treated").size()
        short = int((sizes == 1).sum())
        assert short
        told = f"{short} of {len(sizes)} sets have fewer partners than asked for, up to 2"
        assert sum(note.startswith(told) for note in m.notes) == 1
        assert any("no partner for" in note for note in m.notes)
    variable = Nearest(min_controls=1, max_controls=4, ratio=2, caliper=0.01)
    m = match(frame, lalonde_roles, method=variable)
    assert any("fewer partners than asked for, up to 4" in note for note in m.notes)
