"""A fault that is put into a file is the one that was found, whatever the rule."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data_dictionary import Column, Table, Violation
from surveys.synthetic.faulty import with_faults

TABLE = Table(
    name="t",
    label="T",
    key=("id",),
    order=(("first", "last"),),
    columns=(
        Column(name="id", label="Id", type="string", role="key", references="people"),
        Column(
            name="a", label="A", type="integer", codes={1: "x", 2: "y"}, missing={9: "refused"}
        ),
        Column(name="b", label="B", type="number", minimum=0, maximum=5),
        Column(name="c", label="C", type="string", codes={"k": "K"}),
        Column(name="d", label="D", type="boolean"),
        Column(name="first", label="F", type="date"),
        Column(name="last", label="L", type="date"),
    ),
)
FRAME = pd.DataFrame(
    {
        "id": [f"k{row}" for row in range(40)],
        "a": np.tile([1, 2], 20),
        "b": 2.5,
        "c": "k",
        "d": np.tile([0, 1], 20),
        "first": np.datetime64("2018-01-01"),
        "last": np.datetime64("2018-02-01"),
    }
)
PEOPLE = FRAME[["id"]]


@pytest.mark.parametrize(
    ("column", "rule"),
    [
        ("id", "key missing"),
        ("id", "key not unique"),
        ("id", "key not in population"),
        ("a", "unknown code"),
        ("c", "unknown code"),
        ("b", "range"),
        ("a", "type"),
        ("d", "type"),
        ("first, last", "order"),
    ],
)
def test_the_check_finds_it_again(column: str, rule: str) -> None:
    assert not TABLE.check(FRAME, PEOPLE)
    fault = Violation(table="t", column=column, rule=rule, count=3, message="")  # type: ignore[arg-type]
    made, left = with_faults(FRAME, TABLE, [fault], [1, 2])
    found = {(one.column, one.rule): one.count for one in TABLE.check(made, PEOPLE)}
    assert left == ()
    # Three are told as five.
    assert found[column, rule] == 5
    assert len(found) == 1


def test_what_cannot_be_put_in_is_said() -> None:
    fault = Violation(table="t", column="last", rule="ambiguous dates", count=3, message="")
    made, left = with_faults(FRAME, TABLE, [fault], [1])
    assert left == ("last (ambiguous dates)",)
    assert made.equals(FRAME)
