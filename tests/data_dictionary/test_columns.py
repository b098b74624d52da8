"""Columns: families find their members, and say which values are valid."""

import datetime as dt

import pytest

from data_dictionary import Column
from data_dictionary.columns import name_expression


def test_a_family_of_weeks_takes_week_53_and_not_week_54() -> None:
    weeks = Column(name="y", type="integer", label="Ydelse", pattern="y_{YYWW}")
    assert weeks.members(["y_1553", "y_1554", "y_1500", "y_15", "z_1501"]) == ("y_1553",)


def test_a_family_of_months_keeps_the_order_of_the_data() -> None:
    months = Column(name="b", type="string", label="B", pattern="branche_{YYYY}_{MM}")
    names = ["branche_2017_02", "branche_2017_13", "branche_2017_01", "branche_17_01"]
    assert months.members(names) == ("branche_2017_02", "branche_2017_01")


def test_a_plain_column_has_itself_as_its_only_member() -> None:
    assert Column(name="age", type="integer", label="Alder").members(["age", "ages"]) == (
        "age",
    )


@pytest.mark.parametrize("pattern", ["y_{WWYY}", "y"])
def test_a_pattern_without_a_known_place_holder_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"\{YYWW\}"):
        name_expression(pattern)


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (Column(name="a", type="integer", label="A", minimum=1, maximum=5), "1-5"),
        (Column(name="a", type="number", label="A", minimum=0.5), "at least 0.5"),
        (Column(name="a", type="integer", label="A", maximum=9), "at most 9"),
        (Column(name="a", type="integer", label="A", codes={1: "Ja", 2: "Nej"}), "1, 2"),
        (
            Column(name="a", type="integer", label="A", codes=dict.fromkeys(range(98), "x")),
            "98 codes",
        ),
        (
            Column(name="a", type="date", label="A", minimum=dt.date(1900, 1, 1)),
            "at least 1900-01-01",
        ),
        (Column(name="a", type="string", label="A"), ""),
    ],
)
def test_valid_values_are_said_in_words(column: Column, words: str) -> None:
    assert column.span() == words
