"""A .qmd file taken apart: front matter, prose with inline expressions, and cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reports.engines.builtin.known_keys import CellOptions, Header
from reports.engines.builtin.refusal import Refusal, refuse
from reports.engines.builtin.yaml_keys import Settings, read_settings, wrong_keys

INLINE = re.compile(r"`\{(?P<language>\w+)\}\s+(?P<expression>[^`]+?)\s*`")
_FENCE = re.compile(r"^(?P<indent>\s*)(?P<ticks>`{3,}|~{3,})(?P<info>.*)$")
_OPTION = re.compile(r"^#\|\s?(.*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One Python cell: where it stands, its options and its code."""

    line: int
    options: dict[str, object]
    code: str

    @property
    def label(self) -> str:
        """The label, or an empty string."""
        return str(self.options.get("label", ""))

    @property
    def name(self) -> str:
        """The label, or the line, for messages."""
        return f"cell '{self.label}'" if self.label else f"the cell in line {self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """Markdown between two cells."""

    line: int
    text: str

    def expressions(self) -> list[tuple[int, str]]:
        """Return the inline expressions in order, each with its line."""
        return [
            (self.line + self.text.count("\n", 0, match.start()), match["expression"])
            for match in INLINE.finditer(self.text)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A .qmd file in parts, in the order of the file."""

    path: Path
    front: Settings
    parts: tuple[Cell | Prose, ...]
    source: str

    @property
    def cells(self) -> list[Cell]:
        """The cells alone."""
        return [part for part in self.parts if isinstance(part, Cell)]

    def line_of(self, text: str) -> int:
        """Return the first line that holds `text`, or 0 if a cell must have written it."""
        at = self.source.find(text)
        return self.source.count("\n", 0, at) + 1 if at >= 0 else 0


def parse(path: Path) -> Document:
    """Read a .qmd file; raise `RenderError` naming everything in it that is not supported."""
    # Some editors put a byte order mark before the first line.
    source = path.read_text(encoding="utf-8-sig")
    lines = source.splitlines()
    start = _end_of_front_matter(lines)
    front = read_settings("\n".join(lines[1 : start - 1]) if start else "", path, first_line=2)
    refusals: list[Refusal] = wrong_keys(front, Header, "is not a key of a header")
    parts = tuple(_parts(lines, start, path, refusals))
    document = Document(path=path, front=front, parts=parts, source=source)
    refusals += _label_refusals(document)
    refuse(refusals)
    return document


def _end_of_front_matter(lines: list[str]) -> int:
    """Return the index of the first line after the front matter; 0 if there is none."""
    if not lines or lines[0].rstrip() != "---":
        return 0
    ends = (i for i, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "..."))
    return next(ends, -1) + 1


def _parts(
    lines: list[str], start: int, path: Path, refusals: list[Refusal]
) -> Iterator[Cell | Prose]:
    """Yield prose and cells; other executable blocks are noted in `refusals`."""
    prose_from = i = start
    while i < len(lines):
        fence = _FENCE.match(lines[i])
        if not fence:
            refusals += _inline_refusals(lines[i], i + 1, path)
            i += 1
            continue
        end = _closing_fence(lines, i, fence["ticks"])
        info = fence["info"].strip()
        if info == "{python}" and not fence["indent"]:
            if prose_from < i:
                yield Prose(line=prose_from + 1, text="\n".join(lines[prose_from:i]))
            yield _cell(lines[i + 1 : end], i + 1, path, refusals)
            prose_from = end + 1
        elif re.match(r"\{[^.#=]", info):
            refusals.append(Refusal(path, i + 1, f"executable block '{info}'", "Use {python}."))
        i = end + 1
    if prose_from < len(lines):
        yield Prose(line=prose_from + 1, text="\n".join(lines[prose_from:]))


def _closing_fence(lines: list[str], start: int, ticks: str) -> int:
    closing = re.compile(rf"^\s*{re.escape(ticks[0])}{{{len(ticks)},}}\s*$")
    ends = (i for i in range(start + 1, len(lines)) if closing.match(lines[i]))
    return next(ends, len(lines))


def _cell(lines: list[str], line: int, path: Path, refusals: list[Refusal]) -> Cell:
    options: list[str] = []
    for text in lines:
        match = _OPTION.match(text)
        if not match:
            break
        options.append(match[1])
    settings = read_settings("\n".join(options), path, first_line=line + 1)
    refusals += wrong_keys(settings, CellOptions, "is not a cell option")
    return Cell(line=line, options=settings.values, code="\n".join(lines[len(options) :]))


def _inline_refusals(text: str, line: int, path: Path) -> Iterator[Refusal]:
    for match in INLINE.finditer(text):
        if match["language"] != "python":
            what = f"inline code in '{match['language']}'"
            yield Refusal(path, line, what, "Use {python}.")


def _label_refusals(document: Document) -> Iterator[Refusal]:
    """Yield what is wrong with labels: used twice, or without the texts that go with them."""
    seen: set[str] = set()
    for cell in document.cells:
        label, needs = cell.label, {"fig": ("fig-cap", "fig-alt"), "tbl": ("tbl-cap",)}
        if label and label in seen:
            yield Refusal(document.path, cell.line, f"label '{label}' is used twice")
        seen.add(label)
        kind = label.partition("-")[0] if "-" in label else ""
        for option in needs.get(kind, ()):
            if not str(cell.options.get(option, "")).strip():
                yield Refusal(document.path, cell.line, f"'{label}' without {option}")
        for option in ("fig-cap", "fig-alt", "tbl-cap"):
            if option in cell.options and option.partition("-")[0] != kind:
                what = f"{option} on {cell.name}"
                advice = f"Its label must begin with '{option.partition('-')[0]}-'."
                yield Refusal(document.path, cell.line, what, advice)
