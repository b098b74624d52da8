"""Pandoc's syntax tree of a document, searched for what the built-in engine refuses.

Quarto renders an unknown reference as bold question marks and only warns; here it is refused,
like everything that Quarto knows and this engine does not. So is all that reaches beyond the
document: pictures from elsewhere, addresses that run code, attributes that are not ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data_dictionary.errors import did_you_mean
from reports.engines.builtin.qmd import Document
from reports.engines.builtin.refusal import Refusal

BOXES = ("hovedfund", "boks", "advarsel", "note", "forside", "rul", "spor")
"""Fenced divs that the extension knows."""

_CALLOUTS = tuple(
    f"callout-{kind}" for kind in ("note", "tip", "important", "warning", "caution")
)

_WITH_ATTRIBUTES = {
    "Div": "a fenced div",
    "Span": "a span",
    "Link": "a link",
    "Image": "a figure",
    "Header": "a heading",
    "Code": "code",
    "CodeBlock": "a code block",
    "Table": "a table",
    "Figure": "a figure",
}
_TITLE_PAGE = (
    *("title", "subtitle", "author", "date", "date-meta", "publisher", "stamp", "kolofon"),
    "sheet",
)

PICTURES = {".svg": "svg+xml", ".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg"}
"""Kinds of picture, by the end of the file's name."""

_ADDRESS = re.compile(r"#|https?://|mailto:", re.IGNORECASE)
_LENGTH = r"\d+(\.\d+)?(%|cm|mm|in)"
_SHARES = r"\[\s*\d+(\s*,\s*\d+)*\s*\]"
_ANY = r"(?s).*"
_OWN_ATTRIBUTES: dict[str, dict[str, str]] = {
    "Div": {"title": _ANY, "tbl-colwidths": _SHARES},
    "Image": {"fig-alt": _ANY, "width": _LENGTH, "height": _LENGTH},
    "Span": {"tal": _ANY, "alt": _ANY},
    "Table": {"tbl-colwidths": _SHARES},
}
"""What attributes may say, by element; only a callout has a title."""

_COLUMNS = "Set one below the other: a page of engine 'quarto' has no columns either."
_RIGHT = {_LENGTH: "Write 60% or 8cm.", _SHARES: 'Write one share per column: "[30,70]".'}
_OWN_CLASSES = {
    "Header": ("unnumbered", "unlisted"),
    "Span": ("smallcaps", "underline", "mark", "om"),
    "Link": ("uri", "email"),  # Pandoc's own, of an address in angle brackets
    "Image": (),
    "Table": (),
}
_LINES = re.compile(r"(number-?lines|line-?anchors)", re.IGNORECASE)
_QUARTO_DIVS = re.compile(r"callout|panel-|content-|column-|cell|columns?$|theorem|proof")
_QUARTO_LABELS = re.compile(
    r"(lst|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg|nte|tip|wrn|imp|cau|eq)-"
)
_FLOAT = re.compile(r"(fig|tbl)-")

Node = dict[str, Any]


@dataclass(slots=True)
class _Findings:
    """What a walk over the tree has seen so far."""

    document: Document
    sources: frozenset[str] = frozenset()
    refusals: list[Refusal] = field(default_factory=list)
    targets: set[str] = field(default_factory=set)
    numbered: set[str] = field(default_factory=set)
    references: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    done: set[int] = field(default_factory=set)
    level: int = 0

    def refuse(self, what: str, *found_by: str, advice: str = "") -> None:
        place = self.document.place_of(*found_by)
        self.refusals.append(Refusal(*place, what, advice))

    def add_target(self, identifier: str, *, numbered: bool) -> None:
        if not identifier:
            return
        if identifier in self.targets:
            self.refuse(f"label '{identifier}' is used twice", f"#{identifier}", identifier)
        self.targets.add(identifier)
        if numbered:
            self.numbered.add(identifier)


def tree_refusals(
    tree: Node, document: Document, *, executed: bool, sources: frozenset[str] = frozenset()
) -> list[Refusal]:
    """Return everything in `tree` that is refused.

    References are looked up only in a tree that holds what the cells wrote (`executed`);
    `sources` are the keys that may be cited.
    """
    found = _Findings(document, sources)
    for node in walk([tree["meta"], tree["blocks"]]):
        check = _CHECKS.get(node["t"])
        if check and id(node) not in found.done:
            check(node.get("c"), found)
        _attributes(node, found)
    if executed:
        _check_references(found)
        _check_pictures(tree, found)
    return found.refusals


def walk(value: Any) -> Iterator[Node]:
    """Yield every element below `value`, parents first, in the order of the text."""
    if isinstance(value, dict):
        if "t" in value:
            yield value
        for child in value.values():
            yield from walk(child)
    elif isinstance(value, list):
        for child in value:
            yield from walk(child)


def _text(value: Any) -> str:
    words = {"Space": " ", "SoftBreak": " "}
    return "".join(
        node["c"] if node["t"] == "Str" else words.get(node["t"], "") for node in walk(value)
    )


def _attributes(node: Node, found: _Findings) -> None:
    """Refuse attributes and classes that are not ours: they would do nothing, or harm."""
    content = node.get("c")
    if node["t"] not in _WITH_ATTRIBUTES or not isinstance(content, list):
        return
    identifier, classes, attributes = content[1 if node["t"] == "Header" else 0]
    element = _WITH_ATTRIBUTES[node["t"]]
    for name, told in attributes:
        pattern = _OWN_ATTRIBUTES.get(node["t"], {}).get(name)
        what = f"attribute '{name}' of {element}"
        if pattern is None:
            advice = _COLUMNS if name.startswith("layout") else ""
            found.refuse(what, f"{name}=", f"{name} =", advice=advice)
        elif not re.fullmatch(pattern, told):
            found.refuse(f"{what} = '{told}'", f"{name}=", advice=_RIGHT[pattern])
    for name in classes:
        if name not in _OWN_CLASSES.get(node["t"], classes):
            found.refuse(f"{element.partition(' ')[2]} class '.{name}'", f".{name}", name)
    if node["t"] not in ("Header", "Span") and _QUARTO_LABELS.match(identifier):
        found.refuse(f"label '{identifier}' of {element}", f"#{identifier}")


def _div(content: Any, found: _Findings) -> None:
    (identifier, classes, attributes), blocks = content
    callout = any(name in _CALLOUTS for name in classes)
    if callout and blocks and blocks[0]["t"] == "Header":
        found.done.add(id(blocks[0]))  # its title
    elif not callout and "title" in dict(attributes):
        found.refuse("attribute 'title' of a fenced div", "title=", "title =")
    for name in classes:
        if name not in (*BOXES, *_CALLOUTS, *_TITLE_PAGE):
            known = "Quarto's " if _QUARTO_DIVS.match(name) else ""
            advice = f"Boxes: {', '.join((*BOXES, *_CALLOUTS))}."
            if name == "panel-tabset":
                advice = (
                    "Write headings: with engine 'quarto' its tabs cannot be opened either."
                )
            found.refuse(f"{known}fenced div '.{name}'", f".{name}", name, advice=advice)
    if _FLOAT.match(identifier):
        caption = blocks[-1] if len(blocks) > 1 else {"t": "none"}
        if caption["t"] not in ("Para", "Plain"):
            found.refuse(f"'{identifier}' without a caption as its last paragraph", identifier)
    for node in walk(blocks):
        if node["t"] == "Table":
            _shares(attributes, node["c"], found)
    found.add_target(identifier, numbered=bool(_FLOAT.match(identifier)))


def _shares(attributes: list[list[str]], table: Any, found: _Findings) -> None:
    """Refuse widths that are more or fewer than the columns of a table."""
    told = dict(attributes).get("tbl-colwidths", "")
    shares, columns = len(re.findall(r"\d+", told)), len(table[2])
    if told and shares != columns:
        found.refuse(
            f"tbl-colwidths with {shares} shares for {columns} columns", "tbl-colwidths"
        )


def _header(content: Any, found: _Findings) -> None:
    level, (identifier, classes, _), inlines = content
    if level > found.level + 1:
        title = _text(inlines)
        advice = "A heading may be one level below the heading before it."
        found.refuse(f"heading '{title}' of level {level}", title, advice=advice)
    found.level = level
    found.add_target(identifier, numbered="unnumbered" not in classes)


def _figure(content: Any, found: _Findings) -> None:
    identifier = content[0][0]
    if not _FLOAT.match(identifier):
        source = next((n["c"][2][0] for n in walk(content) if n["t"] == "Image"), "")
        found.refuse(f"figure '{source}' without a label", source, advice="Add {#fig-...}.")
    found.add_target(identifier, numbered=True)


def _image(content: Any, found: _Findings) -> None:
    (_, _, attributes), _, (source, _) = content
    if not _is_beside(found.document, source):
        advice = "Put the file beside the document, and name it from there."
        found.refuse(f"figure '{source}' from elsewhere", source, advice=advice)
    if not dict(attributes).get("fig-alt", "").strip():
        found.refuse(f"figure '{source}' without fig-alt", source, advice="Say what it shows.")


def _is_beside(document: Document, source: str) -> bool:
    """Whether a picture is named as a file below the document's own folder."""
    folder = document.path.parent
    inside = (folder / source).resolve().is_relative_to(folder.resolve())
    return inside and ":" not in source and Path(source).suffix in PICTURES


def _table(content: Any, found: _Findings) -> None:
    identifier, rows = content[0][0], content[3][1]
    if identifier and not content[1][1]:
        found.refuse(f"'{identifier}' without a caption", identifier)
    _shares(content[0][2], content, found)
    found.add_target(identifier, numbered=bool(_FLOAT.match(identifier)))
    if not rows or not any(_text(row) for row in rows):
        found.refuse("table without header cells", _text(content[4])[:20])


def _cite(content: Any, found: _Findings) -> None:
    citations = content[0]
    for citation in citations:
        name = citation["citationId"]
        if not re.match(r"(fig|tbl|sec|eq)-", name):
            if name not in found.sources:
                hint = did_you_mean(name, found.sources).strip()
                found.refuse(
                    f"citation of '@{name}', which no bibliography has",
                    f"@{name}",
                    advice=hint,
                )
        elif len(citations) > 1 or citation["citationMode"]["t"] != "AuthorInText":
            found.refuse(
                f"reference '@{name}' in brackets", f"@{name}", advice="Write it bare."
            )
        else:
            found.references.append(name)


def _link(content: Any, found: _Findings) -> None:
    address = content[2][0]
    if address.startswith("#"):
        found.links.append(address[1:])
    elif not _ADDRESS.match(address):
        advice = "Links lead to https://, http:// or mailto: addresses, or to #labels."
        found.refuse(f"link to '{address}'", address, advice=advice)


def _raw(content: Any, found: _Findings) -> None:
    first = content[1].strip().partition("\n")[0]
    found.refuse(f"raw {content[0]} '{first}'", first, advice="Write it as Markdown.")


def _math(content: Any, found: _Findings) -> None:
    formula = " ".join(content[1].split())
    advice = 'Write [$...$]{alt="..."}, or {#eq-... alt="..."} after $$...$$.'
    found.refuse(
        f"formula '{formula}' without alt", content[1].strip().partition("\n")[0], advice=advice
    )


def _code(content: Any, found: _Findings) -> None:
    for at, name in enumerate(content[0][1]):
        # The first is the language, in which nothing is coloured.
        if at or _LINES.fullmatch(name):
            found.refuse(f"code class '.{name}'", f".{name}", name)


def _string(content: Any, found: _Findings) -> None:
    if "{{<" in content:
        found.refuse("shortcode '{{< ... >}}'", "{{<")


def _span(content: Any, found: _Findings) -> None:
    (identifier, _, attributes), inlines = content
    if "alt" in dict(attributes):
        if [one["t"] for one in inlines] == ["Math"]:
            found.done.add(id(inlines[0]))
        else:
            found.refuse("alt of a span that is not one formula", "alt=", "alt =")
    if identifier.startswith("eq-"):
        found.add_target(identifier, numbered=True)


_CHECKS: dict[str, Callable[[Any, _Findings], None]] = {
    "Div": _div,
    "Header": _header,
    "Figure": _figure,
    "Image": _image,
    "Table": _table,
    "Cite": _cite,
    "Link": _link,
    "RawBlock": _raw,
    "RawInline": _raw,
    "Math": _math,
    "Code": _code,
    "CodeBlock": _code,
    "Str": _string,
    "Span": _span,
}


def _check_pictures(tree: Node, found: _Findings) -> None:
    for node in walk(tree["blocks"]):
        if node["t"] == "Image":
            source = node["c"][2][0]
            if not (found.document.path.parent / source).is_file():
                found.refuse(f"there is no figure '{source}'", source)


def _check_references(found: _Findings) -> None:
    for name in found.references:
        if name not in found.targets:
            found.refuse(f"reference '@{name}' has no target", f"@{name}")
        elif name not in found.numbered:
            advice = f"Write a link: [text](#{name})."
            found.refuse(
                f"reference '@{name}' to a heading without number", f"@{name}", advice=advice
            )
    for name in found.links:
        if name not in found.targets:
            found.refuse(f"link '#{name}' has no target", f"#{name}")
