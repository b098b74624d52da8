"""Which question: the study file, the run and the results folder."""

from analyses.estimate import Estimates, estimate
from analyses.inputs import check
from analyses.results import Results
from analyses.run import run
from analyses.simulated import simulated_tables
from analyses.study import Study
from analyses.study_file import load_study
from analyses.tables import Tables

__all__ = [
    "Estimates",
    "Results",
    "Study",
    "Tables",
    "check",
    "estimate",
    "load_study",
    "run",
    "simulated_tables",
]
