"""The data among files that are drafted from, with what the label files beside it say."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from pathlib import Path

from data_dictionary.errors import DataError
from surveys.drafting.label_files import (
    LABEL_FILES,
    label_table,
    read_label_file,
    with_labels,
    without_data,
)
from surveys.files.formats import parsing
from surveys.files.read_file import read
from surveys.files.source import Source

CATALOG = ".sas7bcat"


def gather(given: Sequence[str | Path | Source]) -> list[Source]:
    """Return the data that files hold, with the labels of all label files beside it.

    Parameters
    ----------
    given : sequence of str, Path or Source
        Data, label tables, DDI-Codebook (.xml), LimeSurvey's structure (.lss, .lsq) and SAS
        format catalogues (.sas7bcat), in any order. Without data, what the label files
        describe is returned without rows.
    """
    paths = [Path(one) for one in given if not isinstance(one, Source)]
    catalogs = [path for path in paths if path.suffix.lower() == CATALOG]
    beside = [path for path in paths if path.suffix.lower() in LABEL_FILES]
    told = {name: one for path in beside for name, one in read_label_file(path).items()}
    files = [
        [one] if isinstance(one, Source) else _tables(Path(one), catalogs)
        for one in given
        if isinstance(one, Source) or Path(one) not in (*catalogs, *beside)
    ]
    every = [source for tables in files for source in tables]
    labels, data = list(told.values()), []
    for tables in files:
        plain = []
        for source in tables:
            others = (str(n) for one in every if one is not source for n in one.frame.columns)
            # A number at the head of a label table is a code and no name.
            found = label_table(source, {name for name in others if not name.isdigit()})
            if found is None:
                plain.append(source)
            else:
                labels.append(found)
        # Of a workbook the first sheet that is no label table, as a reader takes the first.
        data += plain[:1]
    if not data:
        return [without_data(name, one) for name, one in told.items()]
    return [reduce(with_labels, labels, source) for source in data]


def _tables(path: Path, catalogs: Sequence[Path]) -> list[Source]:
    """Return the tables of a file: of a workbook all, since one sheet may label another."""
    suffix = path.suffix.lower()
    if suffix == ".sas7bdat" and catalogs:
        own = next((one for one in catalogs if one.stem == path.stem), catalogs[0])
        return [read(path, catalog=str(own.resolve()))]
    if suffix != ".xlsx" or not path.is_file():
        return [read(path)]
    found: list[Source] = []
    faults: list[DataError] = []
    for name in _sheet_names(path):
        try:
            found.append(read(path, sheet=name))
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
