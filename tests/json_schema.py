"""What an editor would underline: the keys of a document that a JSON Schema does not know."""

from __future__ import annotations

from typing import Any


def unknown(value: Any, schema: dict[str, Any], at: str = "") -> list[str]:
    """Return the keys that a JSON Schema does not know, by their paths."""
    if "anyOf" in schema:
        return min((unknown(value, one, at) for one in schema["anyOf"]), key=len)
    if isinstance(value, list):
        items = schema.get("items", {})
        return [found for one in value for found in unknown(one, items, at)]
    if not isinstance(value, dict) or schema.get("type") != "object":
        return []
    known, others = schema.get("properties", {}), schema.get("additionalProperties")
    found = []
    for name, inside in value.items():
        here = f"{at}.{name}".lstrip(".")
        if name in known:
            found += unknown(inside, known[name], here)
        elif others is False:
            found.append(here)
        elif isinstance(others, dict):
            found += unknown(inside, others, here)
    return found
