"""One effect's uncertainty: from an error, or refused."""

from __future__ import annotations

import math

import pytest

from evaluation import Effect
from evaluation.inference.jackknife import Uncertainty
from evaluation.inference.judgement import Judgement, ratio_of


def bare(unit: str = "weeks") -> Effect:
    return Effect(
        outcome="job",
        term="t",
        estimate=2.0,
        unit=unit,
        estimand="ATT",
        method="pairs; means",
        n_treated=9,
        n_comparison=9,
        notes=("first",),
    )


def test_limits_come_from_students_t() -> None:
    error = Uncertainty(std_error=0.5, dof=4.0)
    found = Judgement.of(error, 2.0, level=0.95, test="jackknife, t(4.0)", notes=("why",))
    # t(0.975, 4) = 2.776.
    assert (found.conf_low, found.conf_high) == pytest.approx((0.612, 3.388), abs=1e-3)
    made = found.on(bare())
    assert made.method == "pairs; means; jackknife, t(4.0)"
    assert (made.test, made.notes, made.dof) == (found.test, ("first", "why"), 4.0)
    assert made.estimate == 2.0


def test_limits_of_a_log_are_those_of_its_ratio() -> None:
    error = Uncertainty(std_error=0.5, dof=4.0)
    log = Judgement.of(error, 0.0, level=0.9, test="t")
    ratio = Judgement.of(error, 0.0, level=0.9, test="t", is_log=True)
    assert ratio.conf_high == pytest.approx(math.exp(log.conf_high))
    assert ratio.conf_low == pytest.approx(1 / ratio.conf_high)
    assert ratio.std_error == log.std_error
    assert ratio_of(1e4) == math.inf


def test_a_refused_effect_keeps_its_estimate_alone() -> None:
    made = Judgement.refused("too few").on(bare())
    assert made.is_refused
    assert math.isnan(made.p_value)
    assert (made.test, made.notes) == ("inference refused", ("first", "too few"))


def test_how_differently_the_arms_scatter_is_told_with_what_is_known() -> None:
    found = Uncertainty(std_error=1.0, dof=5.0, dispersion=1.94)
    note = Judgement.of(found, 2.0, level=0.95, test="t").on(bare()).notes[-1]
    assert note == (
        "treated clusters scatter 1.9 times as widely as the others; the size of the test is "
        "known up to 2.5 times, and for shocks of skewness up to 1"
    )
    alone = Judgement.of(Uncertainty(std_error=1.0, dof=5.0), 2.0, level=0.95, test="t")
    assert alone.notes == ()
