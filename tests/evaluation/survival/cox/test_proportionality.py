from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from data_dictionary.errors import DesignError
from evaluation.survival import cox
from evaluation.survival.cox.proportionality import TRANSFORMS, grambsch_therneau


def same_as(stored: dict[str, Any], fitted: cox.CoxFit, terms: dict[str, list[int]]) -> None:
    """Compare with a stored cox.zph in all four transforms."""
    for transform in TRANSFORMS:
        found = grambsch_therneau(fitted, terms, transform=transform).tidy()
        table = np.array(stored[transform]["table"], dtype=float)
        assert len(found) == len(table)
        # The test inherits R's stopping rule through the coefficients: rtol 1e-6.
        np.testing.assert_allclose(found["chisq"], table[:, 0], rtol=1e-6)
        assert found["dof"].tolist() == table[:, 1].tolist()
        np.testing.assert_allclose(found["p_value"], table[:, 2], rtol=1e-6)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_colon_equals_cox_zph(
    colon: pd.DataFrame, oracle: dict[str, Any], ties: cox.Ties
) -> None:
    columns = ["rxLev+5FU", "rxObs", "age", "sex", "nodes", "obstruct"]
    rows = colon[colon["etype"] == 2].dropna(subset=columns)
    fitted = cox.fit(rows["time"], rows["status"], rows[columns], ties=ties)
    terms = {"rx": [0, 1], "age": [2], "sex": [3], "nodes": [4], "obstruct": [5]}
    same_as(oracle["cox"][f"colon_death_{ties}"]["zph"], fitted, terms)


def test_strata_equal_cox_zph(colon: pd.DataFrame, oracle: dict[str, Any]) -> None:
    rows = colon.dropna(subset=["nodes"])
    columns = rows[["rxLev+5FU", "rxObs", "age", "nodes"]]
    fitted = cox.fit(rows["time"], rows["status"], columns, strata=rows["etype"])
    terms = {"rx": [0, 1], "age": [2], "nodes": [3]}
    same_as(oracle["cox"]["colon_wlw_cluster_strata_efron"]["zph"], fitted, terms)


def test_late_entry_equals_cox_zph(heart: pd.DataFrame, oracle: dict[str, Any]) -> None:
    names = ["age", "year", "surgery", "transplant"]
    fitted = cox.fit(heart["stop"], heart["event"], heart[names], entry=heart["start"])
    terms = {name: [k] for k, name in enumerate(names)}
    same_as(oracle["cox"]["heart_startstop_efron"]["zph"], fitted, terms)


def test_printed_digits_of_colon(colon: pd.DataFrame, oracle: dict[str, Any]) -> None:
    rows = colon[colon["etype"] == 2]
    columns = rows[["rxLev", "rxLev+5FU", "sex", "age"]]
    fitted = cox.fit(rows["time"], rows["status"], columns)
    found = grambsch_therneau(fitted, {"rx": [0, 1], "sex": [2], "age": [3]}).tidy()
    for term, stored in oracle["printed"]["colon_death"]["zph_km"].items():
        row = found[found["term"] == term].iloc[0]
        assert [round(row["chisq"], 4), row["dof"]] == stored


def test_crossing_hazards_are_found() -> None:
    rng = np.random.default_rng(0)
    arm = np.arange(2000) < 1000
    # Weibull shapes 2 and 1/2: the ratio falls with time.
    times = rng.exponential(size=2000) ** np.where(arm, 0.5, 2.0)
    found = grambsch_therneau(cox.fit(times, np.ones(2000), arm), {"arm": [0]})
    assert found.tidy()["p_value"].iloc[0] < 1e-6
    assert "arm: chi-square" in str(found)


def test_unknown_transforms_and_exact_ties_are_refused() -> None:
    fitted = cox.fit([1, 2, 3, 4], [1, 1, 1, 0], [1.0, 0.0, 1.0, 0.0])
    with pytest.raises(DesignError, match="km, rank, identity, log"):
        grambsch_therneau(fitted, {"x": [0]}, transform="sqrt")  # type: ignore[arg-type]
    exact = cox.fit([1, 2, 3, 4], [1, 1, 1, 0], [1.0, 0.0, 1.0, 0.0], ties="exact")
    with pytest.raises(DesignError, match="efron"):
        grambsch_therneau(exact, {"x": [0]})


def test_events_that_share_one_time_leave_no_test() -> None:
    fitted = cox.fit([5, 5, 5, 9, 9, 9], [1, 1, 1, 0, 0, 0], [1.0, 0.0, 1.0, 0.0, 1.0, 0.0])
    rows = grambsch_therneau(fitted, {"x": (0,)}, transform="identity").rows
    assert rows["chisq"].isna().all()
    assert rows["p_value"].isna().all()
