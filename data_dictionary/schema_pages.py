"""What the declarations of a section say to readers: the reference page and the JSON Schema."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from typing import Any, Literal, get_args, get_origin

from data_dictionary.schema import adapter, holds_sections, keys_of

# What a message adds to "a text", and a page need not.
_TEXT = ' in quotes, such as "municipality"'
JSON_SCHEMA = "http://json-schema.org/draft-07/schema#"


def rows_of(section: type, above: type | None = None) -> str:
    """Return the keys of a section as a Markdown table, without those of the one `above`."""
    rows = ["| key | what it is | default | meaning |", "|:--|:--|:--|:--|"]
    inherited = {} if above is None else keys_of(above)
    for name, what, default, meaning in reference_rows(section):
        if name not in inherited or inherited[name] != keys_of(section)[name]:
            rows.append(f"| `{name}` | {what} | {default} | {meaning} |")
    return "\n".join(rows)


def reference_rows(section: type) -> Iterator[tuple[str, str, str, str]]:
    """Yield each key of a section, required ones first: name, what it is, default, meaning."""
    for name, one in sorted(keys_of(section).items(), key=lambda item: not item[1].required):
        is_listed = get_origin(one.hint) is Literal
        what = one.wording.replace("'", "`") if is_listed else one.wording.replace(_TEXT, "")
        default = "required" if one.required else _shown_default(one.default)
        # Marks that a Markdown table would take for its own.
        yield name, what.replace("|", r"\|").replace("\t", r"\t"), default, one.meaning


def _shown_default(value: object) -> str:
    """Return a default as TOML writes it; nothing where the key is just left out."""
    if value in (None, (), {}) or is_dataclass(value):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return f"`{list(value)}`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"


def json_schema(section: type) -> dict[str, Any]:
    """Return the JSON Schema of a section, by which an editor completes and explains a file."""
    properties: dict[str, Any] = {}
    for name, one in keys_of(section).items():
        limits = {"minimum": one.least, "maximum": one.most}
        is_number = one.hint in (int, float)
        properties[name] = {
            **_json(one.hint),
            **({"description": one.meaning} if one.meaning else {}),
            **{at: to for at, to in limits.items() if to not in (None, math.inf) and is_number},
        }
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name, one in keys_of(section).items() if one.required],
        "properties": properties,
    }


def _json(hint: Any) -> dict[str, Any]:
    origin, inside = get_origin(hint), get_args(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return json_schema(hint)
    if not _has_sections(hint):
        return dict(adapter(hint).json_schema())
    if origin is tuple:
        return {"type": "array", "items": _json(inside[0])}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _json(inside[1])}
    return {"anyOf": [_json(one) for one in inside]}


def _has_sections(hint: Any) -> bool:
    """Whether there is a section anywhere inside a type."""
    return holds_sections(hint) or any(map(_has_sections, get_args(hint)))
