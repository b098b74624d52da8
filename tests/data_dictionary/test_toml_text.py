"""A declaration as TOML reads back as itself."""

import datetime as dt
import tomllib

import pytest

from data_dictionary.columns import Column
from data_dictionary.toml_text import toml_key, toml_lines, toml_value


@pytest.mark.parametrize(
    "value",
    [
        'a "quote" \\ and\nline \x7f\x01 æ',
        {"x y": "1", ".a": "b", "": "empty"},
        ["a", 1, 2.5, True, dt.date(2020, 1, 31)],
        {},
    ],
)
def test_a_value_reads_back(value: object) -> None:
    assert tomllib.loads(f"x = {toml_value(value)}") == {"x": value}


def test_keys_read_back() -> None:
    for name in ("q1", "ålder", "a.b", 'a"b', "", "a\nb"):
        assert tomllib.loads(f"[columns.{toml_key(name)}]") == {"columns": {name: {}}}


def test_a_section_holds_what_differs_from_its_default_and_its_comments() -> None:
    column = Column(name="q", type="integer", label="Q", codes={1: "Nej"})
    lines = toml_lines(column, {"label": "decide:\nthis"})
    assert lines == [
        'type = "integer"',
        'label = "Q"   # decide: this',
        'codes = { 1 = "Nej" }',
    ]
