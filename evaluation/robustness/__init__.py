"""What could take a finding away: shocks, hidden bias, other specifications."""

from __future__ import annotations

from evaluation.robustness.e_values import e_value
from evaluation.robustness.person_values import PersonValues, person_values
from evaluation.robustness.randomisation_test import randomisation_test
from evaluation.robustness.rosenbaum import RosenbaumBounds
from evaluation.robustness.sensitivity_table import Sensitivity, sensitivity
from evaluation.robustness.variants import censoring_bounds

__all__ = [
    "PersonValues",
    "RosenbaumBounds",
    "Sensitivity",
    "censoring_bounds",
    "e_value",
    "person_values",
    "randomisation_test",
    "sensitivity",
]
