"""Recodes and turns codes of a file as its reader declares, before the dictionary is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from data_dictionary.columns import Code, Column
from data_dictionary.errors import ColumnError, DataError, did_you_mean
from data_dictionary.recodes import reversal, spelled, target_faults
from data_dictionary.tables import Table
from surveys.files.remarks import Remark
from surveys.files.source import Reading, Source, Value

Mappings: TypeAlias = Mapping[str, Mapping[str, Code]]
"""By column, codes of the file and what they become."""


def column_of(name: str, table: Table) -> Column:
    """Return what the dictionary says of a column of a file, a mention of several too."""
    mentioned = (one for one in table.multiple if one.members([name]))
    return next(mentioned, None) or table.column(name)


def declared_mappings(
    how: Reading, table: Table, names: Mapping[str, str], where: str
) -> dict[str, dict[str, Code]]:
    """Return what becomes of the codes of each column that is recoded or turned.

    Raises
    ------
    DataError
        With everything that is wrong with the declaration.
    """
    found: dict[str, dict[str, Code]] = {}
    faults: list[str] = []
    turned = dict.fromkeys(how.reverse or ())
    for old in dict.fromkeys([*(how.recode or {}), *turned]):
        name = names.get(old, old)
        try:
            column = column_of(name, table)
            mapping = (how.recode or {}).get(old, {})
            found[name] = {spelled(code, column): to for code, to in mapping.items()}
            faults += target_faults(column, mapping)
            if old in turned:
                if mapping:
                    faults.append(f"'{name}' is both recoded and reversed; keep one.")
                found[name] = reversal(column)
        except (ColumnError, DataError) as error:
            faults.append(str(error))
    if faults:
        lines = "".join(f"\n  - {fault}" for fault in faults)
        raise DataError(f"{where}: recode and reverse cannot be used{lines}")
    return found


def recoded(
    source: Source, table: Table, mappings: Mappings
) -> tuple[pd.DataFrame, tuple[Remark, ...]]:
    """Return the frame of a source with its codes mapped, and what was changed.

    Raises
    ------
    DataError
        If a column or code is not there, or two codes would become one unsaid.
    """
    frame, where = source.frame, source.provenance.name
    if not mappings:
        return frame, ()
    faults: list[str] = []
    told: dict[str, tuple[tuple[str, ...], int]] = {}
    changed: dict[str, pd.Series[Any]] = {}
    for name, mapping in mappings.items():
        if name not in frame:
            nearest = did_you_mean(name, frame.columns)
            faults.append(f"'{name}' is not a column of the file.{nearest}")
            continue
        column = column_of(name, table)
        positions, distinct = pd.factorize(frame[name], use_na_sentinel=True)
        codes = [spelled(value, column) for value in distinct]
        labels, missing = (
            {spelled(code, column): text for code, text in of.get(name, {}).items()}
            for of in (source.value_labels, source.missing)
        )
        faults += _mapping_faults(column, mapping, codes, labels, missing)
        made = np.empty(len(distinct) + 1, dtype=object)
        made[:-1] = [
            mapping.get(code, value) for code, value in zip(codes, distinct, strict=True)
        ]
        made[-1] = None
        changed[name] = pd.Series(made[positions], index=frame.index).infer_objects()
        moved = [code in mapping and str(mapping[code]) != code for code in codes]
        count = int(np.isin(positions, np.flatnonzero(moved)).sum())
        said = ", ".join(f"{old} = {new}" for old, new in mapping.items() if str(new) != old)
        names, before = told.get(said, ((), 0))
        told[said] = ((*names, name), before + count)
    if faults:
        lines = "".join(f"\n  - {fault}" for fault in faults)
        raise DataError(f"{where}: recode and reverse cannot be used{lines}")
    return frame.assign(**changed), tuple(
        Remark(what="recoded", columns=names, count=count, detail=said)
        for said, (names, count) in told.items()
    )


def moved_codes(
    codes: Mapping[Value, str], column: Column, mapping: Mapping[str, Code]
) -> list[tuple[str, str, str]]:
    """Return each code of a file, what it became, and its text."""
    return [
        (code, spelled(mapping.get(code, code), column), text)
        for code, text in ((spelled(one, column), text) for one, text in codes.items())
    ]


def _mapping_faults(
    column: Column,
    mapping: Mapping[str, Code],
    codes: list[str],
    labels: Mapping[str, str],
    missing: Mapping[str, str],
) -> Iterator[str]:
    """Yield what is wrong with a mapping, given the codes that the file has."""
    name, present = column.name, Counter(codes)
    silent = {spelled(code, column) for code in column.missing}
    for source, target in mapping.items():
        to = spelled(target, column)
        if source not in labels and source not in present and labels:
            hint = did_you_mean(source, [*labels, *present])
            yield f"'{name}': the file has no code {source}.{hint}"
        if to not in mapping and to != source and to in present:
            yield (
                f"'{name}': {source} becomes {target}, and the file has a {target} as well; "
                f"say what that becomes: {target} = {target} where they mean the same."
            )
        if source in missing and to not in silent and source != to:
            yield f"'{name}': {source} becomes an answer, and the file declares it missing."
