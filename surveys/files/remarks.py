"""Remarks: what was found out, changed or left out as a file was read, by code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

REMARKS: Mapping[str, str] = {
    "encoding": "read as {detail}",
    "date_order": "{count} date(s) that read in two ways were read {detail}",
    "decimal_proven": "{count} number(s) that read in two ways have the decimal mark {detail}",
    "open_ends": "{count} date(s) {detail} stand for an open end and are missing",
    "blank_texts": "{count} value(s) '{detail}' were read as blank",
    "labels": "{count} answer(s) that stand as labels were read as the dictionary's codes",
    "several_answers": "{count} row(s) with several answers were turned into 0/1 columns",
    "columns_ignored": "{count} column(s) that the dictionary does not know were left out",
}
"""What a remark says, by its code: the closed list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing to know of how a file was read.

    Parameters
    ----------
    what : str
        Code, one of `REMARKS`.
    columns : tuple of str
        Columns that it is about; none for the whole file.
    count : int
        How many values, rows, columns or sheets.
    detail : str
        What was found, such as an encoding and why; never a person's value.
    """

    what: str
    columns: tuple[str, ...] = ()
    count: int = 0
    detail: str = ""

    def __post_init__(self) -> None:
        """Refuse a code that nobody can put into words."""
        if self.what not in REMARKS:
            raise ValueError(f"'{self.what}' is no remark; add it to REMARKS.")

    def __str__(self) -> str:
        """Return the remark in words."""
        said = REMARKS[self.what].format(count=self.count, detail=self.detail)
        return f"{', '.join(self.columns)}: {said}" if self.columns else said
