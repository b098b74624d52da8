"""The weight that a .sav names is told, by the name that the column has."""

from __future__ import annotations

import struct
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

import surveys
from surveys.files.spss_header import weight_of

LONG = "vægt_efter_køn_og_alder"
FRAME = pd.DataFrame(
    {
        "person": ["a long key of 30 letters or so"],
        "answer_given": [9.0],
        "w": [1.5],
        LONG: [0.5],
    }
)


def weighted(path: Path, number: int) -> Path:
    pyreadstat.write_sav(
        FRAME,
        path,
        column_labels=["Nøgle", "Hvor længe?", "", "Vægt"],
        missing_ranges={"answer_given": [7, 8, 9]},
    )
    content = bytearray(path.read_bytes())
    content[76:80] = struct.pack("<i", number)
    path.write_bytes(content)
    return path


# A text takes a variable record for each eight bytes: four before the first number.
@pytest.mark.parametrize(
    ("number", "name"),
    [(0, None), (5, "answer_given"), (6, "w"), (7, LONG), (2, None),
     (8, None), (-3, None), (2**30, None)],
)  # fmt: skip
def test_the_weight_is_found_by_its_number(
    number: int, name: str | None, tmp_path: Path
) -> None:
    path = weighted(tmp_path / "t.sav", number)
    assert weight_of(path, list(FRAME), "utf-8") == name


def test_a_weight_is_told_as_a_remark_and_weights_nothing(tmp_path: Path) -> None:
    source = surveys.read(weighted(tmp_path / "t.sav", 7))
    assert source.weight == LONG
    (remark,) = source.remarks
    assert (remark.what, remark.columns) == ("weighted", (LONG,))
    assert surveys.read(weighted(tmp_path / "t.sav", 0)).weight is None


def test_what_is_cut_or_no_such_file_has_no_weight(tmp_path: Path) -> None:
    path = tmp_path / "t.sav"
    content = weighted(path, 7).read_bytes()
    for size in (0, 50, 79, 200, 300):
        path.write_bytes(content[:size])
        assert weight_of(path, list(FRAME), "utf-8") is None
