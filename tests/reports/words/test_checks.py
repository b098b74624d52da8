"""Checks in Danish: every question that is asked or could not be has its words."""

from __future__ import annotations

from typing import get_args

import pytest

from evaluation.robustness.checks import NAMES as ASKED
from evaluation.robustness.checks import Question
from evaluation.robustness.verdict import Threat, ThreatVerdict
from reports.chapters.sensitivity import KINDS
from reports.words.checks import CAUSES, CHOICES, PARTS, SIZES, cause, not_made, variant_name
from tests.reports import minimal


def test_every_part_that_may_be_missing_has_a_reason() -> None:
    whole = {check for check, variant in ASKED if variant == "whole"}
    assert whole == set(PARTS)


def test_every_threat_is_told_in_one_of_the_ways() -> None:
    assert set(CAUSES) == set(SIZES)
    assert set(CAUSES) | set(CHOICES) | {"placebo"} == set(get_args(Threat))


@pytest.mark.parametrize("pair", [pair for pair in ASKED if pair[0] in KINDS])
def test_every_way_to_a_finding_has_a_name(pair) -> None:
    check, variant = pair
    subject = {"observed_until": "2020-03-08", "at_once": "treated"}.get(variant, "151")
    asked = Question(check, variant, subject, size=13 if variant == "run" else None)
    name = variant_name(minimal.report(), asked)
    assert name
    assert "_" not in name
    assert (name == subject) == (variant == "named")


def test_a_cause_names_the_treated_where_there_are_no_places() -> None:
    verdict = ThreatVerdict(threat="shock", takes_away=True, sure=1.2, whole=2.0)
    assert "alle kommuner med indsatsen" in cause(minimal.report(), verdict)
    assert "deltagerne er fælles om" in cause(minimal.report(cluster=None), verdict)


def test_what_could_not_be_asked_is_told_with_its_reason() -> None:
    asked = (
        Question("common_shock", "whole"),
        Question("negative_control", "named", "age"),
        Question("specification", "run", size=1),
    )
    told = not_made(minimal.report(labels={"age": "Alder"}), asked)
    assert "mellem kommuner" in told[0]
    assert told[1].startswith("Forskellen i alder:")
    assert "»1 uge i træk«" in told[2]
    assert len(not_made(minimal.report(cluster=None), asked)) == 2
