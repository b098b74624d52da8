"""The data among files that are drafted from, with what the label files beside it say."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import TypeAlias

from data_dictionary.errors import DataError
from surveys.drafting.label_files import (
    LABEL_FILES,
    Labels,
    label_table,
    read_label_file,
    with_labels,
    without_data,
)
from surveys.files.formats import WORKBOOKS
from surveys.files.read_file import read_source
from surveys.files.source import Known, Reading, Source
from surveys.files.workbook import visible_sheets

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
    faults: list[str] = []
    told: dict[str, Labels] = {}
    files: list[tuple[Given, list[Source]]] = []
    for one in given:
        try:
            if isinstance(one, Source):
                files.append((one, [one]))
            elif (path := Path(one)).suffix.lower() in LABEL_FILES:
                told |= read_label_file(path)
            elif path not in catalogs:
                files.append((one, _tables(path, catalogs, how)))
        except DataError as error:
            faults.append(str(error))
    if faults:
        raise DataError("\n".join(faults))
    labels, data = list(told.values()), []
    every = [source for _, tables in files for source in tables]
    for one, tables in files:
        found = [label_table(source, _names(every, source)) for source in tables]
        labels += filter(None, found)
        # Of a workbook the first sheet that is no label table, as a reader takes the first.
        data += [(one, s) for s, label in zip(tables, found, strict=True) if not label][:1]
    if not data:
        bare = ((name, without_data(name, one)) for name, one in told.items())
        return [(name, source) for name, source in bare if len(source.frame.columns)]
    return [(one, reduce(with_labels, labels, source)) for one, source in data]


def _names(sources: Sequence[Source], but: Source) -> set[str]:
    """Return the columns of the other tables; a number at a label table's head is a code."""
    names = (str(n) for source in sources if source is not but for n in source.frame.columns)
    return {name for name in names if not name.isdigit()}


def _tables(path: Path, catalogs: Sequence[Path], how: Reading) -> list[Source]:
    """Return the tables of a file: of a workbook all, since one sheet may label another."""
    suffix = path.suffix.lower()
    if suffix == ".sas7bdat" and catalogs:
        own = next((one for one in catalogs if one.stem == path.stem), catalogs[0])
        return [read_source(path, replace(how, catalog=str(own.resolve())), Known())]
    found = [read_source(path, how, Known())]
    for name in visible_sheets(path) if suffix in WORKBOOKS and not how.sheet else ():
        if name != found[0].provenance.sheet:
            # A sheet that is no table labels nothing.
            with suppress(DataError):
                found.append(read_source(path, replace(how, sheet=name), Known()))
    return found
