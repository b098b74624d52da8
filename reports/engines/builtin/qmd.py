"""A .qmd file taken apart: front matter, prose with inline expressions, and cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reports.engines.builtin.known_keys import CellOptions, Header
from reports.engines.builtin.refusal import Refusal, refuse
from reports.engines.builtin.sources import Line, read_lines
from reports.engines.builtin.yaml_keys import Settings, read_settings, wrong_keys

INLINE = re.compile(r"`\{(?P<language>\w+)\}\s+(?P<expression>[^`]+?)\s*`")
_FENCE = re.compile(r"^(?P<indent>\s*)(?P<ticks>`{3,}|~{3,})(?P<info>.*)$")
_OPTION = re.compile(r"^#\|\s?(.*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One Python cell: where it stands, its options and its code."""

    line: Line
    options: dict[str, object]
    code: str

    @property
    def label(self) -> str:
        """The label, or an empty string."""
        return str(self.options.get("label", ""))

    @property
    def name(self) -> str:
        """The label, or the line, for messages."""
        return f"cell '{self.label}'" if self.label else f"the cell in line {self.line.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """Markdown between two cells."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(line.text for line in self.lines)

    def expressions(self) -> list[tuple[Line, str]]:
        """Return the inline expressions in order, each with its line."""
        return [
            (self.lines[self.text.count("\n", 0, match.start())], match["expression"])
            for match in INLINE.finditer(self.text)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A .qmd file in parts, in the order of the file."""

    path: Path
    front: Settings
    parts: tuple[Cell | Prose, ...]
    lines: tuple[Line, ...]

    @property
    def cells(self) -> list[Cell]:
        """The cells alone."""
        return [part for part in self.parts if isinstance(part, Cell)]

    def place_of(self, *texts: str) -> tuple[Path, int]:
        """Return where the first of `texts` that is there stands; line 0 if a cell wrote it."""
        found = (line for text in texts for line in self.lines if text in line.text)
        line = next(found, Line("", self.path, 0))
        return line.path, line.number


def parse(path: Path, root: Path | None = None) -> Document:
    """Read a .qmd file with what it includes from below `root`, its folder if none is given.

    RenderError names everything in it that is not supported.
    """
    refusals: list[Refusal] = []
    lines = read_lines(path, root or path.parent, refusals)
    start = _end_of_front_matter(lines)
    header = "\n".join(line.text for line in lines[1 : start - 1]) if start else ""
    front = read_settings(header, path, first_line=2)
    refusals += wrong_keys(front, Header, "is not a key of a header")
    parts = tuple(_parts(lines, start, refusals))
    document = Document(path=path, front=front, parts=parts, lines=tuple(lines))
    refusals += _label_refusals(document)
    refuse(refusals)
    return document


def _end_of_front_matter(lines: list[Line]) -> int:
    """Return the index of the first line after the front matter; 0 if there is none."""
    if not lines or lines[0].text.rstrip() != "---":
        return 0
    ends = (i for i, line in enumerate(lines[1:], 1) if line.text.rstrip() in ("---", "..."))
    return next(ends, -1) + 1


def _parts(lines: list[Line], start: int, refusals: list[Refusal]) -> Iterator[Cell | Prose]:
    """Yield prose and cells; other executable blocks are noted in `refusals`."""
    prose_from = i = start
    while i < len(lines):
        line = lines[i]
        fence = _FENCE.match(line.text)
        if not fence:
            refusals += _inline_refusals(line)
            if _is_header(lines, i):
                what, advice = "a second header", "Put its keys into the first."
                refusals.append(Refusal(line.path, line.number, what, advice))
            i += 1
            continue
        end = _closing_fence(lines, i, fence["ticks"])
        info = fence["info"].strip()
        if info == "{python}" and not fence["indent"]:
            if prose_from < i:
                yield Prose(lines=tuple(lines[prose_from:i]))
            yield _cell(line, [one.text for one in lines[i + 1 : end]], refusals)
            prose_from = end + 1
        elif re.match(r"\{[^.#=]", info):
            what, advice = f"executable block '{info}'", "Use {python}."
            if info == "{python}":
                what, advice = "an indented cell", "Begin its lines at the left margin."
            elif info in ("{mermaid}", "{dot}"):
                advice = "Show a picture: with engine 'quarto' there is no PDF of it either."
            refusals.append(Refusal(line.path, line.number, what, advice))
        i = end + 1
    if prose_from < len(lines):
        yield Prose(lines=tuple(lines[prose_from:]))


def _is_header(lines: list[Line], at: int) -> bool:
    """Whether Pandoc would take the line for the begin of YAML rather than for a rule."""
    before, below = lines[at - 1 : at], lines[at + 1 :]
    return (
        lines[at].text.rstrip() == "---"
        and not any(line.text.strip() for line in before)
        and any(line.text.strip() for line in below[:1])
        and any(line.text.rstrip() in ("---", "...") for line in below)
    )


def _closing_fence(lines: list[Line], start: int, ticks: str) -> int:
    closing = re.compile(rf"^\s*{re.escape(ticks[0])}{{{len(ticks)},}}\s*$")
    ends = (i for i in range(start + 1, len(lines)) if closing.match(lines[i].text))
    return next(ends, len(lines))


def _cell(line: Line, code: list[str], refusals: list[Refusal]) -> Cell:
    options: list[str] = []
    for text in code:
        match = _OPTION.match(text)
        if not match:
            break
        options.append(match[1])
    settings = read_settings("\n".join(options), line.path, first_line=line.number + 1)
    refusals += wrong_keys(settings, CellOptions, "is not a cell option")
    return Cell(line=line, options=settings.values, code="\n".join(code[len(options) :]))


def _inline_refusals(line: Line) -> Iterator[Refusal]:
    for match in INLINE.finditer(line.text):
        if match["language"] != "python":
            what = f"inline code in '{match['language']}'"
            yield Refusal(line.path, line.number, what, "Use {python}.")


def _label_refusals(document: Document) -> Iterator[Refusal]:
    """Yield what is wrong with labels: used twice, or without the texts that go with them."""
    seen: set[str] = set()
    for cell in document.cells:
        place = cell.line.path, cell.line.number
        label, needs = cell.label, {"fig": ("fig-cap", "fig-alt"), "tbl": ("tbl-cap",)}
        if label and label in seen:
            yield Refusal(*place, f"label '{label}' is used twice")
        seen.add(label)
        kind = label.partition("-")[0] if "-" in label else ""
        for option in needs.get(kind, ()):
            if not str(cell.options.get(option, "")).strip():
                yield Refusal(*place, f"'{label}' without {option}")
        for option in ("fig-cap", "fig-alt", "tbl-cap"):
            if option in cell.options and option.partition("-")[0] != kind:
                what = f"{option} on {cell.name}"
                advice = f"Its label must begin with '{option.partition('-')[0]}-'."
                yield Refusal(*place, what, advice)
