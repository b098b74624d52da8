"""Labels of a SAS catalogue: of the one that is declared, or that bears the file's name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

import surveys
from data_dictionary.errors import DataError
from surveys.files.sas_catalog import Formats, with_labels
from surveys.files.stat_table import StatTable

DATA = Path(__file__).parents[2] / "data"
CATALOG = DATA / "pyreadstat_missing_formats.sas7bcat"
FILE = DATA / "pyreadstat_missing_test.sas7bdat"
FORMATS: Formats = {"YESNO": {1.0: "Ja", 2.0: "Nej", "A": "Ved ikke"}, "$SEX": {"f": "Kvinde"}}


def table() -> StatTable:
    stored = {"q": "YESNO2.", "s": "$SEX1", "d": "DATE9", "x": None, "y": "YESNO"}
    return StatTable(
        program="SAS", frame=pd.DataFrame(), formats=stored, encoding="utf-8", reason=""
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(FILE, tmp_path / "answers.sas7bdat")
    return tmp_path


def test_labels_go_by_the_name_of_the_format(tmp_path: Path) -> None:
    (tmp_path / "f.sas7bcat").touch()
    told = with_labels(table(), tmp_path / "t.sas7bdat", "f.sas7bcat", lambda _: FORMATS)
    answers = {1: "Ja", 2: "Nej", ".A": "Ved ikke"}
    assert told.value_labels == {"q": answers, "s": {"f": "Kvinde"}, "y": answers}
    (remark,) = told.remarks
    assert (remark.what, remark.columns, remark.detail) == (
        "catalog",
        ("q", "s", "y"),
        "f.sas7bcat",
    )


def test_a_real_catalogue_is_read_where_it_is_declared(folder: Path) -> None:
    shutil.copy(CATALOG, folder / "formats.sas7bcat")
    path = folder / "answers.sas7bdat"
    assert surveys.read(path, catalog="formats.sas7bcat").value_labels == {
        "var1": {".A": "missing"}
    }
    source = surveys.read(path)
    assert source.value_labels == {}
    assert [str(one) for one in source.remarks] == [
        "labels may stand in formats.sas7bcat beside it; catalog names one to read"
    ]


def test_the_catalogue_of_the_file_s_name_is_used_and_told(folder: Path) -> None:
    shutil.copy(CATALOG, folder / "Answers.sas7bcat")
    source = surveys.read(folder / "answers.sas7bdat")
    assert source.value_labels == {"var1": {".A": "missing"}}
    assert [one.what for one in source.remarks] == ["catalog"]


def test_what_is_no_catalogue_is_refused_by_name(folder: Path) -> None:
    (folder / "formats.sas7bcat").write_bytes(CATALOG.read_bytes()[:9_000])
    (folder / "other.sas7bcat").write_bytes(b"no catalogue")
    path = folder / "answers.sas7bdat"
    with pytest.raises(
        DataError, match=r"no catalogue 'format\.sas7bcat'.*Did you mean 'formats"
    ):
        surveys.read(path, catalog="format.sas7bcat")
    with pytest.raises(DataError, match=r"other\.sas7bcat: cannot be read as a catalogue"):
        surveys.read(path, catalog="other.sas7bcat")


def test_a_catalogue_for_another_program_s_file_is_refused() -> None:
    with pytest.raises(DataError, match="catalog is for files of SAS"):
        surveys.read(DATA / "sleep.sav", catalog="formats.sas7bcat")
