"""Tables and notes as Pandoc reads them."""

from __future__ import annotations

import json
import subprocess

import pypandoc
import pytest

from reports.markdown import Table, box, bullets, note


@pytest.fixture
def table() -> Table:
    return Table(
        label="x",
        caption="En tabel",
        header=("Navn", "Antal"),
        rows=(("a | b", "<5"), ("c", "12")),
        widths=(30, 10),
        notes="Forklaring.",
        source="Egne beregninger.",
    )


def pandoc_blocks(markdown: str) -> list[dict[str, object]]:
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "--from", "markdown", "--to", "json"],
        input=markdown.encode(),
        capture_output=True,
        check=True,
    )
    blocks: list[dict[str, object]] = json.loads(done.stdout)["blocks"]
    return blocks


def test_a_table_has_header_cells_and_every_row(table: Table) -> None:
    block = pandoc_blocks(table.markdown())[0]
    assert block["t"] == "Table"
    text = json.dumps(block)
    assert '"a"' in text
    assert '"<5"' in text
    assert '"12"' in text


def test_column_shares_are_kept_so_that_tables_fill_the_line(table: Table) -> None:
    text = json.dumps(pandoc_blocks(table.markdown())[0])
    assert "ColWidth" in text


def test_a_note_without_words_is_no_note() -> None:
    assert note("", "") == ""
    assert "Kilde: x" in note("", "x")
    assert "Anm.:" not in note("", "x")


def test_boxes_and_lists_vanish_when_empty() -> None:
    assert bullets([]) == ""
    assert ".hovedfund" in box("Fund")
