"""The restricted wild bootstrap against a full enumeration in R, and its interval."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary.errors import DesignError
from evaluation.inference import cluster_variance, wild_bootstrap

TESTS = Path(__file__).parents[2]
ORACLE = json.loads((TESTS / "oracle" / "clusters.json").read_text(encoding="utf-8"))
DESIGNS = ("G9_did_pooled_unw", "G9_did_fe_w", "G6_did_pooled_unw")


def run_stored(name: str, null: float = 0.0, level: float = 0.95) -> wild_bootstrap.WildTest:
    """Test tp in a stored regression."""
    entry = ORACLE[name]
    rows = pd.read_csv(TESTS / "data" / entry["data"])
    fixed = "factor(cluster)" in entry["formula"]
    columns = ["tp", "post", "x"] if fixed else ["tp", "treat", "post", "x"]
    X = np.column_stack([np.ones(len(rows)), rows[columns]])
    if fixed:
        X = np.column_stack([X, pd.get_dummies(rows["cluster"], drop_first=True)])
    return wild_bootstrap.test(
        X, rows["y"], rows["cluster"].to_numpy(), coefficient=1, null=null, level=level, seed=1,
        row_weights=rows["w"] if entry["weighted"] else None,
    )  # fmt: skip


def petersen(null: float, level: float = 0.95) -> wild_bootstrap.WildTest:
    rows = pd.read_csv(TESTS / "data" / ORACLE["petersen"]["data"])
    X = np.column_stack([np.ones(len(rows)), rows["x"]])
    return wild_bootstrap.test(
        X, rows["y"], rows["year"].to_numpy(), coefficient=1, null=null, level=level, seed=1
    )


@pytest.mark.parametrize("name", DESIGNS)
def test_enumeration_agrees_with_r(name) -> None:
    found, expected = run_stored(name), ORACLE[name]["wild"]
    assert found.enumerated
    assert found.t == pytest.approx(expected["t"], rel=1e-11)
    assert found.p_value == expected["p_weak"]
    # The limits in R come from a root search, ours from the roots themselves.
    interval = (found.conf_low, found.conf_high)
    assert interval == pytest.approx(tuple(expected["ci95_weak"]), rel=1e-9)


@pytest.mark.parametrize("name", DESIGNS)
def test_p_values_over_a_grid_of_hypotheses_agree_with_r(name) -> None:
    grid = ORACLE[name]["wild"]["p_grid"]
    for null, p in zip(grid["r"], grid["p_weak"], strict=True):
        # At the estimate itself R's count hangs on rounding; there p is 1.
        at_estimate = abs(null - ORACLE[name]["coef_tp"]) < 1e-9
        assert run_stored(name, null).p_value == (1.0 if at_estimate else p)


@pytest.mark.parametrize("null", ["1.10", "1.00"])
def test_petersen_by_year_agrees_with_fwildclusterboot(null) -> None:
    expected = ORACLE["petersen"]["wild_year"]
    # fwildclusterboot leaves out the two draws that equal the sample; ties count here.
    ties = 2 / 1024
    found = petersen(float(null), level=0.95 - ties)
    assert found.t == pytest.approx(expected[null]["t"], rel=1e-7)
    assert found.p_value - ties == expected[null]["p_strict"]
    interval = (found.conf_low, found.conf_high)
    # Its limits are found by root search and agree to about 1e-6.
    assert interval == pytest.approx(tuple(expected["ci95_strict"]), abs=3e-6)


def test_p_value_is_a_count_that_can_be_redone_slowly() -> None:
    rng = np.random.default_rng(5)
    cluster = np.repeat(np.arange(6), 5)
    X = np.column_stack([np.ones(30), rng.normal(size=30) + cluster, rng.normal(size=30)])
    y, w, null = rng.normal(size=30) + 0.3 * cluster, rng.uniform(0.5, 2, 30), 0.2
    # Restricted fit, residuals times signs, refit, cluster-robust t: one draw at a time.
    root = np.sqrt(w)
    others = np.delete(X, 1, axis=1)
    beta = np.linalg.lstsq(others * root[:, None], (y - null * X[:, 1]) * root, rcond=None)[0]
    fitted = others @ beta + null * X[:, 1]

    def t(outcome):
        fit = cluster_variance.fit(X, outcome, cluster, kind="CR1S", weights=w)
        return abs(fit.coef[1] - null) / fit.std_error[1]

    draws = [
        t(fitted + (y - fitted) * np.array(signs)[cluster])
        for signs in itertools.product([1.0, -1.0], repeat=6)
    ]
    slow = np.mean(np.array(draws) >= t(y) * (1 - 1e-9))
    found = wild_bootstrap.test(X, y, cluster, coefficient=1, null=null, row_weights=w, seed=1)
    assert found.p_value == slow


@given(
    seed=st.integers(0, 2**32 - 1),
    n_clusters=st.integers(4, 12),
    null=st.floats(-1.5, 1.5),
    level=st.sampled_from([0.8, 0.9, 0.95]),
    draws=st.sampled_from([99, 9999]),
    treated=st.booleans(),
)
@settings(deadline=None, max_examples=50)
def test_p_value_and_interval_never_contradict(
    seed, n_clusters, null, level, draws, treated
) -> None:
    rng = np.random.default_rng(seed)
    cluster = rng.integers(0, n_clusters, 60)
    cluster[:n_clusters] = np.arange(n_clusters)
    x = (cluster < n_clusters // 2).astype(float) if treated else rng.normal(size=60) + cluster
    X = np.column_stack([np.ones(60), x])
    y = rng.standard_t(3, size=60) + rng.normal(size=n_clusters)[cluster]
    found = wild_bootstrap.test(
        X, y, cluster, coefficient=1, null=null, level=level, draws=draws, seed=seed
    )
    inside = found.conf_low <= null <= found.conf_high
    assert inside == (found.p_value > 1 - level)
    assert found.conf_low <= found.estimate <= found.conf_high
    assert found.p_value >= found.smallest_p > 0


def test_just_inside_the_limits_is_kept_and_just_outside_rejected() -> None:
    found = run_stored("G9_did_pooled_unw")
    for limit, outward in ((found.conf_low, -1e-9), (found.conf_high, 1e-9)):
        assert run_stored("G9_did_pooled_unw", limit - outward).p_value > 0.05
        assert run_stored("G9_did_pooled_unw", limit + outward).p_value <= 0.05


def test_sign_and_unit_of_the_column_do_not_matter() -> None:
    rng = np.random.default_rng(2)
    cluster = np.arange(50) % 8
    x, y = rng.normal(size=50) + 0.2 * cluster, rng.normal(size=50)
    X = np.column_stack([np.ones(50), x])
    found = wild_bootstrap.test(X, y, cluster, coefficient=1, seed=1)
    turned = wild_bootstrap.test(X * [1, -1000], y, cluster, coefficient=1, seed=1)
    assert turned.p_value == found.p_value
    assert turned.conf_low == pytest.approx(-found.conf_high / 1000, rel=1e-9)
    assert turned.t == pytest.approx(-found.t, rel=1e-9)


@pytest.mark.parametrize(
    ("n_clusters", "draws", "weights", "enumerated"),
    [
        (9, 512, "rademacher", True),
        (9, 511, "webb", False),
        (13, 8192, "rademacher", True),
        (13, 999, "rademacher", False),
    ],
)
def test_weights_follow_the_number_of_clusters(n_clusters, draws, weights, enumerated) -> None:
    rng = np.random.default_rng(1)
    cluster = np.arange(60) % n_clusters
    found = wild_bootstrap.test(
        np.ones((60, 1)), rng.normal(size=60), cluster, coefficient=0, draws=draws, seed=1
    )
    assert (found.weights, found.enumerated) == (weights, enumerated)
    assert found.smallest_p == 2 / 2**n_clusters if enumerated else 1 / (draws + 1)


def test_same_seed_same_answer_and_random_draws_approach_the_enumeration() -> None:
    rng = np.random.default_rng(4)
    cluster = np.arange(200) % 12
    X = np.column_stack([np.ones(200), rng.normal(size=200) + 0.1 * cluster])
    y = rng.normal(size=200) + rng.normal(size=12)[cluster]

    def p(draws, seed):
        return wild_bootstrap.test(
            X, y, cluster, coefficient=1, draws=draws, seed=seed, weights="rademacher"
        ).p_value

    assert p(4000, 1) == p(4000, 1)
    # 4,000 draws: standard error of a p-value below 0.008.
    assert p(4000, 1) == pytest.approx(p(4096, 1), abs=0.03)


def test_a_perfect_fit_is_refused() -> None:
    X = np.column_stack([np.ones(8), np.arange(8.0)])
    with pytest.raises(DesignError, match="no residual"):
        wild_bootstrap.test(X, 2 * np.arange(8.0), np.arange(8) // 2, coefficient=1, seed=1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": "mammen"}, "mammen"),
        ({"level": 1.0}, "level"),
        ({"coefficient": 3}, "column"),
    ],
)
def test_malformed_arguments_are_named(change, message) -> None:
    options = {"coefficient": 0, "seed": 1} | change
    with pytest.raises(ValueError, match=message):
        wild_bootstrap.test(np.ones((6, 1)), np.arange(6.0), np.arange(6), **options)
