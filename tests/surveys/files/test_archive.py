"""Archives that lead out of themselves, hold a part twice or unpack without end are refused."""

from __future__ import annotations

import io
import warnings
import zipfile

import pytest

from data_dictionary.errors import DataError
from surveys.files.archive import Archive


def archive(*parts: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name that stands twice
        for name, content in parts:
            target.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    "name", ["../a.xml", "/etc/a.xml", "xl/../../a.xml", "C:\\a.xml", "..\\a.xml"]
)
def test_a_part_outside_is_refused(name: str) -> None:
    with pytest.raises(DataError, match=r"b\.xlsx: holds a part whose path leads out"):
        Archive(archive((name, b"<a/>")), "b.xlsx")


def test_a_part_twice_is_refused() -> None:
    with pytest.raises(DataError, match="holds a part twice"):
        Archive(archive(("a.xml", b"<a/>"), ("A.xml", b"<b/>")), "b.xlsx")


def test_what_unpacks_to_an_absurd_size_is_refused() -> None:
    with pytest.raises(DataError, match="unpacks to an absurd size"):
        Archive(archive(("a.xml", b" " * (17 << 20))), "b.xlsx")


def test_a_part_is_found_and_read_with_its_checksum() -> None:
    content = bytearray(archive(("xl/A.xml", b"<a>plain</a>" * 3)))
    one = Archive(bytes(content), "b.xlsx")
    assert one.find("/XL/a.xml") == "xl/A.xml"
    assert one.part("xl/a.xml") == b"<a>plain</a>" * 3
    assert zipfile.ZipFile(one.only([("a", b"b")])).read("a") == b"b"
    content[40] ^= 1
    with pytest.raises((zipfile.BadZipFile, zipfile.zlib.error)):
        Archive(bytes(content), "b.xlsx").part("xl/A.xml")


@pytest.mark.parametrize(
    "start", [b"<!DOCTYPE a>", b"<?xml version='1.0'?>\n<!-- <a> -->\n<!DOCTYPE a>"]
)
def test_a_document_type_is_refused(start: bytes) -> None:
    one = Archive(archive(("a.xml", start + b"<a/>")), "b.xlsx")
    with pytest.raises(DataError, match=r"document type \(DTD\)"):
        one.part("a.xml")
