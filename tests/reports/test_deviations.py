"""The appendix tells whether the plan was locked, and every place that was changed since."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analyses.results.lock import Deviation, LockFacts
from reports.chapters import deviations
from reports.facts import Report
from tests.reports import minimal

CHANGED = Deviation(where="outcome.job.weeks", locked="4", now="8")


def locked(report: Report, *found: Deviation) -> Report:
    lock = LockFacts(
        when="2026-03-05T10:00:00+01:00", by="A. Hansen", sha256="ab" * 32, deviations=found
    )
    first, *others = report.facts.outcomes
    outcomes = (replace(first, standing="changed" if found else "as_locked"), *others)
    return replace(report, facts=replace(report.facts, locked=lock, outcomes=outcomes))


@pytest.fixture
def report() -> Report:
    return minimal.report()


def test_a_plan_that_was_never_locked_is_said_to_be(report: Report) -> None:
    assert deviations.UNLOCKED in deviations.locked(report)
    assert deviations.sentence(report) == ""


def test_a_plan_that_was_kept_has_no_table(report: Report) -> None:
    text = deviations.locked(locked(report)) + deviations.changes(locked(report))
    assert "Planen blev låst den 5. marts 2026 af A. Hansen." in text
    assert "Planen er fulgt uden ændringer." in text
    assert "tbl-" not in text


def test_what_was_changed_stands_in_a_table(report: Report) -> None:
    shown = locked(report, CHANGED, replace(CHANGED, where="x", now=None))
    text = deviations.locked(shown) + deviations.changes(shown)
    assert "Planen er ændret 2 steder, efter at den blev låst." in text
    assert "| outcome.job.weeks | 4 | 8 |" in text
    assert "| x | 4 | – |" in text
    assert "er ændret, efter at planen blev låst" in text
