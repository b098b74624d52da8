"""Cells without a value and cells far away are found in XML, however it is written."""

from __future__ import annotations

import pytest

from surveys.files.sheet_xml import FORMULA, far_cell, faults_of, letters, tells_no_far_cell


def sheet(cells: str, prefix: str = "") -> bytes:
    marked = cells.replace("</", "\0").replace("<", f"<{prefix}").replace("\0", f"</{prefix}")
    return f"<{prefix}worksheet><{prefix}sheetData>{marked}</{prefix}worksheet>".encode()


def found(xml: bytes, *, is_unsaved: bool = False) -> list[tuple[str, str]]:
    faults = faults_of(xml, is_unsaved=is_unsaved)
    return [(f"{letters(one.column)}{one.row}", one.what) for one in faults]


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_errors_and_formulas_without_a_value_are_found(prefix: str) -> None:
    cells = (
        '<c r="A1" t="e"><v>#DIV/0!</v></c><c r="B1"><v>1</v></c><c r="AA2" s="1" t="e">'
        '<f>1/0</f><v>#N/A</v></c><c r="A3"><f>B1+1</f></c><c r="B3"><f>B1</f><v/></c>'
        '<c r="C3"><f t="shared" si="0"/><v></v></c><c r="D3"><f>B1</f><v>2</v></c>'
        '<c r="E3" t="str"><f>""</f><v></v></c><c r="F3" t="str"><f>B1</f></c>'
    )
    assert found(sheet(cells, prefix)) == [
        ("A1", "#DIV/0!"),
        ("AA2", "#N/A"),
        ("A3", FORMULA),
        ("B3", FORMULA),
        ("C3", FORMULA),
        ("F3", FORMULA),
    ]


def test_text_that_looks_like_an_error_or_a_formula_is_none() -> None:
    assert found(sheet('<c r="A1" t="s"><v>t="e"</v></c><c r="B1"><is><t>f</t></is></c>')) == []
    assert found(sheet('<c r="A1" t="inlineStr"><is><t>a t="e" b</t></is></c>')) == []


def test_zeros_of_a_program_that_does_not_compute_are_no_values() -> None:
    zeros = '<c r="A1"><f>B1</f><v>0</v></c><c r="A2"><f>B2</f><v>0</v></c>'
    assert found(sheet(zeros)) == []
    assert [cell for cell, _ in found(sheet(zeros), is_unsaved=True)] == ["A1", "A2"]
    assert found(sheet(zeros + '<c r="A3"><f>1</f><v>1</v></c>'), is_unsaved=True) == []


def test_a_far_cell_is_told_unless_the_sheet_is_full() -> None:
    assert far_cell(sheet('<c r="A1"/><c r="XFD1048576"/>')) == "XFD1048576"
    assert far_cell(sheet('<c r="A1"/><c r="B1048576"/>')) is None
    assert far_cell(sheet('<c r="A1"/>')) is None


def test_a_large_sheet_is_believed_what_its_head_says() -> None:
    head = b'<worksheet><dimension ref="A1:AN50001"/>'
    assert tells_no_far_cell(head, 60 << 20)
    assert not tells_no_far_cell(head, 1000)
    assert not tells_no_far_cell(head.replace(b"AN50001", b"XFD1048576"), 60 << 20)
    assert not tells_no_far_cell(b"<worksheet>", 60 << 20)
