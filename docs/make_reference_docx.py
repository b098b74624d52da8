"""Make the Word template of the reports: Pandoc's own, with our page, letters and boxes.

Run ``python docs/make_reference_docx.py`` after a change here.  The result is kept in the
repository, so that rendering needs neither this script nor python-docx.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pypandoc
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

# The same colours stand in vive.css and typst-template.typ.
INK, PETROL, SLATE, RUST = "1C2830", "1B4B5A", "56656D", "A8501C"
LINE, TINT = "C9D3D7", "EEF3F4"
FACE = "Calibri"  # every Word has it; elsewhere Carlito with the same widths takes its place
TARGET = Path(__file__).parents[1] / "reports" / "_extensions" / "vive" / "reference.docx"
TEXT_WIDTH = Mm(154)


def node(name: str, *children: Any, **attributes: object) -> Any:
    """Return a Word element with attributes and children."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    for child in children:
        made.append(child)
    return made


def drop(parent: Any, *names: str) -> None:
    """Remove the children of these names."""
    for name in names:
        for old in parent.findall(qn(f"w:{name}")):
            parent.remove(old)


def style(
    doc: Any, name: str, based_on: str = "Normal", kind: Any = WD_STYLE_TYPE.PARAGRAPH
) -> Any:
    """Return the style of this name, new if Pandoc's file does not have it."""
    known = {item.name: item for item in doc.styles}
    if name not in known:
        known[name] = doc.styles.add_style(name, kind)
        known[name].base_style = known[based_on]
    return known[name]


def letters(item: Any, size: float, colour: str = INK, *, bold: bool | None = None) -> None:
    """Set face, size and colour; a theme's face would win over the name, so it goes."""
    font = item.font
    font.name, font.size, font.bold, font.italic = FACE, Pt(size), bold, False
    font.color.rgb = RGBColor.from_string(colour)
    properties = item.element.get_or_add_rPr()
    faces = properties.get_or_add_rFonts()
    for key in [key for key in faces.attrib if "heme" in key]:
        del faces.attrib[key]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        faces.set(qn(f"w:{script}"), FACE)
    drop(properties, "spacing")


def space(
    item: Any, before: float, after: float, line: float = 1.0, *, keep: bool = False
) -> None:
    """Set the room around a paragraph, to the left; `keep` holds it with the next."""
    shape = item.paragraph_format
    shape.space_before, shape.space_after, shape.line_spacing = Pt(before), Pt(after), line
    shape.keep_with_next = keep or None
    shape.alignment = WD_ALIGN_PARAGRAPH.LEFT


def box(item: Any, fill: str | None, **sides: tuple[int, str, int]) -> None:
    """Draw lines (width, colour, distance) and a background; Word wants them in this order."""
    properties = item.element.get_or_add_pPr()
    drop(properties, "pBdr", "shd")
    later = {qn(f"w:{tag}") for tag in ("tabs", "spacing", "ind", "contextualSpacing", "jc")}
    place = next(
        (i for i, child in enumerate(properties) if child.tag in later), len(properties)
    )
    if fill:
        properties.insert(place, node("shd", val="clear", color="auto", fill=fill))
    lines = [
        node(side, val="single", sz=sides[side][0], space=sides[side][2], color=sides[side][1])
        for side in ("top", "left", "bottom", "right")
        if side in sides
    ]
    properties.insert(place, node("pBdr", *lines))


def field(paragraph: Any, code: str, shown: str = "") -> None:
    """Add a field, which Word computes; other programs show `shown`."""
    instruction = node("instrText")
    instruction.text = f" {code} "
    for part in (node("fldChar", fldCharType="begin"), instruction):
        paragraph.add_run()._r.append(part)
    paragraph.add_run()._r.append(node("fldChar", fldCharType="separate"))
    paragraph.add_run(shown)
    paragraph.add_run()._r.append(node("fldChar", fldCharType="end"))


def paragraph_styles(doc: Any) -> None:
    """Set language, text, headings, captions, boxes and title page."""
    defaults = doc.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault"))
    run = defaults.find(qn("w:rPr"))
    drop(run, "lang")
    run.append(node("lang", val="da-DK", eastAsia="da-DK", bidi="ar-SA"))
    for name in ("Normal", "Body Text", "First Paragraph", "Compact"):
        letters(style(doc, name), 10.5)
        space(style(doc, name), 0, 2 if name == "Compact" else 7, 1.15)
    for level, size, before, after in ((1, 19, 26, 9), (2, 13.5, 18, 6), (3, 11, 14, 4)):
        letters(style(doc, f"Heading {level}"), size, PETROL, bold=True)
        space(style(doc, f"Heading {level}"), before, after, 1.05, keep=True)
    letters(style(doc, "TOC Heading"), 15, PETROL, bold=True)
    for level, indent in ((1, 0), (2, 6)):
        entry = style(doc, f"toc {level}")
        letters(entry, 10.5, bold=level == 1 or None)
        space(entry, 4 if level == 1 else 0, 2)
        entry.paragraph_format.left_indent = Mm(indent)
        entry.paragraph_format.tab_stops.add_tab_stop(
            TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
        )
    letters(style(doc, "Title"), 28, PETROL, bold=True)
    space(style(doc, "Title"), 90, 6)
    box(style(doc, "Title"), None, top=(24, PETROL, 14))
    for name, size, colour, after in (
        ("Subtitle", 15, SLATE, 18),
        ("Author", 11.5, INK, 0),
        ("Date", 11.5, SLATE, 30),
    ):
        letters(style(doc, name), size, colour, bold=False)
        space(style(doc, name), 0, after, 1.1)
    for name in ("Caption", "Table Caption", "Image Caption"):
        letters(style(doc, name), 10, PETROL, bold=True)
        space(style(doc, name), 12, 4, keep=True)
    letters(style(doc, "Captioned Figure"), 10.5)
    space(style(doc, "Captioned Figure"), 0, 4, keep=True)
    for name, size, colour, before, after in (
        ("Note", 8.5, SLATE, 2, 2),
        ("Kolofon", 9, SLATE, 0, 4),
        ("Stempel", 10, RUST, 0, 12),
        ("Hovedfund", 10.5, INK, 10, 12),
    ):
        letters(style(doc, name, "Body Text"), size, colour, bold=name == "Stempel" or None)
        space(style(doc, name), before, after, 1.15 if name == "Hovedfund" else 1.0)
    finding = style(doc, "Hovedfund")
    finding.paragraph_format.left_indent = Mm(4)
    finding.paragraph_format.right_indent = Mm(2)
    edge = (4, TINT, 6)
    box(finding, TINT, top=edge, left=(24, PETROL, 10), bottom=edge, right=edge)


def table_style(doc: Any) -> None:
    """Set "Table", which Pandoc gives every table: lines at the head, faint rows."""
    made = style(doc, "Table", kind=WD_STYLE_TYPE.TABLE).element
    drop(made, "pPr", "rPr", "tblPr", "tcPr", "tblStylePr")
    heavy = {"val": "single", "sz": 8, "space": 0, "color": PETROL}
    faint = {"val": "single", "sz": 4, "space": 0, "color": LINE}
    margins = (("top", 20), ("left", 90), ("bottom", 20), ("right", 90))
    whole = node(
        "tblPr",
        node("tblStyleRowBandSize", val=1),
        node("tblStyleColBandSize", val=1),
        node(
            "tblBorders",
            node("top", **heavy),
            node("bottom", **faint),
            node("insideH", **faint),
        ),
        node("tblCellMar", *(node(side, w=width, type="dxa") for side, width in margins)),
    )
    head = node(
        "tblStylePr",
        node("rPr", node("b"), node("color", val=PETROL)),
        node("tcPr", node("tcBorders", node("bottom", **heavy)), node("vAlign", val="bottom")),
        type="firstRow",
    )
    band = node(
        "tblStylePr",
        node("tcPr", node("shd", val="clear", color="auto", fill=TINT)),
        type="band2Horz",
    )
    letter = node("rPr", node("sz", val=19))
    paragraph = node("pPr", node("spacing", before=40, after=40, line=240, lineRule="auto"))
    for part in (paragraph, letter, whole, head, band):
        made.append(part)


def page(doc: Any) -> None:
    """Set A4, the stamp in the header of every page and the page number in the footer."""
    section = doc.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(28)
    section.top_margin, section.bottom_margin = Mm(30), Mm(28)
    section.header_distance, section.footer_distance = Mm(14), Mm(13)
    for part, name in ((section.header, "Header"), (section.footer, "Footer")):
        part.is_linked_to_previous = False
        letters(style(doc, name), 8.5, SLATE)
        stops = style(doc, name).paragraph_format.tab_stops
        stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
        part.paragraphs[0].style = style(doc, name)
    stamp, number = section.header.paragraphs[0], section.footer.paragraphs[0]
    stamp.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    field(stamp, 'STYLEREF "Stempel"')
    for run in stamp.runs:
        run.font.bold, run.font.color.rgb = True, RGBColor.from_string(RUST)
    number.add_run("\t")
    field(number, "PAGE", "1")


def main() -> None:
    """Write the template."""
    command = [pypandoc.get_pandoc_path(), "--print-default-data-file", "reference.docx"]
    TARGET.write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)  # noqa: S603
    doc = Document(str(TARGET))
    paragraph_styles(doc)
    table_style(doc)
    page(doc)
    doc.save(str(TARGET))


if __name__ == "__main__":
    main()
