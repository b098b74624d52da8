"""Tables of the dictionary as DDI-Codebook 2.5, and DDI-Codebook of anybody as tables.

What DDI has an element for stands there: labels, codes, missing codes, limits, descriptions.
The other keys stand in `notes` of type ``enplan``, as TOML, and are read back from there.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from data_dictionary.codebook import Codebook
from data_dictionary.columns import MISSING_KINDS, Bound, Column, ColumnType
from data_dictionary.declarations import read_table_declaration
from data_dictionary.errors import DataError
from data_dictionary.mistakes import Mistakes
from data_dictionary.tables import Table
from data_dictionary.toml_text import toml_lines
from data_dictionary.xml_file import read_xml, text_of

_NOTE = "enplan"
_TOLD = ("label = ", "description = ")
_TABLE_TOLD = ("description = ",)


def ddi_text(words: Codebook, names: tuple[str, ...] | None = None) -> str:
    """Return tables of a dictionary as a DDI-Codebook document; all of them if None.

    Parameters
    ----------
    words : Codebook
        Dictionary.
    names : tuple of str, optional
        Tables to write.
    """
    root = Element("codeBook", {"xmlns": "ddi:codebook:2_5", "version": "2.5"})
    title = SubElement(SubElement(root, "stdyDscr"), "citation")
    _add(SubElement(title, "titlStmt"), "titl", words.name)
    tables = [words[name] for name in names or words.tables]
    for place, table in enumerate(tables, start=1):
        file = SubElement(root, "fileDscr", {"ID": f"F{place}"})
        texts = SubElement(file, "fileTxt")
        _add(texts, "fileName", table.name)
        _add(texts, "fileCont", table.description)
        _note(file, toml_lines(table, {}), _TABLE_TOLD)
    data, number = SubElement(root, "dataDscr"), 0
    for place, table in enumerate(tables, start=1):
        for column in table.columns:
            number += 1
            _add_column(data, column, f"V{number}", f"F{place}")
    indent(root, " ")
    document = tostring(root, encoding="unicode")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + document + "\n"


def _add_column(data: Element, column: Column, own: str, file: str) -> None:
    """Add a column as a variable; the order of its elements is that of the schema."""
    kind = "discrete" if column.is_category or column.type != "number" else "contin"
    var = SubElement(
        data, "var", {"ID": own, "name": column.name, "files": file, "intrvl": kind}
    )
    _add(var, "labl", column.label)
    limits = {"min": column.minimum, "max": column.maximum}
    told = {name: str(limit) for name, limit in limits.items() if limit is not None}
    if told:
        SubElement(SubElement(var, "valrng"), "range", {"UNITS": "REAL", **told})
    if column.missing:
        invalid = SubElement(var, "invalrng")
        for code in column.missing:
            SubElement(invalid, "item", {"VALUE": str(code)})
    _add(var, "txt", column.description)
    for code, label in column.codes.items():
        category = SubElement(var, "catgry")
        _add(category, "catValu", str(code))
        _add(category, "labl", label)
    for code, why in column.missing.items():
        category = SubElement(var, "catgry", {"missing": "Y", "missType": why})
        _add(category, "catValu", str(code))
        _add(category, "labl", why.replace("_", " "))
    character = "character" if column.type == "string" else "numeric"
    about = "date" if column.type == "date" else "other"
    SubElement(var, "varFormat", {"type": character, "category": about})
    # The codes of a list stand in the file one by one.
    bare = replace(column, codes={}, missing={}, minimum=None, maximum=None, code_list=None)
    _note(var, toml_lines(bare, {}), _TOLD)


def _note(parent: Element, lines: list[str], told: tuple[str, ...]) -> None:
    """Add the keys that no element tells."""
    unsaid = [line for line in lines if not line.startswith(told)]
    SubElement(parent, "notes", {"type": _NOTE}).text = "\n".join(unsaid)


def _add(parent: Element, name: str, text: str) -> None:
    """Add an element with a text, if there is one; XML knows no control signs."""
    if text:
        SubElement(parent, name).text = "".join(c for c in text if c.isprintable() or c == " ")


def read_ddi(path: Path) -> dict[str, Table]:
    """Return the tables that a DDI-Codebook file describes, by their names.

    Raises
    ------
    DataError
        If it is no XML, declares a DTD, describes no variable, or describes one wrongly.
    """
    mistakes = Mistakes()
    tables = {}
    for name, content in ddi_contents(path).items():
        for column in content["columns"].values():
            labels = column.pop("missing_labels")
            known = column["missing"]
            column["missing"] = {code: known.get(code, MISSING_KINDS[-1]) for code in labels}
        tables[name] = read_table_declaration(name, path.name, content, {}, {}, mistakes)
    if mistakes.found:
        raise DataError(f"{path.name}: {len(mistakes.found)} fault(s)\n{mistakes.listed()}")
    return tables


def ddi_contents(path: Path) -> dict[str, dict[str, Any]]:
    """Return each table as a TOML file would declare it.

    Columns have one key more, ``missing_labels``: codes for no answer to their labels, where
    ``missing`` has those whose kind the file tells.
    """
    root = read_xml(path, "the DDI file")
    files = {file.get("ID", ""): file for file in root.iter("fileDscr")}
    found: dict[str, dict[str, Any]] = {}
    for var in root.iter("var"):
        file = files.get(var.get("files", "").split(" ")[0], next(iter(files.values()), None))
        name = Path(text_of(file, "fileTxt/fileName") or path.name).stem
        about = {"label": name, "description": text_of(file, "fileTxt/fileCont") or None}
        told = {key: text for key, text in about.items() if text}
        table = found.setdefault(name, {**told, **_noted(file), "columns": {}})
        table["columns"][var.get("name") or var.get("ID") or ""] = _declared(var)
    if not found:
        raise DataError(f"{path.name}: describes no variable; is it a DDI-Codebook file?")
    return found


def _declared(var: Element) -> dict[str, Any]:
    """Return the declaration of a variable."""
    codes: dict[str, str] = {}
    missing: dict[str, str] = {}
    labels: dict[str, str] = {}
    for category in var.iterfind("catgry"):
        code, label = text_of(category, "catValu"), text_of(category, "labl")
        if category.get("missing") == "Y":
            labels[code] = label
            kind = category.get("missType", "")
            missing |= {code: kind} if kind in MISSING_KINDS else {}
        elif code:
            codes[code] = label or code
    for item in var.iterfind("invalrng/item"):
        code = item.get("VALUE", "")
        labels.setdefault(code, codes.pop(code, ""))
    told: dict[str, Any] = {"type": _type(var, codes), **_noted(var)}
    limits = var.find("valrng/range")
    for key, end in (("minimum", "min"), ("maximum", "max")):
        bound = None if limits is None else _bound(limits.get(end), told["type"])
        told |= {} if bound is None else {key: bound}
    texts = {
        "label": text_of(var, "labl") or text_of(var, "qstn/qstnLit") or text_of(var, "qstn"),
        "description": text_of(var, "txt"),
    }
    told |= {key: text for key, text in texts.items() if text}
    told.setdefault("label", var.get("name"))
    return told | {"codes": codes, "missing": missing, "missing_labels": labels}


def _type(var: Element, codes: Mapping[str, str]) -> ColumnType:
    """Return the type of a variable of anybody's file."""
    form = var.find("varFormat")
    about = {} if form is None else form.attrib
    if about.get("category") == "date":
        return "date"
    if about.get("type") == "character":
        return "string"
    is_whole = bool(codes) and all(code.removeprefix("-").isdigit() for code in codes)
    if codes and not is_whole:
        return "string"
    return "integer" if is_whole or var.get("dcml") == "0" else "number"


def _bound(text: str | None, kind: str) -> Bound | None:
    """Return a limit; None if there is none, or it is not of the type."""
    try:
        if kind == "date":
            return dt.date.fromisoformat(text or "")
        number = float(text or "")
    except ValueError:
        return None
    return int(number) if number.is_integer() else number


def _noted(element: Element | None) -> dict[str, Any]:
    """Return the keys that no element of DDI tells, where this program wrote the file."""
    notes = [] if element is None else element.findall("notes")
    text = next((one.text for one in notes if one.get("type") == _NOTE and one.text), "")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}
