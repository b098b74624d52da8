"""The shipped study of displaced workers gives R's numbers, where R has the method.

``tests/oracle/unempdur.R`` asks the same of survival and cmprsk; nothing is hidden in these
public data, so that every table can be held up against it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analyses import Results, load_study, run
from data_dictionary.errors import DesignError

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "analyses" / "studies" / "unempdur"
SPELLS = ROOT / "tests" / "data" / "third_party" / "UnempDur.csv"
ARMS = ("treated", "comparison")
CAUSES = ("full_time", "part_time", "left_again")
# Sums and products of the same counts; Newton's steps stop a little earlier in one of the two.
EXACT, FITTED = 1e-9, 1e-7


@pytest.fixture(scope="module")
def oracle() -> dict[str, Any]:
    text = (ROOT / "tests" / "oracle" / "unempdur.json").read_text(encoding="utf-8")
    stored: dict[str, Any] = json.loads(text)
    return stored


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    study = load_study(STUDY, data={"persons": SPELLS})
    return run(study, tmp_path_factory.mktemp("unempdur") / "results")


def effect(results: Results, cause: str, term: str) -> pd.Series:
    name = "job" if cause == "full_time" else cause
    effects = results.effects
    return effects[(effects["outcome"] == name) & (effects["term"] == term)].iloc[0]


def between(stored: dict[str, Any], key: str) -> np.ndarray:
    return np.subtract(*(np.array(stored["curves"][arm][key]) for arm in ARMS))


def joint(stored: dict[str, Any], key: str) -> np.ndarray:
    return np.hypot(*(np.array(stored["curves"][arm][key]) for arm in ARMS))


def test_every_step_of_the_curves_is_that_of_survfit(
    results: Results, oracle: dict[str, Any]
) -> None:
    curves = results.curves
    for arm in ARMS:
        stored = oracle["curves"][arm]
        for k, cause in enumerate(CAUSES):
            own = curves[(curves["arm"] == arm) & (curves["cause"] == cause)]
            ours = own.set_index("time")["estimate"]
            for time, share in zip(stored["time"], stored["incidence"][k], strict=True):
                reached = ours[ours.index <= time].iloc[-1]
                assert reached == pytest.approx(share, rel=EXACT, abs=1e-12)


@pytest.mark.parametrize("cause", CAUSES)
def test_incidence_and_its_error_are_those_of_survfit(
    results: Results, oracle: dict[str, Any], cause: str
) -> None:
    at = {"curves": {arm: oracle["curves"][arm]["at"] for arm in ARMS}}
    k = CAUSES.index(cause)
    found = effect(results, cause, "incidence")
    assert found["estimate"] == pytest.approx(100 * between(at, "incidence")[k][-1], rel=EXACT)
    assert found["std_error"] == pytest.approx(100 * joint(at, "std_error")[k][-1], rel=EXACT)


def test_differences_at_fixed_times_are_those_of_survfit(
    results: Results, oracle: dict[str, Any]
) -> None:
    at = {"curves": {arm: oracle["curves"][arm]["at"] for arm in ARMS}}
    found = results.differences
    assert found["time"].tolist() == oracle["curves"]["treated"]["at"]["time"]
    np.testing.assert_allclose(found["estimate"], 100 * between(at, "incidence")[0], rtol=EXACT)
    np.testing.assert_allclose(found["std_error"], 100 * joint(at, "std_error")[0], rtol=EXACT)
    assert (found["band_low"] < found["conf_low"]).all()
    assert (found["band_high"] > found["conf_high"]).all()


@pytest.mark.parametrize("cause", CAUSES)
def test_the_area_under_incidence_and_its_error_are_rs(
    results: Results, oracle: dict[str, Any], cause: str
) -> None:
    k = CAUSES.index(cause)
    found = effect(results, cause, "weeks_since_event")
    assert found["estimate"] == pytest.approx(between(oracle, "area")[k], rel=EXACT)
    assert found["std_error"] == pytest.approx(joint(oracle, "area_error")[k], rel=EXACT)
    assert found["unit"] == "two weeks"


@pytest.mark.parametrize("cause", CAUSES)
def test_hazard_ratios_and_robust_errors_are_those_of_coxph(
    results: Results, oracle: dict[str, Any], cause: str
) -> None:
    stored, found = oracle["hazards"][cause]["cox"], effect(results, cause, "hazard_ratio")
    assert np.log(found["estimate"]) == pytest.approx(stored["coef"], rel=FITTED)
    assert found["std_error"] == pytest.approx(stored["std_error"], rel=FITTED)


@pytest.mark.parametrize("cause", CAUSES)
def test_subdistribution_hazard_ratios_and_errors_are_those_of_crr(
    results: Results, oracle: dict[str, Any], cause: str
) -> None:
    stored = oracle["hazards"][cause]["crr"]
    found = effect(results, cause, "subdistribution_hazard_ratio")
    assert np.log(found["estimate"]) == pytest.approx(stored["coef"], rel=FITTED)
    assert found["std_error"] == pytest.approx(stored["std_error"], rel=FITTED)


def test_the_other_definition_of_ties_is_that_of_finegray(
    oracle: dict[str, Any], tmp_path: Path
) -> None:
    text = (STUDY / "study.toml").read_text(encoding="utf-8")
    (tmp_path / "study.toml").write_text(
        text.replace('fine_gray = "crr"', 'fine_gray = "finegray"'), encoding="utf-8"
    )
    again = run(load_study(tmp_path, data={"persons": SPELLS}), tmp_path / "results")
    for cause in CAUSES:
        found = effect(again, cause, "subdistribution_hazard_ratio")
        stored = oracle["hazards"][cause]["finegray"]
        assert np.log(found["estimate"]) == pytest.approx(stored["coef"], rel=FITTED)
        # R's error holds the censoring distribution as known; ours does not.
        fixed = stored["std_error_fixed_censoring"]
        assert found["std_error"] == pytest.approx(fixed, rel=0.01)
        assert "finegray" in found["method"]


@pytest.mark.parametrize("test", ["log_rank", "gray", "proportional_hazards"])
@pytest.mark.parametrize("cause", CAUSES)
def test_tests_of_curves_are_those_of_survdiff_cuminc_and_cox_zph(
    results: Results, oracle: dict[str, Any], cause: str, test: str
) -> None:
    rows = results.tests
    (found,) = rows[(rows["cause"] == cause) & (rows["test"] == test)].to_dict("records")
    stored = oracle["hazards"][cause][test]
    assert found["statistic"] == pytest.approx(stored["chisq"], rel=FITTED)
    assert found["df"] == 1
    # R takes small p-values from one less a share, which leaves none below 1e-16.
    assert found["p_value"] == pytest.approx(stored["p_value"], rel=1e-5, abs=1e-15)


def test_the_ratio_of_times_is_that_of_survreg(
    results: Results, oracle: dict[str, Any]
) -> None:
    found, stored = effect(results, "full_time", "time_ratio"), oracle["time_ratio"]
    assert np.log(found["estimate"]) == pytest.approx(stored["coef"], rel=FITTED)
    assert found["std_error"] == pytest.approx(stored["std_error"], rel=1e-6)


def test_quantiles_and_their_limits_are_those_of_survfit(
    results: Results, oracle: dict[str, Any]
) -> None:
    for arm in ARMS:
        found = results.quantiles[results.quantiles["arm"] == arm]
        stored = oracle["quantiles"][arm]
        for ours, theirs in (
            ("probability", "probability"),
            ("estimate", "quantile"),
            ("conf_low", "lower"),
            ("conf_high", "upper"),
        ):
            np.testing.assert_array_equal(found[ours], np.array(stored[theirs], dtype=float))
    assert set(results.quantiles["cause"]) == {"any"}


def test_the_groups_are_called_unmatched_wherever_an_effect_stands(results: Results) -> None:
    assert results.effects["method"].str.startswith("unmatched; ").all()
    assert results.effects["n_clusters"].isna().all()
    assert results.manifest["comparison"]["method"] == "unmatched"
    sizes = results.effects[["n_treated", "n_comparison"]].drop_duplicates()
    assert sizes.to_numpy().tolist() == [[1495, 1848]]


def test_every_exit_has_one_cause_and_the_rest_are_censored(results: Results) -> None:
    data = pd.read_csv(SPELLS)
    flags = data[[f"censor{k}" for k in (1, 2, 3, 4)]]
    assert flags.sum(axis=1).max() == 1
    # What the report says of those without any.
    assert int((flags.sum(axis=1) == 0).sum()) == 102
    assert "102 personer" in " ".join(results.manifest["report"]["limits"])


def test_a_shipped_study_is_found_by_its_name() -> None:
    assert load_study("unempdur", data={"persons": SPELLS}).path == STUDY / "study.toml"


def test_without_the_file_the_study_says_which_one_it_lacks() -> None:
    with pytest.raises(DesignError, match=r"file 'UnempDur.csv' does not exist"):
        load_study(STUDY)
