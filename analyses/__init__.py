"""Which question: the study file, the run and the results folder."""

from analyses.check import check
from analyses.executors import Dask, Joblib, executor_at
from analyses.findings.estimate import Estimates, estimate
from analyses.follow import follow
from analyses.inputs.simulated import simulated_tables
from analyses.inputs.tables import Tables
from analyses.results.folder import Results
from analyses.run import run
from analyses.study.read import load_study
from analyses.study.sections import Study
from analyses.twin import Twin, synthesize_like

__all__ = [
    "Dask",
    "Estimates",
    "Joblib",
    "Results",
    "Study",
    "Tables",
    "Twin",
    "check",
    "estimate",
    "executor_at",
    "follow",
    "load_study",
    "run",
    "simulated_tables",
    "synthesize_like",
]
