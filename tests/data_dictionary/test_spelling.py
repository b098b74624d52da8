"""Spelling: what is in doubt is read as proven or declared, told, and else refused by rule."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from data_dictionary import Column, Table

AMOUNT = Column(name="amount", type="number", label="Beløb")
DAY = Column(name="day", type="date", label="Dag")
OTHER = Column(name="other", type="number", label="Andet", required=False)


def table(*columns: Column) -> Table:
    return Table(name="t", label="T", file="t.toml", columns=columns)


def test_a_number_in_doubt_is_refused_with_the_line_to_write() -> None:
    (found,) = table(AMOUNT).check(pd.DataFrame({"amount": ["12.345", "9.800", "7"]}))
    assert (found.rule, found.count, found.rows) == ("ambiguous numbers", 2, (1, 2))
    assert 'decimal = ","' in found.message
    assert "t.toml" in found.message


def test_a_number_in_doubt_is_read_as_the_column_or_its_neighbours_prove() -> None:
    own = table(AMOUNT).conform(pd.DataFrame({"amount": ["12.345", "0,5"]}))
    assert own.frame["amount"].tolist() == [12345, 0.5]
    beside = pd.DataFrame({"amount": ["12.345", "9.800"], "other": ["0,5", "1"]})
    found = table(AMOUNT, OTHER).conform(beside)
    assert found.frame["amount"].tolist() == [12345, 9800]
    assert [(one.what, one.columns, one.count) for one in found.inferred] == [
        ("decimal_proven", ("amount",), 2)
    ]


def test_proof_of_both_marks_is_proof_of_neither() -> None:
    frame = pd.DataFrame({"amount": ["12.345", "0,5", "0.25"], "other": ["1,5", "2", "3"]})
    (found,) = table(AMOUNT, OTHER).check(frame)
    assert (found.rule, found.rows) == ("ambiguous numbers", (1,))


def test_a_declared_mark_of_the_column_wins_over_the_files() -> None:
    frame = pd.DataFrame({"amount": ["12.345"]})
    assert table(AMOUNT).conform(frame, decimal=",").frame["amount"].tolist() == [12345]
    declared = table(replace(AMOUNT, decimal="."))
    assert declared.conform(frame, decimal=",").frame["amount"].tolist() == [12.345]


def test_an_order_that_is_proven_is_told() -> None:
    found = table(DAY).conform(pd.DataFrame({"day": ["01-09-2017", "28-09-2017"]}))
    assert [(one.what, one.count, one.detail) for one in found.inferred] == [
        ("date_order", 1, "day-first, by the column")
    ]
    assert table(DAY).conform(pd.DataFrame({"day": ["28-09-2017"]})).inferred == ()
