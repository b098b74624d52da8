"""The page on the study file says what the check does, and so does the JSON Schema."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from analyses.study.reference import TABLES, reference, study_schema
from analyses.study.study_file import StudyFile
from data_dictionary.schema import keys_of
from tests.json_schema import unknown

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "study-file.md"
FILES = [*ROOT.glob("analyses/studies/*/study.toml"), ROOT / "surveys/synthetic/study.toml"]


def test_the_page_ends_with_the_reference_of_every_key() -> None:
    # If this fails, replace what follows "## Every key" by what reference() returns.
    assert PAGE.read_text(encoding="utf-8").endswith(f"## Every key\n\n{reference()}")


def test_every_section_of_the_check_is_in_the_reference() -> None:
    titles = " ".join(title for title, _, _ in TABLES)
    for section in keys_of(StudyFile):
        assert f"[{section}" in titles


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_the_json_schema_knows_every_key_of_a_study_file(file: Path) -> None:
    raw = tomllib.loads(file.read_text(encoding="utf-8"))
    schema = study_schema()
    assert json.loads(json.dumps(schema)) == schema
    assert unknown(raw, schema) == []


def test_the_json_schema_refuses_what_the_check_refuses() -> None:
    schema = study_schema()
    assert unknown({"study": {"sed": 1}}, schema) == ["study.sed"]
    assert unknown({"outcome": [{"kind": "score", "scal": "x"}]}, schema) == ["outcome.scal"]
    assert unknown({"comparison": {"options": {"min_control": 1}}}, schema) == [
        "comparison.options.min_control"
    ]
