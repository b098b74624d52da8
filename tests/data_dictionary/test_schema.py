"""A section is declared once; its values are right, or refused with what they should be."""

from __future__ import annotations

import datetime as dt
import math
import time
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

import pytest

from data_dictionary.mistakes import Mistakes
from data_dictionary.schema import Form, key, keys_of, named, read, tables, typed
from data_dictionary.wording import Level

RISING = Form(
    "a list of rising whole numbers, such as [26, 52]",
    lambda bands: bool(bands) and all(low < high for low, high in pairwise(bands)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Zero:
    source: str = key("Register.", name="from", names="table")
    bands: tuple[int, ...] = key("Where bands begin.", (26, 52), form=RISING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    folder: str
    seed: int = key("Seed of every draw.", least=0)
    level: float = key("Level of intervals.", 0.95, least=0.5, most=0.999)
    caliper: float | None = key("Width.", None, least=1e-9, most=math.inf)
    kind: Literal["time", "score"] = key("What is measured.", "time")
    columns: tuple[str, ...] = key("Columns.", (), names="column")
    stages: Mapping[str, str] | None = key("Group and column.", None, names="column")
    calipers: Mapping[str, float] = key("Column and width.", {}, names="column")
    agree: tuple[Level, ...] = key("Levels.", ())
    synthetic: bool = key("Whether the data are made up.", False)
    until: dt.date | None = key("Last day.", None)
    zero: Zero | None = key("Time zero.", None)
    more: tuple[Zero, ...] = key("Several.", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    n: int = 6
    exclude: Mapping[str, Sequence[Any]] = field(default_factory=dict)


def checked(raw: object) -> tuple[Plan, list[str]]:
    mistakes = Mistakes()
    return read(Plan, raw, "[plan]", mistakes, {"folder": "here"}), mistakes.found


def found(text: str) -> list[str]:
    return checked({"seed": 1, **tomllib.loads(text)})[1]


def test_a_right_section_is_read_whole_with_its_defaults() -> None:
    plan, mistakes = checked({"seed": 1, "columns": ["age"], "zero": {"from": "dream"}})
    assert mistakes == []
    assert plan == Plan(
        folder="here", seed=1, columns=("age",), zero=Zero(source="dream", bands=(26, 52))
    )


@pytest.mark.parametrize(
    ("hint", "right", "wrong"),
    [
        (str, "a", ""),
        (str, "a", " "),
        (str, "a", 1),
        (int, 3, True),
        (int, 3, 3.0),
        (int, 3, "3"),
        (float, 0.2, "0.2"),
        (float, 1, True),
        (bool, True, 1),
        (bool, True, "true"),
        (dt.date, dt.date(2020, 12, 31), "2020-12-31"),
        (dt.date, dt.date(2020, 12, 31), dt.datetime(2020, 12, 31)),  # noqa: DTZ001
        (Level, 1, [1]),
        (tuple[str, ...], ["a"], "a"),
        (tuple[str, ...], ["a"], ["a", 1]),
        (tuple[Level, ...], [4, "a"], 4),
        (tuple[str, str], ["a", "b"], ["a"]),
        (tuple[int, int], [-104, -1], [1, 2, 3]),
        (Mapping[str, str], {"a": "b"}, {"a": 1}),
        (Mapping[str, tuple[Level, ...]], {"a": [1]}, {"a": 1}),
        (str | Mapping[str, str], {"a": "b"}, ["a"]),
        (str | tuple[str, ...], ["a"], 1),
        (Literal["a", "b"], "a", "c"),
    ],
)
def test_a_type_takes_what_it_should_and_nothing_else(
    hint: Any, right: object, wrong: object
) -> None:
    section = dataclass(frozen=True)(
        type("One", (), {"__annotations__": {"value": hint}, "value": key("")})
    )
    for value, is_right in ((right, True), (wrong, False)):
        mistakes = Mistakes()
        made = read(section, {"value": value}, "[one]", mistakes)
        assert (mistakes.found == []) == is_right
        assert (made.value not in (None, {})) == is_right  # type: ignore[attr-defined]


def test_a_whole_number_in_the_place_of_a_number_stays_one() -> None:
    plan, _ = checked({"seed": 1, "caliper": 2})
    assert repr(plan.caliper) == "2"


def test_a_wrong_value_leaves_its_default_and_reading_goes_on() -> None:
    plan, mistakes = checked({"seed": -1, "level": 95, "kind": "scor", "columns": "age"})
    assert (plan.seed, plan.level, plan.kind, plan.columns) == (None, 0.95, "time", ())
    assert mistakes == [
        "[plan]: seed = -1 is too small; the least is 0",
        "[plan]: level = 95 is too large; the most is 0.999",
        "[plan]: kind = 'scor' is not allowed; allowed: 'time', 'score'. Did you mean 'score'?",
        '[plan]: columns = \'age\' is not a list of texts, such as ["age", "female"]',
    ]


def test_what_is_missing_and_what_is_unknown_are_told_with_what_to_write() -> None:
    assert checked({"sed": 1})[1] == [
        "[plan]: 'sed' is not a key of this section. Did you mean 'seed'?",
        "[plan]: 'seed' is missing; give a whole number",
    ]


def test_what_stands_under_a_misspelt_key_is_read_under_the_nearest() -> None:
    plan, mistakes = checked({"seed": 1, "colums": ["age"], "kin": 3})
    assert plan.columns == ("age",)
    assert mistakes == [
        "[plan]: 'colums' is not a key of this section. Did you mean 'columns'?",
        "[plan]: 'kin' is not a key of this section. Did you mean 'kind'?",
        "[plan]: kind = 3 is not allowed; allowed: 'time', 'score'.",
    ]


@pytest.mark.parametrize("raw", [[1], "a", 3])
def test_a_section_that_is_no_table_is_refused(raw: object) -> None:
    assert checked(raw)[1] == ["[plan]: is not a table of keys and values"]


def test_numbers_are_finite_unless_the_key_says_otherwise() -> None:
    assert found("level = nan") == ["[plan]: level = nan is not a finite number"]
    assert found("level = inf") == ["[plan]: level = inf is not a finite number"]
    assert found("caliper = inf") == []
    assert found("caliper = nan") == ["[plan]: caliper = nan is not a finite number"]


def test_a_form_is_asked_after_the_type() -> None:
    what = (
        "[plan.zero]: bands = [52, 26] is not a list of rising whole numbers, such as [26, 52]"
    )
    assert found("zero = { from = 'dream', bands = [52, 26] }") == [what]
    assert (
        "bands = 'a' is not a list of rising" in found("zero = { from = 'd', bands = 'a' }")[0]
    )


def test_a_section_below_a_key_is_told_by_its_place() -> None:
    assert found("[zero]\nform = 'dream'") == [
        "[plan.zero]: 'form' is not a key of this section. Did you mean 'from'?",
        "[plan.zero]: 'from' is missing; give a text in quotes, such as \"municipality\"",
    ]
    assert found("[[more]]\nfrom = 'a'\n[[more]]\nfrom = 1")[0].startswith(
        "[plan.more] 2: from = 1 is not a text"
    )


def test_three_hundred_thousand_unknown_keys_are_refused_at_once() -> None:
    raw = {f"a_key_of_noise_{n}": n for n in range(300_000)}
    start = time.perf_counter()
    mistakes = checked({"seed": 1, **raw})[1]
    assert time.perf_counter() - start < 2
    assert len(mistakes) == 9
    assert mistakes[-1] == "[plan]: 299,992 other names are unknown here as well"


def test_of_a_table_of_values_only_the_wrong_ones_are_left_out() -> None:
    plan, mistakes = checked({"seed": 1, "stages": {"a": "x", "b": 2, "c": ""}})
    assert plan.stages == {"a": "x"}
    assert [one.partition(" is ")[0] for one in mistakes] == [
        "[plan]: stages.b = 2",
        "[plan]: stages.c = ''",
    ]
    wrong = checked({"seed": 1, "stages": {f"s{n}": n for n in range(1008)}})[1]
    assert len(wrong) == 9
    assert wrong[-1] == "[plan]: stages: 1,000 other entries are wrong as well"


def test_what_texts_refer_to_can_be_asked_in_one_loop() -> None:
    raw = {
        "seed": 1,
        "columns": ["age", "sex"],
        "stages": {"invited": "letter"},
        "calipers": {"income": 0.1},
        "zero": {"from": "dream"},
    }
    assert list(named(checked(raw)[0])) == [
        ("columns", "column", "age"),
        ("columns", "column", "sex"),
        ("stages", "column", "letter"),
        ("calipers", "column", "income"),
    ]
    assert list(named(Zero(source="dream"))) == [("from", "table", "dream")]


def test_a_class_without_declared_keys_is_read_by_its_fields() -> None:
    mistakes = Mistakes()
    made = read(Method, {"n": 3, "exclude": {"place": [101]}}, "[options]", mistakes)
    assert (made, mistakes.found) == (Method(n=3, exclude={"place": (101,)}), [])
    assert list(keys_of(Method)) == ["n", "exclude"]


def test_one_table_counts_as_an_array_of_one() -> None:
    mistakes = Mistakes()
    assert tables({"a": 1}, "[[a]]", mistakes) == [{"a": 1}]
    assert tables(None, "[[a]]", mistakes) == []
    assert tables(3, "[[a]]", mistakes) == []
    assert mistakes.found == ["[[a]]: is not a table of keys and values"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inside:
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    names: tuple[str, ...]
    parts: Mapping[str, _Inside]


def test_what_json_holds_is_a_dataclass_again() -> None:
    told = typed(_Told, {"names": ["a"], "parts": {"b": {"share": 0.5}}})
    assert told == _Told(names=("a",), parts={"b": _Inside(share=0.5)})


def test_what_json_holds_wrongly_is_told_with_its_place() -> None:
    with pytest.raises(ValueError, match=r"parts\.b\.share: .*number"):
        typed(_Told, {"names": [], "parts": {"b": {"share": "half"}}})
    with pytest.raises(ValueError, match=r"names: .*required"):
        typed(_Told, {"parts": {}})
