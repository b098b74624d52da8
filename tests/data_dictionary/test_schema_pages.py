"""The reference page and the JSON Schema say what the check does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from data_dictionary.schema import key
from data_dictionary.schema_pages import json_schema, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    file: str = key("Path, relative to the study file.")
    decimal: Literal[".", ","] | None = key("Decimal mark.", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    name: str
    seed: int = key("Seed of every draw.", least=0)
    synthetic: bool = key("Whether the data are made up.", False)
    bands: tuple[int, ...] = key("Where bands begin.", (26, 52))
    source: str = key("Register.", "dream", name="from")
    one: File | None = key("A file.", None)
    data: Mapping[str, tuple[File, ...]] = key("Files.", {})


def test_every_key_has_a_row() -> None:
    assert rows_of(Plan).splitlines()[2:6] == [
        "| `seed` | a whole number | required | Seed of every draw. |",
        "| `synthetic` | true or false | `false` | Whether the data are made up. |",
        "| `bands` | a list of whole numbers, such as [26, 52, 104] | `[26, 52]` | "
        "Where bands begin. |",
        '| `from` | a text | `"dream"` | Register. |',
    ]
    assert "| `decimal` | `.` or `,` |  | Decimal mark. |" in rows_of(File)


def test_the_json_schema_has_what_an_editor_shows() -> None:
    schema = json_schema(Plan)
    assert json.loads(json.dumps(schema)) == schema
    assert schema["required"] == ["seed"]
    assert schema["additionalProperties"] is False
    assert list(schema["properties"]) == ["seed", "synthetic", "bands", "from", "one", "data"]
    assert schema["properties"]["seed"] == {
        "description": "Seed of every draw.",
        "type": "integer",
        "minimum": 0,
    }
    assert schema["properties"]["one"]["properties"]["decimal"]["enum"] == [".", ","]
    inside = schema["properties"]["data"]["additionalProperties"]["items"]
    assert inside["required"] == ["file"]
