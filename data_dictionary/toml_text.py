"""A declaration written as TOML, each key with a comment where one is asked for."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import is_dataclass

from data_dictionary.schema import keys_of

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_key(name: object) -> str:
    """Return a key as TOML writes it, quoted where it must be.

    Examples
    --------
    >>> toml_key("q1"), toml_key("alder i år")
    ('q1', '"alder i år"')
    """
    return str(name) if _BARE.fullmatch(str(name)) else _text(str(name))


def toml_value(value: object) -> str:
    """Return a value as TOML writes it on one line.

    Examples
    --------
    >>> toml_value({1: "Nej", ".a": "Ved ikke"})
    '{ 1 = "Nej", ".a" = "Ved ikke" }'
    """
    if is_dataclass(value):
        value = {name: getattr(value, one.field) for name, one in keys_of(type(value)).items()}
    if isinstance(value, Mapping):
        parts = (f"{toml_key(name)} = {toml_value(item)}" for name, item in value.items())
        return f"{{ {', '.join(parts)} }}" if value else "{}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date | int | float):
        return str(value)
    return _text(str(value))


def toml_lines(section: object, comments: Mapping[str, str], *, heading: str = "") -> list[str]:
    """Return the lines of a section: what differs from the default, or has a comment.

    Parameters
    ----------
    section : dataclass
        Declared with `data_dictionary.schema.key`.
    comments : Mapping of str to str
        Key to the text that stands behind it.
    heading : str
        First line, such as ``"[columns.q1]"``.
    """
    lines = [heading] if heading else []
    for name, one in keys_of(type(section)).items():
        value = getattr(section, one.field)
        if value != one.default or one.required or name in comments:
            remark = f"   # {_plain(comments[name])}" if name in comments else ""
            given = f"{name} = {toml_value(value)}"
            lines.append((given if value is not None else f"# {name} =") + remark)
    return lines


def _text(text: str) -> str:
    """Return a text in quotes; JSON writes it as TOML does, but for one sign."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _plain(text: str) -> str:
    """Return a text that may stand in a comment: no line ends or other control signs."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
