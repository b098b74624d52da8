"""Which column of a file is which of the dictionary, and which is none."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import pandas as pd

from data_dictionary.answers import Answers
from data_dictionary.columns import Column
from data_dictionary.errors import ColumnError, did_you_mean, nearest
from data_dictionary.tables import Table
from surveys.files.remarks import Remark
from surveys.files.source import Known


def known_of(table: Table, rename: Mapping[str, str]) -> Known:
    """Return what the dictionary knows of the columns of a file: text stays text."""
    renamed = {old.lower(): new for old, new in rename.items()}

    def declared(name: str) -> Column | None:
        wanted = renamed.get(name.lower(), name)
        return next(
            (one for one in table.in_files if one.members([wanted, wanted.lower()])), None
        )

    def is_text(name: str) -> bool:
        column = declared(name)
        return column is not None and (
            # A declared mark is the dictionary's to apply, whatever other columns prove.
            column.type in ("string", "multiple") or column.decimal is not None
        )

    def is_key(name: str) -> bool:
        column = declared(name)
        return column is not None and (
            column.name in table.key or column.sensitivity == "identifying"
        )

    def no_cpr(name: str) -> str:
        column = declared(name)
        return "" if column is None else column.no_cpr

    def codes(name: str) -> Collection[str]:
        column = declared(name)
        return () if column is None else [str(code) for code in column.codes]

    def is_answer(name: str, text: str) -> bool:
        column = declared(name)
        if column is None or not (column.codes or column.missing):
            return False
        return Answers.of(column).several(text, column.split or "\0") is not None

    return Known(
        is_text=is_text,
        is_key=is_key,
        is_named=lambda name: declared(name) is not None,
        codes=codes,
        is_answer=is_answer,
        no_cpr=no_cpr,
    )


def names_of(
    frame: pd.DataFrame, table: Table, renames: Mapping[str, str], where: str
) -> dict[str, str]:
    """Return the new name of every column that gets one."""
    names = [str(name) for name in frame.columns]
    unknown = [old for old in renames if old not in names]
    if unknown:
        lines = "; ".join(
            f"'{old}' is not a column of the file.{did_you_mean(old, names)}" for old in unknown
        )
        raise ColumnError(f"{where}: rename names what is not there: {lines}")
    taken = {renames.get(name, name) for name in names}
    mapping = dict(renames)
    for name in names:
        # Some formats know capitals only; an exact name always wins.
        small = name.lower()
        # Two columns that differ in capitals are two; neither is taken for the other.
        if name in renames or small in taken or any(c.members([name]) for c in table.in_files):
            continue
        if any(column.members([small]) for column in table.in_files):
            mapping[name] = small
            taken.add(small)
    return mapping


def left_out(ignored: Collection[str], table: Table, frame: pd.DataFrame) -> Iterator[Remark]:
    """Yield which columns are left out, and which of them are named like one that lacks."""
    lacking = [one.name for one in table.columns if not one.members(frame.columns)]
    near = {name: found for name in ignored if (found := nearest(name, lacking))}
    if ignored:
        ordered = tuple(sorted(ignored, key=lambda name: name not in near))
        yield Remark(what="columns_ignored", columns=ordered, count=len(ignored))
    if near:
        said = ", ".join(f"'{name}' is like '{found}'" for name, found in near.items())
        yield Remark(what="columns_near", columns=tuple(near), count=len(near), detail=said)
