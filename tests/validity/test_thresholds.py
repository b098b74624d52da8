"""The grid behind docs/few-clusters.md: its cells, its counting, its gate and its page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.validity import thresholds
from tests.validity.few_clusters import SIZES, Cell
from tests.validity.few_clusters_page import page

DESIGN = {"outcome": "scores", "treated": 5, "comparison": 12, "sizes": "equal", "icc": 0.1}


def test_the_grid_has_every_law_ratio_and_size() -> None:
    grid = thresholds.cells([3], [12])
    scores = [one for one in grid if one.outcome == "scores" and not one.effect]
    # Three laws with two intraclass correlations each, and rare events.
    assert len(scores) == len(SIZES) * len(thresholds.RATIOS) * 7
    assert {one.law for one in scores} == {"normal", "skew 1", "skew 2", "rare"}
    assert len(set(grid)) == len(grid)


def test_a_cell_counts_what_was_refused_and_what_was_rejected() -> None:
    two = Cell(**{**DESIGN, "treated": 2}, law="normal", ratio=1.0)  # type: ignore[arg-type]
    (row,) = thresholds.size_of(two, runs=20)
    assert row["refused"] == 100
    assert np.isnan(float(str(row["rejected"])))
    strong = Cell(**DESIGN, law="normal", ratio=1.0, effect=3.0)  # type: ignore[arg-type]
    (row,) = thresholds.size_of(strong, runs=20)
    assert (row["refused"], row["runs"]) == (0, 20)
    assert float(str(row["rejected"])) > 80


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    out = tmp_path / "grid.csv"
    cell = Cell(**DESIGN, law="normal", ratio=1.0)  # type: ignore[arg-type]
    pd.DataFrame(thresholds.size_of(cell, runs=20)).to_csv(out, index=False)
    assert len(thresholds.done(out, 20)) == 1
    assert thresholds.done(out, 40).empty
    assert thresholds.done(tmp_path / "none.csv", 20).empty


def rows() -> pd.DataFrame:
    plain = {**DESIGN, "effect": 0.0, "read": "score", "runs": 2000, "refused": 0.0}
    shares = {"rejected": 5.0, "upper": 6.0, "fallback": 2.0}
    frame = [
        {**plain, **shares, "law": law, "ratio": ratio}
        for law in ("normal", "skew 1", "skew 2", "rare")
        for ratio in thresholds.RATIOS
    ]
    power = {**plain, **shares, "law": "normal", "effect": 0.5, "rejected": 71.0}
    return pd.DataFrame([*frame, {**power, "ratio": 1.0}, {**power, "ratio": 2.5}])


@pytest.mark.parametrize(
    ("law", "ratio", "rejected", "n"),
    [
        ("normal", 2.0, 7.4, 1),
        ("normal", 2.5, 7.4, 0),
        ("skew 1", 2.5, 9.1, 1),
        ("skew 2", 2.0, 30.0, 0),
        ("rare", 1.0, 7.1, 1),
    ],
)
def test_the_gate_knows_its_laws(law: str, ratio: float, rejected: float, n: int) -> None:
    found = rows()
    own = (found["law"] == law) & (found["ratio"] == ratio) & (found["effect"] == 0)
    found.loc[own, "rejected"] = rejected
    assert len(thresholds.above(found)) == n
    found["refused"] = 90.0
    assert thresholds.above(found).empty


def test_the_page_tells_size_power_and_what_is_above() -> None:
    found = rows()
    told = page(found)
    assert "It holds in all of them." in told
    assert "| 5 | 12 | score | 5.0 |" in told
    assert "71 / 2" in told
    assert "nan" not in told
    found.loc[0, "rejected"] = 8.0
    assert "1 of them are above it" in page(found)
    assert "score 8.0" in page(found)
