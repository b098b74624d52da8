"""Remarks: what was found out, changed or left out as a file was read, by code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

REMARKS: Mapping[str, str] = {
    "encoding": "read as {detail}",
    "clocks": "times of day or durations, read as seconds",
    "periods": "weeks, months, quarters or years, read as their first day",
    "far_dates": "{count} date(s) before year 1 or after 9999, left as numbers",
    "missing_dates": "{count} date(s) that the file declares missing: {detail}",
    "catalog": "{count} column(s) have the labels of the SAS catalogue {detail}",
    "catalog_beside": "labels may stand in {detail} beside it; catalog names one to read",
    "weighted": "the file is weighted by this column; nothing is weighted by it here",
    "date_order": "{count} date(s) that read in two ways were read {detail}",
    "decimal_proven": "{count} number(s) that read in two ways have the decimal mark {detail}",
    "open_ends": "{count} date(s) {detail} stand for an open end and are missing",
    "blank_texts": "{count} value(s) '{detail}' were read as blank",
    "labels": "{count} answer(s) that stand as labels were read as the dictionary's codes",
    "several_answers": "{count} row(s) with several answers were turned into 0/1 columns",
    "sheets_unread": "{count} other sheet(s) were not read: {detail}",
    "as_text": "{count} value(s) that are {detail} were read as text",
    "serial_days": "{count} number(s) were read as days that Excel counts",
    "rows_left_out": "{count} row(s) {detail} were left out",
    "blank_rows": "{count} blank row(s) were left out",
    "columns_ignored": "{count} column(s) that the dictionary does not know were left out",
    "columns_near": "{count} of them named like one that the file lacks: {detail}",
    "rows_not_kept": "{count} row(s) were left out by keep",
    "recoded": "{count} value(s) were recoded as declared ({detail})",
    "label_wording": "{count} label(s) are worded otherwise in the file: {detail}",
    "labels_differ": "{count} label(s) that no row uses differ in the file: {detail}",
    "keys_cleaned": "{count} key(s) were cleaned of {detail}",
    "keys_near": "{count} key(s) would match another wave with {detail}",
    "no_cpr": "{count} value(s) look like CPR numbers and were taken for none: {detail}",
    "keys_alike": "{count} key(s) would be another key of the file with {detail}",
    "same_answers": "{count} person(s) answered all alike in {detail}",
    "waves_apart": "nobody of {detail} stands in another wave",
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
