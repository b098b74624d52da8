"""A synthetic study with known truth."""

from surveys.synthetic.folder import Synthetic, synthesize
from surveys.synthetic.register import Weekly
from surveys.synthetic.scenarios import SCENARIOS
from surveys.synthetic.simulation import SyntheticStudy, simulate
from surveys.synthetic.truth import TruthEntry

__all__ = [
    "SCENARIOS",
    "Synthetic",
    "SyntheticStudy",
    "TruthEntry",
    "Weekly",
    "simulate",
    "synthesize",
]
