"""What could take a finding away: what is asked, what is answered, and what is left of it."""

from __future__ import annotations

from evaluation.robustness.checks import (
    NotMade,
    Question,
    SensitivityRow,
    answers,
    figure,
    tabulated,
)
from evaluation.robustness.verdict import (
    Standing,
    Threat,
    ThreatVerdict,
    Verdict,
    judge,
    judged,
)

__all__ = [
    "NotMade",
    "Question",
    "SensitivityRow",
    "Standing",
    "Threat",
    "ThreatVerdict",
    "Verdict",
    "answers",
    "figure",
    "judge",
    "judged",
    "tabulated",
]
