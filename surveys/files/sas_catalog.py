"""Labels of SAS: they stand in a format catalogue (.sas7bcat) beside the data."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from data_dictionary.errors import DataError, did_you_mean
from surveys.files.remarks import Remark
from surveys.files.source import Value
from surveys.files.stat_table import StatTable, code_of, letter_of

Formats: TypeAlias = Mapping[str, Mapping[Value, str]]
"""Labels of each format, by its name in capitals; those of text begin with a dollar."""

_CATALOG = ".sas7bcat"


def with_labels(
    table: StatTable, path: Path, declared: str | None, read: Callable[[Path], Formats]
) -> StatTable:
    """Return a table with the labels of the declared catalogue, or of one of the file's name.

    Another catalogue that lies beside the file is told of, and not read: which of the formats
    of that name were meant, only its owner knows. `read` reads one.
    """
    if declared is not None and table.program != "SAS":
        raise DataError(f"{path.name}: catalog is for files of SAS; leave it out.")
    if table.program != "SAS":
        return table
    beside = sorted(one for one in path.parent.iterdir() if one.suffix.lower() == _CATALOG)
    same = [one for one in beside if one.stem.lower() == path.stem.lower()]
    if declared is None and not same:
        others = ", ".join(one.name for one in beside)
        remarks = (Remark(what="catalog_beside", detail=others),) if beside else ()
        return replace(table, remarks=(*table.remarks, *remarks))
    catalog = path.parent / declared if declared is not None else same[0]
    if not catalog.is_file():
        nearest = did_you_mean(catalog.name, [one.name for one in beside])
        raise DataError(f"{path.name}: there is no catalogue '{declared}'.{nearest}")
    formats = read(catalog)
    labels: dict[str, Mapping[Value, str]] = {}
    for name, stored in table.formats.items():
        # The name of a format never ends in a digit: that is how wide it is shown.
        wanted = re.sub(r"\d*(?:\.\d*)?$", "", (stored or "").upper())
        if wanted in formats:
            is_text = wanted.startswith("$")
            labels[name] = {
                letter_of(code) if not is_text else code_of(code): text
                for code, text in formats[wanted].items()
            }
    told = Remark(what="catalog", detail=catalog.name, columns=tuple(labels), count=len(labels))
    return replace(
        table,
        value_labels={**table.value_labels, **labels},
        remarks=(*table.remarks, told),
    )
