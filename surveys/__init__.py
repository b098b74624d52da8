"""What was collected: survey waves, case records, registers, and synthetic data."""

from surveys.case_spells import Cases
from surveys.cases import case_violations, clean_cases, read_cases
from surveys.dream import Dream
from surveys.dream_read import read_dream
from surveys.hours import Hours, read_hours
from surveys.identifiers import pseudonymise, refuse_cpr
from surveys.level_shift import LevelShift, level_shift
from surveys.link import People, link
from surveys.panel import Panel, stack
from surveys.provenance import Provenance
from surveys.pseudonymise_file import Pseudonymised, pseudonymise_file
from surveys.read_file import read
from surveys.read_table import TableFile, read_table
from surveys.scores import Reliability, reliability, score
from surveys.source import Source
from surveys.status_groups import group_faults, group_labels
from surveys.statuses import STATUSES
from surveys.synthetic.folder import Synthetic, synthesize
from surveys.wave import Wave, read_wave

__all__ = [
    "STATUSES",
    "Cases",
    "Dream",
    "Hours",
    "LevelShift",
    "Panel",
    "People",
    "Provenance",
    "Pseudonymised",
    "Reliability",
    "Source",
    "Synthetic",
    "TableFile",
    "Wave",
    "case_violations",
    "clean_cases",
    "group_faults",
    "group_labels",
    "level_shift",
    "link",
    "pseudonymise",
    "pseudonymise_file",
    "read",
    "read_cases",
    "read_dream",
    "read_hours",
    "read_table",
    "read_wave",
    "refuse_cpr",
    "reliability",
    "score",
    "stack",
    "synthesize",
]
