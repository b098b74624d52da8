"""A small study with places, run once for the tests of this room."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyses import load_study, run
from tests.small_study import COHORT, COMPARISON, DATA, HEAD, VALUE, write_study


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the results of a study of six towns with the programme."""
    folder = tmp_path_factory.mktemp("steder æøå")
    study = write_study(folder, HEAD, DATA, COHORT, COMPARISON, VALUE)
    run(load_study(study), folder / "results")
    return folder / "results"
