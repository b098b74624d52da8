"""The script behind the gatekeeper's thresholds: its studies, its counting and its gate."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from tests.validity.thresholds import METHODS, Cell, holds, markdown, p_values, size_of


def test_every_method_is_tried_and_the_gatekeeper_chooses() -> None:
    found = p_values(Cell(treated=9, comparison=12, sizes="equal"), seed=1, draws=99)
    assert all(0 < found[method] <= 1 for method in METHODS)
    assert found["auto linear"] == found["wild"]
    assert found["auto time"] == found["jackknife"]
    assert found["interval linear"] == 1


def test_three_to_five_are_tested_by_randomisation_and_fewer_not_at_all() -> None:
    few = p_values(Cell(treated=4, comparison=12, sizes="equal"), seed=1, draws=99)
    assert few["auto linear"] == few["auto time"] == few["randomisation"]
    assert few["interval linear"] == 0
    lone = p_values(Cell(treated=2, comparison=12, sizes="equal"), seed=1, draws=99)
    assert math.isnan(lone["auto linear"])


def test_equal_clusters_and_the_jackknife_give_welchs_test() -> None:
    # With equal clusters the jackknife's error is Welch's of the cluster means, its degrees of
    # freedom too; rows are shared out evenly, so both arms' clusters are of one size.
    rows = [p_values(Cell(treated=6, comparison=12, sizes="equal"), s, 99) for s in range(40)]
    rejected = np.mean([row["jackknife"] <= 0.05 for row in rows])
    # 5 % of 40 is 2; more than 6 happen in under 1 % of builds.
    assert rejected <= 6 / 40


def test_a_cell_counts_what_was_refused() -> None:
    found = size_of(Cell(treated=2, comparison=6, sizes="equal"), runs=3, draws=99)
    assert found["refused linear"] == 100
    assert math.isnan(float(str(found["auto linear"])))
    rows = pd.DataFrame([found, {**found, "auto linear": 7.5}, {**found, "auto time": 6.9}])
    assert holds(rows).tolist() == [True, False, True]
    rows["upper linear"] = [float("nan"), 8.75, 8.0]
    page = markdown(rows, runs=3)
    assert "| 2 | 6 | equal |" in page
    assert "| 7.5 (8.8) |" in page
    assert "Above it: 2 treated of 8 clusters, equal, scores: 7.5 per cent" in page
    assert "No design is above it." in markdown(rows.drop(index=1), runs=3)
    assert "nan" not in page


@pytest.mark.slow
def test_what_the_gatekeeper_chooses_keeps_its_size_with_nine_treated() -> None:
    found = size_of(Cell(treated=9, comparison=30, sizes="unequal"), runs=500, draws=499)
    # The upper limit of 500 runs at 5 % is about 7.3.
    assert float(str(found["auto linear"])) <= 7.5
    assert float(str(found["auto time"])) <= 7.5
