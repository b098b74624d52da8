"""Which question: the study file, the run and the results folder."""

from analyses.estimate import Estimates, estimate
from analyses.executors import Dask, Joblib, executor_at
from analyses.inputs import check
from analyses.results import Results
from analyses.run import run
from analyses.simulated import simulated_tables
from analyses.study import Study
from analyses.study_file import load_study
from analyses.tables import Tables

__all__ = [
    "Dask",
    "Estimates",
    "Joblib",
    "Results",
    "Study",
    "Tables",
    "check",
    "estimate",
    "executor_at",
    "load_study",
    "run",
    "simulated_tables",
]
