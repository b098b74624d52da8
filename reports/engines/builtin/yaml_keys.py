"""YAML with the line of every key, and the keys that the built-in engine knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from data_dictionary.errors import RenderError, did_you_mean
from reports.engines.builtin.refusal import Refusal

ANY = object()
"""In a table of known keys: every value is fine."""


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


def unknown_keys(
    settings: Settings, known: Mapping[str, object], parents: tuple[str, ...] = ()
) -> Iterator[Refusal]:
    """Yield a refusal for every key, or value, that `known` does not list.

    `known` maps a key to `ANY`, to a tuple of allowed values, or to a nested mapping.
    """
    values: object = settings.values
    for parent in parents:
        values = values[parent] if isinstance(values, dict) else {}
    for key, value in values.items() if isinstance(values, dict) else ():
        here = (*parents, str(key))
        line, name = settings.lines.get(here, 0), ".".join(here)
        allowed = known.get(str(key))
        if allowed is None:
            what = f"key '{name}'"
            yield Refusal(settings.path, line, what, did_you_mean(str(key), known).strip())
        elif isinstance(allowed, Mapping):
            if isinstance(value, dict):
                yield from unknown_keys(settings, allowed, here)
            else:
                yield Refusal(
                    settings.path, line, f"{name}: {value}", "It takes keys below it."
                )
        elif isinstance(allowed, tuple) and value not in allowed:
            choice = ", ".join(str(item).lower() for item in allowed)
            yield Refusal(settings.path, line, f"{name}: {value}", f"Allowed: {choice}.")
