"""Text in archives is unpacked in memory, and what is no single text is refused."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

import surveys
from data_dictionary.errors import DataError
from surveys.files import packed

TEXT = b"id;age\na1;34\n"


def zipped(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return path


@pytest.mark.parametrize("suffix", [".tsv", ".txt", ".tab", ".csv"])
def test_text_is_read_whatever_its_suffix(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"f{suffix}"
    path.write_bytes(TEXT.replace(b";", b"\t"))
    assert surveys.read(path).frame["age"].tolist() == [34]


def test_one_text_in_an_archive_is_read(tmp_path: Path) -> None:
    (tmp_path / "f.csv.gz").write_bytes(gzip.compress(TEXT))
    assert surveys.read(tmp_path / "f.csv.gz").frame["age"].tolist() == [34]
    path = zipped(tmp_path / "f.zip", a__csv=TEXT)
    assert surveys.read(path).frame["age"].tolist() == [34]


def test_several_files_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"several files \(a.csv, b.csv\)"):
        surveys.read(zipped(tmp_path / "f.zip", a__csv=TEXT, b__csv=TEXT))
    with pytest.raises(DataError, match="holds no file"):
        surveys.read(zipped(tmp_path / "f.zip"))


def test_a_path_that_leads_out_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "f.zip", "w") as archive:
        archive.writestr("../a.csv", TEXT)
    with pytest.raises(DataError, match="leads out of the archive"):
        surveys.read(tmp_path / "f.zip")


@pytest.mark.parametrize("suffix", [".gz", ".zip"])
def test_an_absurd_size_is_refused(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "_SMALL", 1 << 10)
    path, bomb = tmp_path / f"f{suffix}", b"a" * (1 << 22)
    if suffix == ".gz":
        path.write_bytes(gzip.compress(bomb))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.csv", bomb)
    with pytest.raises(DataError, match="absurd size"):
        surveys.read(path)


@pytest.mark.parametrize(("suffix", "start"), [(".gz", b"\x1f\x8b"), (".zip", b"PK\x03\x04")])
def test_a_damaged_archive_is_one_sentence(suffix: str, start: bytes, tmp_path: Path) -> None:
    (tmp_path / f"f{suffix}").write_bytes(start + b" no archive")
    with pytest.raises(DataError, match="cut short, damaged"):
        surveys.read(tmp_path / f"f{suffix}")


def test_what_systems_put_beside_a_file_is_none(tmp_path: Path) -> None:
    path = zipped(tmp_path / "f.zip", a__csv=TEXT, __DS_Store=b"x", Thumbs__db=b"x")
    assert surveys.read(path).frame["age"].tolist() == [34]


@pytest.mark.parametrize(
    ("inside", "what"), [(b"$FL2", "SPSS"), (b"PK\x03\x04", "Excel"), (b"\x1f\x8b\x08", "text")]
)
def test_what_is_no_text_is_told_by_its_name(inside: bytes, what: str, tmp_path: Path) -> None:
    (tmp_path / "f.gz").write_bytes(gzip.compress(inside))
    with pytest.raises(DataError, match=rf"holds .*{what}.*Unpack it"):
        surveys.read(tmp_path / "f.gz")
