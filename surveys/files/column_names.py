"""Which column of a file is which of the dictionary, and which is none."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import pandas as pd

from data_dictionary.answers import Answers
from data_dictionary.columns import Column
from data_dictionary.errors import ColumnError, DataError, did_you_mean, nearest
from data_dictionary.tables import Table
from surveys.files.remarks import Remark
from surveys.files.source import Known

_WAVE = ("wave", "bølge")  # what files call the number of a wave


def known_of(table: Table, rename: Mapping[str, str]) -> Known:
    """Return what the dictionary knows of the columns of a file: text stays text."""
    renamed = {old.lower(): new for old, new in rename.items()}

    def declared(name: str) -> Column | None:
        wanted = renamed.get(name.lower(), name)
        own = _own_name(wanted, table)
        return next((one for one in table.in_files if own and one.members([own])), None)

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
    meant: dict[str, list[str]] = {}
    for name in names:
        # Some formats know capitals only; an exact name always wins.
        own = _own_name(name, table)
        # Two columns that differ in capitals are two; neither is taken for the other.
        if name not in renames and own is not None and own not in taken:
            meant.setdefault(own, []).append(name)
            mapping[name] = own
    if twice := {own: found for own, found in meant.items() if len(found) > 1}:
        lines = "; ".join(f"{' and '.join(found)} are '{own}'" for own, found in twice.items())
        raise DataError(
            f"{where}: columns whose names differ in capitals only: {lines}. Rename the one "
            'that is meant: rename = { NAME = "name" }.'
        )
    return mapping


def _own_name(name: str, table: Table) -> str | None:
    """Return how the dictionary spells a name, whatever its capitals; None if it has none."""
    small = name.lower()
    for wanted in (name, small):
        if any(column.members([wanted]) for column in table.in_files):
            return wanted
    if small in _WAVE:
        return "wave"
    return next((one.name for one in table.columns if one.name.lower() == small), None)


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
