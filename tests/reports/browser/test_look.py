"""The demonstration's page as readers meet it, in Chromium: `make browser`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

pytestmark = pytest.mark.browser

VIEWS = ("wide", "narrow", "400 per cent", "dark", "dark and narrow", "forced colours")
SMALLEST = 8.0  # pixels of a letter in a figure


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_breaks_the_guidelines_folded_and_unfolded(
    found: dict[str, Any], view: str
) -> None:
    assert found["views"][view]["folded"] == []
    assert found["views"][view]["unfolded"] == []


@pytest.mark.parametrize("view", VIEWS)
def test_the_page_is_as_wide_as_its_window_and_nothing_lies_over_or_is_cut(
    found: dict[str, Any], view: str
) -> None:
    said = found["views"][view]
    for state in (said, said["open"], said.get("spaced", said)):
        assert state["width"] <= state["window"]
        assert state["apart"]
        assert state["outside"] == []
        assert state["cut"] == 0
        assert state["letter"] >= SMALLEST


def test_no_table_calls_two_columns_the_same(found: dict[str, Any]) -> None:
    assert found["views"]["wide"]["twice"] == []


def test_it_asks_nobody_for_anything_and_has_nothing_to_complain_of(
    found: dict[str, Any],
) -> None:
    assert set(found["requests"]) == {"main.html"}
    assert found["console"] == []


def test_a_keyboard_reaches_all_in_order_and_shows_where_it_is(found: dict[str, Any]) -> None:
    stops = found["stops"]
    assert stops[0]["what"] == "A#spring"
    assert found["skipped"] == "tekst"
    assert len(stops) == found["focusable"]
    assert [stop["what"] for stop in stops if not stop["after"]] == []
    assert [stop["what"] for stop in stops if not stop["seen"]] == []
    assert {stop["ring"] for stop in stops} == {"solid"}


def test_numbers_behind_a_figure_are_opened_scrolled_and_saved(found: dict[str, Any]) -> None:
    assert found["opened"]
    assert found["scrolled"] > 0
    assert found["saved"]["name"].startswith("figur-")
    mark, *rest = found["saved"]["text"]
    assert mark == "\ufeff"
    first, *rows = "".join(rest).splitlines()
    assert first.split(";")[: len(found["heads"]) - 1] == found["heads"][:-1]
    assert rows


def test_it_prints_on_paper_without_what_only_a_screen_can_do(
    found: dict[str, Any], out: Path
) -> None:
    assert found["printed"] == {"details": 0, "wide": 0}
    pages = PdfReader(out / "paper.pdf").pages
    assert len(pages) > 5
    assert "Indhold" in "".join(sheet.extract_text() for sheet in pages[:3])


def test_a_report_with_its_figures_and_letters_stays_below_a_megabyte(page: Path) -> None:
    assert page.stat().st_size < 1_000_000
