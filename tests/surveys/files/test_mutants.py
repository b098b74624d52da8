"""Damaged files of every format: refused by name, or nobody else's value changes."""

from __future__ import annotations

import gzip
import random
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import surveys
from data_dictionary.errors import EnplanError

DATA, BOOKS = Path(__file__).parents[2] / "data", Path(__file__).parent / "workbooks"
TOWNS = ("Århus", "Køge", "Rødovre", "Tønder", "Ærø", "Næstved", "Hillerød", "Ry", "")
N = 60
# What has a checksum of all its values: not one is another.
SUMMED = ("made.xlsx", "made.xlsm", "answers.ods", "date.xlsb", "made.csv.gz", "made.zip")
# A byte that was hit is in the value of its own cell, which nothing else in the file tells.
OWN = (
    *("plain.sav", "packed.sav", "zipped.zsav", "v114.dta", "v117.dta", "v118.dta", "v119.dta"),
    *("made.por", "v5.xpt", "v8.xpt", "test.sas7bdat", "plain.xls"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write one set of answers in every format that can be, and take real files of others."""
    folder = tmp_path_factory.mktemp("whole")
    drawn = np.random.default_rng(3)
    days = pd.Timestamp("2017-01-31") + pd.to_timedelta(drawn.integers(0, 800, N), "D")
    frame = pd.DataFrame({
        "person": [f"k{k:03}" for k in range(N)],
        "trust": drawn.integers(1, 6, N).astype(np.float64),
        "income": np.where(drawn.random(N) < 0.2, np.nan, drawn.normal(300, 80, N).round(1)),
        "town": drawn.choice(TOWNS, N),
        "day": days,
        "weeks": drawn.integers(0, 1000, N).astype(np.float64),
    })  # fmt: skip
    stat = frame.assign(day=[day.date() for day in days])
    packing = {"plain.sav": {}, "packed.sav": {"row_compress": True}}
    for name, how in (packing | {"zipped.zsav": {"compress": True}}).items():
        pyreadstat.write_sav(stat, folder / name, missing_ranges={"trust": [8, 9]}, **how)
    plain = stat.assign(town=stat["town"].str.encode("ascii", "ignore").str.decode("ascii"))
    pyreadstat.write_por(plain.rename(columns=str.upper), folder / "made.por")
    for version in (5, 8):
        pyreadstat.write_xport(stat, folder / f"v{version}.xpt", file_format_version=version)
    small = frame.astype({"trust": "int8", "weeks": "int16"})
    for version in (114, 117, 118, 119):
        small.to_stata(folder / f"v{version}.dta", version=version, write_index=False)
    frame.to_excel(folder / "made.xlsx", index=False)
    shutil.copy(folder / "made.xlsx", folder / "made.xlsm")
    text = frame.to_csv(sep=";", index=False).encode()
    with gzip.open(folder / "made.csv.gz", "wb") as stream:
        stream.write(text)
    with zipfile.ZipFile(folder / "made.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("made.csv", text)
    shutil.copy(DATA / "pyreadstat_missing_test.sas7bdat", folder / "test.sas7bdat")
    for name in ("plain.xls", "date.xlsb", "answers.ods"):
        shutil.copy(BOOKS / name, folder / name)
    return folder


def mutant(content: bytes, drawn: random.Random) -> tuple[bytes, int]:
    """Return the content with bits or bytes flipped, or cut, and how many were hit."""
    copy = bytearray(content)
    match drawn.randrange(6):
        case 0:
            del copy[drawn.randrange(1, len(copy)) :]
        case 1:
            copy[drawn.randrange(min(len(copy), 800))] ^= 1 << drawn.randrange(8)
        case 2:
            hit = drawn.randrange(2, 6)
            for place in drawn.choices(range(len(copy)), k=hit):
                copy[place] ^= drawn.randrange(1, 256)
            return bytes(copy), hit
        case _:
            copy[drawn.randrange(len(copy))] ^= 1 << drawn.randrange(8)
    return bytes(copy), 1


def cells(frame: pd.DataFrame) -> list[list[object]]:
    return [[None if pd.isna(cell) else cell for cell in frame[name]] for name in frame]


def changed(whole: list[list[object]], found: list[list[object]]) -> int:
    pairs = (zip(old, new, strict=True) for old, new in zip(whole, found, strict=True))
    return sum(old != new for pair in pairs for old, new in pair)


def assert_told(name: str, folder: Path, tmp_path: Path, many: int) -> None:
    whole, content = surveys.read(folder / name).frame, (folder / name).read_bytes()
    expected, path, refused, unnamed = cells(whole), tmp_path / name, 0, 0
    drawn = random.Random(name)  # noqa: S311 - the same damage in every run
    for _ in range(many):
        damaged, hit = mutant(content, drawn)
        path.write_bytes(damaged)
        try:
            found = surveys.read(path).frame
        except EnplanError as error:
            refused += name in str(error)
            unnamed += name not in str(error)
            continue
        if name in SUMMED:
            assert found.equals(whole)
        elif len(found) < N and name.endswith(".xpt"):
            # No count of rows stands in it: whole cards that are cut off nobody can miss.
            assert cells(found) == [column[: len(found)] for column in expected]
        else:
            # A .por tells a text's length before it, an .xls where a cell stands.
            most = hit * (2 if name.endswith((".por", ".xls")) else 1)
            assert found.shape == whole.shape
            # Where the format of a date was hit, the dictionary refuses the numbers.
            if found.dtypes.tolist() == whole.dtypes.tolist():
                assert changed(expected, cells(found)) <= most
    assert not unnamed
    assert refused > 0 or many < 100


@pytest.mark.parametrize("name", [*SUMMED, *OWN])
def test_damage_is_refused_or_stays_in_its_own_cell(
    name: str, folder: Path, tmp_path: Path
) -> None:
    assert_told(name, folder, tmp_path, 10)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*SUMMED, *OWN])
def test_none_of_five_hundred_mutants_says_otherwise(
    name: str, folder: Path, tmp_path: Path
) -> None:
    assert_told(name, folder, tmp_path, 500)
