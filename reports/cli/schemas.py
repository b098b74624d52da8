"""The JSON Schemas by which an editor completes study and dictionary files, as files."""

from __future__ import annotations

import json
from pathlib import Path

# Named in the first line of the study file that `synthesize` writes.
SCHEMA_FILE = "study.schema.json"


def schema_text(what: str) -> str:
    """Return the JSON Schema of a study file or of dictionary files."""
    from analyses.study.reference import study_schema
    from data_dictionary.dictionary_pages import dictionary_schema

    found = study_schema() if what == "study" else dictionary_schema()
    return json.dumps(found, indent=1, ensure_ascii=False)


def write_schema(what: str, file: Path) -> None:
    """Write the JSON Schema to a file; what stood there and is not of ours is kept."""
    from surveys.files.placing import place_texts

    place_texts(file.parent, {file.name: schema_text(what) + "\n"})
