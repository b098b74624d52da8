"""Cells of a .sav: as many, and of the kinds, as its head says, or the file is refused."""

from __future__ import annotations

import struct
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

import surveys
from data_dictionary.errors import DataError

FRAME = pd.DataFrame({"a": [1.0, 2, 3.5, 4], "t": ["æ", "long enough", "", "x"]})


@pytest.mark.parametrize("how", [{}, {"row_compress": True}, {"compress": True}])
@pytest.mark.parametrize("rows", [3, 5, 4 + (1 << 26)])
def test_a_number_of_rows_that_the_cells_contradict_is_refused(
    how: dict[str, bool], rows: int, tmp_path: Path
) -> None:
    path = tmp_path / ("a.zsav" if "compress" in how else "a.sav")
    pyreadstat.write_sav(FRAME, path, **how)
    assert surveys.read(path).frame.equals(FRAME)
    content = bytearray(path.read_bytes())
    content[80:84] = struct.pack("<i", rows)
    path.write_bytes(content)
    with pytest.raises(DataError, match="cut short, damaged"):
        surveys.read(path)


def test_a_mark_that_moves_the_cells_behind_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(FRAME, path, row_compress=True)
    content = path.read_bytes()
    start = content.index(struct.pack("<2i", 999, 0)) + 8
    for place, mark in ((start, 253), (start, 254), (start + 1, 7), (start + 2, 252)):
        assert content[place] != mark
        path.write_bytes(content[:place] + bytes([mark]) + content[place + 1 :])
        with pytest.raises(DataError, match="cut short, damaged"):
            surveys.read(path)


def test_one_damaged_letter_makes_no_two_signs_of_the_others(tmp_path: Path) -> None:
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(pd.DataFrame({"t": ["Århus", "Køge", "Ribe"]}), path)
    path.write_bytes(path.read_bytes().replace(b"Ribe", b"R\xe9be"))
    with pytest.raises(DataError, match="its text is UTF-8, but for some that is damaged"):
        surveys.read(path)
