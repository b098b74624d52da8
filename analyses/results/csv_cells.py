"""Texts in a CSV file that a spreadsheet would take for a formula, made harmless."""

from __future__ import annotations

import re

import pandas as pd

# What Excel, LibreOffice and Google Sheets begin a formula or a command with, wide forms too.
_SIGNS = (
    "[=+@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
    "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}-]"
)
_FORMULA = re.compile(rf"[\s\0]*{_SIGNS}|[\t\r\n]")
# Where a Danish Excel begins a new cell: it takes commas for decimals, and quotes that do not
# stand first in its own cell for letters.
_NEXT_CELL = re.compile(rf"([;\t\r\n][\s\0]*)(?={_SIGNS})")


def without_formulas(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose texts show in a spreadsheet as they are.

    An apostrophe before the first sign says "text" to every spreadsheet. Numbers, also those
    written as text, are left alone: ``-5`` is no formula. Nor may a text go on as one after a
    semicolon, a tab or a line's end, where some programs begin the next cell.

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
    safe = _NEXT_CELL.sub(r"\1'", cell)
    if not _FORMULA.match(cell):
        return safe
    try:
        float(cell)
    except ValueError:
        return f"'{safe}"
    return cell
