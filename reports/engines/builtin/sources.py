"""The lines of a .qmd file with what it includes, each with the file and line it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data_dictionary.errors import did_you_mean
from reports.engines.builtin.refusal import Refusal
from reports.engines.builtin.yaml_keys import read_settings

VARIABLES = "_variables.yml"
_INCLUDE = re.compile(r"\s*\{\{<\s*include\s+(?P<file>\S+)\s*>\}\}\s*")
_VARIABLE = re.compile(r"\{\{<\s*var\s+(?P<name>[\w.-]+)\s*>\}\}")
_COMMENT = re.compile(
    # What looks like a comment in code is code.
    r"^ *(?P<fence>`{3,}|~{3,}).*?^ *(?P=fence)|(?P<ticks>`+)[^`\n]+(?P=ticks)|<!--.*?-->",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text, and where it was written."""

    text: str
    path: Path
    number: int


def read_lines(path: Path, root: Path, refusals: list[Refusal]) -> list[Line]:
    """Return the lines of a document with includes and variables in their places.

    What cannot be found is noted in `refusals`.
    """
    known = root / VARIABLES
    variables: Mapping[str, object] = {}
    if known.is_file():
        variables = read_settings(known.read_text(encoding="utf-8-sig"), known).values
    lines = list(_lines(path, (path.resolve(),), root, refusals))
    return [_with_variables(line, variables, refusals) for line in lines]


def _lines(
    path: Path, trail: tuple[Path, ...], root: Path, refusals: list[Refusal]
) -> Iterator[Line]:
    # Some editors put a byte order mark before the first line.
    for number, text in enumerate(_text(path).splitlines(), start=1):
        include = _INCLUDE.fullmatch(text)
        if include is None:
            yield Line(text, path, number)
            continue
        file = path.parent / include["file"]
        wrong = _why_not(file.resolve(), include["file"], trail, root)
        if wrong:
            refusals.append(Refusal(path, number, *wrong))
        else:
            yield from _lines(file, (*trail, file.resolve()), root, refusals)


def _text(path: Path) -> str:
    """Return a file's text; of a comment its line breaks are left, for the numbers of lines."""
    text = path.read_text(encoding="utf-8-sig")
    return _COMMENT.sub(
        lambda one: "\n" * one[0].count("\n") if one[0].startswith("<!--") else one[0], text
    )


def _why_not(
    file: Path, name: str, trail: Sequence[Path], root: Path
) -> tuple[str, str] | None:
    """Return why a file cannot be included, with advice; None if it can."""
    if not file.is_relative_to(root.resolve()):
        return f"include of '{name}' from elsewhere", "Put the file into the report's folder."
    if file in trail:
        return f"'{name}' includes itself", ""
    if not file.is_file():
        beside = [one.name for one in file.parent.glob("*.qmd")]
        return f"there is no file '{name}' to include", did_you_mean(name, beside).strip()
    return None


def _with_variables(
    line: Line, variables: Mapping[str, object], refusals: list[Refusal]
) -> Line:
    def value(found: re.Match[str]) -> str:
        here: Any = variables
        for part in found["name"].split("."):
            here = here.get(part) if isinstance(here, Mapping) else None
        if here is None or isinstance(here, Mapping | list):
            hint = did_you_mean(found["name"], variables).strip()
            what = f"there is no variable '{found['name']}' in {VARIABLES}"
            refusals.append(Refusal(line.path, line.number, what, hint))
        return str(here)

    return Line(_VARIABLE.sub(value, line.text), line.path, line.number)
