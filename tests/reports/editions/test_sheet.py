"""The sheet holds the key figures on two pages, or says that it cannot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pypdf
import pytest

from data_dictionary.errors import DataError, RenderError
from reports.editions import sheet as sheets
from reports.editions.sheet import LENGTHS, render_sheet, sheet
from reports.facts import Sheet, load
from tests.reports import minimal


def test_a_sheet_has_two_pages_at_most_with_finding_certainty_and_what_is_not_known(
    results: Path, tmp_path: Path
) -> None:
    page, paper = render_sheet(results, tmp_path)
    assert [page.name, paper.name] == ["resultatblad.html", "resultatblad.pdf"]
    pdf = pypdf.PdfReader(paper)
    assert 1 <= len(pdf.pages) <= 2
    told = " ".join(" ".join(one.extract_text() for one in pdf.pages).split())
    shown = " ".join(page.read_text("utf-8").split())
    for text in ("Hovedfund", "For hvem", "hvad der ikke er målt", "statistisk sikker"):
        assert text in told
        assert text in shown
    assert 'id="fig-hovedtal"' in shown
    assert shown.count("<svg") == 1
    assert "Studiefilens kontrolsum" in told


def longer(than: int) -> Callable[..., Mapping[str, bytes]]:
    """Return what refuses sheets of more than some length."""

    def made_of(texts: Any, **_: Any) -> Mapping[str, bytes]:
        if texts.args[1] > than:
            raise RenderError("PDF: panicked with: a sheet has two pages")
        return {"pdf": f"{texts.args[1]}".encode()}

    return made_of


@pytest.mark.parametrize("than", LENGTHS)
def test_where_it_is_too_long_the_next_length_is_tried(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, than: int
) -> None:
    monkeypatch.setattr(sheets, "made_of", longer(than))
    (paper,) = render_sheet(results, tmp_path, to=["pdf"])
    assert paper.read_bytes() == f"{than}".encode()


def test_what_never_fits_is_refused_and_nothing_is_written(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "made_of", longer(-1))
    with pytest.raises(RenderError, match="do not fit on the two pages"):
        render_sheet(results, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_another_fault_is_not_taken_for_length(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failed(*_: object, **__: object) -> None:
        raise RenderError("Pandoc failed")

    monkeypatch.setattr(sheets, "made_of", failed)
    with pytest.raises(RenderError, match="Pandoc failed"):
        render_sheet(results, tmp_path)


def test_the_typesetter_counts_the_pages(results: Path, tmp_path: Path) -> None:
    report = load(results)

    def texts() -> dict[str, str]:
        made = sheet(report)  # type: ignore[arg-type]
        return made | {"index.qmd": made["index.qmd"] + "\n\nEt afsnit.\n" * 120}

    with pytest.raises(RenderError, match="a sheet has two pages"):
        sheets.made_of(texts, results=results, to=["pdf"])
    # A page has no end.
    assert sheets.made_of(texts, results=results, to=["html"])["html"]


def test_a_shorter_sheet_has_less(results: Path) -> None:
    report = load(results)
    whole, less, least = (sheet(report, one)["index.qmd"] for one in LENGTHS)  # type: ignore[arg-type]
    assert len(whole) >= len(less) > len(least)
    assert "{#tbl-noegletal}" in less
    assert "{#tbl-noegletal}" not in least
    assert "Hovedfund" in least


def test_a_study_of_one_group_has_no_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Sheet(facts=minimal.facts(), frames={})
    monkeypatch.setattr(sheets, "load", lambda _: one)
    with pytest.raises(DataError, match="no tested differences"):
        render_sheet(tmp_path, tmp_path / "ud")
