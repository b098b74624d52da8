"""What a Word file still needs after Pandoc: contents, fields, sections and properties.

It is done to the finished file, so that both engines get the same.
"""

from __future__ import annotations

import copy
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_NAMESPACE = re.compile(r'xmlns:(\w+)="([^"]+)"')
_CAPTION = re.compile(r"^(?P<kind>\w+)[ \N{NO-BREAK SPACE}](?P<number>\d+)(?=: )")
_REFERENCE = re.compile(r"^(?P<word>\w+[ \N{NO-BREAK SPACE}])(?P<number>\d+)$")
_LEVEL = re.compile(r"Heading([12])$")
_PROPERTY = re.compile(r'name="([^"]+)"><vt:lpwstr>([^<]*)')
_DANISH = (("themeFontLang", "da-DK"), ("decimalSymbol", ","), ("listSeparator", ";"))
# Of a table that a page should hold whole.
_SHORT = 15


def finish(path: Path) -> None:
    """Fill contents and fields of a Word file in its place.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    """
    with zipfile.ZipFile(path) as archive:
        parts = {item: archive.read(item) for item in archive.infolist()}
    named = {item.filename: item for item in parts}
    body = _Body(parts[named["word/document.xml"]])
    body.finish()
    parts[named["word/document.xml"]] = body.written()
    for name, item in named.items():
        if name.startswith("word/header"):
            parts[item] = _stamped(parts[item], body.stamp)
    settings = parts[named["word/settings.xml"]].decode()
    for key, value in _DANISH:
        settings = re.sub(rf'(<w:{key} w:val=")[^"]*', rf"\g<1>{value}", settings)
    parts[named["word/settings.xml"]] = settings.encode()
    custom = named.get("docProps/custom.xml")
    told = dict(_PROPERTY.findall("" if custom is None else parts[custom].decode()))
    core = named["docProps/core.xml"]
    parts[core] = _described(parts[core].decode(), told).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for item, content in parts.items():
            archive.writestr(item, content)


def _w(
    tag: str, /, *children: ET.Element, text: str | None = None, **attributes: str
) -> ET.Element:
    made = ET.Element(f"{{{_W}}}{tag}", {f"{{{_W}}}{k}": v for k, v in attributes.items()})
    made.extend(children)
    if text is not None:
        made.text = text
        made.set(_SPACE, "preserve")
    return made


def _run(text: str) -> ET.Element:
    return _w("r", _w("t", text=text))


def _field(code: str, shown: str) -> list[ET.Element]:
    """Return a field with what it shows; where that is nothing Word computes it at once."""
    dirty = {} if shown else {"dirty": "true"}
    return [
        _w("r", _w("fldChar", fldCharType="begin", **dirty)),
        _w("r", _w("instrText", text=f" {code} ")),
        _w("r", _w("fldChar", fldCharType="separate")),
        _run(shown),
        _w("r", _w("fldChar", fldCharType="end")),
    ]


class _Body:
    """The text of a Word file."""

    def __init__(self, content: bytes) -> None:
        for prefix, address in _NAMESPACE.findall(content.decode()):
            ET.register_namespace(prefix, address)
        self._root = ET.fromstring(content)  # noqa: S314 - Pandoc wrote it a moment ago
        self._body = self._all("body")[0]
        self._mark = 1 + max(
            (int(one.get(f"{{{_W}}}id", "0")) for one in self._all("bookmarkStart")), default=0
        )
        self.stamp = next(
            (_text(one) for one in self._all("p") if _style(one) == "Stempel"), ""
        )

    def _all(self, name: str) -> list[ET.Element]:
        return self._root.findall(f".//{{{_W}}}{name}")

    def written(self) -> bytes:
        made: bytes = ET.tostring(self._root, encoding="UTF-8", xml_declaration=True)
        return made

    def finish(self) -> None:
        for picture in self._root.iter(f"{{{_PIC}}}cNvPr"):
            # What the page shows is described once, beside it; here stood its whole content.
            picture.set("descr", "")
        numbered = dict(self._captions())
        self._references(numbered)
        for table in self._all("tbl"):
            _hold_together(table)
        self._contents()
        self._sections()

    def _captions(self) -> Iterator[tuple[str, str]]:
        """Make the number of every caption a field; yield each float's name and mark."""
        name = ""
        for block in self._body:
            if block.tag == f"{{{_W}}}bookmarkStart":
                name = block.get(f"{{{_W}}}name", "")
            if _style(block) not in ("ImageCaption", "TableCaption"):
                continue
            first = block.find(f"{{{_W}}}r")
            text = None if first is None else first.find(f"{{{_W}}}t")
            found = _CAPTION.match(text.text or "") if text is not None else None
            if first is None or text is None or found is None:
                continue
            mark, at = f"_Ref_{name}", list(block).index(first)
            number = self._bookmarked(
                mark, _field(f"SEQ {found['kind']} \\* ARABIC", found["number"])
            )
            text.text = (text.text or "")[found.end() :]
            for one in reversed([_run(f"{found['kind']}\N{NO-BREAK SPACE}"), *number]):
                block.insert(at, one)
            yield name, mark

    def _bookmarked(self, name: str, content: list[ET.Element]) -> list[ET.Element]:
        self._mark += 1
        number = str(self._mark)
        return [
            _w("bookmarkStart", id=number, name=name),
            *content,
            _w("bookmarkEnd", id=number),
        ]

    def _references(self, numbered: dict[str, str]) -> None:
        """Let the number of every reference follow that of its caption."""
        for link in self._all("hyperlink"):
            mark = numbered.get(link.get(f"{{{_W}}}anchor", ""))
            found = _REFERENCE.match(_text(link))
            if mark is None or found is None:
                continue
            style = link.find(f"{{{_W}}}r/{{{_W}}}rPr")
            runs = [_run(found["word"]), *_field(f"REF {mark} \\h", found["number"])]
            for old in list(link):
                link.remove(old)
            for run in runs:
                if style is not None:
                    run.insert(0, copy.deepcopy(style))
                link.append(run)

    def _contents(self) -> None:
        """Fill the contents with the headings, each leading to its place."""
        holder = self._root.find(f".//{{{_W}}}sdtContent")
        if holder is None:
            return
        entries = list(self._entries())
        field = [one for one in holder if _style(one) != "TOCHeading"]
        if not field or not entries:
            return
        begin = _field('TOC \\o "1-2" \\h \\z \\u', "")[:3]
        for old in field:
            holder.remove(old)
        for run in reversed(begin):
            entries[0].insert(1, run)
        entries[-1].append(_w("r", _w("fldChar", fldCharType="end")))
        holder.extend(entries)

    def _entries(self) -> Iterator[ET.Element]:
        anchor = ""
        for block in self._body:
            if block.tag == f"{{{_W}}}bookmarkStart":
                anchor = block.get(f"{{{_W}}}name", "")
            level = _LEVEL.match(_style(block))
            if level and anchor:
                link = _w(
                    "hyperlink",
                    _run(_text(block)),
                    _w("r", _w("tab")),
                    anchor=anchor,
                    history="1",
                )
                link.extend(_field(f"PAGEREF {anchor} \\h", ""))
                yield _w("p", _w("pPr", _w("pStyle", val=f"toc{level[1]}")), link)

    def _sections(self) -> None:
        """Let cover and contents end a section of their own."""
        last = self._body.find(f"{{{_W}}}sectPr")
        contents = self._body.find(f"{{{_W}}}sdt")
        if last is None or contents is None:
            return
        cover = list(self._body)[: list(self._body).index(contents)]
        for block in (*cover[-1:], contents.findall(f".//{{{_W}}}p")[-1]):
            properties = block.find(f"{{{_W}}}pPr")
            if properties is not None:
                own = copy.deepcopy(last)
                size = own.find(f"{{{_W}}}pgSz")
                own.insert(
                    0 if size is None else list(own).index(size), _w("type", val="nextPage")
                )
                properties.append(own)


def _style(block: ET.Element) -> str:
    style = block.find(f"{{{_W}}}pPr/{{{_W}}}pStyle")
    return "" if style is None else style.get(f"{{{_W}}}val", "")


def _text(element: ET.Element) -> str:
    """Return the text of an element; a tab after a heading's number is a blank."""
    return "".join(
        " " if one.tag == f"{{{_W}}}tab" else one.text or ""
        for one in element.iter()
        if one.tag in (f"{{{_W}}}t", f"{{{_W}}}tab")
    )


def _hold_together(table: ET.Element) -> None:
    """Let no row break over pages, and no short table."""
    rows = table.findall(f"{{{_W}}}tr")
    for row in rows:
        properties = row.find(f"{{{_W}}}trPr")
        if properties is None:
            properties = _w("trPr")
            row.insert(0, properties)
        properties.insert(0, _w("cantSplit"))
    for row in rows[:-1] if len(rows) <= _SHORT else rows[:2]:
        for properties in row.iter(f"{{{_W}}}pPr"):
            properties.insert(1, _w("keepNext"))


def _stamped(header: bytes, stamp: str) -> bytes:
    """Let a header show the stamp where nobody computes its field."""
    empty = re.compile(rb'(fldCharType="separate"/></w:r><w:r>(?:<w:rPr>.*?</w:rPr>)?)(</w:r>)')
    text = stamp.replace("&", "&amp;").replace("<", "&lt;")
    shown = f'<w:t xml:space="preserve">{text}</w:t>'.encode()
    return empty.sub(lambda found: found[1] + shown + found[2], header)


def _described(core: str, told: Mapping[str, str]) -> str:
    """Say who published the file, and when: at noon of its date, the same each time."""
    core = core.replace(
        "<dc:creator></dc:creator>", f"<dc:creator>{told.get('publisher', '')}</dc:creator>"
    )
    if "date-meta" in told:
        core = re.sub(r'(W3CDTF">)[^<]*', rf"\g<1>{told['date-meta']}T12:00:00Z", core)
    return core
