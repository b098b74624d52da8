"""A JSON Schema is printed or written, and takes the place of nothing of the user's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reports.cli import main


def test_a_json_schema_is_printed_or_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["schema"]) == 0
    study = json.loads(capsys.readouterr().out)
    assert "design" in study["properties"]["study"]["required"]
    file = tmp_path / "dictionary.schema.json"
    assert main(["schema", "dictionary", "--out", str(file)]) == 0
    assert "#:schema ./dictionary.schema.json" in capsys.readouterr().out
    assert json.loads(file.read_text(encoding="utf-8"))["title"] == "enplan dictionary file"
    assert main(["schema", "report"]) == 2


def test_a_schema_takes_the_place_of_no_file_of_the_users(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "study.toml"
    file.write_text("# my plan", encoding="utf-8")
    for _ in range(2):
        assert main(["schema", "--out", str(file)]) == 0
    assert "kept as study.previous.toml" in capsys.readouterr().err
    assert (tmp_path / "study.previous.toml").read_text(encoding="utf-8") == "# my plan"
    assert not (tmp_path / "study.previous-2.toml").exists()
