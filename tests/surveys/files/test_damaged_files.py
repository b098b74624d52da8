"""Damaged files of every format: read or refused by name, never an error of our own."""

from __future__ import annotations

import io
import random
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest

import surveys
from data_dictionary.errors import EnplanError
from surveys.files.source import Known, Reading
from surveys.files.wide import open_wide
from surveys.files.wide_csv import StreamedText

DATA = Path(__file__).parents[2] / "data"
SHIPPED = (
    *("spss27.sav", "pyreadstat_sample.zsav", "pyreadstat_sample.por"),
    *("pyreadstat_missing_test.dta", "pyreadstat_sample.sas7bdat", "pyreadstat_sample.xpt"),
)
MADE = ("made.xlsx", "made.parquet", "made.csv")
WORKBOOKS = ("plain.xls", "date.xlsb", "answers.ods")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file of every format that is read."""
    folder = tmp_path_factory.mktemp("files")
    for name in SHIPPED:
        shutil.copy(DATA / name, folder / name)
    for name in WORKBOOKS:
        shutil.copy(Path(__file__).parent / "workbooks" / name, folder / name)
    days = pd.to_datetime(["2017-01-31", None, "2018-12-01"] * 20)
    frame = pd.DataFrame(
        {"id": [f"k{i}" for i in range(60)], "day": days, "x": [1.5] * 60, "text": ["æ;ø"] * 60}
    )
    frame.to_excel(folder / "made.xlsx", index=False)
    frame.to_parquet(folder / "made.parquet")
    frame.to_csv(folder / "made.csv", index=False, sep=";")
    return folder


def damaged(content: bytes, seed: int) -> Iterator[bytes]:
    """Yield the content with bytes flipped in its head, anywhere and at its end, and cut."""
    drawn = random.Random(seed)  # noqa: S311 - the same damage in every run
    for start, end in ((0, 400), (0, len(content)), (-1_500, len(content))):
        for many in (1, 1, 3, 20):
            copy = bytearray(content)
            places = range(len(content))[start:end]
            for place in drawn.choices(places, k=many):
                copy[place] ^= drawn.randrange(1, 256)
            yield bytes(copy)
    yield content[: drawn.randrange(1, len(content))]


def refusal_of(path: Path) -> EnplanError | None:
    try:
        surveys.read(path)
    except EnplanError as error:
        return error
    return None


def rewritten(content: bytes, drawn: random.Random) -> bytes:
    """Return an archive of which one part is damaged, with checksums that fit."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        victim = drawn.choice(old.namelist())
        for name in old.namelist():
            part = bytearray(old.read(name))
            if name == victim and part:
                at = drawn.randrange(len(part))
                digits = [place for place, sign in enumerate(part) if chr(sign).isdigit()]
                match drawn.randrange(3):
                    case 0:
                        part[at] ^= drawn.randrange(1, 256)
                    case 1:
                        del part[at:]
                    case _ if digits:
                        place = drawn.choice(digits)
                        part[place : place + 1] = str(drawn.randrange(10**9)).encode()
            new.writestr(name, bytes(part))
    return made.getvalue()


def mutant(content: bytes, drawn: random.Random) -> bytes:
    """Return a text with bytes flipped, cut, a column renamed, or a sign doubled or lost."""
    copy = bytearray(content)
    for _ in range(drawn.choice((1, 1, 3, 20))):
        copy = copy or bytearray(b";")
        at = drawn.randrange(len(copy))
        marks = [place for place, sign in enumerate(copy) if sign in b';,\t"\r\n']
        mark = drawn.choice(marks or [at])
        match drawn.randrange(6):
            case 0:
                copy[at] ^= drawn.randrange(1, 256)
            case 1:
                del copy[max(at, 1) :]
            case 2:
                end = copy.find(b"\n") + 1 or len(copy)
                names = copy[:end].split(b";")
                names[drawn.randrange(len(names))] = drawn.choice(
                    (b"", b"id", b" x ", b'"', b"0101701235", b"\xe6", b"a\nb", b"=1+1")
                )
                copy[:end] = b";".join(names)
            case 3:
                copy[mark:mark] = copy[mark : mark + 1] * drawn.choice((1, 1, 400))
            case 4:
                copy[mark : mark + 1] = drawn.choice((b"", b",", b"\t", b"\r", b'"', b"\0"))
            case _:
                copy[at:at] = drawn.choice(
                    (b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"1e999", b"1.234", b"\x85")
                )
    return bytes(copy)


# Arrow tells on stderr, too, that it cannot decode a row that it has found to be too short.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("many", [40, pytest.param(500, marks=pytest.mark.slow)])
def test_a_damaged_text_is_read_or_refused_by_name_and_streamed_no_otherwise(
    many: int, tmp_path: Path
) -> None:
    rows = [f'k{i:03};2017-01-{i % 28 + 1:02};{i},5;{1000 + i};æ;"a;b"\r\n' for i in range(60)]
    content = "".join(["id;day;x;n;text;two\r\n", *rows]).encode()
    drawn = random.Random(many)  # noqa: S311 - the same damage in every run
    path, read = tmp_path / "made.csv", 0
    for _ in range(many):
        path.write_bytes(mutant(content, drawn))
        refusal = refusal_of(path)
        read += refusal is None
        assert refusal is None or "made.csv" in str(refusal)
        with suppress(EnplanError):
            text = StreamedText(path, None)
            text.refuse_notes(len(text.keys(text.names[0])))
    assert 0 < read < many


@pytest.mark.slow
@pytest.mark.parametrize("name", ["made.xlsx", "made.parquet", *WORKBOOKS])
def test_no_damage_ends_the_program_or_changes_what_has_a_checksum(
    name: str, folder: Path, tmp_path: Path
) -> None:
    path, content = tmp_path / name, (folder / name).read_bytes()
    whole = surveys.read(folder / name).frame
    drawn = random.Random(8)  # noqa: S311 - the same damage in every run
    for seed in range(39):
        for damage in damaged(content, seed):
            path.write_bytes(damage)
            # Neither .xls nor Parquet as most programs write it has checksums of its values.
            if refusal_of(path) is None and name.endswith(("x", "b", "s.ods")):
                assert surveys.read(path).frame.equals(whole)
            if zipfile.is_zipfile(folder / name):
                path.write_bytes(rewritten(content, drawn))
                refusal = refusal_of(path)
                assert refusal is None or name in str(refusal)


@pytest.mark.parametrize("name", [*SHIPPED, *MADE, *WORKBOOKS])
def test_a_damaged_file_is_read_or_refused_by_name(
    name: str, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / name
    for content in damaged((folder / name).read_bytes(), seed=len(name)):
        path.write_bytes(content)
        refusal = refusal_of(path)
        assert refusal is None or name in str(refusal)


def test_a_damaged_register_is_read_in_blocks_or_refused(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "made.parquet"
    content = (folder / "made.parquet").read_bytes()
    refused = 0
    for seed in range(4):
        for damage in damaged(content, seed):
            path.write_bytes(damage)
            try:
                file = open_wide(path, Reading(), Known())
                for _, column in file.blocks(file.columns):
                    for name in file.columns:
                        column(name)
            except EnplanError:
                refused += 1
    assert refused > 0


def test_a_workbook_whose_stream_is_damaged_is_refused(folder: Path, tmp_path: Path) -> None:
    content = bytearray((folder / "made.xlsx").read_bytes())
    at = content.index(b"xl/worksheets/sheet1.xml") + 40
    content[at : at + 8] = b"\xff" * 8
    path = tmp_path / "made.xlsx"
    path.write_bytes(content)
    with pytest.raises(EnplanError, match=r"made\.xlsx: cannot be read as Excel"):
        surveys.read(path)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "answers.csv").mkdir()
    with pytest.raises(EnplanError, match="is no file, but a folder or a device"):
        surveys.read(tmp_path / "answers.csv")


def test_a_file_or_sheet_named_like_a_number_is_refused_and_not_shown(
    folder: Path, tmp_path: Path
) -> None:
    named = tmp_path / "010170-1236_Birgitte.csv"
    shutil.copy(folder / "made.csv", named)
    frame = pd.DataFrame({"x": [1]})
    with pd.ExcelWriter(tmp_path / "book.xlsx") as book:
        frame.to_excel(book, sheet_name="Svar", index=False)
        frame.to_excel(book, sheet_name="Hemmelig 010170-1244", index=False)
    for path in (named, tmp_path / "book.xlsx"):
        with pytest.raises(EnplanError, match="looks like a CPR number") as refusal:
            surveys.read(path)
        assert "010170" not in str(refusal.value)
