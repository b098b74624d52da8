"""CPR numbers: recognised by their date alone, refused by the rule, never shown."""

import numpy as np
import pandas as pd
import pytest

from data_dictionary.errors import DataError
from surveys import pseudonymise, refuse_cpr

CPR = "0101650000"


def refused(
    column: list[object], keys: tuple[str, ...] = (), texts: tuple[str, ...] = ()
) -> str:
    """Return the message, or an empty string if the column may stay."""
    try:
        refuse_cpr(pd.DataFrame({"x": column}), "file.csv", keys=keys, texts=texts)
    except DataError as error:
        return str(error)
    return ""


def test_one_dashed_number_is_refused_in_any_column() -> None:
    assert "x: 1 value" in refused(["a", "b", "c", "d", "e", "f", "010165-0000"], keys=("x",))
    assert "x: 1 value" in refused(["Ringede om 010165-0000 i dag"] + ["ok"] * 99)


def test_digits_that_touch_others_make_no_number() -> None:
    assert not refused(["9010165-00001", "010165-00000", "1-010165-00001"])


WAYS = [
    "010165 0000",
    "010165\u00a00000",
    "010165\u202f0000",
    "010165.0000",
    "010165/0000",
    "01.01.65-0000",
    "01 01 65 0000",
    "01/01/65/0000",
    "01-01-65-0000",
    "010165\u20130000",
    "010165\u20140000",
    "010165\u22120000",
    "010165\u20110000",
    "010165\uff0d0000",
    "010165 - 0000",
    "010165\u200b0000",
    "010165\u00ad-0000",
    "0101650000x",
    "0101650000X",
    "cpr0101650000",
    "A010165-0000",
    "010165_0000",
    "\uff10\uff11\uff10\uff11\uff16\uff15\uff10\uff10\uff10\uff10",
    "nr.:010165-0000,",
    "(0101650000)",
    "2016-010165-0000",
    "0101650000/0202651111",
    "<b>0101650000</b>",
    "\t010165-0000\n",
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "others",
    [["ja tak", "nej"], [f"k{i:04d}" for i in range(50)], [f"{i:016x}" for i in range(50)]],
    ids=["texts", "keys", "hashes"],
)
def test_one_number_is_refused_in_any_column_however_it_is_written(
    way: str, others: list[object]
) -> None:
    if way == "2016-010165-0000" and len(others) == 50:
        return  # a key that holds other digits too may hold ten of them by chance
    assert "x: 1 value" in refused([way, *others])
    if way != "2016-010165-0000":
        assert "x: 1 value" in refused([way, *others], keys=("x",))
    assert "x: 1 value" in refused([f"Ringede om {way} i dag", *others], texts=("x",))


def test_a_few_bare_numbers_among_other_keys_are_refused() -> None:
    keys = [f"P{i:06d}" for i in range(600)]
    assert "x: 3 value" in refused([CPR, "0202651111", "0303652222", *keys], keys=("x",))
    assert "x: 1 value" in refused([*range(600), 202651111])


def test_bytes_and_lists_of_a_parquet_file_are_read_too() -> None:
    assert "x: 1 value" in refused([b"010165-0000", b"x"])
    assert "x: 1 value" in refused([["010165-0000", "a"], ["b"]])


def test_one_undashed_number_is_refused_in_a_text_column() -> None:
    assert "x: 1 value" in refused([f"Se {CPR}."] + ["ja tak"] * 99)
    assert "x: 1 value" in refused([CPR] + ["ja", "nej"] * 50)
    assert "x: 1 value" in refused([CPR] + ["k1"] * 99, texts=("x",))


@pytest.mark.parametrize(("hits", "is_refused"), [(20, False), (21, True)])
def test_keys_are_refused_when_more_than_a_fifth_fit(hits: int, is_refused: bool) -> None:
    column = [CPR] * hits + ["9999999999"] * (100 - hits)
    assert bool(refused(column)) == is_refused
    assert bool(refused(column, keys=("x",))) == is_refused


@pytest.mark.parametrize(("hits", "is_refused"), [(20, False), (21, True)])
@pytest.mark.parametrize("dtype", ["int64", "float64", "Int64"])
def test_numbers_are_refused_when_more_than_a_fifth_fit(
    hits: int, is_refused: bool, dtype: str
) -> None:
    # The leading zero is lost; no month is the 99th; 17 is of another size.
    numbers = [101650000] * hits + [199650000] * (100 - hits) + [17] * 500
    frame = pd.DataFrame({"x": pd.Series(numbers, dtype=dtype)})
    if is_refused:
        with pytest.raises(DataError, match="x: 21 value"):
            refuse_cpr(frame, "file.csv")
    else:
        refuse_cpr(frame, "file.csv")


def test_blanks_do_not_dilute_the_share() -> None:
    assert refused([CPR] * 3 + [None] * 97)
    assert refused([101650000.0] * 3 + [np.nan] * 97)


def test_hexadecimal_keys_amounts_and_days_may_stay() -> None:
    rng = np.random.default_rng(7)
    keys = [f"{key:016x}" for key in rng.integers(0, 2**63, 5000)]
    assert not refused(keys)
    assert not refused(keys, keys=("x",))
    assert not refused((rng.integers(0, 10**6, 5000) * 1000).tolist())
    assert not refused(["01-01-2017", "31-12-2017"])
    refuse_cpr(pd.DataFrame({"day": pd.to_datetime(["2017-01-01"])}), "file.csv")


@pytest.mark.parametrize(
    "name", [CPR, "010165-0000", "_0101650000", "101650000", "svar 010165-0000"]
)
def test_a_column_named_like_a_number_is_refused_and_not_named(name: str) -> None:
    with pytest.raises(DataError) as refusal:
        refuse_cpr(pd.DataFrame({"ok": [1], name: [2]}), "cases.csv")
    assert "the name of column(s) 2 looks like a CPR number" in str(refusal.value)
    assert "0000" not in str(refusal.value)


@pytest.mark.parametrize(
    "name", ["y_1801", "branche_2018_01", "20180101", "9999999999", "item_12"]
)
def test_ordinary_names_of_columns_may_stay(name: str) -> None:
    refuse_cpr(pd.DataFrame({name: [1]}), "cases.csv")


def test_the_message_names_every_column_with_its_count_and_no_value() -> None:
    frame = pd.DataFrame(
        {"cpr": [CPR, "0202651111"], "ok": [1, 2], "note": ["010165-0000", "x"]}
    )
    with pytest.raises(DataError) as refusal:
        refuse_cpr(frame, "cases.csv")
    text = str(refusal.value)
    assert text.startswith("cases.csv: 2 column(s) hold CPR-like identifiers")
    assert "cpr: 2 value" in text
    assert "note: 1 value" in text
    assert "pseudonymise" in text
    for part in ("010165", "020265", "0000", "1111"):
        assert part not in text


def test_a_person_gets_one_key_however_the_number_is_written() -> None:
    keys = pseudonymise(
        ["010165-0000", CPR, 101650000, 101650000.0, " 010165 0000"], secret=b"x" * 16
    )
    assert len(set(keys)) == 1
    assert not refused(keys.tolist(), keys=("x",))


def test_another_secret_gives_another_key_and_a_missing_value_none() -> None:
    one = pseudonymise([CPR, None], secret=b"x" * 16)
    other = pseudonymise([CPR, None], secret=b"y" * 16)
    assert one[0] != other[0]
    assert one[1] is None


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        pseudonymise([CPR], secret=b"short")
