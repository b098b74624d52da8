"""The formats in which a report comes, and what Quarto calls them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Format = Literal["html", "pdf", "docx"]
Engine = Literal["auto", "quarto", "builtin"]

FORMATS: tuple[Format, ...] = get_args(Format)
ENGINES: tuple[Engine, ...] = get_args(Engine)

QUARTO_FORMAT: Mapping[Format, str] = {"html": "html", "pdf": "typst", "docx": "docx"}
"""The base format; the extension's own is called ``vive-typst`` and so on."""
