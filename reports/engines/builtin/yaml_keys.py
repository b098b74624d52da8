"""YAML with the line of every key, and what of it the built-in engine does not know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from data_dictionary.errors import RenderError
from data_dictionary.mistakes import Mistakes
from data_dictionary.schema import keys_of, read
from reports.engines.builtin.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What one YAML text says, and where.

    Attributes
    ----------
    path : Path
        The file, for messages.
    values : dict
        The mapping itself.
    lines : dict
        Line of each key, by its path such as ``("execute", "echo")``.
    """

    path: Path
    values: dict[str, object]
    lines: dict[tuple[str, ...], int] = field(default_factory=dict)


def read_settings(text: str, path: Path, first_line: int = 1) -> Settings:
    """Parse a YAML mapping; `first_line` is where `text` starts in its file."""
    try:
        # Composed for the lines of the keys, loaded for their values: no loader gives both.
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        values = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + first_line
        raise RenderError(f"{path.name}:{line}: not valid YAML: {error.problem}") from error
    if values is None:
        values = {}
    if not isinstance(values, dict):
        raise RenderError(f"{path.name}:{first_line}: expected 'key: value' lines")
    return Settings(path=path, values=values, lines=dict(_lines(node, (), first_line)))


def _lines(
    node: yaml.Node | None, parents: tuple[str, ...], first_line: int
) -> Iterator[tuple[tuple[str, ...], int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*parents, str(key.value))
            yield here, key.start_mark.line + first_line
            yield from _lines(value, here, first_line)


@dataclass
class _Refused(Mistakes):
    """Mistakes of a YAML text as refusals with the lines of their keys."""

    settings: Settings = field(kw_only=True)
    refusals: list[Refusal] = field(default_factory=list)

    def add(self, where: str, what: str, key: str = "") -> None:
        """Note one mistake; `where` are the keys above, joined by colons."""
        above = tuple(where.split(": ")) if where else ()
        line = self.settings.lines.get((*above, key) if key else above, 0)
        told = f"{where}: {what}" if where else what
        self.refusals.append(Refusal(self.settings.path, line, told.rstrip(".")))


def wrong_keys(settings: Settings, section: type, what: str) -> list[Refusal]:
    """Return a refusal for every key, or value, that its declaration does not know.

    `what` is said of an unknown key.
    """
    refused = _Refused(settings=settings)
    # A key that has nothing after its colon says nothing.
    left_out = {name for name in keys_of(section) if settings.values.get(name) is None}
    said = {name: told for name, told in settings.values.items() if name not in left_out}
    read(section, said, "", refused, what=what)
    return refused.refusals
