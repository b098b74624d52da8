"""How a file is read, and what was read: values, labels, missing codes and provenance."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import pandas as pd

from surveys.files.formats import FORMATS

Value: TypeAlias = float | str
ValueRange: TypeAlias = tuple[Value, Value]


def sha256_of(path: Path) -> str:
    """Return the hash of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a file is read: the keywords that readers share; `read_table` tells of each."""

    encoding: str | None = None
    sheet: str | None = None
    decimal: str | None = None
    rename: Mapping[str, str] | None = None
    keep: Mapping[str, Collection[object]] | None = None
    population: pd.DataFrame | None = None
    check: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a dictionary knows of columns by name: which stay text, which hold persons' keys."""

    is_text: Callable[[str], bool] = lambda _name: False
    is_key: Callable[[str], bool] = lambda _name: False


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

    @classmethod
    def of(
        cls,
        path: Path,
        shape: tuple[int, int],
        encoding: str = "utf-8",
        reason: str = "fixed by the format",
        sheet: str | None = None,
    ) -> Provenance:
        """Return where a table of this shape came from; the file is read again for its hash."""
        return cls(
            name=path.name,
            sha256=sha256_of(path),
            rows=shape[0],
            columns=shape[1],
            format=FORMATS[path.suffix.lower()],
            encoding=encoding,
            encoding_reason=reason,
            sheet=sheet,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """One table out of one file, before any dictionary is applied.

    Parameters
    ----------
    frame : DataFrame
        Values as they stand in the file, codes for a missing answer included. Stata's and
        SAS's special missing values are written ``".a"``.
    provenance : Provenance
        Where the data came from.
    variable_labels : Mapping of str to str
        Text of each variable that has one.
    value_labels : Mapping of str to Mapping
        Labels of the codes of each variable that has some.
    missing : Mapping of str to Mapping
        Codes that the file declares as missing, with their kind: not_asked, do_not_know,
        refused or technical if the code's label says so, else ``"user"``. A declared range
        lists the codes that occur.
    missing_ranges : Mapping of str to tuple of pairs
        The declared missing values as inclusive ranges, exactly as the file has them.
    """

    frame: pd.DataFrame
    provenance: Provenance
    variable_labels: Mapping[str, str] = field(default_factory=dict)
    value_labels: Mapping[str, Mapping[Value, str]] = field(default_factory=dict)
    missing: Mapping[str, Mapping[Value, str]] = field(default_factory=dict)
    missing_ranges: Mapping[str, tuple[ValueRange, ...]] = field(default_factory=dict)
