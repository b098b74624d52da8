"""Workbooks of every format: the sheet that is read, and what is refused before it is."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

import surveys
from data_dictionary import Column, Table
from data_dictionary.errors import DataError
from surveys.files.workbook import visible_sheets

DATA = Path(__file__).parent / "workbooks"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return a workbook whose first sheet is hidden."""
    path = tmp_path / "answers.xlsx"
    made = Workbook()
    made.active.title = "Koder"
    made.active.append(["kode"])
    made.active.sheet_state = "hidden"
    sheet = made.create_sheet("Svar")
    for row in (["person_id", "age"], ["a1", 34], ["a2", 35]):
        sheet.append(row)
    made.create_sheet("Noter").append(["Om data"])
    made.save(path)
    return path


def changed(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """Return a copy of a workbook with one part of it written anew."""
    out = path.with_name(f"changed{path.suffix}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content.decode()) if name == part else content)
    return out


def test_the_first_visible_sheet_is_read_and_the_others_are_told(book: Path) -> None:
    source = surveys.read(book)
    assert source.provenance.sheet == "Svar"
    assert source.frame.to_dict("list") == {"person_id": ["a1", "a2"], "age": [34, 35]}
    assert [str(one) for one in source.remarks] == [
        "2 other sheet(s) were not read: Koder (hidden), Noter"
    ]
    assert visible_sheets(book) == ["Svar", "Noter"]


def test_a_hidden_sheet_is_read_where_it_is_named(book: Path) -> None:
    assert surveys.read(book, sheet="Koder").frame.columns.tolist() == ["kode"]


@pytest.mark.parametrize("suffix", [".xlsm", ".xlsb", ".ods"])
def test_a_workbook_is_read_by_its_content(book: Path, suffix: str) -> None:
    path = book.rename(book.with_suffix(suffix))
    assert surveys.read(path).frame["age"].tolist() == [34, 35]


def test_a_workbook_in_strict_open_xml_is_read_with_its_dates(tmp_path: Path) -> None:
    path = tmp_path / "strict.xlsx"
    pd.DataFrame({"day": pd.to_datetime(["2017-09-01"])}).to_excel(path, index=False)
    old = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"):
        strict = changed(
            path,
            part,
            lambda xml: xml.replace(old, "http://purl.oclc.org/ooxml/spreadsheetml/main"),
        )
        path = strict.replace(path)
    assert surveys.read(path).frame["day"].tolist() == [pd.Timestamp("2017-09-01")]


def test_errors_of_an_old_workbook_are_refused_by_cell() -> None:
    with pytest.raises(
        DataError, match=r"sheet 'Svar': 2 cell\(s\) hold an error.*D3 #N/A, C4 #DIV"
    ):
        surveys.read(DATA / "errors.xls")
    assert surveys.read(DATA / "errors.xls", sheet="Noter").frame["note"].tolist() == ["x"]


def test_an_open_document_is_read_whatever_stands_between_its_cells() -> None:
    frame = surveys.read(DATA / "answers.ods", sheet="Svar").frame
    assert frame["person_id"].tolist() == ["a1", "00124", "a3"]
    assert frame["age"].tolist()[:2] == [34, 35]
    assert frame["comment"].tolist() == ["Blåbær", None, "æøå"]


def test_an_error_in_an_open_document_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "answers.ods"
    path.write_bytes((DATA / "answers.ods").read_bytes())
    wrong = changed(
        path,
        "content.xml",
        lambda xml: xml.replace(
            '"float" office:value="35"', '"string" calcext:value-type="error"'
        ),
    )
    with pytest.raises(DataError, match=r"1 cell\(s\) hold an error"):
        surveys.read(wrong, sheet="Svar")
    assert surveys.read(wrong, sheet="Noter").frame["note"].tolist() == ["x"]


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ('<table:table-cell table:formula="of:=1+1"/>', "a formula without a stored value"),
        ('<table:table-cell office:value-type="float" office:value="0"><text:p>Err:502</text:p>'
         "</table:table-cell>", "an error"),
    ],
)  # fmt: skip
def test_cells_without_a_value_in_an_open_document_are_refused(
    cell: str, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "answers.ods"
    path.write_bytes((DATA / "answers.ods").read_bytes())
    of_35 = r'<table:table-cell[^>]*office:value="35".*?</table:table-cell>'
    wrong = changed(path, "content.xml", lambda xml: re.sub(of_35, cell, xml))
    with pytest.raises(DataError, match=rf"1 cell\(s\) hold {told}"):
        surveys.read(wrong, sheet="Svar")


def test_a_binary_workbook_is_read_unless_its_records_are_passed_over() -> None:
    assert surveys.read(DATA / "date.xlsb").frame["15"].tolist() == [16, 17]
    with pytest.raises(DataError, match="in short records"):
        surveys.read(DATA / "short_records.xlsb", sheet="Svar")


def test_a_password_is_named(tmp_path: Path) -> None:
    path = tmp_path / "answers.xlsx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 40
    )
    for protected in (path, DATA / "pass_protected.ods"):
        with pytest.raises(DataError, match="protected by a password"):
            surveys.read(protected)


def test_old_workbooks_and_web_pages_under_a_wrong_name_are_told(tmp_path: Path) -> None:
    path = tmp_path / "answers.xlsx"
    path.write_bytes((DATA / "errors.xls").read_bytes())
    with pytest.raises(DataError, match=r"Rename it to end in \.xls\."):
        surveys.read(path)
    page = tmp_path / "export.xls"
    page.write_text("<html><table><tr><td>a</td></tr></table></html>")
    with pytest.raises(DataError, match="holds a web page"):
        surveys.read(page)


def test_a_cell_far_away_is_refused_before_it_fills_the_memory(book: Path) -> None:
    far = changed(
        book, "xl/worksheets/sheet2.xml", lambda xml: xml.replace('r="B3"', 'r="XFD1048576"')
    )
    with pytest.raises(DataError, match="reaches to cell XFD1048576"):
        surveys.read(far)


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet2.xml", "xl/styles.xml"]
)
def test_a_document_type_is_refused(book: Path, part: str) -> None:
    wrong = changed(book, part, lambda xml: f'<!-- <a> --><!DOCTYPE a [<!ENTITY b "c">]>{xml}')
    with pytest.raises(DataError, match=r"document type \(DTD\)"):
        surveys.read(wrong)


def test_a_first_sheet_without_columns_of_the_dictionary_is_refused(tmp_path: Path) -> None:
    made = Workbook()
    made.active.append(["Om data"])
    sheet = made.create_sheet("Svar")
    sheet.append(["person_id"])
    sheet.append(["a1"])
    made.save(tmp_path / "answers.xlsx")
    key = Column(name="person_id", type="string", label="Nøgle", role="key")
    table = Table(name="a", label="A", file="a.toml", key=("person_id",), columns=(key,))
    with pytest.raises(DataError, match='sheet = "Svar"'):
        surveys.read_table(tmp_path / "answers.xlsx", table)
    read = surveys.read_table(tmp_path / "answers.xlsx", table, sheet="Svar")
    assert read.frame["person_id"].tolist() == ["a1"]
