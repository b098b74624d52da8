"""A Word file whose contents, numbers, sections and properties are there before Word counts."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from reports.rendering import Rendered
from reports.word import finish

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXT = """
# Første {#sec-first}

Se @tbl-x og @sec-first.

| A | B |
|:--|--:|
| a | 1 |

: Tal & tegn {#tbl-x}

## Under {#sec-under}

Tekst.
"""


@pytest.fixture
def made(render_text: Callable[..., Rendered]) -> Path:
    return render_text(TEXT, to=("docx",))["docx"]


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return archive.read(name).decode("utf-8")


def document(path: Path) -> ET.Element:
    return ET.fromstring(part(path, "word/document.xml"))  # noqa: S314 - written by the test


def codes(path: Path) -> list[str]:
    return [(one.text or "").strip() for one in document(path).iter(f"{W}instrText")]


def test_contents_lead_to_every_heading(made: Path) -> None:
    root = document(made)
    entries = [p for p in root.iter(f"{W}p") if p.find(f"{W}hyperlink") is not None]
    marks = {one.get(f"{W}name") for one in root.iter(f"{W}bookmarkStart")}
    holder = next(root.iter(f"{W}sdtContent"))
    listed = [p for p in entries if p in list(holder)]
    assert ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in listed] == [
        "1 Første",
        "1.1 Under",
    ]
    anchors = [link.get(f"{W}anchor") for p in listed for link in p.iter(f"{W}hyperlink")]
    assert set(anchors) <= marks
    assert [code for code in codes(made) if code.startswith("PAGEREF")] == [
        f"PAGEREF {anchor} \\h" for anchor in anchors
    ]


def test_numbers_and_references_are_fields_that_show_the_number(made: Path) -> None:
    assert r"SEQ Tabel \* ARABIC" in codes(made)
    assert r"REF _Ref_tbl-x \h" in codes(made)
    text = "".join(one.text or "" for one in document(made).iter(f"{W}t"))
    assert "Tabel\N{NO-BREAK SPACE}1: Tal & tegn" in text
    assert "Se tabel\N{NO-BREAK SPACE}1 og afsnit\N{NO-BREAK SPACE}1." in text


def test_every_field_that_begins_ends(made: Path) -> None:
    kinds = [one.get(f"{W}fldCharType") for one in document(made).iter(f"{W}fldChar")]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") > 0


def test_every_mark_has_a_number_of_its_own(made: Path) -> None:
    numbers = [one.get(f"{W}id") for one in document(made).iter(f"{W}bookmarkStart")]
    assert len(numbers) == len(set(numbers))


def test_cover_and_contents_are_sections_and_rows_stay_whole(made: Path) -> None:
    root = document(made)
    assert len(list(root.iter(f"{W}sectPr"))) == 3
    rows = list(root.iter(f"{W}tr"))
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)


def test_properties_are_danish_and_of_the_date(made: Path) -> None:
    settings = part(made, "word/settings.xml")
    assert 'themeFontLang w:val="da-DK"' in settings
    assert 'decimalSymbol w:val=","' in settings
    assert set(re.findall(r'W3CDTF">([^<]*)', part(made, "docProps/core.xml"))) == {
        "2026-11-22T12:00:00Z"
    }


def test_no_picture_is_described_by_its_own_content(rendered: Rendered) -> None:
    assert "data:image" not in part(rendered["docx"], "word/document.xml")


def test_a_finished_file_can_be_finished_again(made: Path) -> None:
    before = codes(made)
    finish(made)
    assert sorted(codes(made)) == sorted(before)
