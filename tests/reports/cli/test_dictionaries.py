"""Dictionaries are shown, drafted and compared on the command line."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from data_dictionary import load
from data_dictionary.ddi import ddi_contents
from reports.cli import main

DATA = Path(__file__).parents[2] / "data"

Capture = pytest.CaptureFixture[str]


def test_a_dictionary_is_shown_as_markdown(capsys: Capture) -> None:
    assert main(["dictionary", "show", "cases"]) == 0
    assert "| `opened` |" in capsys.readouterr().out
    assert main(["dictionary", "show", "--dictionary", "nsw"]) == 0
    assert capsys.readouterr().out.startswith("# persons: Personer")


@pytest.mark.parametrize("form", ["markdown", "html", "xlsx", "ddi"])
def test_a_dictionary_is_written_and_what_stood_there_is_kept(
    form: str, tmp_path: Path
) -> None:
    out = tmp_path / "words.xml"
    out.write_text("mine", encoding="utf-8")
    given = ["dictionary", "show", "citizen", "--format", form, "--out", str(out)]
    assert main(given) == 0
    assert (tmp_path / "words.previous.xml").read_text(encoding="utf-8") == "mine"
    if form == "ddi":
        assert list(ddi_contents(out)) == ["citizen"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "--format", "xlsx"], "needs a file"),
        (["show", "--format", "pdf"], "choose from"),
        (["draft", "x.sav", "--read", "haeder=3"], "Did you mean 'header'?"),
    ],
)
def test_a_wrong_command_line_is_told(arguments: list[str], said: str, capsys: Capture) -> None:
    assert main(["dictionary", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_draft_is_written_once_with_what_is_to_be_decided(
    tmp_path: Path, capsys: Capture
) -> None:
    given = ["dictionary", "draft", str(DATA / "spss27.sav"), "--out", str(tmp_path / "words")]
    assert main(given) == 0
    told = capsys.readouterr().out
    assert "To decide (" in told
    assert "sex: missing: the file declares -99 missing and does not say why" in told
    assert list(load(tmp_path / "words").tables) == ["spss27"]
    assert main(given) == 1
    assert "exists; nothing was written" in capsys.readouterr().err


def test_a_draft_can_be_printed_and_told_how_to_read(tmp_path: Path, capsys: Capture) -> None:
    with pd.ExcelWriter(tmp_path / "x.xlsx") as book:
        for name in ("first", "second"):
            pd.DataFrame({name: [1, 2]}).to_excel(book, sheet_name=name, index=False)
    given = ["dictionary", "draft", str(tmp_path / "x.xlsx"), "--read", "sheet=second"]
    assert main(given) == 0
    told = capsys.readouterr()
    assert "[columns.second]" in told.out
    assert "To decide" in told.err


def test_two_dictionaries_are_compared(capsys: Capture) -> None:
    assert main(["dictionary", "diff", "enplan", "enplan"]) == 0
    assert "No differences." in capsys.readouterr().out
    assert main(["dictionary", "diff", "nsw", "unempdur"]) == 1
    assert "persons: treat: column left out" in capsys.readouterr().out


def test_two_waves_are_compared_by_what_their_files_say(
    tmp_path: Path, capsys: Capture
) -> None:
    for name, turned in (("a.xlsx", False), ("b.xlsx", True)):
        labels = ["Nej", "Ja"][:: -1 if turned else 1]
        with pd.ExcelWriter(tmp_path / name) as book:
            pd.DataFrame({"id": ["a1", "a2"], "q1": [1, 2]}).to_excel(book, index=False)
            told = pd.DataFrame({"variabel": ["q1", "q1"], "kode": [1, 2], "tekst": labels})
            told.to_excel(book, sheet_name="Etiketter", index=False)
    both = [str(tmp_path / "a.xlsx"), str(tmp_path / "b.xlsx")]
    assert main(["dictionary", "diff", *both]) == 1
    told_out = capsys.readouterr().out
    assert "q1: order of codes: 1 Nej, 2 Ja -> 1 Ja, 2 Nej" in told_out
    assert main(["dictionary", "diff", both[0], "enplan"]) == 1
    assert "name two files or two dictionaries" in capsys.readouterr().err


def test_a_folder_or_a_study_is_shown_by_naming_it(tmp_path: Path, capsys: Capture) -> None:
    assert main(["init", str(tmp_path / "mit"), "--from", str(DATA / "spss27.sav")]) == 0
    capsys.readouterr()
    for place in (tmp_path / "mit", tmp_path / "mit" / "words"):
        assert main(["dictionary", "show", str(place)]) == 0
        assert "# spss27: spss27" in capsys.readouterr().out
