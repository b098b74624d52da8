"""Tables and notes as Pandoc reads them."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pypandoc

from reports.markdown import box, bullets, exhibit, note, table


def example(heads: tuple[str, ...] = ("Navn", "Antal"), name: str = "a | b") -> str:
    return table(
        "x",
        "En tabel",
        heads,
        ((name, "<5"), ("c", "12")),
        notes="Forklaring.",
        source="Egne beregninger.",
    )


def pandoc_blocks(markdown: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "--from", "markdown", "--to", "json"],
        input=markdown.encode(),
        capture_output=True,
        check=True,
    )
    blocks: list[dict[str, Any]] = json.loads(done.stdout)["blocks"]
    return blocks


def shares(markdown: str) -> list[int]:
    """Return how many dashes stand under each head."""
    rule = next(line for line in markdown.splitlines() if line and set(line) <= set("|:- "))
    return [part.count("-") for part in rule.strip("|").split("|")]


def test_a_table_has_header_cells_and_every_row() -> None:
    block = pandoc_blocks(example())[0]["c"][1][0]
    assert block["t"] == "Table"
    text = json.dumps(block)
    assert '"a"' in text
    assert '"<5"' in text
    assert '"12"' in text


def test_column_shares_are_kept_so_that_tables_fill_the_line() -> None:
    text = json.dumps(pandoc_blocks(example())[0])
    assert "ColWidth" in text
    assert sum(shares(example())) >= 88


def test_a_column_is_as_wide_as_its_longest_word() -> None:
    long = "Subdistributionshasardratio"
    wide, narrow = shares(example(name=f"{long} og meget andet, der kan brydes" * 4))
    assert wide > len(long) > narrow
    under = shares(example(heads=("Navn", "Sammenligningsgruppen")))
    broken = shares(example(heads=("Navn", "Sammen\u00adlignings\u00adgruppen")))
    assert under[1] > broken[1]


def test_an_estimate_with_its_interval_stands_on_one_line() -> None:
    ends = "5,8 (−0,1 til 11,6)"
    made = table("x", "En tabel", ("a " * 60, "Forskel"), [("b " * 60, ends)])
    assert shares(made)[1] > len(ends)


def test_a_note_without_words_is_no_note() -> None:
    assert note("", "") == ""
    assert "Kilde: x" in note("", "x")
    assert "Anm.:" not in note("", "x")


def test_boxes_and_lists_vanish_when_empty() -> None:
    assert bullets([]) == ""
    assert ".hovedfund" in box("Fund")


def test_numbers_of_a_figure_stand_in_its_frame_one_row_to_a_line() -> None:
    made = exhibit("![A](a.svg){#fig-a}\n", "figur-a", [("Navn", "Tal"), ("a; b\nc", "1,0")])
    frame = pandoc_blocks(made)[0]
    assert frame["c"][0][:2] == ["figur-a", ["rul"]]
    figure, code = frame["c"][1]
    assert figure["t"] == "Figure"
    assert code["c"] == [["", ["tal"], []], "Navn;Tal\na, b c;1,0"]
