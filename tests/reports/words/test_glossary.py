"""The glossary agrees with the catalogues, and the page in docs with the glossary."""

from __future__ import annotations

from pathlib import Path

from evaluation.comparison.methods import METHODS
from reports.words import glossary
from reports.words.terms import TERMS

PAGE = Path(__file__).parents[3] / "docs" / "glossary.md"


def test_the_page_is_what_the_catalogues_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == glossary.page()


def test_every_method_and_every_term_that_r_knows_has_its_name_there() -> None:
    assert set(glossary.R_METHODS) == {kind.name for kind in METHODS}
    assert set(glossary.R_TERMS) <= set(TERMS)


def test_no_line_lacks_a_word() -> None:
    for _, rows in glossary.entries():
        assert all(row.english and row.danish and row.name for row in rows)
