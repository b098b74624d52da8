"""The parts of a zipped workbook, held in memory and asked before a library sees them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable

from data_dictionary.errors import DataError

# Sheets of numbers shrink to a fiftieth at most; what shrinks more is made to fill a memory.
_RATIO, _SMALL, _LARGEST = 250, 16 << 20, 3 << 30
_HEAD = 4096
_OUTSIDE = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)")
# All that may stand before the first element of XML, which a type definition may not.
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->)*(<!)?", re.DOTALL)


class Archive:
    """The parts of a workbook that is a zip archive; nothing is unpacked onto a disk.

    Parameters
    ----------
    content : bytes
        The workbook.
    where : str
        Name of the file in messages.

    Raises
    ------
    DataError
        If it is protected by a password, or its parts lie outside it, stand twice or are
        absurdly large.
    """

    def __init__(self, content: bytes, where: str) -> None:
        self._where = where
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        entries = self._zip.infolist()
        self.names = tuple(entry.filename for entry in entries)
        if any(map(_OUTSIDE.search, self.names)):
            raise self._refused("holds a part whose path leads out of the archive")
        if len({name.lower() for name in self.names}) < len(entries):
            raise self._refused("holds a part twice")
        if any(entry.flag_bits & 1 for entry in entries):
            raise protected(self._where)
        is_bomb = any(
            entry.file_size > max(_SMALL, _RATIO * entry.compress_size) for entry in entries
        )
        if is_bomb or sum(entry.file_size for entry in entries) > _LARGEST:
            raise self._refused("unpacks to an absurd size")

    def find(self, name: str) -> str | None:
        """Return a part's name as the archive spells it."""
        wanted = name.lstrip("/").lower()
        return next((one for one in self.names if one.lower() == wanted), None)

    def part(self, name: str) -> bytes:
        """Return a part whose checksum fits; XML with a document type is refused."""
        # Its checksum is compared as its last byte is read.
        content = self._zip.read(self.find(name) or name)
        if name.lower().endswith((".xml", ".rels")) and _PROLOG.match(content)[1]:  # type: ignore[index]
            raise self._refused("holds XML with a document type (DTD)")
        return content

    def head(self, name: str) -> tuple[bytes, int]:
        """Return how a part begins, and its size unpacked."""
        with self._zip.open(name) as stream:
            return stream.read(_HEAD), self._zip.getinfo(name).file_size

    def only(self, parts: Iterable[tuple[str, bytes]]) -> io.BytesIO:
        """Return an archive of some parts, not compressed, for a library to read."""
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as target:
            for name, content in parts:
                target.writestr(zipfile.ZipInfo(name), content)
        made.seek(0)
        return made

    def _refused(self, what: str) -> DataError:
        return DataError(
            f"{self._where}: {what}, as no spreadsheet program writes it. Open the workbook "
            "where you trust it, and save it as a new file."
        )


def protected(where: str) -> DataError:
    """Return the error of a workbook that only its password opens."""
    return DataError(
        f"{where}: is protected by a password. Open it in Excel, take the password off (File, "
        "Info, Protect Workbook, Encrypt with Password) and save it again."
    )
