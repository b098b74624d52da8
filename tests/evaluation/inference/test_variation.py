"""No variation is no evidence: the estimate stays, error, interval and p-value are refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evaluation as ev
from data_dictionary.errors import DesignError
from evaluation.inference import variation
from evaluation.inference.jackknife import Uncertainty
from evaluation.inference.judgement import Judgement
from evaluation.notes import Note
from evaluation.scores.cohort_did import cohort_did

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
    assert variation.reason_in(effect.notes) == code
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


def late(frame: pd.DataFrame, arms: tuple[str, ...], event: int) -> pd.DataFrame:
    """Return persons who enter late, in these arms but for one who has left by then."""
    rng = np.random.default_rng(7)
    entry = rng.uniform(3, 6, len(frame))
    made = frame.assign(en=entry, t=entry + rng.exponential(15, len(frame)))
    for arm in ARMS:
        first = made.index[made["tr"] == (arm == "treated")][0]
        made.loc[first, ["en", "t", "d"]] = (0.0, 2.0, event) if arm in arms else (0.0, 30.0, 1)
    return made


@pytest.mark.parametrize("cluster", [False, True])
@pytest.mark.parametrize("weight", [1.0, 2.5])
@pytest.mark.parametrize("event", [0, 1])
@pytest.mark.parametrize("arms", [("treated",), ("comparison",), ARMS])
def test_late_entry_that_leaves_nobody_is_named_by_arm_and_week(
    arms: tuple[str, ...], event: int, weight: float, cluster: bool
) -> None:
    frame = late(persons(), arms, event).assign(w=np.where(np.arange(240) % 3, 1.0, weight))
    roles = ev.Roles(unit="id", treatment="tr", cluster="town" if cluster else None, weight="w")
    m = ev.unmatched(frame, roles)
    found = {
        "incidence": ev.incidence(m, LATE, 20),
        "ratio": ev.incidence(m, LATE, 20, contrast="ratio"),
        "weeks": ev.time_since_event(m, LATE, 20),
        "standardised": ev.standardised_incidence(m, LATE, 20, covariates=("x",)),
        "difference": ev.incidence_differences(m, LATE, [1.0, 20.0], seed=0, draws=99),
    }
    for one in found.values():
        require_refused(one.effect, variation.EMPTIED)
        assert f"after 2 weeks nobody of the {arms[0]} arm" in str(one.effect.notes)
    # A ratio of hazards compares who is at risk together, so that nothing is wrong with it.
    assert ev.hazard_ratio(m, LATE).p_value > 0


def test_competing_causes_are_judged_one_by_one() -> None:
    frame = persons().assign(cause=lambda f: np.where(f["id"] % 3, "job", "death"))
    frame.loc[frame["tr"] & (frame["cause"] == "death"), "cause"] = None
    d = ev.Duration(exit="t", event="cause", of="job", competing=("death",))
    for cluster in (False, True):
        found = ev.incidence(compared(frame, cluster=cluster), d, horizon=15)
        assert found.p_value > 0
        require_refused(found.causes["death"], variation.CONSTANT)
        assert "'death' until 15 weeks does not vary in the treated arm" in str(
            found.causes["death"].notes
        )


def test_weeks_without_variation_have_no_limits_and_do_not_widen_the_band() -> None:
    frame = persons()
    m = compared(frame, cluster=True)
    inside = (np.random.default_rng(3).random((240, 6)) < 0.5).astype(float)
    inside[frame["tr"], 2] = 0.0
    inside[~frame["tr"], 4] = 1.0
    path = ev.outcome_path(m, inside, range(6), status="work", draws=400, seed=1).path
    limits = path[["std_error", "conf_low", "conf_high", "band_low", "band_high"]]
    assert limits.isna().all(axis=1).tolist() == [False, False, True, False, True, False]
    assert path["difference"].notna().all()
    inside[:, 1:] = inside[:, :1]
    for arm, status in (("treated", 0.0), ("comparison", 1.0)):
        fixed = inside.copy()
        fixed[frame["tr"] == (arm == "treated")] = status
        found = ev.outcome_path(m, fixed, range(6), status="work", draws=99)
        require_refused(found.effect, variation.CONSTANT)


def test_differences_over_time_have_limits_where_both_arms_vary() -> None:
    frame = persons()
    frame.loc[frame["tr"], "t"] += 3.0
    for cluster in (False, True):
        m = compared(frame, cluster=cluster)
        found = ev.incidence_differences(m, WEEKS, [2.0, 10.0, 300.0], seed=0, draws=99)
        own = found.rows[found.rows["curve"] == "difference"]
        assert own["conf_low"].isna().tolist() == [True, False, True]
        assert own["band_low"].isna().tolist() == [True, False, True]
        assert [e.is_refused for e in found.effects.values()] == [True, False, True]


@pytest.mark.parametrize("cluster", [False, True])
def test_a_regression_that_fits_everybody_has_no_error(cluster: bool) -> None:
    frame = persons().assign(y=lambda f: 2.0 * f["x"] + f["tr"])
    m = compared(frame, cluster=cluster)
    found = ev.mean_difference(m, "y", covariates=("x",))
    assert found.estimate == pytest.approx(1.0)
    require_refused(found, variation.ROUNDING)


def test_a_scale_is_no_reason_and_rounding_is() -> None:
    frame = persons()
    y = np.random.default_rng(0).normal(size=240)
    for size in (1e-12, 1.0, 1e12):
        for shift in (0.0, 100.0):
            m = compared(frame.assign(y=size * (y + shift)))
            assert ev.mean_difference(m, "y").p_value > 0
    for noise in (1e-13, 1e-16):
        m = compared(frame.assign(y=1.0 + noise * y))
        require_refused(ev.mean_difference(m, "y"), variation.CONSTANT)


def test_tests_of_curves_leave_no_p_where_nothing_varies() -> None:
    frame = persons().assign(tr=lambda f: f["id"] == 3)
    for test in (ev.log_rank_test, ev.gray_test, ev.proportionality_test):
        found = test(compared(frame), WEEKS)
        assert math.isnan(found.p_value)
        assert found.tests[["statistic", "p_value"]].isna().all(axis=None)
        assert not any("were persons independent" in note for note in found.effect.notes)
    curve = ev.hazard_ratio(compared(frame), WEEKS).over_time()
    assert curve.rows[["conf_low", "conf_high"]].isna().all(axis=None)


def test_levels_shares_and_changes_of_one_group_need_variation_too() -> None:
    frame = pd.DataFrame({"town": list("aabbccdd"), "score": 40.0, "agrees": [5, 1] * 4})
    level = ev.wave_level(frame, "score", cluster="town")
    assert (level.mean, math.isnan(level.conf_low)) == (40.0, True)
    alike = ev.shares(frame, items=["agrees"], agree=(5,), cluster="town").iloc[0]
    assert alike["estimate"] == 50.0
    assert math.isnan(alike["conf_low"])
    waves = [pd.concat([frame.assign(town=frame["town"] + str(k)) for k in range(4)])] * 2
    change = ev.wave_change(*waves, "score", cluster="town")
    assert change.estimate == pytest.approx(0.0, abs=1e-9)
    assert math.isnan(change.conf_low)


def test_clusters_are_not_told_apart_by_rounding() -> None:
    frame = persons()
    m = compared(frame.assign(y=np.where(frame["tr"], 0.1 + 0.2, 0.3)), cluster=True)
    assert ev.randomisation_test(m, "y", seed=1).p_value == 1.0
    last = frame["t"].max() + 1
    found = ev.randomisation_test(m, WEEKS, statistic="incidence", horizon=last, seed=1)
    assert found.p_value == 1.0


def test_cohorts_whose_changes_are_all_alike_have_no_error() -> None:
    k = np.arange(960)
    frame = pd.DataFrame(
        {
            "unit": k,
            "plan": k % 24 < 12,
            "after": k % 48 < 24,
            "stack": 0,
            "town": k % 24,
            "y": 1.0 * (k % 24) + 3.0 * (k % 48 < 24),
        }
    )
    columns = {"unit": "unit", "treated": "plan", "after": "after", "stack": "stack"}
    found = cohort_did(frame, "y", cluster="town", **columns)
    assert found.effect.estimate == pytest.approx(0.0, abs=1e-9)
    require_refused(found.effect, variation.CONSTANT)


def effects_of(frame: pd.DataFrame, *, cluster: bool) -> dict[str, ev.Effect]:
    """Return every effect of persons that can be made of these rows."""
    m = compared(frame, cluster=cluster)
    made: dict[str, Callable[[], object]] = {
        "incidence": lambda: ev.incidence(m, WEEKS, 15),
        "incidence ratio": lambda: ev.incidence(m, WEEKS, 15, contrast="ratio"),
        "weeks": lambda: ev.time_since_event(m, WEEKS, 15),
        "differences": lambda: ev.incidence_differences(m, WEEKS, [5, 15], seed=0, draws=99),
        "hazard": lambda: ev.hazard_ratio(m, WEEKS),
        "subdistribution": lambda: ev.subdistribution_hazard(m, WEEKS),
        "time ratio": lambda: ev.time_ratio(m, WEEKS),
        "piecewise": lambda: ev.piecewise_hazard_ratio(m, WEEKS, [10]),
        "adjusted": lambda: ev.adjusted_incidence(m, WEEKS, 15, covariates=("x",)),
        "standardised": lambda: ev.standardised_incidence(m, WEEKS, 15, covariates=("x",)),
        "log rank": lambda: ev.log_rank_test(m, WEEKS),
        "gray": lambda: ev.gray_test(m, WEEKS),
        "proportional": lambda: ev.proportionality_test(m, WEEKS),
        "mean": lambda: ev.mean_difference(m, "y"),
        "regression": lambda: ev.mean_difference(m, "y", covariates=("x",)),
        "g": lambda: ev.g_computation(m, "y", covariates=("x",)),
    }
    found = {}
    for name, make in made.items():
        try:
            one = make()
        except DesignError:
            continue
        found[name] = one if isinstance(one, ev.Effect) else one.effect  # type: ignore[attr-defined]
    return found


drawn = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 10**6),
        "treated": st.sampled_from([2, 4, 12]),
        "mean": st.sampled_from([2.0, 20.0, 200.0]),
        "censored": st.sampled_from([0.0, 0.4]),
        "rare": st.sampled_from([0.02, 0.5]),
    }
)


def study(seed: int, treated: int, mean: float, censored: float, rare: float) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = persons(n=192, seed=seed).assign(tr=lambda f: f["town"] < treated)
    leaves = rng.random(192) >= censored
    time = np.ceil(rng.exponential(mean, 192))
    return frame.assign(
        d=leaves.astype(int),
        t=np.where(leaves, time, time + 15.0),
        y=(rng.random(192) < rare).astype(float),
    )


@settings(deadline=None, max_examples=5)
@given(shape=drawn, cluster=st.booleans())
def test_an_interval_always_holds_its_estimate(shape: dict[str, Any], cluster: bool) -> None:
    for name, effect in effects_of(study(**shape), cluster=cluster).items():
        if effect.is_refused:
            assert math.isnan(effect.std_error), name
            assert math.isnan(effect.p_value), name
        else:
            assert effect.conf_low <= effect.estimate <= effect.conf_high, name
            assert effect.std_error > 0, name


def same(one: float, other: float) -> bool:
    neither = math.isnan(one) and math.isnan(other)
    return neither or math.isclose(one, other, rel_tol=1e-5, abs_tol=1e-7)


@settings(deadline=None, max_examples=3)
@given(shape=drawn, cluster=st.booleans())
def test_order_and_names_of_the_arms_do_not_change_what_is_found(
    shape: dict[str, Any], cluster: bool
) -> None:
    frame = study(**shape)
    first = effects_of(frame, cluster=cluster)
    order = np.random.default_rng(shape["seed"]).permutation(len(frame))
    for name, effect in effects_of(frame.iloc[order], cluster=cluster).items():
        for part in ("estimate", "std_error", "p_value"):
            assert same(getattr(effect, part), getattr(first[name], part)), (name, part)
    swapped = effects_of(frame.assign(tr=~frame["tr"]), cluster=cluster)
    # Who is averaged over, and which arm's slopes, is another question in the other arm.
    for name in first.keys() & swapped.keys() - {"g", "adjusted", "standardised"}:
        one, other = first[name], swapped[name]
        turned = 1.0 / other.estimate if one.is_ratio else -other.estimate
        assert same(one.estimate, turned), name
        assert one.is_refused == other.is_refused, name
        if name not in ("proportional",):
            assert same(one.p_value, other.p_value), name


@settings(deadline=None, max_examples=6)
@given(shape=drawn, factor=st.sampled_from([2.0, 0.25, 1000.0]))
def test_a_common_factor_of_all_weights_changes_nothing(
    shape: dict[str, Any], factor: float
) -> None:
    frame = study(**shape)
    rng = np.random.default_rng(shape["seed"])
    own = np.asarray(rng.choice([0.5, 1.0, 3.0], len(frame)))
    found = []
    for weights in (own, factor * own):
        roles = ev.Roles(unit="id", treatment="tr", weight="w")
        m = ev.unmatched(frame.assign(w=weights), roles)
        found.append((ev.incidence(m, WEEKS, 15), ev.mean_difference(m, "y")))
    for one, other in zip(*found, strict=True):
        for part in ("estimate", "std_error", "p_value"):
            assert same(getattr(one, part), getattr(other, part)), part
