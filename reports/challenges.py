"""How each finding fared, as the results tell it: nothing is judged here."""

from __future__ import annotations

import math
from dataclasses import dataclass

from analyses.results.challenged import Challenged
from evaluation.estimates import Certainty
from evaluation.robustness.checks import Check, Question, SensitivityRow, Variant, figure
from evaluation.robustness.verdict import Standing, Verdict
from reports.facts import Report
from reports.words.wording import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenges:
    """A finding with what was asked of it.

    Attributes
    ----------
    finding : Finding
        The finding.
    verdict : Verdict
        What is left of it.
    rows : tuple of SensitivityRow
        What was answered.
    not_made : tuple of Question
        What could not be asked.
    """

    finding: Finding
    verdict: Verdict
    rows: tuple[SensitivityRow, ...]
    not_made: tuple[Question, ...] = ()

    @property
    def is_finding(self) -> bool:
        """Whether there is something to take away."""
        return self.verdict.standing is not Standing.NO_FINDING

    def of(self, *checks: Check) -> list[SensitivityRow]:
        """Return the rows of some checks that are shown."""
        return [
            row
            for row in self.rows
            if row.asked.check in checks and not math.isnan(row.estimate)
        ]

    def figure(self, check: Check, variant: Variant, subject: str | None = None) -> float:
        """Return one number, of any subject where none is given; NaN where there is none."""
        return figure(self.rows, check, variant, subject)


def challenges(report: Report) -> list[Challenges]:
    """Return every outcome whose finding was asked what could take it away."""
    table, found = report.frame("sensitivity"), []
    tested = {finding.outcome: finding for finding in report.tested()}
    for facts in report.facts.sensitivity:
        finding = tested[facts.outcome]
        if finding.certainty is Certainty.HIDDEN:
            continue
        one = Challenged.of(facts, table[table["outcome"] == finding.outcome])
        made = Challenges(
            finding=finding, verdict=one.verdict, rows=one.rows, not_made=one.not_made
        )
        found.append(made)
    return found
