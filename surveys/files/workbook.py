"""Workbooks: one sheet of .xlsx .xlsm .xlsb .xls or .ods, and what is asked of it before."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from data_dictionary.cpr import cpr_spans
from data_dictionary.errors import DataError, did_you_mean
from data_dictionary.xml_file import xml_of
from surveys.files.archive import Archive, protected
from surveys.files.formats import FORMATS, OLE2, parsing, unreadable
from surveys.files.layout import LOOKED_AT
from surveys.files.remarks import Remark
from surveys.files.serials import with_serials
from surveys.files.sheet_records import (
    UnknownRecordError,
    parts_of_xlsb,
    scan_of_xlsb,
    scans_of_xls,
)
from surveys.files.sheet_table import SheetCells, table_of
from surveys.files.sheet_xml import FORMULA, Fault, far_cell, faults_of, tells_no_far_cell
from surveys.files.source import Known, Provenance, Reading, Source

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_TRUE = ("1", "true")
# Of an OpenDocument: a formula that nobody computed, and a zero that stands for an error.
_UNCOMPUTED = re.compile(
    rb"<table:table-cell\b(?=[^>]*\btable:formula=)(?![^>]*\boffice:(?:\w+-)?value=)"
    rb'(?![^>]*\boffice:value-type="string")'
)
_FAILED = re.compile(
    rb'office:value-type="(?:float|percentage|currency)"[^>]*>\s*<text:p>(?:#[A-Z]|Err:\d)'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A sheet of cells, and the part of the archive that holds it."""

    name: str
    is_visible: bool
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    """A part that another one refers to, by a key and as a kind of part."""

    key: str
    kind: str
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Book:
    """A workbook's sheets, and what reads one of them."""

    sheets: Sequence[_Sheet]
    cells: Callable[[_Sheet], SheetCells]


def read_workbook(path: Path, how: Reading, known: Known) -> Source:
    """Read a sheet of a workbook; where none is named, the first that is not hidden.

    Raises
    ------
    DataError
        If it is protected or damaged, or cells of the table hold errors or formulas without a
        stored value.
    """
    with parsing(path):
        book = _opened(path)
        sheet = _chosen(path, book.sheets, how.sheet)
        cells = book.cells(sheet)
        where = f"{path.name}, sheet '{sheet.name}'"
        visible = [one.name for one in book.sheets if one.is_visible and one != sheet]
        if how.sheet is None and visible and known != Known():
            _refuse_first(cells, visible, known, where)
        laid = table_of(cells, how, known, where)
    others = [
        one.name if one.is_visible else f"{one.name} (hidden)"
        for one in book.sheets
        if one != sheet
    ]
    unread = Remark(what="sheets_unread", count=len(others), detail=", ".join(others))
    source = Source(
        frame=laid.frame,
        provenance=Provenance.of(path, laid.frame.shape, sheet=sheet.name),
        variable_labels=laid.labels,
        remarks=(unread, *laid.remarks) if others else laid.remarks,
    )
    return with_serials(source, how.serials, is_1904=cells.is_1904)


def visible_sheets(path: Path) -> list[str]:
    """Return the names of the sheets that are not hidden."""
    with parsing(path):
        return [sheet.name for sheet in _opened(path).sheets if sheet.is_visible]


def _chosen(path: Path, sheets: Sequence[_Sheet], wanted: str | None) -> _Sheet:
    """Return the sheet to read; its name is published with the results."""
    names = [sheet.name for sheet in sheets]
    like = [str(place) for place, name in enumerate(names, start=1) if cpr_spans(name)]
    if like:
        raise DataError(
            f"{path.name}: the name of sheet(s) {', '.join(like)} looks like a CPR number. "
            "Rename the sheet before the file comes here."
        )
    if not sheets:
        raise DataError(f"{path.name}: has no sheet of cells.")
    if wanted is None:
        return next((sheet for sheet in sheets if sheet.is_visible), sheets[0])
    if wanted not in names:
        raise DataError(
            f"{path.name}: has no sheet '{wanted}', but {', '.join(names)}."
            f"{did_you_mean(wanted, names)}"
        )
    return sheets[names.index(wanted)]


def _refuse_first(cells: SheetCells, others: list[str], known: Known, where: str) -> None:
    """Raise if the first sheet has no column of the dictionary, and others may have."""
    rows = islice(cells.sheet.iter_rows() if cells.sheet.start else (), LOOKED_AT)
    if not any(known.is_named(str(cell).strip()) for row in rows for cell in row):
        raise DataError(
            f"{where} is the first, and has no column of the dictionary. If another has, write "
            f'sheet = "{others[0]}", or which one: {", ".join(others)}.'
        )


def _opened(path: Path) -> _Book:
    """Open a workbook by what it holds."""
    content = path.read_bytes()
    if content.startswith(OLE2):
        if _ENCRYPTED in content:
            raise protected(path.name)
        if path.suffix.lower() != ".xls":
            raise DataError(f"{path.name}: holds {FORMATS['.xls']}. Rename it to end in .xls.")
        scans = scans_of_xls(content)
        for scan in scans:  # the library holds all of them at once
            _refuse_far(scan.far_corner, path.name)
        return _by_library(io.BytesIO(content), path.name, lambda k, _: scans[k].faults)
    if not content.startswith(b"PK"):
        is_text = content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
        told = "it holds a web page or other text" if is_text else ""
        raise unreadable(path, path.suffix.lower(), told)
    archive = Archive(content, path.name)
    if archive.find("content.xml"):
        return _open_document(archive, path.name)
    if archive.find("xl/workbook.bin"):
        return _binary(archive, path.name)
    return _excel(archive, content, path.name)


def _open_document(archive: Archive, where: str) -> _Book:
    """Return a workbook of OpenDocument."""
    manifest = archive.find("META-INF/manifest.xml")
    if manifest and b"encryption-data" in archive.part(manifest):
        raise protected(where)
    xml = archive.part("content.xml")
    # Blanks between rows and cells, as some programs write them, stop the library.
    between = rb">\s+(?=</?(?:table|office):)"
    told = [(name, archive.part(name)) for name in ("mimetype", manifest) if name]
    checked = archive.only([*told, ("content.xml", re.sub(between, b">", xml))])

    def faults(_place: int, name: str) -> list[Fault]:
        begin = xml.find(f'table:name="{escape(name)}"'.encode())
        end = xml.find(b"</table:table>", begin)
        sheet = xml[max(begin, 0) : end]
        failed = max(sheet.count(b'calcext:value-type="error"'), len(_FAILED.findall(sheet)))
        told = ["an error"] * failed + [FORMULA] * len(_UNCOMPUTED.findall(sheet))
        return [Fault(row=0, column=0, what=what) for what in told]

    return _by_library(checked, where, faults)


def _binary(archive: Archive, where: str) -> _Book:
    """Return a workbook of binary records (.xlsb)."""
    names = [name for name in archive.names if name.lower().endswith((".bin", ".rels"))]
    parts = {name: archive.part(name) for name in names if "vba" not in name.lower()}
    links = _links(archive, "xl/_rels/workbook.bin.rels", "xl", where)
    part_of = {one.key: one.part for one in links}
    key_of = dict(parts_of_xlsb(archive.part("xl/workbook.bin")))

    def faults(_place: int, name: str) -> list[Fault]:
        try:
            scan = scan_of_xlsb(parts[part_of[key_of[name]]])
        except UnknownRecordError as error:
            raise DataError(
                f"{where}: was written by another program than Excel, in short records that "
                "are not read. Save it as .xlsx."
            ) from error
        _refuse_far(scan.far_corner, where)
        return scan.faults

    return _by_library(archive.only(parts.items()), where, faults)


def _by_library(
    content: io.BytesIO, where: str, faults: Callable[[int, str], list[Fault]]
) -> _Book:
    """Return a workbook whose sheets the library tells; `faults` tells a sheet's errors."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    book = _loaded(content, where)
    told = {one.name: one for one in book.sheets_metadata}
    sheets = [
        _Sheet(name=name, is_visible=one.visible == SheetVisibleEnum.Visible)
        for name, one in told.items()
        if one.typ == SheetTypeEnum.WorkSheet
    ]

    def cells(sheet: _Sheet) -> SheetCells:
        wrong = faults(list(told).index(sheet.name), sheet.name)
        return SheetCells(sheet=_sheet(book, sheet.name, where), faults=wrong)

    return _Book(sheets=sheets, cells=cells)


def _excel(archive: Archive, content: bytes, where: str) -> _Book:
    """Return an Excel workbook, of which only the sheet that is asked for is unpacked."""
    top = _links(archive, "_rels/.rels", "", where)
    main = next((one.part for one in top if one.kind == "officeDocument"), "xl/workbook.xml")
    folder, name = posixpath.split(main)
    list_of_parts = f"{folder}/_rels/{name}.rels"
    links = _links(archive, list_of_parts, folder, where)
    part_of = {one.key: one.part for one in links if one.kind == "worksheet"}
    root = xml_of(archive.part(main), where, "its list of sheets")
    sheets = [
        _Sheet(
            name=one.get("name", ""),
            is_visible=one.get("state", "visible") == "visible",
            part=part_of[one.get("id", "")],
        )
        for one in root.iterfind("sheets/sheet")
        if one.get("id") in part_of
    ]
    properties, computed = root.find("workbookPr"), root.find("calcPr")
    is_1904 = properties is not None and properties.get("date1904") in _TRUE
    is_unsaved = computed is not None and computed.get("fullCalcOnLoad") in _TRUE
    named = ["_rels/.rels", "[Content_Types].xml", main, list_of_parts]
    named += [one.part for one in links if one.kind in ("sharedStrings", "styles")]
    shared = [(one, archive.part(one)) for one in named if archive.find(one)]

    def cells(sheet: _Sheet) -> SheetCells:
        is_told = tells_no_far_cell(*archive.head(sheet.part))
        with ThreadPoolExecutor(1) as pool:
            if is_told:  # a large sheet is parsed while its bytes are searched
                parsed = pool.submit(_parsed, io.BytesIO(content), sheet.name, where)
            xml = archive.part(sheet.part)
            if not is_told:
                _refuse_far(far_cell(xml), where)
                checked = archive.only([*shared, (sheet.part, xml)])
                parsed = pool.submit(_parsed, checked, sheet.name, where)
            faults = list(faults_of(xml, is_unsaved=is_unsaved))
        return SheetCells(sheet=parsed.result(), faults=faults, is_1904=is_1904)

    return _Book(sheets=sheets, cells=cells)


def _refuse_far(corner: str | None, where: str) -> None:
    """Refuse a sheet that would fill the memory of whoever reads it."""
    if corner:
        raise DataError(
            f"{where}: a sheet reaches to cell {corner} and is nearly empty. Delete the rows "
            "and columns behind the table in Excel, and save it again."
        )


def _links(archive: Archive, part: str, folder: str, where: str) -> list[_Link]:
    """Return the parts that a part refers to, as the archive spells them."""
    if archive.find(part) is None:
        return []
    found = []
    for link in xml_of(archive.part(part), where, "its list of parts").iterfind("Relationship"):
        # A target that begins with a slash stands as it is.
        target = posixpath.normpath(posixpath.join("/", folder, link.get("Target", "")))
        kind = link.get("Type", "").rpartition("/")[2]
        name = archive.find(target)
        if name is None and kind in ("sharedStrings", "styles"):
            raise ValueError(target)  # without its styles a date is a number
        if name is not None:
            found.append(_Link(key=link.get("Id", ""), kind=kind, part=name))
    return found


def _loaded(content: io.BytesIO, where: str) -> Any:
    """Return a workbook as the library opens it."""
    from python_calamine import PasswordError, load_workbook

    try:
        with _calm(where):
            return load_workbook(content)
    except PasswordError as error:
        raise protected(where) from error


def _parsed(content: io.BytesIO, name: str, where: str) -> Any:
    """Return the cells of a sheet out of a workbook."""
    return _sheet(_loaded(content, where), name, where)


def _sheet(book: Any, name: str, where: str) -> Any:
    """Return the cells of a sheet."""
    with _calm(where):
        return book.get_sheet_by_name(name)


@contextmanager
def _calm(where: str) -> Iterator[None]:
    """Turn what the library raises where it stumbles over its own work into an error."""
    try:
        yield
    except BaseException as error:
        # Of a class that is no Exception and that nobody can import.
        if type(error).__name__ == "PanicException":
            raise ValueError(f"{where}: the library gave up") from error
        raise
