"""How a file is read, and what was read: values, labels, missing codes and provenance."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

import pandas as pd

from data_dictionary.columns import Code
from data_dictionary.errors import DesignError
from data_dictionary.schema import key
from data_dictionary.wording import Level
from surveys.files.formats import FORMATS
from surveys.files.remarks import Remark

Value: TypeAlias = float | str | dt.date
ValueRange: TypeAlias = tuple[Value, Value]


def sha256_of(path: Path) -> str:
    """Return the hash of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a file is read: each key of a file in the study file, keyword of the readers."""

    encoding: str | None = key("Encoding; left out, it is found and reported.", None)
    sheet: str | None = key(
        "Sheet of a workbook, or member of a SAS transport file; left out, the first.", None
    )
    decimal: Literal[".", ","] | None = key("Decimal mark of a text file.", None)
    delimiter: Literal[";", ",", "\t", "|"] | None = key(
        "What parts the columns of a text file; left out, it is found.", None
    )
    header: int | None = key(
        "Row of the file that holds the names, counted from 1; left out, the first.",
        None,
        least=1,
    )
    skip_rows: int | None = key(
        "Rows above the names that are left out; `header` counts them too.", None, least=0
    )
    label_rows: int | None = key(
        "Rows right below the names that hold texts, such as the questions.", None, least=0
    )
    skip_footer: int | None = key("Rows at the end that are left out.", None, least=0)
    blanks: tuple[str, ...] | None = key(
        "Texts that stand for no value in this file; left out, `NA` and `NaN`.", None
    )
    serials: tuple[str, ...] | None = key(
        "Columns of the file whose dates stand as Excel's numbers of days.", None
    )
    catalog: str | None = key(
        "SAS format catalogue (.sas7bcat) with the labels, relative to the file.", None
    )
    rename: Mapping[str, str] | None = key(
        "Names in the file to names in the dictionary.", None, names="column of the file"
    )
    keep: Mapping[str, tuple[Level, ...]] | None = key(
        "Column to the list of levels whose rows are kept.", None
    )
    recode: Mapping[str, Mapping[str, Code]] | None = key(
        "Column to its codes in this file and what they are in the dictionary.", None
    )
    reverse: tuple[str, ...] | None = key(
        "Columns whose codes run the other way in this file.", None
    )


def listed(name: str, given: Collection[str] | None) -> tuple[str, ...] | None:
    """Return texts as a tuple; a bare text is refused, not taken letter by letter."""
    if isinstance(given, str):
        raise DesignError(f"{name} is one text; give a list, even of one.")
    return None if given is None else tuple(given)


def levels(
    given: Mapping[str, Collection[Level]] | None,
) -> Mapping[str, tuple[Level, ...]] | None:
    """Return the levels to keep per column as tuples."""
    for name, kept in (given or {}).items():
        if isinstance(kept, str):
            raise DesignError(f"keep: '{name}' has one text; give a list, even of one.")
    return None if given is None else {name: tuple(kept) for name, kept in given.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a dictionary knows of columns by name.

    Which it names at all, which stay text, which hold persons' keys, which texts are codes, and
    which answer a column's question.
    `no_cpr` is why what looks like CPR numbers in a column is none; empty where it may be.
    """

    is_text: Callable[[str], bool] = lambda _name: False
    is_key: Callable[[str], bool] = lambda _name: False
    is_named: Callable[[str], bool] = lambda _name: False
    codes: Callable[[str], Collection[str]] = lambda _name: ()
    is_answer: Callable[[str, str], bool] = lambda _name, _text: False
    no_cpr: Callable[[str], str] = lambda _name: ""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleResponse:
    """A question with several answers, as SPSS keeps it: a set of columns.

    Parameters
    ----------
    name, label : str
        Name without its ``$``, and text; empty without one.
    columns : tuple of str
        The set's columns, in the file's names.
    counted : float or None
        The value that says yes, where each column is one answer; None where each column holds
        the code of an answer.
    """

    name: str
    label: str
    columns: tuple[str, ...]
    counted: float | None


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
    weight : str or None
        Variable by which the file says that its rows are weighted; nothing is weighted by it.
    multiple_response : tuple of MultipleResponse
        Questions with several answers that the file declares.
    remarks : tuple of Remark
        What was found out, changed or left out in reading.
    """

    frame: pd.DataFrame
    provenance: Provenance
    variable_labels: Mapping[str, str] = field(default_factory=dict)
    value_labels: Mapping[str, Mapping[Value, str]] = field(default_factory=dict)
    missing: Mapping[str, Mapping[Value, str]] = field(default_factory=dict)
    missing_ranges: Mapping[str, tuple[ValueRange, ...]] = field(default_factory=dict)
    weight: str | None = None
    multiple_response: tuple[MultipleResponse, ...] = ()
    remarks: tuple[Remark, ...] = ()
