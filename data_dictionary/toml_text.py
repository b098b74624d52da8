"""A declaration written as TOML, each key with a comment where one is asked for."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import is_dataclass

from data_dictionary.schema import keys_of


def toml_key(name: object) -> str:
    """Return a key as TOML writes it, quoted where it must be.

    Examples
    --------
    >>> toml_key("q1"), toml_key("alder i år")
    ('q1', '"alder i år"')
    """
    return str(name) if re.fullmatch(r"[A-Za-z0-9_-]+", str(name)) else toml_value(str(name))


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
    if isinstance(value, dt.date | int | float):
        return str(value).lower()
    # JSON writes a text as TOML does, but for one sign.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007F")


def toml_lines(section: object, comments: Mapping[str, str]) -> list[str]:
    """Return the lines of a section: what differs from the default, or has a comment.

    Parameters
    ----------
    section : dataclass
        Declared with `data_dictionary.schema.key`.
    comments : Mapping of str to str
        Key to the text that stands behind it.
    """
    lines = []
    for name, one in keys_of(type(section)).items():
        value = getattr(section, one.field)
        if value is not None and (value != one.default or one.required or name in comments):
            said = f"   {toml_comment(comments[name])}" if name in comments else ""
            lines.append(f"{name} = {toml_value(value)}{said}")
    return lines


def toml_comment(text: str) -> str:
    """Return a comment; it ends with its line, and may hold no control signs."""
    return "# " + "".join(c if c.isprintable() else " " for c in text)
