"""The import report tells what was read, left out and changed, and shows no value."""

from __future__ import annotations

from pathlib import Path

import surveys
from data_dictionary import Column, Table

TABLE = Table(
    name="svar", label="Svar", file="svar.toml", key=("id",),
    columns=(
        Column(name="id", type="string", label="Id", role="key", sensitivity="identifying"),
        Column(
            name="q1", type="integer", label="Q", codes={1: "Nej", 2: "Ja"},
            missing={8: "do_not_know"},
        ),
    ),
)  # fmt: skip


def test_everything_that_was_done_to_a_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "w1.csv"
    path.write_text("id;q1;q11;wave\nhemmelig;1;x;1\nb;8;x;1\nc;;x;1\nd;2;x;2\n")
    wave = surveys.read_wave(path, TABLE, 1, keep={"wave": [1]}, reverse=["q1"])
    report = wave.report()
    told = report.tidy()
    assert told["what"].tolist() == [
        "read", "encoding", "rows_not_kept", "columns_ignored", "recoded", "missing", "missing",
    ]  # fmt: skip
    assert told["n"].tolist() == [3, 0, 1, 1, 1, 1, 1]
    assert set(told["file"]) == {"w1.csv"}
    text = report.summary()
    assert text.startswith("w1.csv (svar, wave 1)\n  - 3 row(s) and 3 column(s) of 4 read")
    assert "  - q1: 1 value(s) missing: do_not_know" in text
    assert "q1: 1 value(s) were recoded as declared (1 = 2, 2 = 1)" in text
    assert "hemmelig" not in text
    assert report._repr_markdown_().startswith("**w1.csv (svar, wave 1)**\n\n- 3 row(s)")
    assert str(report).startswith("ImportReport: w1.csv, ")


def test_of_many_columns_the_first_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "w.csv"
    names = [f"x{k}" for k in range(20)]
    path.write_text(f"id;q1;{';'.join(names)}\na;1;{';'.join('1' * 20)}\n")
    report = surveys.read_table(path, TABLE).report()
    assert "x0, x1, x2, x3, x4, x5 and 14 more: 20 column(s)" in report.summary()
    assert "x19" in " ".join(report.tidy()["columns"])
