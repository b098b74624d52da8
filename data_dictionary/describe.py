"""A table of the dictionary as Markdown, for people who fill it or ask for its data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from data_dictionary.columns import Column
from data_dictionary.scales import Scale
from data_dictionary.tables import Table

_CODES_SHOWN = 12
_HEADER = ("Column", "Label", "Type", "Values", "No answer", "Sensitivity", "Description")
_SCALE_HEADER = ("Scale", "Label", "Items", "Reversed", "Range", "Least answered", "Licence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A table in words: title, sentences, and rows under a heading, the first row their head.

    Names of columns stand between backticks, as in Markdown.
    """

    title: str
    sentences: tuple[str, ...]
    rows: Mapping[str, Sequence[Sequence[str]]]


def described(table: Table, scales: Iterable[Scale] = ()) -> Described:
    """Return what there is to say of a table, in whatever form it is then shown."""
    facts = {
        "": table.description,
        "One row is": table.row,
        "Key": ", ".join(f"`{name}`" for name in table.key),
        "Source": table.source,
    }
    sentences = [f"{name}: {text}" if name else text for name, text in facts.items() if text]
    sentences += [
        f"Order: `{first}` is never after `{second}`." for first, second in table.order
    ]
    own = [_scale_row(scale) for scale in scales if scale.table == table.name]
    rows = {"": [_HEADER, *map(_column_row, table.columns)]}
    return Described(
        title=f"{table.name}: {table.label}",
        sentences=tuple(sentences),
        rows=rows | ({"Scales": [_SCALE_HEADER, *own]} if own else {}),
    )


def describe(table: Table, scales: Iterable[Scale] = ()) -> str:
    """Return a table as Markdown: its rows, key, rules, columns and scales.

    Parameters
    ----------
    table : Table
        Table to describe.
    scales : iterable of Scale, optional
        Scales of the dictionary; those of this table are listed.
    """
    told = described(table, scales)
    lines = [f"# {told.title}", ""]
    for sentence in told.sentences:
        lines += [sentence, ""]
    for heading, rows in told.rows.items():
        lines += ["", f"## {heading}", ""] if heading else []
        lines += _rows(rows)
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


def _rows(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a Markdown table, with pipes in cells escaped."""
    return [
        "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
        for cells in (rows[0], ["---"] * len(rows[0]), *rows[1:])
    ]
