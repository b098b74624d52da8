"""A dictionary to read, send and archive: Markdown, a page, a workbook, DDI-Codebook."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Mapping, Sequence

from data_dictionary import Codebook, describe
from data_dictionary.ddi import ddi_text
from data_dictionary.describe import described

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem}"
    "table{border-collapse:collapse;margin:1rem 0}"
    "th,td{border-bottom:1px solid #bbb;padding:.3rem .6rem;text-align:left;vertical-align:top}"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_WIDEST = 60


def _markdown(words: Codebook, names: Sequence[str]) -> bytes:
    return "\n".join(describe(words[name], words.scales.values()) for name in names).encode()


def _page(words: Codebook, names: Sequence[str]) -> bytes:
    """Return one page that needs no other file; every text is escaped."""
    parts = []
    for name in names:
        told = described(words[name], words.scales.values())
        parts += [f"<h2>{_escaped(told.title)}</h2>"]
        parts += [f"<p>{_escaped(sentence)}</p>" for sentence in told.sentences]
        for heading, rows in told.rows.items():
            parts += [f"<h3>{_escaped(heading)}</h3>"] if heading else []
            parts += ["<table>", _row(rows[0], "th"), *(_row(row, "td") for row in rows[1:])]
            parts += ["</table>"]
    title = _escaped(words.name)
    return (
        f'<!DOCTYPE html>\n<html lang="da"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head>\n<body><h1>{title}</h1>\n" + "\n".join(parts)
    ).encode() + b"\n</body></html>\n"


def _row(cells: Sequence[str], tag: str) -> str:
    scope = ' scope="col"' if tag == "th" else ""
    inside = "".join(f"<{tag}{scope}>{_escaped(cell)}</{tag}>" for cell in cells)
    return f"<tr>{inside}</tr>"


def _escaped(text: str) -> str:
    """Return a text safe in a page; names between backticks are set as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(_CONTROL.sub("", text)))


def _workbook(words: Codebook, names: Sequence[str]) -> bytes:
    """Return a workbook: a sheet per table, and all codes, which `draft` reads as labels."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    book.remove(book.active)
    sheets: dict[str, list[Sequence[str]]] = {}
    codes: list[Sequence[str]] = [("table", "column", "code", "label")]
    for name in names:
        told = described(words[name], words.scales.values())
        sheets[name] = [row for rows in told.rows.values() for row in (*rows, ())]
        for column in words[name].columns:
            both = [*column.codes.items(), *column.missing.items()]
            codes += [(name, column.name, str(code), text) for code, text in both]
    for name, rows in (sheets | {"codes": codes}).items():
        sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", "_", name)[:31])
        sheet.freeze_panes = "A2"
        for at, row in enumerate(rows, start=1):
            for place, text in enumerate(row, start=1):
                cell = sheet.cell(at, place, _CONTROL.sub("", text).replace("`", ""))
                # A label that begins with "=" is a text and no formula.
                cell.data_type = "s"
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.font = Font(bold=at == 1)
        for own in sheet.columns:
            longest = max(len(str(cell.value or "")) for cell in own)
            sheet.column_dimensions[own[0].column_letter].width = min(longest + 2, _WIDEST)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _ddi(words: Codebook, names: Sequence[str]) -> bytes:
    return ddi_text(words, tuple(names)).encode()


FORMS: Mapping[str, Callable[[Codebook, Sequence[str]], bytes]] = {
    "markdown": _markdown,
    "html": _page,
    "xlsx": _workbook,
    "ddi": _ddi,
}
"""How a dictionary is shown: the tables of these names, as the bytes of a file."""
