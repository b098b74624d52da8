"""Statistical files with damaged heads: none gives another value than before, silently."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import surveys
from data_dictionary.errors import EnplanError

ANSWERS = pd.DataFrame(
    {
        "a": [1.0, 2, 3, 8, 9, 4],
        "b": [0.5, np.nan, 7.25, -3, 1e6, 2],
        "t": ["x", "yy", "", "z", "w", "v"],
    }
)
FORMATS = ("sav", "zsav", "dta", "xpt", "por")


def made(path: Path) -> tuple[bytes, int]:
    """Write answers, and return the file's bytes and where its values begin."""
    match path.suffix:
        case ".sav" | ".zsav":
            missing: dict[str, list[float]] = {"a": [8, 9]}
            packed = path.suffix == ".zsav"
            pyreadstat.write_sav(
                ANSWERS, path, missing_ranges=missing, compress=packed, row_compress=not packed
            )
            mark = bytes([0xE7, 3, 0, 0, 0, 0, 0, 0])
        case ".dta":
            whole = ANSWERS.assign(a=ANSWERS["a"].astype("int8"))
            whole.to_stata(path, write_index=False, version=118)
            mark = b"<data>"
        case ".xpt":
            pyreadstat.write_xport(ANSWERS, path)
            mark = b"HEADER RECORD*******OBS"
        case _:
            pyreadstat.write_por(ANSWERS.rename(columns=str.upper), path)
            mark = b"F1/"
    content = path.read_bytes()
    return content, content.index(mark)


def values(frame: pd.DataFrame) -> list[list[object]]:
    return [[None if pd.isna(cell) else cell for cell in frame[name]] for name in frame]


def assert_no_value_is_another(path: Path, count: int) -> None:
    content, end = made(path)
    expected = values(surveys.read(path).frame)
    drawn = random.Random(count)  # noqa: S311 - the same damage in every run
    refused = 0
    for _ in range(count):
        damaged = bytearray(content)
        place, bit = drawn.randrange(end), drawn.randrange(8)
        # How many rows there are, SPSS and the cells of a SAV cannot tell apart from fewer.
        if path.suffix in (".sav", ".zsav") and 80 <= place < 84:
            continue
        damaged[place] ^= 1 << bit
        path.write_bytes(damaged)
        try:
            frame = surveys.read(path).frame
        except EnplanError:
            refused += 1
        else:
            assert values(frame) == expected, (place, bit)
    assert refused > 0


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_flipped_bit_in_a_head_changes_no_value(suffix: str, tmp_path: Path) -> None:
    assert_no_value_is_another(tmp_path / f"answers.{suffix}", 20)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", FORMATS)
def test_none_of_many_flipped_bits_does(suffix: str, tmp_path: Path) -> None:
    assert_no_value_is_another(tmp_path / f"answers.{suffix}", 500)
