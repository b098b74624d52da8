"""Cluster-robust variance against clubSandwich, and by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary.errors import DesignError
from evaluation.inference import cluster_variance

TESTS = Path(__file__).parents[2]
ORACLE = json.loads((TESTS / "oracle" / "clusters.json").read_text(encoding="utf-8"))
DESIGNS = ("G9_did_pooled_unw", "G9_did_fe_w", "G6_did_pooled_unw")


def panel(name: str):
    """Return design, outcome, cluster and weights of a stored regression; tp is column 1."""
    entry = ORACLE[name]
    rows = pd.read_csv(TESTS / "data" / entry["data"])
    fixed = "factor(cluster)" in entry["formula"]
    columns = ["tp", "post", "x"] if fixed else ["tp", "treat", "post", "x"]
    X = np.column_stack([np.ones(len(rows)), rows[columns]])
    if fixed:
        X = np.column_stack([X, pd.get_dummies(rows["cluster"], drop_first=True)])
    weights = rows["w"].to_numpy() if entry["weighted"] else None
    return X, rows["y"].to_numpy(), rows["cluster"].to_numpy(), weights


def petersen():
    rows = pd.read_csv(TESTS / "data" / ORACLE["petersen"]["data"])
    return np.column_stack([np.ones(len(rows)), rows["x"]]), rows


@pytest.mark.parametrize(
    ("name", "kind"),
    [(name, kind) for name in DESIGNS for kind in ORACLE[name]["clubSandwich"]],
)
def test_agrees_with_clubsandwich_to_rounding(name, kind) -> None:
    X, y, cluster, weights = panel(name)
    expected = ORACLE[name]["clubSandwich"][kind]
    found = cluster_variance.fit(X, y, cluster, kind=kind, weights=weights)
    # Same arithmetic, another order of operations: only rounding.
    assert found.coef[1] == pytest.approx(ORACLE[name]["coef_tp"], rel=1e-12)
    assert found.std_error[1] == pytest.approx(expected["SE"], rel=1e-11)
    assert found.dof[1] == pytest.approx(expected["df_Satt"], rel=1e-11)
    assert found.p_value(1) == pytest.approx(expected["p_Satt"], rel=1e-10)
    assert found.interval(1) == pytest.approx(tuple(expected["ci"]), rel=1e-10)


@pytest.mark.parametrize("name", [n for n in DESIGNS if ORACLE[n]["CR2_vcov"]])
def test_whole_cr2_matrix_agrees_with_clubsandwich(name) -> None:
    X, y, cluster, weights = panel(name)
    expected = np.array(ORACLE[name]["CR2_vcov"])
    found = cluster_variance.fit(X, y, cluster, weights=weights).vcov[: len(expected)]
    np.testing.assert_allclose(found[:, : len(expected)], expected, rtol=1e-9)


@pytest.mark.parametrize("level", ["year", "firm"])
def test_petersen_standard_errors_agree(level) -> None:
    X, rows = petersen()
    for kind, expected in ORACLE["petersen"][level].items():
        found = cluster_variance.fit(
            X, rows["y"], rows[level].to_numpy(), kind=kind[:4].rstrip("_")
        )
        value = found.dof[1] if kind.endswith("dof") else found.std_error[1]
        # The published figures have eight digits, the degrees of freedom three.
        assert value == pytest.approx(expected, rel=1e-3 if kind.endswith("dof") else 2e-8)


def test_hc2_of_two_groups_is_the_textbook_formula() -> None:
    # One row per cluster, a constant and an arm: HC2 is s1^2/n1 + s0^2/n0, each s^2 over n - 1.
    y = np.array([1.0, 2.0, 6.0, 4.0, 5.0, 9.0, 3.0])
    treated = np.array([1, 1, 1, 0, 0, 0, 0])
    X = np.column_stack([np.ones(7), treated])
    found = cluster_variance.fit(X, y, np.arange(7))
    by_hand = y[:3].var(ddof=1) / 3 + y[3:].var(ddof=1) / 4
    assert found.vcov[1, 1] == pytest.approx(by_hand, rel=1e-12)


def test_the_path_for_single_rows_agrees_with_the_general_one() -> None:
    rng = np.random.default_rng(3)
    X = np.column_stack([np.ones(40), rng.normal(size=(40, 2))])
    y, w = rng.normal(size=40), rng.uniform(0.5, 2.0, 40)
    alone = cluster_variance.fit(X, y, np.arange(40), weights=w)
    # A 41st row that its own dummy explains changes nothing but sends all down the other path.
    X2 = np.zeros((42, 4))
    X2[:40, :3], X2[40:, 3] = X, 1.0
    pair = np.concatenate([np.arange(40), [40, 40]])
    general = cluster_variance.fit(X2, np.r_[y, 0, 0], pair, weights=np.r_[w, 1, 1])
    np.testing.assert_allclose(general.vcov[:3, :3], alone.vcov, rtol=1e-9)
    np.testing.assert_allclose(general.dof[:3], alone.dof, rtol=1e-9)


@given(seed=st.integers(0, 2**32 - 1), scale=st.floats(0.01, 100.0))
@settings(deadline=None, max_examples=25)
def test_order_labels_and_scale_of_weights_do_not_matter(seed, scale) -> None:
    rng = np.random.default_rng(seed)
    X = np.column_stack([np.ones(30), rng.normal(size=30)])
    y, cluster, w = rng.normal(size=30), np.arange(30) % 6, rng.uniform(0.5, 2, 30)
    found = cluster_variance.fit(X, y, cluster, weights=w)
    order = rng.permutation(30)
    names = np.array(list("fbdace"))[cluster][order]
    again = cluster_variance.fit(X[order], y[order], names, weights=scale * w[order])
    np.testing.assert_allclose(again.vcov, found.vcov, rtol=1e-8)
    np.testing.assert_allclose(again.dof, found.dof, rtol=1e-8)


def test_rows_of_weight_zero_are_not_there() -> None:
    X, y, cluster, _ = panel("G9_did_pooled_unw")
    weights = np.where(cluster == 9, 0.0, 1.0)
    y = np.where(cluster == 9, np.nan, y)
    kept = cluster != 9
    found = cluster_variance.fit(X, y, cluster, weights=weights)
    without = cluster_variance.fit(X[kept], y[kept], cluster[kept])
    assert found.n_clusters == 8
    np.testing.assert_array_equal(found.vcov, without.vcov)


def test_cr3_with_a_cluster_dummy_is_refused_by_name() -> None:
    X, y, cluster, weights = panel("G9_did_fe_w")
    with pytest.raises(DesignError, match="hangs on one cluster; use CR2"):
        cluster_variance.fit(X, y, cluster, kind="CR3", weights=weights)


def test_collinear_columns_are_refused_by_position() -> None:
    X = np.column_stack([np.ones(8), np.arange(8.0), 2 + 3 * np.arange(8.0)])
    with pytest.raises(DesignError, match=r"column\(s\) 2 "):
        cluster_variance.fit(X, np.arange(8.0) ** 2, np.arange(8) // 2)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "CR4"}, "CR4"),
        ({"y": [np.nan, 1, 2, 3]}, "finite"),
        ({"weights": [-1, 1, 1, 1]}, "negative"),
        ({"cluster": np.array([1.0, np.nan, 2, 2])}, "cluster is missing"),
        ({"y": [1.0, 2.0]}, "as many rows"),
    ],
)
def test_malformed_arguments_are_named(change, message) -> None:
    given_ = {
        "X": np.ones((4, 1)),
        "y": [1, 2, 3, 4],
        "cluster": np.array([1, 1, 2, 2]),
    } | change
    with pytest.raises(ValueError, match=message):
        cluster_variance.fit(**given_)


def test_one_cluster_is_refused() -> None:
    with pytest.raises(DesignError, match="two clusters"):
        cluster_variance.fit(np.ones((4, 1)), [1, 2, 3, 4], np.zeros(4))
