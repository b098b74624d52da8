"""How the built-in engine says no: feature, file and line, everything at once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from data_dictionary.errors import RenderError


class Refusal(NamedTuple):
    """One thing that the built-in engine does not do, or that a document may not do."""

    path: Path
    line: int
    what: str
    advice: str = ""

    def __str__(self) -> str:
        place = (
            f"{self.path.name}:{self.line}" if self.line else f"{self.path.name}, from a cell"
        )
        return f"{place}: {self.what}" + (f". {self.advice}" if self.advice else "")


def refuse(refusals: Iterable[Refusal]) -> None:
    """Raise `RenderError` naming every refusal; do nothing if there are none."""
    found = sorted(
        set(refusals), key=lambda item: (item.path.name, item.line or 10**9, item.what)
    )
    if found:
        listing = "".join(f"\n  - {item}" for item in found)
        raise RenderError(
            f"{found[0].path.name}: not supported by the built-in engine:{listing}\n"
            "Change the document; where nothing else is said here, engine 'quarto' "
            "(Quarto 1.9) may have it."
        )
