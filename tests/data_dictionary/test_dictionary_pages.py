"""The page and the JSON Schema of dictionary files say what the check does."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from data_dictionary.dictionary_pages import dictionary_schema, reference
from tests.json_schema import unknown

PAGE = Path(__file__).parents[2] / "docs" / "dictionary-file.md"
EDITIONS = Path(str(files("data_dictionary") / "editions"))
FILES = sorted(EDITIONS.rglob("*.toml"))


def test_the_page_ends_with_the_reference_of_every_key() -> None:
    # If this fails, replace what follows "## Every key" by what reference() returns.
    assert PAGE.read_text(encoding="utf-8").endswith(f"## Every key\n\n{reference()}")


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_the_json_schema_knows_every_key_of_the_shipped_files(file: Path) -> None:
    raw = tomllib.loads(file.read_text(encoding="utf-8"))
    assert unknown(raw, dictionary_schema()) == []


def test_the_json_schema_underlines_a_misspelt_key() -> None:
    table = {"label": "A", "role": "persons", "columns": {"a": {"typ": "string"}}}
    assert unknown(table, dictionary_schema()) == ["columns.a.typ"]
