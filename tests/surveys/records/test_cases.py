"""What cleaning refuses and promises; the rules themselves stand in tests/spec."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary import load
from data_dictionary.errors import ColumnError, DataError, DesignError
from surveys.files.read_table import read_table
from surveys.records.cases import clean_cases, read_cases

UNTIL = date(2018, 12, 31)
DAY_0 = date(2018, 1, 1)

record = st.tuples(
    st.sampled_from("ab"), st.sampled_from("fh"), st.integers(0, 60), st.integers(0, 20)
)


def frame_of(records: list[tuple[str, str, int, int]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (person, kind, DAY_0 + timedelta(start), DAY_0 + timedelta(start + length), 217)
            for person, kind, start, length in records
        ],
        columns=["person_id", "case_type", "opened", "closed", "municipality"],
    )


@settings(deadline=None, max_examples=50)
@given(st.lists(record, min_size=1, max_size=12))
def test_spells_hold_exactly_the_days_of_the_records_and_never_touch(
    records: list[tuple[str, str, int, int]],
) -> None:
    spells = clean_cases(frame_of(records), UNTIL).frame
    days = {
        (person, kind, start + offset)
        for person, kind, start, length in records
        for offset in range(length + 1)
    }
    found = [
        (row.person_id, row.case_type, day)
        for row in spells.itertuples()
        for day in range((row.start.date() - DAY_0).days, (row.stop.date() - DAY_0).days + 1)
    ]
    assert sorted(found) == sorted(days)
    for _, one in spells.groupby(["person_id", "case_type"]):
        gaps = (one["start"].shift(-1) - one["stop"]).dropna()
        assert (gaps > pd.Timedelta(days=1)).all()


@settings(deadline=None, max_examples=25)
@given(st.permutations(range(6)))
def test_the_order_of_the_records_does_not_matter(order: list[int]) -> None:
    records = frame_of(
        [
            ("a", "f", 0, 5),
            ("a", "f", 3, 9),
            ("a", "f", 30, 1),
            ("b", "f", 0, 2),
            ("b", "h", 1, 2),
            ("b", "f", 3, 1),
        ]
    )
    shuffled = clean_cases(records.iloc[order], UNTIL).frame
    pd.testing.assert_frame_equal(shuffled, clean_cases(records, UNTIL).frame)


def test_faults_are_counted_with_rows_and_without_keys() -> None:
    records = frame_of([("secret", "f", 0, 5), ("secret", "f", 3, -1), ("secret", "f", 3, 1)])
    records.loc[2, "case_type"] = None
    with pytest.raises(DataError) as refusal:
        clean_cases(records, UNTIL)
    message = str(refusal.value)
    assert "closed before opened: 1 record(s) (row 2)" in message
    assert "case_type is missing: 1 record(s) (row 3)" in message
    assert "secret" not in message


def test_a_missing_column_is_refused_with_the_nearest_name() -> None:
    records = frame_of([("a", "f", 0, 5)]).rename(columns={"opened": "open"})
    with pytest.raises(ColumnError, match=r"'opened'\. Did you mean 'open'\?"):
        clean_cases(records, UNTIL)


def test_records_that_all_open_later_leave_no_spell() -> None:
    cases = clean_cases(frame_of([("a", "f", 0, 5)]), date(2017, 12, 31))
    assert len(cases.frame) == 0
    assert cases.flow["lost"].tolist() == [0, 0, 1, 0]


def test_the_records_are_not_changed() -> None:
    records = frame_of([("a", "f", 0, 5), ("a", "f", 0, 5)])
    before = records.copy(deep=True)
    clean_cases(records, UNTIL)
    pd.testing.assert_frame_equal(records, before)


def test_a_spell_across_municipalities_belongs_to_where_it_began() -> None:
    records = frame_of([("a", "f", 10, 5), ("a", "f", 0, 12)]).assign(municipality=[190, 217])
    assert clean_cases(records, UNTIL).frame["municipality"].tolist() == [217]


DANISH = """case_id;person_id;municipality;case_type;opened;closed
k1;a1;217;family;01-03-2017;31-05-2017
k1;a1;217;family;01-03-2017;31-05-2017
k2;a1;217;family;15-05-2017;
k3;b2;190;health;02-01-2019;
"""


def test_a_danish_file_is_read_dates_day_first_and_repeats_dropped(tmp_path: Path) -> None:
    path = tmp_path / "sager.csv"
    path.write_text(DANISH, encoding="cp1252")
    cases = read_cases(path, load("enplan")["cases"], UNTIL)
    (spell,) = cases.frame.itertuples()
    assert (spell.start.date(), spell.stop.date()) == (date(2017, 3, 1), UNTIL)
    assert (spell.closed, spell.n_merged) == (False, 2)
    assert cases.flow["lost"].tolist() == [0, 1, 1, 1]
    assert cases.provenance is not None
    assert cases.provenance.name == "sager.csv"


def test_a_key_for_two_different_records_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sager.csv"
    path.write_text(DANISH.replace("k2", "k1"), encoding="cp1252")
    with pytest.raises(DataError, match="share their key"):
        read_cases(path, load("enplan")["cases"], UNTIL)


def test_all_violations_of_a_file_come_at_once(tmp_path: Path) -> None:
    path = tmp_path / "sager.csv"
    broken = DANISH.replace("15-05-2017;", "15-05-2017;01-05-2017").replace("health", "helth")
    path.write_text(broken, encoding="cp1252")
    with pytest.raises(DataError) as refusal:
        read_cases(path, load("enplan")["cases"], UNTIL)
    message = str(refusal.value)
    assert "'closed' lies before 'opened' (row 3)" in message
    assert "case_type" in message
    assert "share their key" not in message


def test_a_file_that_was_read_before_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "sager.csv"
    path.write_text(DANISH, encoding="cp1252")
    table = load("enplan")["cases"]
    file = read_table(path, table)
    assert file.violations == ()  # a record that repeats another is no fault
    assert len(read_cases(file, table, UNTIL).frame) == 1
    path.write_text(DANISH.replace("k2", "k1"), encoding="cp1252")
    broken = read_table(path, table, check=False)
    assert [one.rule for one in broken.violations] == ["key not unique"]
    with pytest.raises(DataError, match="share their key"):
        read_cases(broken, table, UNTIL)


def test_several_files_are_cleaned_as_one(tmp_path: Path) -> None:
    table = load("enplan")["cases"]
    whole = tmp_path / "sager.csv"
    whole.write_text(DANISH, encoding="cp1252")
    head, *lines = DANISH.splitlines()
    parts = []
    for place, own in enumerate((lines[:2], lines[2:])):
        path = tmp_path / f"sager{place}.csv"
        path.write_text("\n".join([head, *own]) + "\n", encoding="cp1252")
        parts.append(read_table(path, table))
    cases = read_cases(parts, table, UNTIL)
    expected = read_cases(whole, table, UNTIL)
    pd.testing.assert_frame_equal(cases.frame, expected.frame)
    pd.testing.assert_frame_equal(cases.flow, expected.flow)
    assert cases.provenance is None


def in_memory(opened: object, closed: object) -> list[tuple[date, date, bool]]:
    frame = pd.DataFrame({"person_id": "a", "municipality": 217, "case_type": "f"}, index=[0])
    spells = clean_cases(frame.assign(opened=opened, closed=closed), UNTIL).frame
    return [(one.start.date(), one.stop.date(), one.closed) for one in spells.itertuples()]


@pytest.mark.parametrize(
    ("opened", "closed", "spell"),
    [
        (["13-02-2018"], ["01-03-2018"], (date(2018, 2, 13), date(2018, 3, 1), True)),
        ([20180213], [99991231], (date(2018, 2, 13), UNTIL, False)),
        ([date(2018, 2, 13)], [date(9999, 12, 31)], (date(2018, 2, 13), UNTIL, False)),
        (["2018-12-31 10:00"], [None], (UNTIL, UNTIL, False)),
        (["2018-02-13 12:00"], ["2018-02-13"], (date(2018, 2, 13), date(2018, 2, 13), True)),
        (["2018-02-13T01:00+01:00"], ["NULL"], (date(2018, 2, 13), UNTIL, False)),
    ],
)
def test_records_in_memory_are_read_as_those_of_a_file(
    opened: list[object], closed: list[object], spell: tuple[date, date, bool], tmp_path: Path
) -> None:
    assert in_memory(opened, closed) == [spell]
    path = tmp_path / "sager.csv"
    path.write_text(
        "case_id;person_id;municipality;case_type;opened;closed\n"
        f"k1;a;217;family;{opened[0]};{closed[0] or ''}\n"
    )
    (row,) = read_cases(path, load("enplan")["cases"], UNTIL).frame.itertuples()
    assert (row.start.date(), row.stop.date(), row.closed) == spell


@pytest.mark.parametrize(
    ("opened", "told"),
    [(["01-02-2018"], "cannot be told apart"), ([43101], "no date"), (["x"], "no date"),
     (pd.to_datetime(["2018-01-01T23:00Z"]), "time zone")],
)  # fmt: skip
def test_dates_in_memory_are_never_guessed(opened: object, told: str) -> None:
    with pytest.raises(DataError, match=told):
        in_memory(opened, [pd.NaT])


@pytest.mark.parametrize(
    "until", ["2018-12-31", 20181231, pd.Timestamp(UNTIL, tz="UTC"), UNTIL]
)
def test_the_last_day_is_read_as_other_dates_are(until: object) -> None:
    cases = clean_cases(frame_of([("a", "f", 0, 0)]), until)  # type: ignore[arg-type]
    assert (cases.observed_until, len(cases.frame)) == (UNTIL, 1)


@pytest.mark.parametrize(
    ("until", "told"),
    [
        (None, "is missing"),
        ("01-02-2018", "cannot be told apart"),
        ("9999-12-31", "beyond 2261"),
    ],
)
def test_a_last_day_that_is_none_is_refused(until: object, told: str) -> None:
    with pytest.raises((DataError, DesignError), match=told):
        clean_cases(frame_of([("a", "f", 0, 0)]), until)  # type: ignore[arg-type]


def test_persons_and_types_in_memory_are_those_of_a_file() -> None:
    frame = frame_of([("a", "f", 0, 9), ("a", "f", 10, 9)])
    frame["person_id"], frame["case_type"] = [1, "1"], ["f", "f "]
    assert clean_cases(frame.assign(extra=[[1], [2]]), UNTIL).frame["n_merged"].tolist() == [2]
    with pytest.raises(DataError, match="person_id is missing: 2"):
        clean_cases(frame.assign(person_id="ukendt"), UNTIL)


def test_days_of_pyarrow_are_days() -> None:
    frame = frame_of([("a", "f", 0, 9)])
    frame = frame.astype({"opened": "date32[pyarrow]", "closed": "date32[pyarrow]"})
    assert clean_cases(frame, UNTIL).frame["closed"].tolist() == [True]


def test_records_in_memory_hold_no_cpr_number_and_may_have_the_dates_of_arrow() -> None:
    arrow = pd.ArrowDtype(pa.date32())
    opened = pd.array([date(2018, 2, 13)], dtype=arrow)
    closed = pd.array([date(9999, 12, 31)], dtype=arrow)
    assert in_memory(opened, closed) == [(date(2018, 2, 13), UNTIL, False)]
    frame = pd.DataFrame(
        {"person_id": ["0101701235"], "municipality": 217, "case_type": "f", "closed": None,
         "opened": [date(2018, 2, 13)]},
    )  # fmt: skip
    with pytest.raises(DataError, match=r"person_id: 1 value\(s\) that look like CPR"):
        clean_cases(frame, UNTIL)


def test_keys_in_memory_are_cleaned_as_those_of_a_file() -> None:
    frame = pd.DataFrame(
        {"person_id": ["a\u200b1", "a1"], "municipality": 217, "case_type": "f", "closed": None,
         "opened": [date(2018, 2, 13), date(2018, 3, 1)]},
    )  # fmt: skip
    assert clean_cases(frame, UNTIL).frame["person_id"].tolist() == ["a1"]
    with pytest.raises(DataError, match=r"person_id is missing: 1 record\(s\) \(row 2\)"):
        clean_cases(frame.assign(person_id=["a1", "ukendt"]), UNTIL)
