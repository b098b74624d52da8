"""The script behind the validity of the comparison designs: its studies, truths and gate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.validity.designs import (
    ARMS,
    DESIGNS,
    LEVELS,
    Gate,
    gates,
    one_run,
    persons,
    table,
)

# A gate that passes everything: by municipality, as it must.
SOUND = Gate(
    arm="ICC 0.03",
    design="full",
    level="municipality",
    runs=200,
    refused=0,
    kept=1.0,
    truth=0.3,
    covered=182,
    covered_all=182,
    bias=0.02,
    bias_all=0.02,
    spread=0.1,
    error_ratio=1.0,
)


def test_two_runs_of_each_arm_judge_every_design_at_both_levels() -> None:
    rows = pd.DataFrame(
        [row for arm in ARMS for seed in (1, 2) for row in one_run((seed, arm), draws=99)]
    )
    assert len(rows) == 2 * len(ARMS) * len(DESIGNS) * len(LEVELS)
    assert rows["std_error"].gt(0).all()
    # The level of inference moves the error, never the estimate or what it is compared with.
    same = rows.groupby(["arm", "design", "seed"])[["estimate", "truth", "truth_all", "kept"]]
    assert same.nunique().eq(1).all(axis=None)
    # Only the caliper leaves participants out; then the two truths differ.
    left_out = rows["kept"] < 1
    assert set(rows.loc[left_out, "design"]) == {"nearest, caliper"}
    kept_all = rows[~left_out]
    assert kept_all["truth"].to_numpy() == pytest.approx(kept_all["truth_all"].to_numpy())
    found = gates(rows)
    assert len(found) == len(ARMS) * len(DESIGNS) * len(LEVELS)
    assert len(table(found).splitlines()) == 1 + len(found)


def test_the_same_seed_draws_the_same_study_and_another_does_not() -> None:
    pd.testing.assert_frame_equal(persons(3, 0.03), persons(3, 0.03))
    assert not persons(3, 0.03)["outcome"].equals(persons(4, 0.03)["outcome"])


def test_municipalities_explain_what_the_arm_says() -> None:
    # Analysis of variance among those without the programme, covariates taken out first.
    for icc in ARMS.values():
        found = [_intraclass(persons(seed, icc)) for seed in range(60)]
        # One study's estimate has a standard deviation of about 0.015: 60 give 0.002.
        assert np.mean(found) == pytest.approx(icc / 0.80, abs=0.008)


def _intraclass(frame: pd.DataFrame) -> float:
    people = frame[~frame["treated"]]
    age, earlier = people["age"], people["earlier"]
    X = np.column_stack([age, earlier, people["female"], people["health"], earlier**2, age**0])
    y = people["outcome"].to_numpy()
    rest = pd.Series(y - X @ np.linalg.lstsq(X, y, rcond=None)[0])
    groups = rest.groupby(people["municipality"].to_numpy())
    n, means = groups.size().to_numpy(), groups.mean().to_numpy()
    within = float(((n - 1) * groups.var(ddof=1)).sum() / (n - 1).sum())
    between = float((n * means**2).sum() / (len(n) - 1))
    typical = (n.sum() - (n**2).sum() / n.sum()) / (len(n) - 1)
    shocks = (between - within) / typical
    return shocks / (shocks + within)


@pytest.mark.parametrize(
    "change",
    [
        {"covered": 181},
        {"bias": 0.0251},
        {"bias": -0.0251},
        {"error_ratio": 0.849},
        {"error_ratio": 1.251},
        {"error_ratio": float("nan")},
    ],
)
def test_each_part_of_the_gate_can_fail_it_alone(change: dict[str, float]) -> None:
    assert SOUND.passes
    assert SOUND.as_it_must
    assert not replace(SOUND, **change).passes
    assert not replace(SOUND, **change).as_it_must


def test_errors_that_ignore_municipality_effects_must_be_too_short() -> None:
    ignored = replace(SOUND, level=LEVELS[1])
    assert not ignored.as_it_must
    assert replace(ignored, covered=181).as_it_must
    assert replace(ignored, error_ratio=0.849).as_it_must
    # Failing for another reason, such as bias, is no evidence of short errors.
    assert not replace(ignored, bias=0.05).as_it_must
    assert replace(ignored, arm="none").as_it_must
