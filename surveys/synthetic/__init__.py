"""A synthetic study with known truth."""

from surveys.synthetic.scenarios import SCENARIOS
from surveys.synthetic.simulation import SyntheticStudy, Weekly, simulate

__all__ = ["SCENARIOS", "SyntheticStudy", "Weekly", "simulate"]
