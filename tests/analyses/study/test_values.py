"""Values of a study file are of the right kind, or refused with what they should be."""

from __future__ import annotations

import datetime as dt

import pytest

from analyses.study.keys import Key
from analyses.study.values import KINDS, Mistakes, take


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("text", "a", ""),
        ("integer", 3, True),
        ("integer", 3, 3.0),
        ("number", 0.2, "0.2"),
        ("boolean", True, 1),
        ("date", dt.date(2020, 12, 31), "2020-12-31"),
        ("level", 1, [1]),
        ("texts", ["a"], "a"),
        ("levels", [4, 5], 4),
        ("bands", [26, 52], [52, 26]),
        ("bands", [1], [0, 1]),
        ("bands", [1], []),
        ("weeks", [-104, -1], [-1, -104]),
        ("months", ["2017-03", "2018-12"], ["2017-3", "2018-12"]),
        ("months", ["2017-03", "2018-12"], ["2018-12", "2017-03"]),
        ("column pair", ["a", "b"], ["a"]),
        ("renaming", {"a": "b"}, {"a": 1}),
        ("selection", {"a": [1]}, {"a": 1}),
        ("column or columns", {"a": "b"}, ["a"]),
    ],
)
def test_a_kind_takes_what_it_should_and_nothing_else(
    kind: str, right: object, wrong: object
) -> None:
    is_right, _ = KINDS[kind]
    assert is_right(right)
    assert not is_right(wrong)


def test_a_wrong_value_leaves_the_default_and_a_mistake() -> None:
    mistakes = Mistakes()
    keys = {"level": Key(kind="number", meaning="", default=0.95, minimum=0.5, maximum=0.999)}
    assert take({"level": 95}, keys, "[inference]", mistakes) == {"level": 0.95}
    assert mistakes.found == ["[inference]: level = 95 is too large; the most is 0.999"]


def test_a_section_that_is_not_a_table_is_refused() -> None:
    mistakes = Mistakes()
    take([1], {}, "[study]", mistakes)
    assert mistakes.found == ["[study]: is not a table of keys and values"]
