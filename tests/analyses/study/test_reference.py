"""The page on the study file says what the check does."""

from __future__ import annotations

from pathlib import Path

from analyses.study import section_keys as study_keys
from analyses.study.reference import TABLES, reference

PAGE = Path(__file__).parents[3] / "docs" / "study-file.md"


def test_the_page_ends_with_the_reference_of_every_key() -> None:
    # If this fails, replace what follows "## Every key" by what reference() returns.
    assert PAGE.read_text(encoding="utf-8").endswith(f"## Every key\n\n{reference()}")


def test_every_section_of_the_check_is_in_the_reference() -> None:
    for section in study_keys.SECTIONS.values():
        assert any(title.startswith(section) for title, _ in TABLES)
