"""Tests, quantiles and differences stand beside the effects and agree with them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analyses import Estimates, Results, Study, Tables, estimate
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
