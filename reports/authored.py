"""A study's own report folder: begun from the shipped project, kept by persons ever after."""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import shutil
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from data_dictionary.errors import RenderError
from reports.facts import load
from reports.pins import FILE, pins_text
from reports.prerender import Texts
from reports.source import ENVIRONMENT, VARIABLE
from reports.staging import INDEX, PROJECT
from reports.writing import written

FOLDER = "report"
"""Where a study's report stands, beside its study file."""
OFFERED = ".enplan-offered.json"
"""Hashes of every paragraph that was ever offered: what an author took out stays out."""
MERGED = (".qmd", ".bib")
"""Files to which paragraphs can be added; others are made where there are none."""
# The last three as Quarto writes them, or it would add them.
_IGNORED = "out/\nfigures/\n*_files/\n/.quarto/\n**/*.quarto_ipynb\n/_*.local\n"
_LOCAL = "# QUARTO_PYTHON=the Python that enplan is installed in\n"


def begin(folder: Path, results: Path) -> list[Path]:
    """Write the report of some results into a folder; what stands there is left alone.

    Returns
    -------
    list of Path
        What was written.
    """
    texts = _shipped(results)
    texts[ENVIRONMENT] = f"{VARIABLE}={_relative(results, folder)}\n"
    texts[f"{ENVIRONMENT}.local"] = _LOCAL
    texts[".gitignore"] = _IGNORED
    folder.mkdir(parents=True, exist_ok=True)
    made = [_add(folder / name, text) for name, text in texts.items()]
    if not (folder / "_extensions" / "vive").exists():
        own = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / "_extensions", folder / "_extensions", ignore=own)
        made.append(folder / "_extensions" / "vive")
    _remember(folder, texts)
    return [path for path in made if path is not None]


def update(folder: Path, results: Path) -> list[str]:
    """Add what the shipped report has come to have since it was last offered.

    Nothing that a person wrote is changed, and nothing that was taken out returns.

    Returns
    -------
    list of str
        Lines of a diff of what was added.
    """
    require(folder)
    texts = _shipped(results)
    told: list[str] = []
    offered = set(json.loads(_read(folder / OFFERED) or "[]"))
    for name, text in texts.items():
        path = folder / name
        if path.exists() and path.suffix not in MERGED:
            continue
        before = _read(path)
        known = offered | {_digest(block) for block in _blocks(before)}
        # A file that was taken out whole had been offered; a new one had not.
        after = _merged(_blocks(before), _blocks(text), known)
        if after != _blocks(before):
            path.write_text("\n\n".join(after) + "\n", encoding="utf-8", newline="\n")
            lines = before.splitlines(), _read(path).splitlines()
            told += difflib.unified_diff(*lines, name, name, lineterm="", n=1)
    _remember(folder, texts, offered)
    return told


def pin(folder: Path, results: Path) -> Path:
    """Write down the numbers to which sentences are tied, as they are shown now."""
    require(folder)
    texts = Texts(folder, results)
    if wrong := texts.wrong():
        raise RenderError("\n  - ".join(["nothing was pinned:", *wrong]))
    path = folder / FILE
    path.write_text(pins_text(texts.pinned()), encoding="utf-8", newline="\n")
    return path


def require(folder: Path) -> None:
    """Raise RenderError where no report has been begun."""
    if not (folder / INDEX).is_file():
        raise RenderError(f"there is no report in {folder}; 'enplan report init' begins one.")


def _shipped(results: Path) -> dict[str, str]:
    return written(load(results), to_edit=True)


def _relative(results: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(results.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return results.resolve().as_posix()


def _add(path: Path, text: str) -> Path | None:
    """Write a file unless there is one; return it if it was written."""
    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        return None
    return path


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig") if path.is_file() else ""


def _blocks(text: str) -> list[str]:
    """Return a text's paragraphs, headings and cells, as blank lines part them."""
    return [block for block in text.strip().split("\n\n") if block.strip()]


def _digest(block: str) -> str:
    return hashlib.sha256(" ".join(block.split()).encode()).hexdigest()[:16]


def _merged(own: Sequence[str], shipped: Sequence[str], known: set[str]) -> list[str]:
    """Return an author's blocks with the new ones where they stand in the shipped text."""
    merged, place = list(own), 0
    for block in shipped:
        if block in merged[place:]:
            place = merged.index(block, place) + 1
        elif _digest(block) not in known:
            merged.insert(place, block)
            place += 1
    return merged


def _remember(folder: Path, texts: Mapping[str, str], offered: Collection[str] = ()) -> None:
    digests = {_digest(block) for text in texts.values() for block in _blocks(text)}
    known = sorted(digests.union(offered))
    (folder / OFFERED).write_text(json.dumps(known, indent=0) + "\n", encoding="utf-8")
