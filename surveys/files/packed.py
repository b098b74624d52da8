"""The bytes of a delimited text, unpacked in memory where it lies in a .gz or .zip."""

from __future__ import annotations

import gzip
import re
import zipfile
from pathlib import Path

from data_dictionary.errors import DataError
from surveys.files.formats import FORMATS, held

# Text shrinks to a fiftieth at most; what shrinks more is made to fill a memory.
_RATIO, _SMALL = 250, 64 << 20
_BESIDE = re.compile(r"^__MACOSX/|(?:^|/)(?:\.[^/.][^/]*|Thumbs\.db|desktop\.ini)$")
_OUTSIDE = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)")


def text_bytes(path: Path) -> bytes:
    """Return the bytes of a text file, or of the only one that an archive holds.

    Raises
    ------
    DataError
        If an archive holds none or several, needs a password, leads out of itself or unpacks
        to an absurd size.
    """
    suffix = path.suffix.lower()
    if suffix == ".gz":
        with gzip.open(path) as stream:
            return _bounded(stream.read(_most(path) + 1), path)
    if suffix != ".zip":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        inside = [one for one in archive.infolist() if not one.is_dir()]
        # What macOS and Windows put beside each file is none.
        inside = [one for one in inside if not _BESIDE.search(one.filename)]
        names = ", ".join(one.filename for one in inside[:5])
        if len(inside) != 1:
            what = f"several files ({names})" if inside else "no file"
            raise DataError(f"{path.name}: holds {what}, and one is read. Unpack the one.")
        if _OUTSIDE.search(inside[0].filename):
            raise DataError(f"{path.name}: holds a file whose path leads out of the archive.")
        if inside[0].flag_bits & 1:
            raise DataError(f"{path.name}: is protected by a password. Unpack it first.")
        with archive.open(inside[0]) as stream:
            return _bounded(stream.read(_most(path) + 1), path)


def _most(path: Path) -> int:
    return max(_SMALL, _RATIO * path.stat().st_size)


def _bounded(content: bytes, path: Path) -> bytes:
    if other := held(content):
        raise DataError(
            f"{path.name}: holds {FORMATS[other]}, and only text is read packed. Unpack it."
        )
    if len(content) > _most(path):
        raise DataError(f"{path.name}: unpacks to an absurd size, as no text does.")
    return content
