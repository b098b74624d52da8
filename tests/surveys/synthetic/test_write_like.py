"""A twin's file is read back as it was drawn, whatever its format, names and layout."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data_dictionary import Column, Table
from surveys import read, read_table
from surveys.files.source import Reading
from surveys.synthetic.write_like import Written, write_like, written_name

TABLE = Table(
    name="svar",
    label="Svar",
    key=("person",),
    columns=(
        Column(name="person", label="Person", type="string", role="key"),
        Column(name="dag", label="Dag", type="date"),
        Column(
            name="tilfreds", label="Tilfreds", type="integer",
            codes={1: "Lidt", 2: "Noget", 3: "Meget"},
            missing={8: "do_not_know", ".a": "refused"},
        ),
        Column(name="penge", label="Penge", type="number"),
        Column(name="ja", label="Ja", type="boolean"),
    ),
)  # fmt: skip
FRAME = pd.DataFrame(
    {
        "person": ["a1", "b2", "c3", "d4"],
        "dag": np.array(["2018-01-02", "2018-02-28", "NaT", "2018-12-01"], "datetime64[D]"),
        "tilfreds": np.array([1, 8, 3, None], dtype=object),
        "penge": [0.5, 1200.0, np.nan, 12.3],
        "ja": [1, 0, 1, 1],
    }
)


@pytest.mark.parametrize("suffix", [".sav", ".zsav", ".dta", ".xlsx", ".parquet", ".csv"])
def test_what_was_drawn_is_read_back(suffix: str, tmp_path: Path) -> None:
    how = Reading(rename={"IdNr": "person", "Q1": "tilfreds"})
    path = tmp_path / f"w{suffix}"
    write_like([Written(FRAME, TABLE, how)], path)
    found = read_table(path, TABLE, rename=how.rename)
    assert [*read(path).frame][:3] == ["IdNr", "dag", "Q1"]
    assert found.frame["person"].tolist() == FRAME["person"].tolist()
    assert found.frame["tilfreds"].fillna(0).tolist() == [1, 0, 3, 0]
    assert found.missing.query("kind == 'do_not_know'")["row"].tolist() == [1]
    assert found.frame["penge"].fillna(-1).tolist() == [0.5, 1200.0, -1, 12.3]
    assert found.frame["dag"].dt.day.fillna(0).tolist() == [2, 28, 0, 1]
    assert found.frame["ja"].tolist() == [True, False, True, True]


def test_letters_stand_where_the_format_knows_them(tmp_path: Path) -> None:
    column = Column(name="a", label="A", type="integer", missing={".a": "refused"}, minimum=0)
    table = Table(name="t", label="T", columns=(column,))
    frame = pd.DataFrame({"a": np.array([1, ".a", 3], dtype=object)})
    kinds = {}
    for suffix in (".dta", ".csv", ".sav", ".parquet"):
        write_like([Written(frame, table, Reading())], tmp_path / f"w{suffix}")
        kinds[suffix] = read_table(tmp_path / f"w{suffix}", table).missing["kind"].tolist()
    assert kinds == {
        ".dta": ["refused"],
        ".csv": ["refused"],
        ".sav": ["blank"],
        ".parquet": ["blank"],
    }


def test_text_is_laid_out_as_the_study_file_says(tmp_path: Path) -> None:
    how = Reading(
        delimiter="\t", decimal=".", encoding="cp1252", header=3, label_rows=1, skip_footer=1,
        reverse=("tilfreds",), recode={"ja": {"5": 0, "6": 1}},
    )  # fmt: skip
    path = tmp_path / "w.csv"
    write_like([Written(FRAME, TABLE, how)], path)
    lines = path.read_bytes().decode("cp1252").split("\r\n")
    assert lines[2].split("\t") == ["person", "dag", "tilfreds", "penge", "ja"]
    assert lines[3].split("\t")[3] == "Penge"
    assert [line.split("\t") for line in lines[4:7]] == [
        ["a1", "2018-01-02", "3", "0.5", "6"],
        ["b2", "2018-02-28", "8", "1200.0", "5"],
        ["c3", "", "1", "", "6"],
    ]
    assert lines[-2].rstrip() == "Slut"


def test_a_workbook_is_laid_out_too(tmp_path: Path) -> None:
    how = Reading(sheet="Ark", header=2, label_rows=1, skip_footer=2)
    write_like([Written(FRAME, TABLE, how)], tmp_path / "w.xlsx")
    cells = pd.read_excel(tmp_path / "w.xlsx", sheet_name="Ark", header=None)
    assert cells.iloc[1].tolist() == [*FRAME]
    assert cells.iloc[2, 0] == "Person"
    assert cells[0].tolist()[-2:] == ["Slut", "Slut"]
    assert len(cells) == 3 + 4 + 2


def test_waves_of_one_file_stand_below_or_beside_one_another(tmp_path: Path) -> None:
    below = [Written(FRAME, TABLE, Reading(keep={"ja": (k,)})) for k in (1, 2)]
    write_like(below, tmp_path / "long.csv")
    assert len(read(tmp_path / "long.csv").frame) == 8
    beside = [
        Written(FRAME[["person", "tilfreds"]], TABLE, Reading(rename={f"t{k}": "tilfreds"}))
        for k in (1, 2)
    ]
    write_like(beside, tmp_path / "wide.csv")
    assert [*read(tmp_path / "wide.csv").frame] == ["person", "t1", "t2"]


def test_the_same_draw_gives_the_same_bytes_at_another_time(tmp_path: Path) -> None:
    for suffix in (".sav", ".xlsx"):
        paths = [tmp_path / f"{k}{suffix}" for k in (1, 2)]
        for path in paths:
            write_like([Written(FRAME, TABLE, Reading())], path)
            time.sleep(1.05 if path is paths[0] and suffix == ".sav" else 0)
        assert paths[0].read_bytes() == paths[1].read_bytes()
    write_like([Written(FRAME, TABLE, Reading())], tmp_path / "1.dta")
    assert b"<timestamp>\x1101 Jan 1980 00:00</timestamp>" in (tmp_path / "1.dta").read_bytes()


def test_a_format_that_cannot_be_written_has_another_in_its_place() -> None:
    assert written_name("a/b.xpt") == "a/b.sav"
    assert written_name("a/b.ods") == "a/b.xlsx"
    assert written_name("a/b.parquet") == "a/b.parquet"
