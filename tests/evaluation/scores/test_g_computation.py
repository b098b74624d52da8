"""G-computation: parity with R, identities, clusters, and what is refused."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import evaluation as ev
from data_dictionary.errors import ColumnError, DesignError

TESTS = Path(__file__).parents[2]
ORACLE = json.loads((TESTS / "oracle" / "g_computation_lalonde.json").read_text("utf-8"))
LALONDE = pd.read_csv(TESTS / "data" / "third_party" / "lalonde.csv")
NAMES = ("age", "educ", "race", "married", "nodegree", "re74", "re75")
ROLES = ev.Roles(unit="id", treatment="treat", covariates=NAMES)


def towns(seed: int = 1, n: int = 900) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"id": range(n), "town": rng.integers(0, 24, n)})
    frame["x"] = rng.normal(size=n)
    frame["plan"] = frame["town"] < 10
    frame["x"] += 0.3 * frame["plan"]
    frame["y"] = 2 + frame["x"] + frame["plan"] * (1 + frame["x"]) + rng.normal(size=n)
    frame["job"] = (rng.random(n) < 1 / (1 + np.exp(-frame["x"]))).astype(int)
    return frame


TOWN_ROLES = ev.Roles(unit="id", treatment="plan", covariates=("x",), cluster="town")


@pytest.mark.parametrize("entry", [name for name in ORACLE if "weights" in ORACLE[name]])
def test_estimates_and_set_level_errors_agree_with_r(entry: str) -> None:
    stored = ORACLE[entry]
    m = dataclasses.replace(
        ev.unmatched(LALONDE, ROLES),
        weights=np.array(stored["weights"], dtype=float),
        subclass=np.array(stored["subclass"]),
    )
    effect = ev.g_computation(m, "re78")
    # Same arithmetic on R's own weights and sets; marginaleffects differentiates numerically.
    assert effect.estimate == pytest.approx(stored["estimate"], rel=1e-9)
    assert effect.std_error == pytest.approx(stored["se"], rel=1e-7)


def test_nearest_match_of_lalonde_is_the_published_one() -> None:
    effect = ev.g_computation(ev.match(LALONDE, ROLES, distance="ps"), "re78")
    # Eight figures published.
    assert effect.estimate == pytest.approx(ORACLE["nearest"]["estimate"], rel=1e-7)
    assert effect.std_error == pytest.approx(ORACLE["nearest"]["se"], rel=1e-6)
    assert "CR1S by matched set" in effect.method


def test_effects_that_differ_by_covariate_are_averaged_over_the_target_by_hand() -> None:
    # y = x in the comparison arm and 2 + 3x among the treated, exactly.
    frame = pd.DataFrame({"id": range(8), "plan": [1] * 4 + [0] * 4})
    frame["x"] = [0.0, 1, 2, 5, 1, 2, 3, 8]
    frame["y"] = np.where(frame["plan"] == 1, 2 + 3 * frame["x"], frame["x"])
    m = ev.unmatched(frame, ev.Roles(unit="id", treatment="plan", covariates=("x",)))
    found = {}
    for estimand in ("ATT", "ATC", "ATE"):
        task = dataclasses.replace(m, estimand=estimand)
        found[estimand] = ev.g_computation(task, "y").estimate
    # 2 + 2 * mean of x: 2 among the treated, 3.5 in the comparison arm, 2.75 in all.
    assert_allclose([found["ATT"], found["ATC"], found["ATE"]], [6, 9, 7.5], rtol=1e-10)


def test_without_covariates_it_is_the_weighted_difference_in_means() -> None:
    m = ev.weigh(LALONDE, ROLES, estimand="ATE")
    plain = ev.mean_difference(m, "re78")
    ours = ev.g_computation(m, "re78", covariates=())
    assert ours.estimate == pytest.approx(plain.estimate, rel=1e-12)
    assert ours.std_error == pytest.approx(plain.std_error, rel=1e-9)
    assert ours.p_value == pytest.approx(plain.p_value, rel=1e-6)


def test_exactly_balanced_covariates_change_nothing() -> None:
    m = ev.weigh(LALONDE, ROLES, method="entropy")
    assert ev.g_computation(m, "re78").estimate == pytest.approx(
        ev.mean_difference(m, "re78").estimate, rel=1e-9
    )


def test_a_saturated_logit_gives_the_difference_and_the_ratio_of_shares_by_hand() -> None:
    # Treated: x = 0 half of 4, x = 1 all but one of 4.  Comparison: 1/4 and 1/2.
    cells = [
        (1, 0, [1, 1, 0, 0]),
        (1, 1, [1, 1, 1, 0]),
        (0, 0, [1, 0, 0, 0]),
        (0, 1, [1, 1, 0, 0]),
    ]
    rows = [(plan, x, job) for plan, x, jobs in cells for job in jobs]
    frame = pd.DataFrame(rows, columns=["plan", "x", "job"]).assign(id=range(16))
    m = ev.unmatched(frame, ev.Roles(unit="id", treatment="plan", covariates=("x",)))
    difference = ev.g_computation(m, "job", model="logit")
    ratio = ev.g_computation(m, "job", model="logit", contrast="ratio")
    # Shares over the treated: 5/8 and 3/8.
    assert difference.estimate == pytest.approx(25)
    assert difference.unit == "percentage points"
    assert ratio.estimate == pytest.approx(5 / 3)
    assert (ratio.unit, ratio.null, ratio.is_ratio) == ("risk ratio", 1.0, True)
    assert ratio.conf_low < ratio.estimate < ratio.conf_high


def test_the_municipality_judges_and_the_set_is_a_diagnostic() -> None:
    m = ev.match(towns(), TOWN_ROLES, distance="logit", ratio=1, replace=False, caliper=0.5)
    effect = ev.g_computation(m, "y")
    assert "delete-one-cluster jackknife (CV3)" in effect.method
    assert effect.n_clusters is not None
    assert any(note.startswith("diagnostic: clustered by matched set") for note in effect.notes)
    few = m.frame["town"].isin([0, 1, *range(10, 24)])
    small = ev.match(m.frame[few], TOWN_ROLES)
    refused = ev.g_computation(small, "y")
    assert refused.is_refused
    assert refused.estimate == pytest.approx(2, abs=1)


def test_the_jackknife_leaves_out_towns_and_weighs_again() -> None:
    from evaluation.inference.jackknife import delete_one

    frame = towns()
    # Shocks large enough that no arm varies less than persons alone would make it.
    frame["y"] += np.random.default_rng(2).normal(0, 0.7, 24)[frame["town"]]
    m = ev.weigh(frame, TOWN_ROLES)
    effect = ev.g_computation(m, "y")
    codes = frame["town"].to_numpy()
    plain = ev.Roles(unit="id", treatment="plan", covariates=("x",))
    left_out = [
        ev.g_computation(ev.weigh(frame[codes != town], plain), "y").estimate
        for town in range(24)
    ]
    found = delete_one(
        effect.estimate,
        np.array(left_out),
        treated_weight=np.bincount(codes, m.weights * m.treated, 24),
        comparison_weight=np.bincount(codes, m.weights * ~m.treated, 24),
    )
    assert effect.std_error == pytest.approx(found.std_error, rel=1e-8)
    assert (effect.p_value < 0.05) == (not effect.conf_low <= 0 <= effect.conf_high)


def test_what_cannot_be_modelled_is_refused() -> None:
    m = ev.unmatched(towns(), TOWN_ROLES)
    with pytest.raises(DesignError, match="must be 0/1"):
        ev.g_computation(m, "y", model="logit")
    with pytest.raises(DesignError, match=r"model='probit'.*\n.*contrast='odds'"):
        ev.g_computation(m, "y", model="probit", contrast="odds")
    with pytest.raises(ColumnError, match="covariates='xx'"):
        ev.g_computation(m, "y", covariates=("xx",))
    with pytest.raises(DesignError, match="means above 0"):
        ev.g_computation(
            dataclasses.replace(m, frame=m.frame.assign(y=-m.frame["y"].abs())),
            "y",
            contrast="ratio",
        )
    frame = m.frame.assign(job=(m.frame["x"] > 0).astype(int))
    with pytest.raises(DesignError, match="a logit does not exist"):
        ev.g_computation(dataclasses.replace(m, frame=frame), "job", model="logit")


def test_a_level_that_one_arm_lacks_is_left_out_there_and_named() -> None:
    frame = towns().assign(site="both")
    frame.loc[frame.index[~frame["plan"]][:30], "site"] = "other"
    m = ev.unmatched(frame, TOWN_ROLES)
    effect = ev.g_computation(m, "y", covariates=("x", "site"))
    assert any("treated arm's model" in n and "site[other]" in n for n in effect.notes)
