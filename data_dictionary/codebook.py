"""The codebook of a study: tables, scales and code lists, shipped or of a user's folder."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from data_dictionary.code_lists import CodeList, load_code_list
from data_dictionary.columns import Code
from data_dictionary.declarations import (
    ask_for_roles,
    check_references,
    read_scale_declaration,
    read_table_declaration,
)
from data_dictionary.errors import CareWarning, DataError, did_you_mean
from data_dictionary.mistakes import Mistakes
from data_dictionary.scales import Scale
from data_dictionary.tables import Table
from data_dictionary.toml_file import read_toml

_CODE_LIST = "_codes.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Codebook:
    """What every column of a study means: tables, scales and code lists by name."""

    name: str
    tables: Mapping[str, Table]
    scales: Mapping[str, Scale]
    code_lists: Mapping[str, CodeList]

    def __getitem__(self, name: str) -> Table:
        """Return a table.

        Raises
        ------
        DataError
            If the dictionary has no such table; the nearest name is offered.
        """
        if name not in self.tables:
            known = ", ".join(self.tables)
            raise DataError(
                f"table '{name}' is not in dictionary '{self.name}', which has {known}."
                f"{did_you_mean(name, self.tables)}"
            )
        return self.tables[name]

    def weekly_codes(self) -> CodeList | None:
        """Return the code list of the weekly register; None where no table names one."""
        for table in self.tables.values():
            if table.role == "weekly_register" and table.has("benefit"):
                return self.code_lists.get(table.playing("benefit").code_list or "")
        return None


def editions() -> tuple[str, ...]:
    """Return the names of the shipped dictionaries."""
    folder = files("data_dictionary") / "editions"
    return tuple(sorted(item.name for item in folder.iterdir() if item.is_dir()))


def load(source: str | Path) -> Codebook:
    """Load a dictionary: a shipped edition by name, or a folder of TOML files.

    A file declares the table it is named after; ``scales.toml`` declares scales,
    ``shared.toml`` column declarations that others take over by ``like``, and files that end
    in ``_codes.toml`` hold code lists of registers.

    Parameters
    ----------
    source : str or Path
        Name of an edition, or path of a folder; a folder that has an edition's name is written
        ``./NAME``.

    Returns
    -------
    Codebook
        Tables, scales and code lists.

    Raises
    ------
    DataError
        If there is no such dictionary or it has faults; all faults are listed.

    Notes
    -----
    The least that a table needs is a label, its role, and a type and label per column::

        label = "Personer"
        role = "persons"
        key = ["person_id"]
        order = [["opened", "closed"]]

        [columns.person_id]
        type = "string"
        label = "Person"
        sensitivity = "identifying"

        [columns.item_1]
        type = "integer"
        label = "Jeg får hjælp"
        codes = { 1 = "Nej", 2 = "Ja" }
        missing = { 8 = "do_not_know", 9 = "refused" }

    Every key stands in ``docs/dictionary-file.md``.

    Examples
    --------
    >>> load("enplan")["cases"].key
    ('case_id',)
    """
    folder = _folder(source)
    shipped = sorted(
        (item for item in folder.iterdir() if item.name.endswith(".toml")),
        key=lambda item: item.name,
    )
    if not shipped:
        raise DataError(f"dictionary '{folder.name}' holds no .toml file.")
    mistakes = Mistakes()
    contents: dict[str, dict[str, Any] | None] = {}
    code_lists: dict[str, CodeList] = {}
    for item in shipped:
        if item.name.endswith(_CODE_LIST):
            code_lists[item.name.removesuffix(_CODE_LIST)] = load_code_list(item)
            continue
        try:
            contents[item.name] = read_toml(item, "the dictionary file")
        except DataError as error:
            mistakes.found.append(str(error))
            # The others are read on, so that all faults are told at once.
            contents[item.name] = None
    shared = contents.pop("shared.toml", None) or {}
    scale_file = contents.pop("scales.toml", None) or {}
    codes: dict[str, Mapping[Code, str]] = {
        name: {entry.code: entry.label for entry in code_list.entries}
        for name, code_list in code_lists.items()
    }
    tables = {
        (name := file.removesuffix(".toml")): read_table_declaration(
            name, file, content, shared, codes, mistakes
        )
        for file, content in contents.items()
        if content is not None
    }
    check_references(tables.values(), mistakes)
    silent = [file for file, content in contents.items() if content and "role" not in content]
    ask_for_roles(silent, mistakes)
    # A scale of a table that could not be read is not blamed for it.
    unread = {file.removesuffix(".toml") for file, content in contents.items() if not content}
    scales = {
        name: scale
        for name, content in scale_file.items()
        if not (isinstance(content, dict) and str(content.get("table")) in unread)
        and (scale := read_scale_declaration(name, "scales.toml", content, tables, mistakes))
    }
    if mistakes.found:
        raise DataError(
            f"dictionary '{folder.name}': {len(mistakes.found)} fault(s)\n{mistakes.listed()}"
        )
    return Codebook(name=folder.name, tables=tables, scales=scales, code_lists=code_lists)


def placed(name: str, beside: Path) -> str | Path:
    """Return the dictionary that a file means: a shipped edition, else a folder beside it.

    Parameters
    ----------
    name : str
        What the file says. A folder that has a shipped edition's name is written ``./NAME``.
    beside : Path
        Folder of the file.
    """
    if name not in editions():
        return beside / name
    # A clone of this repository has the name of an edition and is no dictionary.
    if any(item.name != "pyproject.toml" for item in (beside / name).glob("*.toml")):
        warnings.warn(
            f"dictionary '{name}' is the shipped edition; the folder '{name}' is not read. "
            f"Write './{name}' if you mean the folder.",
            CareWarning,
            stacklevel=2,
        )
    return name


def _folder(source: str | Path) -> Traversable:
    """Return the folder of a dictionary."""
    if isinstance(source, str) and source in editions():
        return files("data_dictionary") / "editions" / source
    folder = Path(source)
    if folder.is_dir():
        return folder.resolve()
    raise DataError(
        f"dictionary '{source}' is neither a shipped edition ({', '.join(editions())}) "
        f"nor a folder.{did_you_mean(str(source), editions())}"
    )
