"""What differs between two declarations of a table."""

from dataclasses import replace

import pytest

from data_dictionary import Column, Table
from data_dictionary.compare import compare

ITEM = Column(
    name="q1",
    type="integer",
    label="Jeg får hjælp",
    codes={1: "Uenig", 2: "Hverken", 3: "Enig"},
    missing={9: "refused"},
)


def survey(*columns: Column) -> Table:
    return Table(name="survey", label="Survey", columns=columns)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"label": "Jeg får den hjælp, jeg har brug for"}, "wording"),
        ({"type": "string"}, "type"),
        ({"unit": "point"}, "unit"),
        ({"codes": {1: "Enig", 2: "Hverken", 3: "Uenig"}}, "order of codes"),
        ({"codes": {1: "Uenig", 2: "Delvis", 3: "Enig"}}, "labels of codes"),
        ({"codes": {0: "Uenig", 1: "Hverken", 2: "Enig"}}, "codes"),
        ({"codes": {1: "Uenig", 2: "Enig"}}, "length of scale"),
        ({"codes": {}}, "codes"),
        ({"minimum": 1, "maximum": 3}, "limits"),
        ({"missing": {9: "do_not_know"}}, "missing"),
    ],
)
def test_a_change_of_an_item_is_told_and_breaks_a_trend(changes: dict, what: str) -> None:
    (found,) = compare(survey(ITEM), survey(replace(ITEM, **changes)))
    assert (found.column, found.what, found.breaks_trend) == ("q1", what, True)


def test_capitals_blanks_and_composed_letters_are_no_difference() -> None:
    same = replace(
        ITEM, label="JEG FA\u030aR  HJÆLP ", codes={1: "uenig", 2: "Hverken", 3: " Enig"}
    )
    assert compare(survey(ITEM), survey(same)) == ()


def test_columns_that_come_and_go_break_no_trend() -> None:
    other = replace(ITEM, name="q2")
    found = compare(survey(ITEM), survey(other))
    assert [(one.column, one.what, one.breaks_trend) for one in found] == [
        ("q1", "column left out", False),
        ("q2", "column added", False),
    ]


def test_a_line_says_what_both_sides_say() -> None:
    (found,) = compare(survey(ITEM), survey(replace(ITEM, label="Andet")))
    assert str(found) == "survey: q1: wording: 'Jeg får hjælp' -> 'Andet'"
