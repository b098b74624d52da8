"""The keys that the built-in engine knows: of a document, a cell, the project, the extension.

What other keys or values would do is Quarto's; the built-in engine refuses them by line.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import make_dataclass
from typing import Literal

from data_dictionary.schema import key


def _section(title: str, known: Mapping[str, object]) -> type:
    """Return a section of keys that may all be left out, by their names in Quarto.

    What may stand under a key is beside it.
    """
    # Quarto's names have hyphens, which those of fields cannot have.
    declared = [
        (name.replace("-", "_"), hint, key("", None, name=name)) for name, hint in known.items()
    ]
    return make_dataclass(title, declared, frozen=True)


Texts = tuple[str, ...]
Header = _section(
    "Header",
    {
        **dict.fromkeys(("title", "subtitle", "publisher", "stamp"), str),
        **dict.fromkeys(("author", "kolofon"), str | Texts),
        "date": str | dt.date,
        "bibliography": str | Texts,  # files of references beside the document
        "citeproc": Literal[True],  # Pandoc sets them, in every format
        "jupyter": Literal["python3"],  # for Quarto: inline code alone makes no engine
    },
)
_HIDDEN = {"echo": Literal[False], "warning": Literal[False]}
CellOptions = _section(
    "CellOptions",
    {
        "label": str,  # `fig-` and `tbl-` make it a float with a number
        "fig-cap": str,
        "fig-alt": str,
        "tbl-cap": str,
        "tbl-colwidths": tuple[int, ...],  # shares of a hundred
        "output": Literal["asis"],
        "tags": tuple[Literal["parameters"], ...],  # put in before rendering
        **_HIDDEN,
    },
)
_FORMATS = ("vive-html", "vive-typst", "vive-docx")
ProjectKeys = _section(
    "ProjectKeys",
    {
        "project": _section(
            "Folders",
            {
                "type": Literal["default"],
                "output-dir": str,
                "render": Texts,
                "pre-render": Literal["_extensions/vive/check.py"],  # run by both engines
            },
        ),
        "jupyter": Literal["python3"],  # the kernel, for Quarto
        "lang": Literal["da-DK"],
        "number-sections": bool,
        "toc": bool,
        "toc-title": str,
        "date-format": Literal["D. MMMM YYYY"],
        "execute": _section("Execute", _HIDDEN),
        "crossref": _section(
            "CrossReferences",
            dict.fromkeys(("fig-prefix", "tbl-prefix", "eq-prefix", "sec-prefix"), str),
        ),
        "format": _section("Formats", dict.fromkeys(_FORMATS, Literal["default"])),
    },
)
_COMMON = {
    "fig-cap-location": Literal["top"],
    "tbl-cap-location": Literal["top"],
    "fig-width": float,  # inches
    "fig-height": float,
    "syntax-highlighting": Literal["none"],
    "filters": tuple[object, ...],  # before and after figures are numbered
}
_HTML = {
    "shift-heading-level-by": Literal[1],  # the title is the first heading
    "toc-depth": int,
    "theme": Literal["none"],
    "minimal": Literal[True],  # no scripts of Quarto
    "css": str | Texts,
    "template": str,
    "embed-resources": Literal[True],
    "html-math-method": Literal["mathml"],  # formulas without a script
    "fig-format": Literal["svg"],
}
_Standard = Literal["ua-1", "a-1a", "a-2a", "a-3a", "a-4", "1.7", "2.0"]  # tagged ones
_TYPST = {
    "toc-depth": int,
    "papersize": Literal["a4"],
    "pdf-standard": _Standard | tuple[_Standard, ...],
    "section-numbering": str,
    "font-paths": str | Texts,
    "template-partials": Texts,
    "fig-format": Literal["svg"],
}
_DOCX = {
    "toc-depth": int,
    "reference-doc": str,
    "fig-format": Literal["png"],
    "fig-dpi": int,
}
_BY_FORMAT = {"common": _COMMON, "html": _HTML, "typst": _TYPST, "docx": _DOCX}
_CONTRIBUTED = {name: _section(name, known) for name, known in _BY_FORMAT.items()}
ExtensionKeys = _section(
    "ExtensionKeys",
    {
        "title": str,
        "author": str,
        "version": str,
        "quarto-required": str,
        "contributes": _section("Contributes", {"formats": _section("Formats", _CONTRIBUTED)}),
    },
)
_COLOURS = ("ink", "petrol", "slate", "line", "tint", "sand", "rust")
BrandKeys = _section(
    "BrandKeys",
    {
        "color": _section(
            "Colours", {"palette": _section("Palette", dict.fromkeys(_COLOURS, str))}
        ),
    },
)
