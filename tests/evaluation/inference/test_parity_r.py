"""Cluster-robust variance, the whole matrix, against R's sandwich package."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from evaluation.inference import cluster_variance

ORACLE = Path(__file__).parents[2] / "oracle" / "clusters_r.json"
ENTRIES = json.loads(ORACLE.read_text(encoding="utf-8"))
ENTRIES.pop("_meta")
QUESTIONS = [(name, kind) for name, entry in ENTRIES.items() for kind in entry["vcov"]]


@pytest.mark.parametrize(("name", "kind"), QUESTIONS)
def test_variance_is_that_of_sandwich(name, kind, case_rows) -> None:
    entry = ENTRIES[name]
    case = entry["case"]
    rows = case_rows(case)
    found = cluster_variance.fit(
        np.column_stack([np.ones(len(rows)), rows[case["columns"]]]),
        rows["y"],
        rows[case["cluster"]].to_numpy(),
        kind=kind,
        weights=rows[case["weight"]] if case["weight"] else None,
    )
    expected = np.array(entry["vcov"][kind])
    # Closed forms; sandwich inverts X'X where we take a QR: rounding on the matrix's scale.
    np.testing.assert_allclose(found.coef, entry["coef"], rtol=1e-11)
    np.testing.assert_allclose(
        found.vcov, expected, rtol=1e-9, atol=1e-12 * np.abs(expected).max()
    )
