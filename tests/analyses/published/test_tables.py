"""Every declared table is in the list, in an order in which each can be protected."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import analyses.published
from analyses import Results
from analyses.published.table import ResultTable
from analyses.published.tables import ORDER, TABLES, Tables, tables_of


def test_no_declaration_is_left_out_of_the_list() -> None:
    declared = {
        part.name
        for module in pkgutil.iter_modules(analyses.published.__path__)
        for part in vars(import_module(f"analyses.published.{module.name}")).values()
        if isinstance(part, ResultTable)
    }
    assert declared == set(TABLES)


def test_each_is_protected_after_those_it_agrees_with() -> None:
    names = [table.name for table in ORDER]
    assert sorted(names) == sorted(TABLES)
    for table in ORDER:
        assert all(names.index(other) < names.index(table.name) for other in table.agrees_with)


def test_results_have_every_table_as_an_attribute(results: Results) -> None:
    assert isinstance(results, Tables)
    own = tables_of("observational")
    for name in set(TABLES) - set(own):
        assert TABLES[name].studies == "one group"
        assert not hasattr(results, name)
    for name, table in own.items():
        frame = getattr(results, name)
        assert frame is results.frames[name]
        assert list(frame) == list(table.columns)
