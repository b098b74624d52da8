"""Tests, quantiles and differences stand beside the effects and agree with them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analyses import Estimates, Results, Study, Tables, estimate
from analyses.published.disclose_times import (
    disclosed_differences,
    disclosed_quantiles,
    disclosed_tests,
    rare_causes,
    small_outcomes,
)
from analyses.study.read import load_study
from data_dictionary.errors import DesignError


def test_clusters_judge_every_test_and_the_bootstrap_stands_beside_the_jackknife(
    results: Results,
) -> None:
    tests = results.tests[results.tests["cause"] == "employment"].set_index("test")
    assert list(tests.index) == [
        "log_rank",
        "gray",
        "proportional_hazards",
        "hazard_ratio",
        "subdistribution_hazard_ratio",
    ]
    judged = tests.loc[["log_rank", "gray", "proportional_hazards"]]
    assert judged["method"].str.startswith("t, delete-one-cluster jackknife").all()
    assert (judged["df"] < 39).all()
    bootstrapped = tests.loc[["hazard_ratio", "subdistribution_hazard_ratio"]]
    assert set(bootstrapped["method"]) == {"studentised score bootstrap"}
    assert bootstrapped["p_value"].between(0, 1).all()
    assert bootstrapped["statistic"].isna().all()


def test_the_bootstrap_never_stands_in_the_effects(results: Results) -> None:
    assert not results.effects["method"].str.contains("score bootstrap").any()
    ratio = results.effects[results.effects["term"] == "hazard_ratio"].iloc[0]
    assert "jackknife" in ratio["method"]


def test_the_last_difference_is_the_effect_itself(results: Results) -> None:
    effects = results.effects
    for outcome, rows in results.differences.groupby("outcome"):
        own = effects[(effects["outcome"] == outcome) & (effects["term"] == "incidence")]
        last = rows.iloc[-1]
        for name in ("estimate", "std_error", "conf_low", "conf_high"):
            assert last[name] == pytest.approx(own.iloc[0][name], rel=1e-9)
        shown = rows.dropna(subset="estimate")
        assert (shown["band_low"] <= shown["conf_low"]).all()
        assert (shown["band_high"] >= shown["conf_high"]).all()


def test_every_cause_has_both_kinds_of_hazard_ratios(
    study: Study, estimates: Estimates
) -> None:
    effects = estimates.effects.tidy().set_index(["outcome", "term"])["estimate"]
    for cause in study.outcomes[0].competing:  # type: ignore[attr-defined]
        specific, other = (
            effects[cause, term] for term in ("hazard_ratio", "subdistribution_hazard_ratio")
        )
        assert np.isfinite(specific) == np.isfinite(other)


def test_a_subdistribution_hazard_may_be_the_tested_estimate(
    study: Study, tables: Tables
) -> None:
    first = replace(study.outcomes[0], estimate="subdistribution_hazard_ratio")
    found = estimate(replace(study, outcomes=(first,), itt=None, weekly=None), tables)
    tested = found.outcomes[first.name].tested
    assert tested.term == "subdistribution_hazard_ratio"
    adjusted = found.effects.tidy().dropna(subset="p_adjusted")
    assert adjusted["term"].tolist() == ["subdistribution_hazard_ratio"]
    one = found.outcomes[first.name]
    assert one.re_estimate(one.matched).estimate == tested.estimate


def test_without_competing_causes_there_is_one_kind_of_ratio_and_no_grays_test(
    study: Study, tables: Tables
) -> None:
    alone = replace(study.outcomes[0], competing=())  # type: ignore[call-arg]
    found = estimate(replace(study, outcomes=(alone,), itt=None, weekly=None), tables)
    assert "subdistribution_hazard_ratio" not in set(found.effects.tidy()["term"])
    tests = found.outcomes[alone.name].beside["tests"]()
    assert "gray" not in set(tests["test"])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ('estimate = "weeks_since_event"', "is 'weeks_since_employment' where 'employment'"),
        ('estimate = "subdistribution_hazard"', "subdistribution_hazard_ratio"),
        ('estimate = "incidence"\nfine_gray = "gray"', "fine_gray"),
    ],
)
def test_an_estimate_that_cannot_be_is_refused_by_name(
    made, tmp_path, wrong: str, message: str
) -> None:
    text = (made / "study" / "study.toml").read_text(encoding="utf-8")
    text = text.replace('file = "', f'file = "{made.as_posix()}/study/')
    (tmp_path / "study.toml").write_text(
        text.replace('estimate = "incidence"', wrong, 1), encoding="utf-8"
    )
    with pytest.raises(DesignError, match=message):
        load_study(tmp_path)


def test_tests_on_rare_causes_and_quantiles_among_few_are_hidden() -> None:
    curves = pd.DataFrame(
        [
            ("job", "full", "treated", 30),
            ("job", "full", "comparison", 40),
            ("job", "part", "treated", 3),
            ("job", "part", "comparison", 40),
        ],
        columns=["outcome", "cause", "arm", "n_events"],
    )
    rare = rare_causes(curves, 5)
    assert rare == {("job", "part")}
    tests = pd.DataFrame(
        {
            "outcome": "job",
            "cause": ["full", "part"],
            "statistic": 1.0,
            "df": 1.0,
            "p_value": 0.5,
        }
    )
    assert disclosed_tests(tests, rare, set())["p_value"].isna().tolist() == [False, True]
    assert disclosed_tests(tests, set(), {"job"})["p_value"].isna().all()
    quantiles = pd.DataFrame(
        {
            "outcome": "job",
            "estimate": [1.0, 2.0, 3.0],
            "conf_low": 0.0,
            "conf_high": 9.0,
            "n_events": [4, 10, 20],
            "n_left": [20, 14, 4],
        }
    )
    shown = disclosed_quantiles(quantiles, set(), 5)["estimate"].notna()
    assert shown.tolist() == [False, True, False]


def test_a_difference_is_hidden_where_few_of_an_arm_came_since_or_are_to_come() -> None:
    rows = pd.DataFrame(
        {
            "outcome": "job",
            "time": [13.0, 26.0, 52.0, 104.0],
            **dict.fromkeys(
                ("estimate", "std_error", "conf_low", "conf_high", "band_low", "band_high"), 1.0
            ),
            "n_events_treated": [10, 13, 20, 40],
            "n_events_comparison": [10, 30, 36, 40],
        }
    )
    shown = disclosed_differences(rows, set(), 5)["estimate"].notna().tolist()
    # 13 less 10 are three; 40 less 36 are four.
    assert shown == [True, False, False, True]
    assert disclosed_differences(rows, {"job"}, 5)["estimate"].isna().all()
    few = rows.assign(n_events_treated=[1, 2, 3, 4])
    assert disclosed_differences(few, set(), 5)["estimate"].isna().all()


def test_an_outcome_with_a_small_arm_is_small() -> None:
    effects = pd.DataFrame(
        {"outcome": ["a", "b"], "n_treated": [3, 50], "n_comparison": [90, 50]}
    )
    assert small_outcomes(effects, 5) == {"a"}
