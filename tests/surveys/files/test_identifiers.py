"""CPR numbers: recognised by their date alone, refused by the rule, never shown."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from data_dictionary.cpr import holding_cpr, is_cpr, passes_modulus
from data_dictionary.errors import CareWarning, DataError
from surveys import pseudonymise, read, refuse_cpr

CPR = "0101650000"
SECRET = bytes.fromhex("a3f10b9e44c87d20515efc09b6d3722e")


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


def test_no_sign_between_the_digits_hides_a_number_from_the_search_of_whole_columns() -> None:
    signs = [chr(code) for code in range(0x3100) if not chr(code).isdecimal()]
    texts = [f"x 01{sign}0165{sign}{sign}0000" for sign in signs]
    expected = holding_cpr(texts)
    assert sum(expected) > 50
    others = "(n = 12345678901), 2017-08-01, 99 99 99 9999"
    for text, holds in zip(texts, expected, strict=True):
        if holds:
            assert "1 value" in refused([others, text]), repr(text)
    digits = "\u0660\u0661\u0660\u0661\u0666\u0665\u0660\u0660\u0660\u0660"
    assert "1 value" in refused(["no key at all", f"born {digits}"])


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
        ["010165-0000", CPR, 101650000, 101650000.0, " 010165 0000"], secret=SECRET
    )
    assert len(set(keys)) == 1
    assert not refused(keys.tolist(), keys=("x",))


def test_another_secret_gives_another_key_and_a_missing_value_none() -> None:
    one = pseudonymise([CPR, None], secret=SECRET)
    other = pseudonymise([CPR, None], secret=SECRET[::-1])
    assert one[0] != other[0]
    assert one[1] is None


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        pseudonymise([CPR], secret=b"short")


def test_nine_digits_as_text_are_refused_by_their_share() -> None:
    assert "x: 3 value" in refused(["101650000", "202651111", "303701111"])
    assert "x: 1 value" in refused(["101650000", "ja tak", "nej"], texts=("x",))
    assert not refused(list(map(str, np.random.default_rng(3).integers(10**8, 10**9, 300))))


@pytest.mark.parametrize("way", ["P{}", "cpr{}", "{}x"])
def test_numbers_with_a_letter_are_refused_by_their_share(way: str) -> None:
    some = [way.format(f"{day:02d}01650000") for day in range(1, 10)]
    assert "x: 9 value" in refused(some, keys=("x",))
    chance = [way.format(f"99{day:02d}650000") for day in range(1, 50)]
    assert not refused([some[0], *chance], keys=("x",))


def workplaces(n: int) -> list[int]:
    """Return production unit numbers, which begin with 10 and have no check digit."""
    return (1_003_000_000 + np.random.default_rng(1).integers(0, 28_000_000, n)).tolist()


def seconds(n: int, years: int) -> list[int]:
    """Return points in time as seconds since 1970, from 2015 on."""
    rng = np.random.default_rng(2)
    return (1_420_070_400 + rng.integers(0, years * 31_557_600, n)).tolist()


@pytest.mark.parametrize(
    "column", [workplaces(3), workplaces(500), seconds(3, 2), seconds(12, 5), seconds(900, 9)]
)
def test_numbers_closer_together_than_birthdays_may_stay_and_are_told(
    column: list[int],
) -> None:
    frame = pd.DataFrame({"x": column})
    told = refuse_cpr(frame, "file.csv")
    assert all(one.what == "no_cpr" and one.detail for one in told)
    if told:
        with pytest.raises(DataError):
            refuse_cpr(frame, "file.csv", keys=("x",))
        with pytest.raises(DataError):
            refuse_cpr(frame.rename(columns={"x": "CPR_nr"}), "file.csv")


def test_sums_of_money_may_stay_also_beside_a_word() -> None:
    rng = np.random.default_rng(5)
    money = (10 ** rng.uniform(7.5, 9.3, 900)).astype(int)
    assert not refused(money.tolist())
    assert not refused([*map(str, money), "#N/A"])
    odds = [1.5, 2.25, 7.3, 1_203_651_235.0]
    assert not refused(list(odds))
    assert refused([1.5, 2.25, 7.3, 1_203_651_232.0])  # with a right check digit
    texts = ["5.91", "25.5", "7.1203651235", "10584204.63", "1.5", "--"]
    assert not refused(list(texts))
    assert refused([*texts, "120365.1235"])
    persons = births(rng, 300)
    assert refused([*money.tolist(), *persons])
    assert refused([*map(str, money), *map(str, persons), "#N/A"])
    assert refused([*range(600), "#N/A", "0101650000"])


def births(rng: np.random.Generator, n: int, day: int | None = None) -> list[int]:
    """Return numbers with a right check digit, as all had until October 2007."""
    found: list[int] = []
    while len(found) < n:
        parts = (day or rng.integers(1, 32), rng.integers(1, 13), rng.integers(0, 100))
        digits = "".join(f"{part:02d}" for part in parts) + f"{rng.integers(0, 10_000):04d}"
        if is_cpr(digits) and passes_modulus(digits):
            found.append(int(digits))
    return found


@pytest.mark.parametrize("n", [1, 2, 3, 5, 20])
@pytest.mark.parametrize("day", [None, 10, 15])
def test_persons_are_refused_also_where_all_are_born_on_one_day_of_the_month(
    n: int, day: int | None
) -> None:
    rng = np.random.default_rng(n)
    for _ in range(40):
        assert refused(list(births(rng, n, day)))


@pytest.mark.parametrize("n", [1, 2, 3, 5, 20])
def test_numbers_without_a_check_digit_are_refused_where_days_differ(n: int) -> None:
    rng = np.random.default_rng(n)
    found = 0
    for _ in range(200):
        days = pd.to_datetime(rng.integers(-7000, 11_000, n), unit="D")
        found += bool(refused([int(f"{d:%d%m%y}{rng.integers(0, 4000):04d}") for d in days]))
    assert found >= 196  # a stretch of days that happens to be short, one time in a hundred


def test_addresses_and_longer_identifiers_are_no_persons() -> None:
    for text in (
        "https://example.org/film/1203651235",
        "se https://example.org/12/03/65/1234-titel",
        "550e8400-e29b-41d4-a716-1203651235ab",
        "aa120365-1234-41d4-a716-446655440000",
        "ordre k7x1203651235b",
    ):
        assert not refused([text, "ja tak"])
    for text in (
        "https://example.org/borger/120365-1235",
        "https://example.org/borger/1203651235",
        "www.example.org/sag?id=7&cprnr=1203651235",
        "sag 2016-1203651235",
    ):
        assert refused([text, "ja tak"])


def test_a_column_is_excepted_with_a_reason_unless_check_digits_speak_against_it() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"x": [3112991234, 101701234]})
    with pytest.raises(DataError, match=r"no_cpr = .why."):
        refuse_cpr(frame, "file.csv")
    (told,) = refuse_cpr(frame, "file.csv", excepted={"x": "P-numre of workplaces"})
    assert (told.count, told.detail) == (2, "P-numre of workplaces")
    with pytest.raises(DataError, match="with the check digit"):
        refuse_cpr(pd.DataFrame({"x": births(rng, 9)}), "f.csv", excepted={"x": "P-numre"})


@pytest.mark.parametrize(
    "value",
    ["ukendt", "-", "", " ", ".", "0000000000", "000000-0000", 9999999999, "999999-9999"],
)
def test_what_names_nobody_makes_no_key(value: object) -> None:
    assert pseudonymise([value], secret=SECRET)[0] is None


@pytest.mark.parametrize(
    "way",
    ["'{}", "{}\u00a0", '"{}"', "P{}", "CPR-nr.: {}", "cpr {}", "{}.0", "\u2019{}"],
)
def test_signs_around_a_number_make_no_other_key(way: str) -> None:
    same = [way.format(CPR), way.format("010165-0000"), "01.01.65-0000", "010165/0000", CPR]
    if way == "{}.0":
        same.remove("010165-0000.0")
    assert len(set(pseudonymise(same, secret=SECRET))) == 1


def test_other_identifiers_keep_their_keys() -> None:
    made = pseudonymise(["a1", "7", "00012", "123456789"], secret=b"sixteen bytes or more")
    # As made before these rules: files that were pseudonymised then must still join.
    assert made.tolist() == [
        "2676e11e3c9bd60d", "da9e1638a5ce3030", "0905ea3085187d3f", "84d5f2d211d880e2",
    ]  # fmt: skip


def test_a_secret_that_repeats_itself_is_warned_of() -> None:
    with pytest.warns(CareWarning, match="can be guessed"):
        pseudonymise([CPR], secret=b"0" * 32)


def test_a_number_in_labels_is_refused_and_not_shown(tmp_path: Path) -> None:
    said = "Svar fra 010170-1235"
    for labels in ({"column_labels": {"q": said}}, {"variable_value_labels": {"q": {1: said}}}):
        pyreadstat.write_sav(pd.DataFrame({"q": [1.0]}), tmp_path / "a.sav", **labels)
        with pytest.raises(DataError, match="the labels of q hold") as refusal:
            read(tmp_path / "a.sav")
        assert "010170" not in str(refusal.value)


def test_what_stands_beside_a_number_is_warned_of_and_bytes_are_text() -> None:
    key, *others = pseudonymise(["0101701235", b"010170-1235", "(010170-1235);"], secret=SECRET)
    assert [key] * 2 == others
    with pytest.warns(CareWarning, match="1 value"):
        pseudonymise(["010170-1235 (mor)", "x1"], secret=SECRET)
