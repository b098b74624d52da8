"""What is checked of a report before either engine runs it: pieces, pins, references."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from data_dictionary.errors import EnplanError, RenderError
from reports import pins
from reports.calls import Call, calls
from reports.facts import Sheet, load
from reports.source import results_folder

_log = logging.getLogger(__name__)
_CITED_AFTER = re.compile(r"@(?:fig|tbl|sec)-[\w-]+\s+\[@")


class Texts:
    """The .qmd files of a report, with the results that they speak of.

    Parameters
    ----------
    folder : Path
        Where they stand, at most one folder down.
    results : Path
        Loaded only if a text asks for something of them.
    """

    def __init__(self, folder: Path, results: Path | None = None) -> None:
        self.folder, self._results = folder, results
        paths = [*folder.glob("*.qmd"), *folder.glob("[!_.]*/*.qmd")]
        self.files = {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8-sig")
            for path in sorted(paths)
        }

    @cached_property
    def report(self) -> Sheet:
        """The results."""
        return load(self._results or results_folder(self.folder))

    def wrong(self) -> list[str]:
        """Return what cannot be rendered, each with its file and line."""
        return [f"{place}: {what}" for place, what in self._wrong()]

    def _wrong(self) -> Iterator[tuple[str, str]]:
        for name, text in self.files.items():
            for line, call in calls(text):
                if isinstance(call, str):
                    yield f"{name}:{line}", call
                elif what := self._refused(call):
                    yield f"{name}:{line}", what
            for pin, names in pins.sentences(name, text):
                try:
                    pins.shown(self.report, names)
                except RenderError as error:
                    yield f"{name}:{pin.line}", str(error)
            for found in _CITED_AFTER.finditer(text):
                line = text.count("\n", 0, found.start()) + 1
                reference = found[0].split()[0]
                what = f"a citation right after {reference} is lost. Put a comma between."
                yield f"{name}:{line}", what

    def _refused(self, call: Call) -> str:
        try:
            call.named(self.report)
        except RenderError as error:
            return str(error)
        return ""

    def pinned(self) -> list[pins.Pin]:
        """Return every sentence that is tied to numbers, with the numbers as they are now."""
        return [
            replace(pin, shown=pins.shown(self.report, names))
            for name, text in self.files.items()
            for pin, names in pins.sentences(name, text)
        ]

    def stale(self) -> list[str]:
        """Return the sentences that have to be read again, each with its file and line."""
        kept = pins.read_pins(self.folder)
        told = ((pin, pins.stale(pin, pin.shown, kept)) for pin in self.pinned())
        return [f'{pin.file}:{pin.line}: "{pin.begins}" {why}' for pin, why in told if why]


def check(folder: Path, results: Path | None = None) -> None:
    """Warn of the sentences to read again; RenderError if something cannot be rendered."""
    texts = Texts(folder, results)
    if wrong := texts.wrong():
        raise RenderError("\n  - ".join(["the report cannot be rendered:", *wrong]))
    for one in texts.stale():
        _log.warning("%s", one)


def main() -> None:
    """Check the project in the current folder, as Quarto has it done before rendering."""
    logging.basicConfig(format="note: %(message)s")
    try:
        check(Path.cwd())
    except EnplanError as error:
        sys.exit(f"enplan: {error}")
