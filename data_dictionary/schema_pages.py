"""What the declarations of a section say to readers: the reference page and the JSON Schema."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Any, Literal, get_args, get_origin

from data_dictionary.schema import adapter, holds_sections, keys_of


def reference(section: type) -> str:
    """Return the keys of a section as a Markdown table."""
    rows = ["| key | what it is | default | meaning |", "|:--|:--|:--|:--|"]
    for name, one in keys_of(section).items():
        default = "required" if one.required else _shown_default(one.default)
        what = one.wording.replace("'", "`") if get_origin(one.hint) is Literal else one.wording
        rows.append(f"| `{name}` | {what} | {default} | {one.meaning} |")
    return "\n".join(rows)


def _shown_default(value: object) -> str:
    """Return a default as TOML writes it; nothing where the key is just left out."""
    if value in (None, (), {}):
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
            **({"description": one.meaning} if one.meaning else {}),
            **_json(one.hint),
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
    if not holds_sections(hint) and not any(map(holds_sections, inside)):
        return dict(adapter(hint).json_schema())
    if origin is tuple:
        return {"type": "array", "items": _json(inside[0])}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _json(inside[1])}
    return {"anyOf": [_json(one) for one in inside]}
