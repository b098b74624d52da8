"""Rows of tables: every field is a declared column, and of its type."""

from __future__ import annotations

import inspect
from dataclasses import is_dataclass
from typing import get_type_hints

import pytest

from analyses.published.tables import TABLES
from reports import rows
from reports.rows import grouped
from reports.typed_rows import COLUMNS

KINDS = [
    kind
    for _, kind in inspect.getmembers(rows, inspect.isclass)
    if kind.__module__ == rows.__name__ and (hasattr(kind, "_fields") or is_dataclass(kind))
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_field_is_a_column_of_the_table_and_of_its_type(kind: type) -> None:
    columns = TABLES[kind.__name__.lower()].columns
    for name, hint in get_type_hints(kind).items():
        column = columns.get(name) or columns[COLUMNS[name]]
        is_number = hint in (float, int)
        assert is_number == (column.dtype != "object") or name == "wave", name


def test_a_field_has_the_name_of_its_column_where_it_can() -> None:
    renamed = {
        (kind.__name__, name)
        for kind in KINDS
        for name in get_type_hints(kind)
        if name not in TABLES[kind.__name__.lower()].columns
    }
    assert {name for _, name in renamed} == set(COLUMNS)


def test_groups_keep_the_order_of_their_first_rows() -> None:
    assert grouped("banana", str.lower) == {"b": ["b"], "a": ["a"] * 3, "n": ["n"] * 2}
