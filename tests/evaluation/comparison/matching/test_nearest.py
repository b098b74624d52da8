"""Greedy neighbours: how many each wants, whom it serves, and in what order."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.testing import assert_allclose

from evaluation import Nearest, Roles, g_computation, match, mean_difference
from tests.evaluation.comparison.small import BY_S, HAND, ROLES, people


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


def test_a_random_order_is_repeatable_by_its_seed() -> None:
    frame = people(150, 1)
    runs = [match(frame, ROLES, order="random", seed=seed).pairs for seed in (3, 3, 4)]
    pd.testing.assert_frame_equal(runs[0], runs[1])
    assert not runs[0].equals(runs[2])


def test_the_order_left_out_lets_those_choose_first_who_are_hardest_to_match(
    jobs2: pd.DataFrame, jobs2_roles: Roles
) -> None:
    # MatchIt 4.7.2, matchit(estimand = "ATC", link = "linear.logit"): -0.0757; an effect by
    # regression in the matched sample, -0.0611.
    m = match(jobs2, jobs2_roles, estimand="ATC")
    assert_allclose(mean_difference(m, "depress2").estimate, -0.0757, atol=5e-5)
    assert_allclose(g_computation(m, "depress2").estimate, -0.0611, atol=5e-5)
    assert m.design == "nearest 1:1 on the logit of the propensity (smallest first)"
    said = match(jobs2, jobs2_roles, Nearest(order="smallest"), estimand="ATC")
    assert_allclose(m.weights, said.weights)
    assert said.design == m.design
    largest = match(jobs2, jobs2_roles, estimand="ATC", order="largest")
    assert_allclose(mean_difference(largest, "depress2").estimate, -0.0389, atol=5e-5)
    # The ATT keeps the largest, and where nothing can be ranked the order is the data's.
    m = match(jobs2, jobs2_roles)
    assert_allclose(m.weights, match(jobs2, jobs2_roles, order="largest").weights)
    apart = {"estimand": "ATC", "distance": "mahalanobis"}
    m = match(jobs2, jobs2_roles, **apart)
    assert_allclose(m.weights, match(jobs2, jobs2_roles, **apart, order="data").weights)
