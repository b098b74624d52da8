"""How each finding fared, as the results tell it: nothing is judged here."""

from __future__ import annotations

import math
from dataclasses import dataclass

from analyses.results.challenged import answered
from evaluation.grades import Grade
from evaluation.robustness.checks import Check, Question, SensitivityRow, Variant, figure
from evaluation.robustness.verdict import Standing, Verdict
from reports.facts import Report
from reports.words.wording import Finding


@dataclass(frozen=True, slots=True)
class Challenges:
    """A finding with what is left of it, what was answered, and what could not be asked."""

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
        if finding.grade is Grade.HIDDEN:
            continue
        rows = answered(facts, table[table["outcome"] == finding.outcome])
        found.append(Challenges(finding, facts.verdict, rows, facts.not_made))
    return found
