"""Render with the Quarto program, on request and where there is one.

The `quarto` package of the package index is not needed for it: all it knows is where the
program is, which two lines say here, and it hides the program's exit status and messages.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from data_dictionary.errors import RenderError
from reports.formats import QUARTO_FORMAT, Format
from reports.kernel import kernel_environment, write_kernelspec
from reports.source import finished, noon
from reports.staging import Staged

OLDEST = (1, 9)
"""Older ones write no tagged PDF and do not find an extension's fonts."""

_HEADER = re.compile(r"---\n(.*?)\n(?:---|\.\.\.)\s*\n", re.DOTALL)
_EXCEPTION = re.compile(r"^(?:\w+\.)*\w*(?:Error|Exception|Interrupt|Exit)\b.*")
_CELL = re.compile(r"Cell \d+/\d+: '([^']*)'")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def find() -> str | None:
    """Return the Quarto program (``QUARTO_PATH``, then ``PATH``), or None."""
    return shutil.which(os.environ.get("QUARTO_PATH") or "quarto")


def require() -> str:
    """Return the Quarto program; raise `RenderError` if there is none, or it is too old."""
    program = find()
    if program is None:
        raise RenderError(
            "engine 'quarto' needs the Quarto program, and neither QUARTO_PATH nor PATH leads "
            "to one. Install Quarto 1.9, or use engine 'builtin'."
        )
    found = version(program)
    if found and found < OLDEST:
        raise RenderError(
            f"engine 'quarto' needs Quarto {'.'.join(map(str, OLDEST))}, and {program} is "
            f"{'.'.join(map(str, found))}. Install a newer one, or use engine 'builtin'."
        )
    return program


def version(program: str) -> tuple[int, ...]:
    """Return the program's version, or an empty tuple if it does not say."""
    done = subprocess.run(  # noqa: S603 - the user's own Quarto
        [program, "--version"], capture_output=True, check=False
    )
    match = re.match(r"\s*(\d+)\.(\d+)", done.stdout.decode("utf-8", errors="replace"))
    return tuple(map(int, match.groups())) if match else ()


def render_document(
    staged: Staged, *, results: Path, to: Sequence[Format]
) -> dict[Format, Path]:
    """Render `staged` with Quarto and return a scratch file per format."""
    program = require()
    write_kernelspec(staged.scratch)
    environment = kernel_environment(results, staged.scratch)
    # Of a text with inline code alone Quarto would else run nothing.
    metadata = ["-M", "jupyter:python3"]
    # What stands in PDF and Word as the time of making, so that a second one is the same.
    second = finished(results)
    if (date := _date(staged.document)) is not None:
        metadata += ["-M", f"date-meta:{date.isoformat()}"]
        second = noon(date)
    if second is not None:
        environment["SOURCE_DATE_EPOCH"] = str(second)
    return {name: _render_one(program, staged, name, metadata, environment) for name in to}


def _date(document: Path) -> dt.date | None:
    """Return the date in the header of a document; Quarto itself tells what is wrong there."""
    header = _HEADER.match(document.read_text(encoding="utf-8-sig"))
    try:
        told = yaml.safe_load(header[1]) if header else None
        date = told.get("date") if isinstance(told, dict) else None
        return date if isinstance(date, dt.date) else dt.date.fromisoformat(str(date))
    except (yaml.YAMLError, ValueError):
        return None


def _render_one(
    program: str,
    staged: Staged,
    name: Format,
    metadata: Sequence[str],
    environment: Mapping[str, str],
) -> Path:
    relative = staged.document.relative_to(staged.project)
    done = subprocess.run(  # noqa: S603 - the user's own Quarto
        [
            *(program, "render", relative.as_posix(), "--to", f"vive-{QUARTO_FORMAT[name]}"),
            *metadata,
        ],
        cwd=staged.project,
        env=environment,
        capture_output=True,
        check=False,
    )
    said = _COLOUR.sub(
        "", (done.stdout + b"\n" + done.stderr).decode("utf-8", errors="replace")
    )
    if done.returncode:
        raise RenderError(f"{relative.name}: Quarto failed. {_last_word(said)}")
    made = sorted((staged.project / "out").rglob(f"{staged.document.stem}.{name}"))
    if not made:
        raise RenderError(f"{relative.name}: Quarto wrote no {name}. {_last_word(said)}")
    unresolved = re.findall(r"Unable to resolve crossref (@[\w-]+)", said)
    text = _text_of(made[0])
    if unresolved or "?@" in text:
        which = ", ".join(dict.fromkeys(unresolved)) or "marked ?@ in the text"
        raise RenderError(f"{relative.name}: reference without target: {which}.")
    return made[0]


def _last_word(said: str) -> str:
    """Return the exception that a cell raised, with the cell's label, or what Quarto said."""
    before, _, error = said.partition("ERROR:")
    lines = _lines(before)
    exceptions = [line for line in lines if _EXCEPTION.match(line)]
    if exceptions:
        cells = _CELL.findall(before)
        return f"cell '{cells[-1]}': {exceptions[-1]}" if cells else exceptions[-1]
    # Below it stands where in Quarto's own code it happened.
    told = _lines(error.partition("Stack trace:")[0].replace("ERROR:", ""))
    return " / ".join(told or lines[-6:])


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _text_of(path: Path) -> str:
    """Return the text in which unresolved references would show; none for PDF."""
    if path.suffix == ".html":
        return path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as archive:
            return archive.read("word/document.xml").decode("utf-8", errors="replace")
    return ""
