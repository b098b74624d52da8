"""What could take a finding away: shocks, hidden bias, other specifications."""

from __future__ import annotations

from evaluation.robustness.checks import (
    Check,
    NotMade,
    Question,
    SensitivityRow,
    Variant,
    answers,
    figure,
    tabulated,
)
from evaluation.robustness.e_values import e_value
from evaluation.robustness.person_values import PersonValues, person_values
from evaluation.robustness.randomisation_test import randomisation_test
from evaluation.robustness.rosenbaum import RosenbaumBounds
from evaluation.robustness.sensitivity_table import Sensitivity, sensitivity
from evaluation.robustness.variants import censoring_bounds
from evaluation.robustness.verdict import (
    Standing,
    Threat,
    ThreatVerdict,
    Verdict,
    judge,
    judged,
)

__all__ = [
    "Check",
    "NotMade",
    "PersonValues",
    "Question",
    "RosenbaumBounds",
    "Sensitivity",
    "SensitivityRow",
    "Standing",
    "Threat",
    "ThreatVerdict",
    "Variant",
    "Verdict",
    "answers",
    "censoring_bounds",
    "e_value",
    "figure",
    "judge",
    "judged",
    "person_values",
    "randomisation_test",
    "sensitivity",
    "tabulated",
]
