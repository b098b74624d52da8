"""Texts in a CSV file that a spreadsheet would take for a formula, made harmless."""

from __future__ import annotations

import re

import pandas as pd

# What Excel, LibreOffice and Google Sheets begin a formula or a command with, wide forms too.
_FORMULA = re.compile(
    "[\\s\\0]*[=+@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
    "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}-]|[\t\r\n]"
)


def without_formulas(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose texts show in a spreadsheet as they are.

    An apostrophe before the first sign says "text" to every spreadsheet. Numbers, also those
    written as text, are left alone: ``-5`` is no formula.

    Examples
    --------
    >>> without_formulas(pd.DataFrame({"x": ["=1+1", "-5", "a=b"], "y": [-1, 2, 3]})).to_dict(
    ...     "list"
    ... )
    {'x': ["'=1+1", '-5', 'a=b'], 'y': [-1, 2, 3]}
    """
    made = frame.copy(deep=False)
    for name in frame.select_dtypes(["object", "string", "category"]):
        cells = [_harmless(cell) if isinstance(cell, str) else cell for cell in frame[name]]
        made[name] = pd.Series(cells, index=frame.index, dtype=object)
    return made


def _harmless(cell: str) -> str:
    if not _FORMULA.match(cell):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell
