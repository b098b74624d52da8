"""The page on the results folder says what the declarations say."""

from __future__ import annotations

from pathlib import Path

from analyses.published.reference import reference

PAGE = Path(__file__).parents[3] / "docs" / "results.md"


def test_the_page_is_the_declarations() -> None:
    # If this fails, replace the page by what reference() returns.
    assert PAGE.read_text(encoding="utf-8") == reference()
