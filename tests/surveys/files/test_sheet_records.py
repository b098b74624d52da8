"""Errors in the records of .xls and .xlsb, and records that would be passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from surveys.files.sheet_records import (
    UnknownRecordError,
    parts_of_xlsb,
    scan_of_xlsb,
    scans_of_xls,
)
from surveys.files.sheet_xml import Fault

DATA = Path(__file__).parent / "workbooks"


def test_the_errors_of_an_old_workbook_are_told_by_sheet() -> None:
    first, second, third = scans_of_xls((DATA / "errors.xls").read_bytes())
    assert first.faults == third.faults == []
    assert second.faults == [
        Fault(row=3, column=4, what="#N/A"),
        Fault(row=4, column=3, what="#DIV/0!"),
    ]
    assert (second.width, second.height) == (4, 4)


def test_an_old_workbook_that_is_cut_short_is_no_workbook() -> None:
    content = (DATA / "errors.xls").read_bytes()
    with pytest.raises(ValueError, match=r"cut short|no workbook"):
        scans_of_xls(content[: len(content) // 2])


def test_a_size_that_cannot_be_is_refused() -> None:
    content = (DATA / "plain.xls").read_bytes()
    at = content.index(b"\x00\x02\x0e\x00")
    wrong = content[: at + 4] + (1 << 20).to_bytes(4, "little") + content[at + 8 :]
    with pytest.raises(ValueError, match="cannot be"):
        scans_of_xls(wrong)


def record(kind: int, content: bytes) -> bytes:
    return bytes([kind, len(content)]) + content


def test_the_errors_of_a_binary_sheet_are_told() -> None:
    row = record(0, (6).to_bytes(4, "little") + bytes(8))
    value = record(5, (1).to_bytes(4, "little") + bytes(12))
    error = record(3, (2).to_bytes(4, "little") + bytes(4) + b"\x2a")
    of_formula = record(11, (3).to_bytes(4, "little") + bytes(4) + b"\x07" + bytes(6))
    assert scan_of_xlsb(row + value + error + of_formula).faults == [
        Fault(row=7, column=3, what="#N/A"),
        Fault(row=7, column=4, what="#DIV/0!"),
    ]
    with pytest.raises(UnknownRecordError):
        scan_of_xlsb(row + record(13, bytes(8)))
    far = record(0, (1 << 20).to_bytes(4, "little")) + record(5, (255).to_bytes(4, "little"))
    assert scan_of_xlsb(far).far_corner == "IV1048577"


def test_the_parts_of_a_binary_workbook_are_told_by_name() -> None:
    texts = ("rId2", "Svar")
    content = bytes(8) + b"".join(
        len(text).to_bytes(4, "little") + text.encode("utf-16-le") for text in texts
    )
    listed = b"\x9c\x01" + bytes([len(content)]) + content
    assert dict(parts_of_xlsb(record(5, b"") + listed)) == {"Svar": "rId2"}
