"""Dates that a file declares as missing, as SPSS can: masked, as no answer is one by chance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from data_dictionary.columns import MISSING_KINDS
from data_dictionary.tables import Table
from surveys.files.remarks import Remark
from surveys.files.source import Value


def mask_dates(
    frame: pd.DataFrame, table: Table, missing: Mapping[str, Mapping[Value, str]]
) -> tuple[pd.DataFrame, Table, list[Remark]]:
    """Return the frame and the table by which dates that the file declares missing are.

    A kind that the label names is kept, by a table that lists the date as the dictionary could;
    a date of no known kind is blank. What the dictionary lists itself has its own kind.
    """
    remarks: list[Remark] = []
    columns = list(table.columns)
    for place, column in enumerate(columns):
        names = column.members(missing) if column.type == "date" else ()
        for name in (name for name in names if name in frame):
            codes = {
                code: kind
                for code, kind in missing[name].items()
                if isinstance(code, dt.date) and str(code) not in column.missing
            }
            hit = frame[name].isin(list(codes))
            if not hit.any():
                continue
            kinds = dict(columns[place].missing)
            kinds |= {str(code): one for code, one in codes.items() if one in MISSING_KINDS}
            columns[place] = replace(columns[place], missing=kinds)
            unknown = [code for code in codes if str(code) not in kinds]
            frame = frame.assign(**{name: frame[name].mask(frame[name].isin(unknown), None)})
            days = ", ".join(sorted(map(str, codes)))
            remarks.append(
                Remark(what="missing_dates", columns=(name,), count=int(hit.sum()), detail=days)
            )
    return frame, replace(table, columns=tuple(columns)), remarks
