"""What may stand in a dictionary file: the reference and the JSON Schema for editors."""

from __future__ import annotations

from typing import Any

from data_dictionary.code_lists import CodeList, Entry
from data_dictionary.columns import Column
from data_dictionary.roles import COLUMN_ROLES, NEEDED, OPTIONAL, TABLE_ROLES, Noun
from data_dictionary.scales import Scale
from data_dictionary.schema_pages import JSON_SCHEMA, json_schema, rows_of
from data_dictionary.tables import Table

SECTIONS: tuple[tuple[str, type], ...] = (
    ("TABLE.toml", Table),
    ("TABLE.toml, [columns.NAME]; shared.toml, [NAME]", Column),
    ("respondents", Noun),
    ("scales.toml, [NAME]", Scale),
    ("NAME_codes.toml", CodeList),
    ("NAME_codes.toml, [[entries]]", Entry),
)
LIKE = {
    "type": "string",
    "description": "Declaration of `shared.toml` that the column takes over; its own keys win.",
}


def reference() -> str:
    """Return one Markdown table per kind of declaration, and the roles.

    Examples
    --------
    >>> reference().splitlines()[0]
    '### `TABLE.toml`'
    """
    parts = [f"### `{title}`\n\n{rows_of(section)}\n" for title, section in SECTIONS]
    rows = [
        "| role of the table | roles that its columns must have | and may have |\n|:--|:--|:--|"
    ]
    for role in TABLE_ROLES:
        needed, optional = (
            ", ".join(f"`{own}` ({COLUMN_ROLES[own][0]})" for own in roles[role])
            for roles in (NEEDED, OPTIONAL)
        )
        rows.append(f"| `{role}` | {needed} | {optional} |")
    return "\n".join([*parts, "### Roles\n", *rows, ""])


def dictionary_schema() -> dict[str, Any]:
    """Return the JSON Schema of a dictionary file: a table, scales, shared columns or codes."""
    column = json_schema(Column)
    column["properties"]["like"] = LIKE
    # What a column lacks may come from the one that it is like.
    column["required"] = []
    table = json_schema(Table)
    table["properties"]["columns"] = {"type": "object", "additionalProperties": column}
    table["required"] = ["label", "role", "columns"]
    codes = json_schema(CodeList)
    codes["properties"]["entries"] = {"type": "array", "items": json_schema(Entry)}
    named = [{"type": "object", "additionalProperties": json_schema(Scale)}]
    named.append({"type": "object", "additionalProperties": column})
    return {
        "$schema": JSON_SCHEMA,
        "title": "enplan dictionary file",
        "anyOf": [table, codes, *named],
    }
