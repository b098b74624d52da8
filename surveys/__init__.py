"""What was collected: survey waves, case records and registers, and synthetic data with known truth."""

from surveys.identifiers import pseudonymise, refuse_cpr
from surveys.panel import Panel, stack
from surveys.provenance import Provenance
from surveys.read_file import read
from surveys.read_table import TableFile, read_table
from surveys.scores import Reliability, reliability, score
from surveys.source import Source
from surveys.wave import Wave, read_wave

__all__ = [
    "Panel",
    "Provenance",
    "Reliability",
    "Source",
    "TableFile",
    "Wave",
    "pseudonymise",
    "read",
    "read_table",
    "read_wave",
    "refuse_cpr",
    "reliability",
    "score",
    "stack",
]
