"""A table of the dictionary as Markdown, for people who fill it or ask for its data."""

from __future__ import annotations

from collections.abc import Iterable

from data_dictionary.columns import Column
from data_dictionary.scales import Scale
from data_dictionary.tables import Table

_CODES_SHOWN = 12
_HEADER = ("Column", "Label", "Type", "Values", "No answer", "Sensitivity", "Description")


def describe(table: Table, scales: Iterable[Scale] = ()) -> str:
    """Return a table as Markdown: its rows, key, rules, columns and scales.

    Parameters
    ----------
    table : Table
        Table to describe.
    scales : iterable of Scale, optional
        Scales of the dictionary; those of this table are listed.
    """
    lines = [f"# {table.name}: {table.label}", ""]
    facts = {
        "": table.description,
        "One row is": table.row,
        "Key": ", ".join(f"`{name}`" for name in table.key),
        "Source": table.source,
    }
    for name, text in facts.items():
        if text:
            lines += [f"{name}: {text}" if name else text, ""]
    lines += [f"Order: `{first}` is never after `{second}`.\n" for first, second in table.order]
    lines += _rows(_HEADER, (_column_row(column) for column in table.columns))
    own = [scale for scale in scales if scale.table == table.name]
    if own:
        lines += ["", "## Scales", ""]
        header = ("Scale", "Label", "Items", "Reversed", "Range", "Least answered", "Licence")
        lines += _rows(header, (_scale_row(scale) for scale in own))
    return "\n".join(lines) + "\n"


def _column_row(column: Column) -> tuple[str, ...]:
    """Return the cells of one column."""
    name = column.name if column.pattern is None else column.pattern
    values = " ".join(part for part in (column.span(), column.unit) if part)
    if column.codes and len(column.codes) <= _CODES_SHOWN:
        values = "; ".join(f"{code} = {label}" for code, label in column.codes.items())
    missing = (f"{code} = {kind.replace('_', ' ')}" for code, kind in column.missing.items())
    told = (
        column.description,
        f"Source: {column.source.rstrip('.')}." if column.source else "",
        f"Every value stands in `{column.references}`." if column.references else "",
    )
    return (
        f"`{name}`" + ("" if column.required else " (optional)"),
        column.label,
        column.type,
        values,
        "; ".join(missing),
        column.sensitivity,
        " ".join(part for part in told if part),
    )


def _scale_row(scale: Scale) -> tuple[str, ...]:
    """Return the cells of one scale."""
    items, turned = (
        ", ".join(f"`{item}`" for item in part) for part in (scale.items, scale.reversed)
    )
    limits, least = f"{scale.minimum:g}-{scale.maximum:g}", str(scale.least_answered)
    return (f"`{scale.name}`", scale.label, items, turned, limits, least, scale.licence)


def _rows(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Return a Markdown table, with pipes in cells escaped."""
    return [
        "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
        for cells in (header, tuple("---" for _ in header), *rows)
    ]
