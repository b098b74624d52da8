"""The data among files that are drafted from, with what the label files beside it say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import TypeAlias

from data_dictionary.errors import DataError
from surveys.drafting.label_files import (
    LABEL_FILES,
    label_table,
    read_label_file,
    with_labels,
    without_data,
)
from surveys.files.formats import parsing
from surveys.files.read_file import read_source
from surveys.files.source import Known, Reading, Source

_CATALOG = ".sas7bcat"
Given: TypeAlias = str | Path | Source


def gather(given: Sequence[Given], how: Reading) -> list[tuple[Given, Source]]:
    """Return what holds data and its data, with the labels of all label files beside it.

    Parameters
    ----------
    given : sequence of str, Path or Source
        Data, label tables, DDI-Codebook (.xml), LimeSurvey's structure (.lss, .lsq) and SAS
        format catalogues (.sas7bcat), in any order. Without data, what the label files
        describe is returned without rows.
    how : Reading
        How the data files are read.
    """
    paths = [Path(one) for one in given if not isinstance(one, Source)]
    catalogs = [path for path in paths if path.suffix.lower() == _CATALOG]
    beside = [path for path in paths if path.suffix.lower() in LABEL_FILES]
    told = {name: one for path in beside for name, one in read_label_file(path).items()}
    files = [
        (one, [one] if isinstance(one, Source) else _tables(Path(one), catalogs, how))
        for one in given
        if isinstance(one, Source) or Path(one) not in (*catalogs, *beside)
    ]
    every = [source for _, tables in files for source in tables]
    labels = list(told.values())
    data: list[tuple[Given, Source]] = []
    for one, tables in files:
        plain = []
        for source in tables:
            others = (str(n) for s in every if s is not source for n in s.frame.columns)
            # A number at the head of a label table is a code and no name.
            found = label_table(source, {name for name in others if not name.isdigit()})
            if found is None:
                plain.append(source)
            else:
                labels.append(found)
        # Of a workbook the first sheet that is no label table, as a reader takes the first.
        data += [(one, source) for source in plain[:1]]
    if not data:
        return [(beside[0], without_data(name, one)) for name, one in told.items()]
    return [(one, reduce(with_labels, labels, source)) for one, source in data]


def _tables(path: Path, catalogs: Sequence[Path], how: Reading) -> list[Source]:
    """Return the tables of a file: of a workbook all, since one sheet may label another."""
    suffix = path.suffix.lower()
    if suffix == ".sas7bdat" and catalogs:
        own = next((one for one in catalogs if one.stem == path.stem), catalogs[0])
        return [read_source(path, replace(how, catalog=str(own.resolve())), Known())]
    if suffix != ".xlsx" or not path.is_file() or how.sheet:
        return [read_source(path, how, Known())]
    found: list[Source] = []
    faults: list[DataError] = []
    for name in _sheet_names(path):
        try:
            found.append(read_source(path, replace(how, sheet=name), Known()))
        except DataError as error:
            faults.append(error)
    if faults and not found:
        raise faults[0]
    return found


def _sheet_names(path: Path) -> list[str]:
    from openpyxl import load_workbook

    with parsing(path):
        book = load_workbook(path, read_only=True)
        names = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
        book.close()
    return names
