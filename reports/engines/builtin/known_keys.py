"""The keys that the built-in engine knows: of a document, a cell, the project, the extension.

What other keys or values would do is Quarto's; the built-in engine refuses them by line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import make_dataclass
from typing import Literal

from data_dictionary.schema import key


def _section(title: str, known: Mapping[str, object]) -> type:
    """Return a section of keys that may all be left out, by their names in Quarto.

    What may stand under a key is beside it; ``object`` is anything.
    """
    # Quarto's names have hyphens, which those of fields cannot have.
    declared = [
        (name.replace("-", "_"), hint, key("", None, name=name)) for name, hint in known.items()
    ]
    return make_dataclass(title, declared, frozen=True)


_TEXTS = ("title", "subtitle", "author", "date", "publisher", "stamp", "kolofon")
Header = _section(
    "Header",
    {
        **dict.fromkeys(_TEXTS, object),
        "bibliography": str | list[str],  # files of references beside the document
        "citeproc": Literal[True],  # Pandoc sets them, in every format
    },
)
_HIDDEN = {"echo": Literal[False], "warning": Literal[False]}
CellOptions = _section(
    "CellOptions",
    {
        "label": object,  # `fig-` and `tbl-` make it a float with a number
        "fig-cap": object,
        "fig-alt": object,
        "tbl-cap": object,
        "output": Literal["asis"],
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
                "output-dir": object,
                "render": object,
                "pre-render": Literal["_extensions/vive/check.py"],  # run by both engines
            },
        ),
        "jupyter": Literal["python3"],  # for Quarto: inline code alone makes no engine
        "lang": Literal["da-DK"],
        "number-sections": bool,
        "toc": bool,
        "toc-title": object,
        "date-format": Literal["D. MMMM YYYY"],
        "execute": _section("Execute", _HIDDEN),
        "crossref": _section(
            "CrossReferences", dict.fromkeys(("fig-prefix", "tbl-prefix", "sec-prefix"), object)
        ),
        "format": _section("Formats", dict.fromkeys(_FORMATS, Literal["default"])),
    },
)
_COMMON = {
    "fig-cap-location": Literal["top"],
    "tbl-cap-location": Literal["top"],
    "fig-width": object,  # inches
    "fig-height": object,
    "syntax-highlighting": Literal["none"],
    "filters": object,  # before and after figures are numbered
}
_HTML = {
    "shift-heading-level-by": Literal[1],  # the title is the first heading
    "toc-depth": object,
    "theme": Literal["none"],
    "minimal": Literal[True],  # no scripts of Quarto
    "css": object,
    "template": object,
    "embed-resources": Literal[True],
    "html-math-method": Literal["mathml"],  # formulas without a script
    "fig-format": Literal["svg"],
}
_TYPST = {
    "toc-depth": object,
    "papersize": Literal["a4"],
    "pdf-standard": object,
    "section-numbering": object,
    "font-paths": object,
    "template-partials": object,
    "fig-format": Literal["svg"],
}
_DOCX = {
    "toc-depth": object,
    "reference-doc": object,
    "fig-format": Literal["png"],
    "fig-dpi": object,
}
_BY_FORMAT = {"common": _COMMON, "html": _HTML, "typst": _TYPST, "docx": _DOCX}
_CONTRIBUTED = {name: _section(name, known) for name, known in _BY_FORMAT.items()}
ExtensionKeys = _section(
    "ExtensionKeys",
    {
        "title": object,
        "author": object,
        "version": object,
        "quarto-required": object,
        "contributes": _section("Contributes", {"formats": _section("Formats", _CONTRIBUTED)}),
    },
)
