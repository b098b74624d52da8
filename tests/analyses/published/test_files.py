"""A table is read back as it was written, with the reasons why cells are empty."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analyses.published.files import read_table, write_table
from analyses.published.gate import Gate
from analyses.published.sites import SITES
from analyses.published.tables import TABLES
from tests.analyses.published.whole import whole


@pytest.fixture
def sites() -> pd.DataFrame:
    made = pd.DataFrame(
        {"outcome": "a", "term": "t", "cluster": list("xyz"), "effective": np.nan}
    )
    return made.assign(n_treated=[3, 20, 30], estimate=[1.0, 2.0, 1 / 3])


def test_frame_and_reasons_come_back(sites: pd.DataFrame, tmp_path: Path) -> None:
    shown = Gate(5).publish({"sites": whole("sites", sites)})["sites"]
    write_table(SITES, shown, tmp_path)
    again = read_table(SITES, tmp_path)
    pd.testing.assert_frame_equal(again.frame, shown.frame)
    assert again.hidden == shown.hidden
    lines = (tmp_path / "sites.csv").read_bytes().split(b"\n")
    assert lines[3] == b"a,t,z,0.33,30,,,"


def test_an_empty_table_keeps_its_types(tmp_path: Path) -> None:
    for name, shown in Gate(5).publish({}).items():
        write_table(TABLES[name], shown, tmp_path)
        again = read_table(TABLES[name], tmp_path).frame
        assert again.dtypes.to_dict() == shown.frame.dtypes.to_dict()


def test_two_writings_are_the_same_bytes(sites: pd.DataFrame, tmp_path: Path) -> None:
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        write_table(SITES, Gate(5).publish({"sites": whole("sites", sites)})["sites"], folder)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
