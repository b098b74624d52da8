"""What takes a finding away, by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from evaluation.grades import Grade
from evaluation.robustness.checks import Question
from evaluation.robustness.verdict import (
    USUAL,
    Standing,
    Thresholds,
    falls_at_upper_spread,
    judge,
    judged,
    telling,
)
from tests.evaluation.robustness.strong import effect, first, rows


def test_a_finding_that_no_check_takes_away_stands() -> None:
    made = judge(effect(), rows())
    assert set(made.sounds) == {
        *("placebo", "shock", "selection", "nonresponse"),
        *("specification", "leave_one_out", "censoring_bound"),
    }
    assert not any(made.sounds.values())
    assert made.standing is Standing.ROBUST


@pytest.mark.parametrize(
    ("check", "variant", "value", "sounding"),
    [
        ("common_shock", "removes_interval", 1.0, "shock"),
        ("self_selection", "removes_interval", 0.55 * 3**0.5, "selection"),
        ("nonresponse", "removes_interval", 0.5, "nonresponse"),
    ],
)
def test_each_hidden_cause_explains_a_finding_from_its_own_limit_on(
    check: str, variant: str, value: float, sounding: str
) -> None:
    at = judge(effect(), rows({(check, variant): value}))
    beyond = judge(effect(), rows({(check, variant): value + 0.01}))
    assert at.explaining == (sounding,)
    assert at.standing is Standing.FRAGILE
    assert beyond.standing is Standing.ROBUST


def test_a_difference_before_start_explains_a_finding_after_bonferroni() -> None:
    (control,) = [row for row in rows() if row.asked.check == "negative_control"]
    other = replace(control, asked=Question("negative_control", "named", "other"), p_value=0.9)
    both = [*rows(), other]
    assert judge(effect(), first(both, "negative_control", p_value=0.03)).standing is (
        Standing.ROBUST
    )
    assert judge(effect(), first(both, "negative_control", p_value=0.02)).explaining == (
        "placebo",
    )


@pytest.mark.parametrize("check", ["specification", "leave_one_out", "censoring_bound"])
def test_one_unsure_variant_makes_a_finding_fragile(check: str) -> None:
    made = judge(effect(), first(rows(), check, conf_low=-0.1))
    assert made.standing is Standing.FRAGILE
    made = judge(effect(), first(rows(), check, conf_low=-9.0, conf_high=-1.0))
    assert made.sounds[check]  # type: ignore[index]


def test_where_nobody_was_asked_the_measured_are_the_yardstick() -> None:
    table = rows({("measured_covariate", "removes_interval"): 3.0})
    assert judge(effect(), table).standing is Standing.ROBUST
    unasked = [row for row in table if row.asked.variant != "imbalance"]
    assert math.isnan(telling(unasked))
    assert judge(effect(), unasked).explaining == ("selection",)


@pytest.mark.parametrize("low", [-1.0, float("nan")])
def test_an_unsure_or_refused_difference_is_no_finding_to_remove(low: float) -> None:
    one = judge(effect(low=low, p=0.2), rows())
    assert one.standing is Standing.NO_FINDING
    assert one.hidden == ()
    # What should show no difference is looked at all the same.
    assert one.sounds == {"placebo": False}


def test_a_finding_lost_in_the_adjustment_is_no_finding() -> None:
    lost = replace(effect(), p_adjusted=0.06)
    assert lost.grade is Grade.LOST
    assert judge(lost, rows()).standing is Standing.NO_FINDING


def test_a_test_without_an_interval_has_no_limit_to_remove() -> None:
    alone = replace(effect(), conf_low=math.nan, conf_high=math.nan)
    assert alone.grade is Grade.CERTAIN
    assert judge(alone, rows()).standing is Standing.NO_FINDING


def test_the_upper_limit_of_the_spread_may_bring_a_finding_down() -> None:
    # 1.5 SD of 2.0 points are 3.0 points: more than one SD of 2.9, less than one of 3.1.
    assert not falls_at_upper_spread(rows())
    assert falls_at_upper_spread(first(rows(), "common_shock", conf_high=3.1))


@pytest.mark.parametrize(
    ("needed", "standing"), [(0.2, "very fragile"), (0.21, "fragile"), (0.51, "robust")]
)
def test_how_little_is_enough_says_how_fragile_a_finding_is(
    needed: float, standing: str
) -> None:
    one = judge(effect(), rows({("nonresponse", "removes_interval"): needed}))
    assert one.standing == standing
    placebo = judge(effect(), first(rows(), "negative_control", p_value=0.02))
    assert placebo.standing is Standing.VERY_FRAGILE


def test_a_plan_may_set_its_own_thresholds() -> None:
    silent = rows({("nonresponse", "removes_interval"): 0.3})
    strict = Thresholds(little_nonresponse=0.3, selection=12.0)
    made = judge(effect(), silent, strict)
    assert made.standing is Standing.VERY_FRAGILE
    assert made.sounds["selection"]
    assert made.thresholds is strict
    assert judge(effect(), silent, Thresholds(nonresponse=0.25)).standing is Standing.ROBUST


def test_what_counts_as_little_is_said_by_the_threat_itself() -> None:
    (shock, *_) = judge(effect(), rows({("common_shock", "removes_interval"): 0.67})).hidden
    assert shock.is_little
    assert not judge(effect(), rows()).hidden[0].is_little


def test_each_hidden_cause_has_what_it_takes_and_up_to_where_it_is_little() -> None:
    shock, selection, silence = judge(effect(), rows()).hidden
    assert (shock.sure, shock.whole, shock.little, shock.most) == (
        1.5,
        4.0,
        USUAL.little_shock,
        1.0,
    )
    assert pytest.approx(0.6745, abs=1e-4) == USUAL.little_shock
    assert (silence.sure, silence.whole, silence.little, silence.most) == (0.6, 1.2, 0.2, 0.5)
    assert (selection.sure, selection.whole, selection.little) == (6.0, 16.0, 1.0)
    # 1.1 SD of a motivation that can be 0.55 SD apart: twice as telling; the possible is root
    # three times as telling, so that it biases by root three halves of what is needed.
    assert telling(rows()) == pytest.approx(2.0)
    assert selection.most == pytest.approx(6.0 * 3**0.5 / 2.0)


def test_a_hidden_number_is_not_judged() -> None:
    hidden = rows({("common_shock", "removes_interval"): float("nan")})
    assert "shock" not in judge(effect(), hidden).sounds
    silent = first(rows(), "leave_one_out", conf_low=float("nan"))
    assert "leave_one_out" not in judge(effect(), silent).sounds


def test_every_row_says_whether_it_alone_takes_the_finding_away() -> None:
    made = judged(effect(), first(rows(), "specification", conf_low=-0.1))
    told = {
        (row.asked.check, row.asked.variant, row.asked.size): row.takes_away
        for row in made
        if row.takes_away is not None
    }
    assert told == {
        ("specification", "run", 1): True,
        ("specification", "run", 13): False,
        ("leave_one_out", "without", None): False,
        ("censoring_bound", "at_once", None): False,
        ("negative_control", "named", None): False,
        ("common_shock", "removes_interval", None): False,
        ("self_selection", "removes_interval", None): False,
        ("nonresponse", "removes_interval", None): False,
    }


def test_a_verdict_says_itself_in_a_few_lines() -> None:
    words = judge(effect(), rows({("nonresponse", "removes_interval"): 0.3})).summary()
    assert words.splitlines()[0] == "standing: fragile"
    assert "nonresponse: takes the finding away (0.3 needed, up to 0.5 possible)" in words
    assert "leave_one_out: leaves the finding" in words


def test_a_ratio_is_judged_against_one() -> None:
    ratio = replace(effect(low=1.2, estimate=1.5), unit="hazard ratio", conf_high=1.9)
    own = [replace(row, conf_low=1.1, conf_high=2.0) for row in rows()]
    assert judge(ratio, own).sounds["leave_one_out"] is False
    under = [replace(row, conf_low=0.8, conf_high=2.0) for row in rows()]
    assert judge(ratio, under).sounds["leave_one_out"] is True
