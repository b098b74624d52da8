"""What was collected: survey waves, case records, registers, and synthetic data."""

from surveys.drafting import Decision, Draft, draft
from surveys.dream.level_shift import LevelShift, level_shift
from surveys.dream.read import read_dream
from surveys.dream.register import Dream
from surveys.dream.statuses import STATUSES
from surveys.files.identifiers import pseudonymise, refuse_cpr
from surveys.files.import_report import ImportReport
from surveys.files.pseudonymise_file import Pseudonymised, pseudonymise_file
from surveys.files.read_file import read
from surveys.files.read_table import TableFile, read_table
from surveys.files.remarks import Remark
from surveys.files.source import Provenance, Source
from surveys.link import Linked, People, link
from surveys.records.case_spells import Cases
from surveys.records.cases import clean_cases, read_cases
from surveys.records.hours import Hours, read_hours
from surveys.synthetic.folder import Synthetic, synthesize
from surveys.waves.panel import Panel, stack
from surveys.waves.scores import Reliability, reliability, score
from surveys.waves.wave import Wave, read_wave

__all__ = [
    "STATUSES",
    "Cases",
    "Decision",
    "Draft",
    "Dream",
    "Hours",
    "ImportReport",
    "LevelShift",
    "Linked",
    "Panel",
    "People",
    "Provenance",
    "Pseudonymised",
    "Reliability",
    "Remark",
    "Source",
    "Synthetic",
    "TableFile",
    "Wave",
    "clean_cases",
    "draft",
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
