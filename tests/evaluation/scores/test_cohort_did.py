"""Cohorts after and before a start: the estimate by hand, its invariances and its refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary.errors import ColumnError, DesignError
from evaluation.scores.cohort_did import CohortDid, cohort_did

NAMES = {
    "unit": "person",
    "treated": "trial",
    "after": "later",
    "stack": "start",
    "cluster": "town",
}


def did(frame: pd.DataFrame) -> CohortDid:
    return cohort_did(frame, "job", **NAMES)


def cohorts(rng: np.random.Generator, effect: float = 0.0, towns: int = 24) -> pd.DataFrame:
    """Return two stacks; half of the towns are treated, in one of the stacks each."""
    parts = []
    for town in range(towns):
        in_trial = town < towns // 2
        level, trend = 30 + 5 * rng.standard_normal(), 2 * rng.standard_normal()
        for start in [town % 2] if in_trial else [0, 1]:
            for later in (False, True):
                n = int(rng.integers(20, 60))
                mean = level + (trend + effect * in_trial) * later + 7 * start * later
                parts.append(
                    pd.DataFrame(
                        {
                            "person": [f"{town}-{start}-{later}-{k}" for k in range(n)],
                            "trial": in_trial,
                            "later": later,
                            "start": start,
                            "town": town,
                            "job": mean + 10 * rng.standard_normal(n),
                        }
                    )
                )
    return pd.concat(parts, ignore_index=True)


def test_one_stack_by_hand() -> None:
    cells = [
        # town, trial, later, value, persons
        (1, True, False, 20.0, 5),
        (1, True, True, 40.0, 30),
        (2, True, False, 10.0, 50),
        (2, True, True, 20.0, 10),
        (3, False, False, 30.0, 7),
        (3, False, True, 33.0, 20),
        (4, False, False, 50.0, 9),
        (4, False, True, 59.0, 40),
    ]
    frame = pd.DataFrame(
        [
            (town, trial, later, value)
            for town, trial, later, value, n in cells
            for _ in range(n)
        ],
        columns=["town", "trial", "later", "job"],
    ).assign(start="2017", person=lambda f: range(len(f)))
    found = did(frame)
    own = (30 * 20 + 10 * 10) / 40
    others = (20 * 3 + 40 * 9) / 60
    assert found.effect.estimate == pytest.approx(own - others)
    mean = found.cells.set_index(["arm", "period"])["mean"]
    assert mean["treated", "after"] == pytest.approx((30 * 40 + 10 * 20) / 40)
    assert mean["treated", "after"] - mean["treated", "before"] == pytest.approx(own)
    assert found.effect.n_treated == 40
    assert found.effect.n_comparison == 60


def test_stacks_count_by_their_treated_persons_after_the_start() -> None:
    frame = cohorts(np.random.default_rng(1))
    parts, sizes = [], []
    for _, rows in frame.groupby("start"):
        parts.append(did(rows).effect.estimate)
        sizes.append(int((rows["trial"] & rows["later"]).sum()))
    assert did(frame).effect.estimate == pytest.approx(np.average(parts, weights=sizes))


def test_the_four_means_make_the_effect() -> None:
    found = did(cohorts(np.random.default_rng(2)))
    mean = found.cells.set_index(["arm", "period"])["mean"]
    changes = {
        arm: mean[arm, "after"] - mean[arm, "before"] for arm in ("treated", "comparison")
    }
    effect = found.effect
    assert effect.estimate == pytest.approx(changes["treated"] - changes["comparison"])
    after = mean["treated", "after"]
    assert effect.means == pytest.approx((after, after - effect.estimate))


def test_the_error_comes_from_leaving_out_a_town_with_all_its_stacks() -> None:
    frame = cohorts(np.random.default_rng(8))
    found = did(frame).effect
    towns = frame.groupby("town")["trial"].first()
    left_out = np.array(
        [did(frame[frame["town"] != town]).effect.estimate for town in towns.index]
    )
    variance = 0.0
    for in_trial in (True, False):
        own = left_out[towns.to_numpy() == in_trial]
        variance += (len(own) - 1) / len(own) * ((own - found.estimate) ** 2).sum()
    assert found.std_error == pytest.approx(np.sqrt(variance))
    assert (found.p_value <= 0.05) == (not found.conf_low <= 0 <= found.conf_high)
    assert "jackknife" in found.method


@pytest.mark.slow
def test_size_holds_without_an_effect() -> None:
    rejected = [
        did(cohorts(np.random.default_rng(seed))).effect.p_value <= 0.05
        for seed in range(300, 360)
    ]
    # Of 60 tests at 5 per cent eight or more reject with a probability of 1 per cent.
    assert sum(rejected) < 8


def test_four_treated_clusters_of_different_starts_have_a_wide_interval() -> None:
    frame = cohorts(np.random.default_rng(4))
    found = did(frame[~frame["trial"] | (frame["town"] < 4)])
    assert found.decision.method == "jackknife"
    assert found.effect.conf_low < found.effect.estimate < found.effect.conf_high


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000), st.floats(-40, 40), st.floats(-40, 40))
def test_what_is_common_to_a_cluster_or_to_a_period_of_a_stack_cancels(
    seed: int, by_town: float, by_period: float
) -> None:
    rng = np.random.default_rng(seed)
    frame = cohorts(rng, towns=14)
    shifted = (
        frame["job"] + by_town * frame["town"] + by_period * frame["later"] * frame["start"]
    )
    ours, theirs = did(frame).effect, did(frame.assign(job=shifted)).effect
    assert theirs.estimate == pytest.approx(ours.estimate, abs=1e-8)
    assert theirs.std_error == pytest.approx(ours.std_error, abs=1e-8, nan_ok=True)


def test_a_known_effect_is_found_on_average() -> None:
    made = (cohorts(np.random.default_rng(seed), effect=6.0) for seed in range(100, 130))
    found = [did(frame).effect.estimate for frame in made]
    # The standard deviation of one estimate is about 1.3.
    assert np.mean(found) == pytest.approx(6.0, abs=4 * 1.3 / np.sqrt(30))


def test_order_of_rows_and_rows_said_twice_do_not_matter_to_the_interval() -> None:
    """A person in several rows adds nothing: the cluster is the unit."""
    frame = cohorts(np.random.default_rng(3), effect=6.0)
    twice = pd.concat([frame, frame]).sample(frac=1.0, random_state=1)
    ours, theirs = did(frame), did(twice)
    assert theirs.effect.estimate == pytest.approx(ours.effect.estimate)
    assert theirs.effect.conf_low == pytest.approx(ours.effect.conf_low)
    assert theirs.cells["n"].tolist() == ours.cells["n"].tolist()


def test_few_treated_clusters_refuse_the_interval_and_keep_the_estimate() -> None:
    frame = cohorts(np.random.default_rng(4))
    found = did(frame[~frame["trial"] | (frame["town"] < 2)])
    assert np.isfinite(found.effect.estimate)
    assert found.effect.is_refused
    assert found.decision.is_refused


def test_a_cluster_without_one_of_the_periods_is_left_out_and_counted() -> None:
    frame = cohorts(np.random.default_rng(5))
    found = did(frame[~((frame["town"] == 23) & ~frame["later"])])
    assert found.effect.n_clusters == 23
    assert any(
        note.startswith("2 of 36 clusters by start left out") for note in found.effect.notes
    )


def test_a_stack_without_controls_is_no_comparison() -> None:
    frame = cohorts(np.random.default_rng(6))
    with pytest.raises(DesignError, match="no stack has both arms"):
        did(frame[frame["trial"]])


def test_unknown_outcomes_and_columns_are_refused() -> None:
    frame = cohorts(np.random.default_rng(7))
    with pytest.raises(DesignError, match="missing in 1 row"):
        did(frame.assign(job=frame["job"].where(frame.index != 3)))
    with pytest.raises(ColumnError, match="cluster='town'"):
        did(frame.drop(columns="town"))
