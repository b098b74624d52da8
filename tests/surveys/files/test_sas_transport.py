"""SAS transport files: several tables, letters for missing values, long names, every number."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import surveys
from data_dictionary.errors import DataError

DATA = Path(__file__).parents[2] / "data"
# 0.375 as IBM writes it: 6 / 16, with the power 16 to the 0.
PLACEHOLDER = bytes([0x40, 0x60, 0, 0, 0, 0, 0, 0])


def written(path: Path, frame: pd.DataFrame, name: str = "T", version: int = 5) -> bytes:
    pyreadstat.write_xport(frame, path, table_name=name, file_format_version=version)
    return path.read_bytes()


@pytest.mark.parametrize("version", [5, 8])
def test_numbers_and_texts_are_those_of_pyreadstat(version: int, tmp_path: Path) -> None:
    drawn = np.random.default_rng(0)
    size = 10.0 ** drawn.integers(-60, 60, 300)
    frame = pd.DataFrame(
        {
            "x": drawn.normal(size=300) * size,
            "n": drawn.choice([0.0, 1, -3, np.nan], 300),
            "t": drawn.choice(["æøå", "b c", ""], 300),
        }
    )
    written(tmp_path / "t.xpt", frame, version=version)
    source = surveys.read(tmp_path / "t.xpt")
    other, _ = pyreadstat.read_xport(tmp_path / "t.xpt")
    pd.testing.assert_frame_equal(source.frame, other)
    assert source.provenance.sheet is None


def test_real_files_are_read_as_pyreadstat_reads_them() -> None:
    for name in ("pyreadstat_sample.xpt", "pyreadstat_dates_xpt_v8.xpt"):
        other, meta = pyreadstat.read_xport(DATA / name, disable_datetime_conversion=True)
        source = surveys.read(DATA / name)
        assert list(source.frame) == list(other)
        labels = {one: text for one, text in meta.column_names_to_labels.items() if text}
        assert source.variable_labels == labels
        for column in other.select_dtypes("object"):
            assert source.frame[column].tolist() == other[column].tolist()
    assert source.frame["seconds"].tolist() == other["seconds"].tolist()
    assert [str(day) for day in source.frame["dates"]] == other["string_dates"].tolist()
    assert [str(time) for time in source.frame["dt"]] == other["string_dt"].tolist()


@pytest.mark.parametrize("version", [5, 8])
def test_one_of_several_tables_is_chosen_by_name(version: int, tmp_path: Path) -> None:
    path = tmp_path / "t.xpt"
    first = written(path, pd.DataFrame({"a": [1.0, 2.0]}), "FIRST", version)
    second = written(path, pd.DataFrame({"b": ["x"], "c": [3.0]}), "SECOND", version)
    path.write_bytes(first + second[240:])
    with pytest.raises(DataError, match=r'2 tables, FIRST, SECOND.*sheet = "FIRST"'):
        surveys.read(path)
    with pytest.raises(DataError, match=r"no table 'SECONT'.*Did you mean 'SECOND'"):
        surveys.read(path, sheet="SECONT")
    assert surveys.read(path, sheet="first").frame["a"].tolist() == [1, 2]
    source = surveys.read(path, sheet="SECOND")
    assert source.frame.iloc[0].tolist() == ["x", 3]
    assert source.provenance.sheet == "SECOND"


def test_a_table_alone_that_bears_another_name_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "t.xpt", pd.DataFrame({"a": [1.0]}), "FIRST")
    with pytest.raises(DataError, match="no table 'OTHER', but FIRST"):
        surveys.read(tmp_path / "t.xpt", sheet="OTHER")


def test_letters_for_missing_values_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "t.xpt"
    content = written(path, pd.DataFrame({"a": [0.375, 5.0, 0.375, 0.375, np.nan]}))
    for letter in b"A_Z":
        content = content.replace(PLACEHOLDER, bytes([letter]) + bytes(7), 1)
    path.write_bytes(content)
    source = surveys.read(path)
    assert source.frame["a"].tolist()[:4] == [".A", 5.0, "._", ".Z"]
    assert pd.isna(source.frame["a"][4])
    assert source.missing == {"a": {".A": "user", ".Z": "user", "._": "user"}}


def test_blanks_that_fill_the_last_card_are_no_rows(tmp_path: Path) -> None:
    # Ten rows fill a card; seven of the second are filling, and a blank row inside stays.
    path = tmp_path / "t.xpt"
    written(path, pd.DataFrame({"t": ["12345678"] * 11 + ["", "12345678"]}))
    assert surveys.read(path).frame["t"].tolist() == ["12345678"] * 11 + ["", "12345678"]


def test_a_head_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.xpt"
    content = bytearray(written(path, pd.DataFrame({"a": [1.0], "b": [2.0]})))
    for place in (640 + 1, 640 + 5, 640 + 140 + 87, 240 + 76, 560 + 57):
        damaged = bytearray(content)
        damaged[place] ^= 1
        path.write_bytes(damaged)
        with pytest.raises(DataError, match=r"t\.xpt: cannot be read as SAS transport"):
            surveys.read(path)


def test_filling_that_is_damaged_is_no_person(tmp_path: Path) -> None:
    path = tmp_path / "t.xpt"
    content = bytearray(
        written(path, pd.DataFrame({"t": ["abcdefgh"] * 3, "a": [1.0, 2.0, 3.0]}))
    )
    assert len(surveys.read(path).frame) == 3
    content[-30] ^= 64
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"t\.xpt: cannot be read as SAS transport"):
        surveys.read(path)


def test_two_tables_of_one_name_are_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "t.xpt"
    one = written(path, pd.DataFrame({"a": [1.0]}), "SVAR", 5)
    path.write_bytes(one + one[240:])
    with pytest.raises(DataError, match="2 tables named 'SVAR'"):
        surveys.read(path, sheet="SVAR")
