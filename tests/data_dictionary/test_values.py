"""Values: the declared type comes out however stored, and missing codes are set apart."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary import Column
from data_dictionary.values import KIND_NAMES, convert

ITEM = Column(
    name="item",
    type="integer",
    label="Item",
    minimum=1,
    maximum=5,
    missing={7: "not_asked", 8: "do_not_know", ".a": "refused"},
)


def kinds(values: pd.Series) -> list[str]:
    return [KIND_NAMES[kind] for kind in convert(values, ITEM).kinds]


@pytest.mark.parametrize(
    "stored",
    [
        pd.Series([1.0, 7.0, 8.0, np.nan]),
        pd.Series(["1", "7", " 8 ", ""]),
        pd.Series(["1,0", "7", "8", None]),
        pd.Series([1, 7, 8, None], dtype="Int64"),
        pd.Series(["1", "7", "8", None], dtype="string"),
        pd.Series(["1", "7", "8", None], dtype="category"),
    ],
)
def test_a_missing_code_is_found_however_the_file_stored_it(stored: pd.Series) -> None:
    assert kinds(stored) == ["answered", "not_asked", "do_not_know", "blank"]
    assert convert(stored, ITEM).typed.tolist()[0] == 1
    assert convert(stored, ITEM).typed.isna().tolist() == [False, True, True, True]


def test_a_letter_of_stata_or_sas_is_found_among_numbers_in_either_case() -> None:
    assert kinds(pd.Series([2.0, ".a", ".A"], dtype=object)) == [
        "answered",
        "refused",
        "refused",
    ]


def test_complete_integers_are_integers_and_others_floats() -> None:
    assert convert(pd.Series(["1", "2"]), ITEM).typed.dtype == np.int64
    assert convert(pd.Series(["1", ""]), ITEM).typed.dtype == np.float64


def test_an_integer_beyond_the_precision_of_floats_keeps_its_digits() -> None:
    column = Column(name="n", type="integer", label="N")
    big = 2**53 + 1
    assert convert(pd.Series([big]), column).typed.iloc[0] == big


def test_halves_and_infinities_are_no_integers() -> None:
    stored = pd.Series([1.5, np.inf, 2.0])
    assert convert(stored, ITEM).unreadable.tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("stored", "truth"),
    [
        (["1", "0"], [True, False]),
        (["ja", "NEJ"], [True, False]),
        (["True", "FALSE"], [True, False]),
        ([1.0, 0.0], [True, False]),
        ([True, False], [True, False]),
    ],
)
def test_yes_and_no_are_read_in_danish_and_english(
    stored: list[object], truth: list[bool]
) -> None:
    column = Column(name="b", type="boolean", label="B")
    assert convert(pd.Series(stored), column).typed.tolist() == truth


def test_a_key_that_a_file_stored_as_a_number_becomes_whole_text() -> None:
    column = Column(name="k", type="string", label="K")
    assert convert(pd.Series([151.0, np.nan]), column).typed.tolist()[0] == "151"
    assert convert(pd.Series(["0151 "]), column).typed.tolist() == ["0151"]


def test_numbers_in_text_are_read_with_dot_and_comma_and_thousands() -> None:
    column = Column(name="n", type="number", label="N")
    stored = pd.Series(["1.5", "1,5", "1.234,5", "1e-3", "twelve", "inf"])
    found = convert(stored, column)
    assert found.typed.tolist()[:4] == [1.5, 1.5, 1234.5, 0.001]
    assert found.unreadable.tolist() == [False] * 4 + [True, True]


def test_time_and_zone_of_a_date_are_dropped_keeping_the_local_day() -> None:
    column = Column(name="d", type="date", label="D")
    stored = pd.Series(pd.to_datetime(["2018-03-01 23:30"])).dt.tz_localize("Europe/Copenhagen")
    assert convert(stored, column).typed.tolist() == [pd.Timestamp("2018-03-01")]


@pytest.mark.parametrize(
    "stored",
    [
        pd.Series(["9999-12-31"]),
        pd.Series(np.array(["9999-12-31"], dtype="datetime64[s]")),
        pd.Series([43160]),
    ],
)
def test_a_date_that_cannot_be_kept_is_unreadable_and_not_changed(stored: pd.Series) -> None:
    column = Column(name="d", type="date", label="D")
    assert convert(stored, column).unreadable.tolist() == [True]


@given(st.lists(st.one_of(st.none(), st.integers(0, 9)), max_size=30))
@settings(deadline=None, max_examples=50)
def test_text_and_numbers_of_the_same_answers_convert_alike(answers: list[int | None]) -> None:
    numbers = convert(pd.Series(answers, dtype="float64"), ITEM)
    texts = convert(
        pd.Series([None if a is None else str(a) for a in answers], dtype=object), ITEM
    )
    pd.testing.assert_series_equal(numbers.typed, texts.typed)
    assert numbers.kinds.tolist() == texts.kinds.tolist()
    assert not numbers.unreadable.any()


CLOSED = Column(name="closed", type="date", label="Til", role="closed")
PLAIN = Column(name="d", type="date", label="D")
FAR = (
    pd.Series(["9999-12-31"]),
    pd.Series(["31-12-9999"]),
    pd.Series([99991231]),
    pd.Series(["31DEC9999 23:59"]),
    pd.Series([dt.date(9999, 12, 31)]),
    pd.Series([dt.datetime.fromisoformat("9999-12-31")], dtype=object),
    pd.Series(np.array(["9999-12-31"], dtype="datetime64[s]")),
    pd.Series(np.array(["9999-12-31"], dtype="datetime64[us]")).dt.tz_localize("UTC"),
)


@pytest.mark.parametrize("stored", FAR)
def test_an_open_end_is_missing_however_it_is_stored(stored: pd.Series) -> None:
    for column in (CLOSED, replace(PLAIN, open_ends=("9999-12-31",))):
        found = convert(stored.rename("d"), column)
        assert found.typed.isna().all()
        assert not found.unreadable.any()
        assert [(one.what, one.count, one.detail) for one in found.inferred] == [
            ("open_ends", 1, "9999-12-31")
        ]


@pytest.mark.parametrize("stored", FAR)
def test_an_open_end_that_nobody_declared_is_named(stored: pd.Series) -> None:
    assert set(convert(stored, PLAIN).faults) == {"open end"}


def test_open_ends_within_reach_are_declared_too() -> None:
    column = replace(PLAIN, open_ends=("2099-12-31", "0001-01-01"))
    stored = pd.Series(["2099-12-31", "0001-01-01", "2098-12-31"])
    assert convert(stored, column).typed.tolist() == [
        pd.NaT,
        pd.NaT,
        pd.Timestamp("2098-12-31"),
    ]
    days = pd.Series(pd.to_datetime(["2099-12-31", "2017-01-01"]))
    assert convert(days, column).typed.isna().tolist() == [True, False]


@pytest.mark.parametrize("text", ["NULL", "#NULL!", "N/A", "NA", ".", "nan", "#N/A"])
def test_what_programs_write_for_nothing_is_blank_and_told(text: str) -> None:
    for column, value in ((ITEM, "3"), (PLAIN, "2017-09-01")):
        found = convert(pd.Series([value, text], name="x"), column)
        assert [KIND_NAMES[kind] for kind in found.kinds] == ["answered", "blank"]
        assert [(one.what, one.columns, one.detail) for one in found.inferred] == [
            ("blank_texts", ("x",), text)
        ]


def test_a_text_that_is_a_code_or_just_text_is_no_blank() -> None:
    area = Column(name="a", type="string", label="A", codes={"NA": "Nord"})
    note = Column(name="n", type="string", label="N")
    assert convert(pd.Series(["NA"]), area).typed.tolist() == ["NA"]
    assert convert(pd.Series(["NULL"]), note).typed.tolist() == ["NULL"]
    kept = replace(ITEM, missing={"NULL": "technical"})
    assert KIND_NAMES[convert(pd.Series(["NULL"]), kept).kinds[0]] == "technical"


def test_declared_blanks_are_blank_without_a_word() -> None:
    for column in (ITEM, PLAIN, Column(name="n", type="string", label="N")):
        found = convert(pd.Series(["uoplyst", " - "]), replace(column, blanks=("uoplyst", "-")))
        assert [KIND_NAMES[kind] for kind in found.kinds] == ["blank", "blank"]
        assert found.inferred == ()


def test_several_answers_in_one_cell_are_named() -> None:
    listed = Column(name="q", type="integer", label="Q", codes={1: "Ja", 2: "Nej", 3: "Ved"})
    stored = pd.Series(["1;3", "1,2", "Ja/Nej", "1", "7;8"])
    found = convert(stored, listed).faults
    assert found["several answers"].tolist() == [True, True, True, False, False]
    assert found["type"].tolist() == [False] * 4 + [True]


def test_whole_decimal_numbers_are_keys_without_decimals() -> None:
    column = Column(name="id", type="string", label="Id")
    values = pd.Series([Decimal("1.00"), Decimal("2.50"), Decimal("12345678901234567890")])
    assert convert(values, column).typed.tolist() == ["1", "2.50", "12345678901234567890"]


@pytest.mark.parametrize(("kinds", "typed"), [([4, None], [4, None]), (["4", None], [4, None])])
def test_categories_may_be_missing(kinds: list[object], typed: list[object]) -> None:
    column = Column(name="q", type="integer", label="Q")
    found = convert(pd.Series(pd.Categorical(kinds)), column)
    assert found.typed.astype(object).where(found.typed.notna(), None).tolist() == typed
    assert KIND_NAMES[found.kinds[1]] == "blank"
