"""No variation is no evidence: the estimate stays, error, interval and p-value are refused."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from evaluation.inference import variation
from evaluation.inference.jackknife import Uncertainty
from evaluation.inference.judgement import Judgement
from evaluation.notes import Note

WEEKS = ev.Duration(exit="t", event="d")
LATE = ev.Duration(exit="t", event="d", entry="en")
ARMS = ("treated", "comparison")


def compared(frame: pd.DataFrame, *, cluster: bool = False) -> ev.Matched:
    roles = ev.Roles(unit="id", treatment="tr", cluster="town" if cluster else None)
    return ev.unmatched(frame, roles)


def persons(n: int = 240, seed: int = 0) -> pd.DataFrame:
    """Return persons of 24 towns, half of them treated, seen until they leave."""
    rng = np.random.default_rng(seed)
    k = np.arange(n)
    frame = pd.DataFrame({"id": k, "tr": k % 24 < 12, "town": k % 24, "en": 0.0, "d": 1})
    return frame.assign(t=np.ceil(rng.exponential(20, n)), x=rng.normal(size=n))


def require_refused(effect: ev.Effect, code: str) -> None:
    assert math.isfinite(effect.estimate)
    for value in (effect.std_error, effect.conf_low, effect.conf_high, effect.p_value):
        assert math.isnan(value)
    assert [note.code for note in effect.notes if getattr(note, "code", "") == code] == [code]
    assert "inference refused" in str(effect)


@pytest.mark.parametrize("cluster", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_both_arms_at_100_percent_say_nothing(seed: int, cluster: bool) -> None:
    frame = persons(seed=seed)
    m = compared(frame, cluster=cluster)
    found = ev.incidence(m, WEEKS, horizon=frame["t"].max() + 1)
    assert found.estimate == pytest.approx(0.0, abs=1e-9)
    require_refused(found.effect, variation.CONSTANT)


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("event", [0, 1])
@pytest.mark.parametrize("cluster", [False, True])
def test_one_constant_arm_is_enough(arm: str, event: int, cluster: bool) -> None:
    frame = persons()
    own = frame["tr"] == (arm == "treated")
    frame.loc[own, "t"], frame.loc[own, "d"] = (5.0, 1) if event else (60.0, 0)
    m = compared(frame, cluster=cluster)
    for effect in (
        ev.incidence(m, WEEKS, horizon=50),
        ev.time_since_event(m, WEEKS, horizon=50),
    ):
        require_refused(effect.effect, variation.CONSTANT)
        assert arm in effect.notes[-1]


@pytest.mark.parametrize("cluster", [False, True])
def test_an_outcome_that_is_the_same_within_arms_says_nothing(cluster: bool) -> None:
    frame = persons()
    for values in (np.where(frame["tr"], 0.1 + 0.2, 0.3), np.where(frame["tr"], 7.0, 3.0)):
        m = compared(frame.assign(y=values), cluster=cluster)
        require_refused(ev.mean_difference(m, "y"), variation.CONSTANT)
        require_refused(ev.g_computation(m, "y", covariates=("x",)), variation.CONSTANT)


def test_a_lone_early_entrant_is_named_with_the_week() -> None:
    n, rng = 120, np.random.default_rng(1)
    en = np.r_[0.0, rng.uniform(3, 6, n - 1)]
    frame = pd.DataFrame({"id": range(n), "tr": np.arange(n) % 2 == 0, "en": en, "d": 1})
    frame["t"] = np.r_[2.0, en[1:] + rng.exponential(15, n - 1)]
    m = compared(frame)
    for found in (ev.incidence(m, LATE, horizon=20), ev.time_since_event(m, LATE, horizon=20)):
        require_refused(found.effect, variation.EMPTIED)
        assert "after 2 weeks nobody of the treated arm" in found.notes[-1]
    curves = ev.survival_curves(m, LATE)
    assert "after 2 weeks nobody of the treated arm" in curves.notes[-1]
    late = curves.curves.query("arm == 'treated' and time > 2")
    assert late[["conf_low", "conf_high"]].isna().all(axis=None)


def test_one_treated_person_has_an_estimate() -> None:
    frame = persons().assign(tr=lambda f: f["id"] == 3)
    m = compared(frame)
    found = ev.hazard_ratio(m, WEEKS)
    require_refused(found.effect, variation.LONE)
    assert (found.effect.n_treated, found.effect.n_comparison) == (1, 239)
    require_refused(ev.incidence(m, WEEKS, horizon=20).effect, variation.CONSTANT)


def test_an_interval_holds_its_estimate_or_is_not_given() -> None:
    error = Uncertainty(std_error=0.0, dof=9.0)
    assert Judgement.of(error, 1.0, level=0.95, test="t").test == "inference refused"
    error = Uncertainty(std_error=1e-12, dof=9.0)
    said = Judgement.of(error, 1.0, level=0.95, test="t")
    assert said.conf_low <= 1.0 <= said.conf_high
    assert math.isnan(said.beside(1.0).p_value)
    assert said.beside(1e-6) == said
    why = Note("reason", "why not")
    assert Judgement.of(why, 1.0, level=0.95, test="t").notes == (why,)
