"""Tables of the dictionary as DDI-Codebook 2.5, and DDI-Codebook of anybody as tables.

What DDI has an element for stands there: labels, codes, missing codes, limits, descriptions.
The other keys stand in `notes` of type ``enplan``, as TOML, and are read back from there.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from data_dictionary.codebook import Codebook
from data_dictionary.columns import MISSING_KINDS, Bound, Column
from data_dictionary.errors import DataError
from data_dictionary.toml_text import toml_lines
from data_dictionary.xml_file import read_xml, text_of

_NOTE = "enplan"


def ddi_text(words: Codebook, names: Sequence[str]) -> str:
    """Return tables of a dictionary as a DDI-Codebook document."""
    root = Element("codeBook", {"xmlns": "ddi:codebook:2_5", "version": "2.5"})
    title = SubElement(SubElement(root, "stdyDscr"), "citation")
    _add(SubElement(title, "titlStmt"), "titl", words.name)
    for place, name in enumerate(names):
        file = SubElement(root, "fileDscr", {"ID": f"F{place}"})
        about = SubElement(file, "fileTxt")
        _add(about, "fileName", name)
        _add(about, "fileCont", words[name].description)
        _note(file, replace(words[name], description=""))
    data = SubElement(root, "dataDscr")
    for place, name in enumerate(names):
        for number, column in enumerate(words[name].columns):
            own = {"ID": f"V{place}.{number}", "name": column.name, "files": f"F{place}"}
            _add_column(SubElement(data, "var", own), column)
    indent(root, " ")
    document = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{document}\n'


def _add_column(var: Element, column: Column) -> None:
    """Tell a column; the order of the elements is that of the schema."""
    _add(var, "labl", column.label)
    limits = {"min": column.minimum, "max": column.maximum}
    told = {name: str(limit) for name, limit in limits.items() if limit is not None}
    if told:
        SubElement(SubElement(var, "valrng"), "range", {"UNITS": "REAL", **told})
    _add(var, "txt", column.description)
    for code, label in [*column.codes.items(), *column.missing.items()]:
        why = column.missing.get(code)
        kind = {"missing": "Y", "missType": why} if why else {}
        category = SubElement(var, "catgry", kind)
        _add(category, "catValu", str(code))
        _add(category, "labl", label)
    form = "character" if column.type == "string" else "numeric"
    about = "date" if column.type == "date" else "other"
    SubElement(var, "varFormat", {"type": form, "category": about})
    # The codes of a list stand in the file one by one.
    bare = replace(column, codes={}, missing={}, minimum=None, maximum=None, code_list=None)
    _note(var, replace(bare, description=""))


def _note(parent: Element, section: object) -> None:
    """Add the keys that no element tells."""
    SubElement(parent, "notes", {"type": _NOTE}).text = "\n".join(toml_lines(section, {}))


def _add(parent: Element, name: str, text: str) -> None:
    """Add an element with a text, if there is one; XML knows no control signs."""
    if text:
        SubElement(parent, name).text = "".join(c for c in text if c.isprintable())


def ddi_contents(path: Path) -> dict[str, dict[str, Any]]:
    """Return each table that a DDI-Codebook file describes, as a TOML file would declare it.

    Columns have one key more, ``missing_labels``: codes for no answer to their labels, where
    ``missing`` has those whose kind the file tells.

    Raises
    ------
    DataError
        If it is no XML, declares a DTD, or describes no variable.
    """
    root = read_xml(path, "the DDI file")
    files = {file.get("ID", ""): file for file in root.iter("fileDscr")}
    found: dict[str, dict[str, Any]] = {}
    for var in root.iter("var"):
        at = var.get("files") or "".join(
            one.get("fileid", "") for one in var.iterfind("location")
        )
        file = files.get(at.split(" ")[0], next(iter(files.values()), None))
        name = Path(text_of(file, "fileTxt/fileName") or path.name).stem
        about = _told(file, {"description": text_of(file, "fileTxt/fileCont")})
        table = found.setdefault(name, {"label": name, **about, "columns": {}})
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
    label = text_of(var, "labl") or text_of(var, "qstn/qstnLit") or text_of(var, "qstn")
    texts = {"label": label, "description": text_of(var, "txt")}
    told = {"type": _type(var, codes), "label": var.get("name"), **_told(var, texts)}
    limits = var.find("valrng/range")
    for key, end in (("minimum", "min"), ("maximum", "max")):
        bound = None if limits is None else _bound(limits.get(end, ""), told["type"])
        told |= {} if bound is None else {key: bound}
    return told | {"codes": codes, "missing": missing, "missing_labels": labels}


def _type(var: Element, codes: Mapping[str, str]) -> str:
    """Return the type of a variable of anybody's file."""
    form = var.find("varFormat")
    about = {} if form is None else form.attrib
    if about.get("category") == "date":
        return "date"
    is_whole = all(code.removeprefix("-").isdigit() for code in codes)
    if about.get("type") == "character" or not is_whole:
        return "string"
    return "integer" if codes or var.get("dcml") == "0" else "number"


def _bound(text: str, kind: str) -> Bound | None:
    """Return a limit; None if it is not of the type."""
    try:
        bound = dt.date.fromisoformat(text) if kind == "date" else float(text)
    except ValueError:
        return None
    return int(bound) if isinstance(bound, float) and bound.is_integer() else bound


def _told(element: Element | None, texts: Mapping[str, str]) -> dict[str, Any]:
    """Return texts that are told, after the keys of a note that this program wrote."""
    notes = [] if element is None else element.findall("notes")
    note = next((one.text for one in notes if one.get("type") == _NOTE and one.text), "")
    try:
        noted = tomllib.loads(note)
    except tomllib.TOMLDecodeError:
        noted = {}
    return noted | {key: text for key, text in texts.items() if text}
