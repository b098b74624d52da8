"""A column of a file is the dictionary's by its name, in capitals or renamed."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from data_dictionary import Column, Table
from data_dictionary.errors import ColumnError, DataError
from surveys.files.column_names import known_of, left_out, names_of

TABLE = Table(
    name="t", label="T", key=("id",),
    columns=(
        Column(name="id", type="string", label="Id"),
        Column(name="pnr", type="integer", label="Sted", no_cpr="workplaces"),
        Column(name="q1", type="integer", label="Q", required=False),
    ),
)  # fmt: skip


def test_what_the_dictionary_knows_of_a_column_is_asked_by_the_name_in_the_file() -> None:
    known = known_of(TABLE, {"Lbnr": "id", "sted": "pnr"})
    assert (known.is_text("LBNR"), known.is_key("lbnr")) == (True, True)
    assert (known.no_cpr("sted"), known.no_cpr("q1"), known.no_cpr("x")) == (
        "workplaces",
        "",
        "",
    )


def test_capitals_are_no_other_name_unless_both_are_there() -> None:
    assert names_of(pd.DataFrame(columns=["ID", "Q1"]), TABLE, {}, "f") == {
        "ID": "id",
        "Q1": "q1",
    }
    assert names_of(pd.DataFrame(columns=["id", "ID"]), TABLE, {}, "f") == {}
    with pytest.raises(ColumnError, match="Did you mean 'q11'"):
        names_of(pd.DataFrame(columns=["q11"]), TABLE, {"q12": "q1"}, "f")


def test_what_is_left_out_is_told_nearest_first() -> None:
    frame = pd.DataFrame(columns=["id", "pnr", "zz", "q_1"])
    told = list(left_out(["zz", "q_1"], TABLE, frame))
    assert [one.columns for one in told] == [("q_1", "zz"), ("q_1",)]
    assert list(left_out([], TABLE, frame)) == []


def test_two_columns_that_differ_in_capitals_alone_are_refused() -> None:
    with pytest.raises(DataError, match=r"Q1X and q1X are 'Q1x'.*rename"):
        names_of(
            pd.DataFrame(columns=["Q1X", "q1X"]),
            replace(TABLE, columns=(Column(name="Q1x", type="integer", label="Q"),)),
            {},
            "f",
        )
    with pytest.raises(DataError, match="Pnr and PNR are 'pnr'"):
        names_of(pd.DataFrame(columns=["Pnr", "PNR"]), TABLE, {}, "f")


def test_a_dictionary_may_have_capitals_too() -> None:
    table = replace(TABLE, columns=(Column(name="Id_Nr", type="string", label="Id"),))
    assert names_of(pd.DataFrame(columns=["id_nr"]), table, {}, "f") == {"id_nr": "Id_Nr"}
    assert known_of(table, {}).is_text("ID_NR")
