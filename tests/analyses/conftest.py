"""A small synthetic study, in memory and on disk, and the study file that goes with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyses import Estimates, Study, Tables, estimate, load_study, run, simulated_tables
from analyses.results.folder import Results
from data_dictionary import Codebook, load
from surveys import synthesize
from surveys.synthetic import SyntheticStudy, simulate

PERSONS = 1_500


@pytest.fixture(scope="session")
def words() -> Codebook:
    return load("enplan")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a synthetic study on disk."""
    folder = tmp_path_factory.mktemp("synthetic")
    synthesize(folder, seed=3, persons=PERSONS)
    return folder


@pytest.fixture(scope="session")
def study(made: Path) -> Study:
    return load_study(made / "study")


@pytest.fixture(scope="session")
def results(made: Path, study: Study) -> Results:
    return run(study, made / "results")


@pytest.fixture(scope="session")
def estimates(study: Study, tables: Tables) -> Estimates:
    return estimate(study, tables)


@pytest.fixture(scope="session")
def simulated() -> SyntheticStudy:
    return simulate(seed=3, persons=PERSONS)


@pytest.fixture(scope="session")
def tables(simulated: SyntheticStudy, words: Codebook) -> Tables:
    return simulated_tables(simulated, words)
