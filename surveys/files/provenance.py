"""Where data came from: name, hash, size, and the encoding used with the reason for it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What is known about a file that was read.

    Parameters
    ----------
    name : str
        File name without folder.
    sha256 : str
        Hash of the file's bytes, hexadecimal.
    rows, columns : int
        Size of the table in the file.
    format : str
        Format, such as ``"SPSS (.sav)"``.
    encoding : str
        Encoding of the text.
    encoding_reason : str
        Why that encoding was used.
    sheet : str, optional
        Sheet of a workbook.
    """

    name: str
    sha256: str
    rows: int
    columns: int
    format: str
    encoding: str
    encoding_reason: str
    sheet: str | None = None


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
