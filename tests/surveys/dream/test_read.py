"""From files to statuses: one test for each trap of the register."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_dictionary import load
from data_dictionary.code_lists import load_code_list
from data_dictionary.errors import ColumnError, DataError
from data_dictionary.executor import InProcess
from surveys.dream.families import Family
from surveys.dream.read import read_dream
from surveys.dream.register import Dream
from surveys.dream.statuses import STATUSES
from surveys.files import wide

TABLE = load("enplan")["dream"]
# Four weeks over a turn of the year with a week 53: Mondays 21 and 28 December 2020, 4 and
# 11 January 2021. The Thursdays of the first two lie in December.
WEEKS = ["y_2052", "y_2053", "y_2101", "y_2102"]
MONTHS = ["branche_2020_12", "branche_2021_01"]


def extract(**persons: list[object]) -> pd.DataFrame:
    """Return a wide extract: per person the codes of the weeks, then the industries."""
    frame = pd.DataFrame.from_dict(
        persons, orient="index", columns=WEEKS + MONTHS, dtype=object
    )
    return frame.rename_axis("person_id").reset_index()


def parquet(frame: pd.DataFrame, folder: Path, **options: int) -> Path:
    path = folder / "dream.parquet"
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path, **options)
    return path


def statuses(dream: Dream, person: str) -> list[str]:
    return [STATUSES[value] for value in dream.status[dream.row_of([person])[0]]]


def test_the_shipped_statuses_are_those_of_the_matrix() -> None:
    assert tuple(load_code_list("enplan").statuses) == STATUSES


def test_a_week_is_composed_from_code_and_industry(tmp_path: Path) -> None:
    frame = extract(
        blank=[None, None, None, None, None, None],
        job=[None, None, None, None, "561010", "561010"],
        new_job=[None, None, None, None, None, "561010"],
        benefit_and_job=["730", "730", None, None, "561010", "561010"],
        student_job=["652", "652", "652", None, "561010", "561010"],
        holiday_from_job=["121", "123", None, None, None, None],
        holiday_from_unemployment=["124", "126", None, None, "561010", None],
        flexjob=["771", "774", "771", "771", "561010", "561010"],
        pension=["783", "783", "998", "999", None, None],
    )
    dream = read_dream(parquet(frame, tmp_path), TABLE)
    assert statuses(dream, "blank") == ["self_support"] * 4
    assert statuses(dream, "job") == ["employment"] * 4
    assert statuses(dream, "new_job") == ["self_support"] * 2 + ["employment"] * 2
    assert statuses(dream, "benefit_and_job") == ["benefits"] * 2 + ["employment"] * 2
    assert statuses(dream, "student_job") == ["education"] * 3 + ["employment"]
    assert statuses(dream, "holiday_from_job") == ["employment"] * 2 + ["self_support"] * 2
    assert (
        statuses(dream, "holiday_from_unemployment") == ["benefits"] * 2 + ["self_support"] * 2
    )
    assert statuses(dream, "flexjob") == ["flexjob"] * 4
    assert statuses(dream, "pension") == [
        "early_retirement",
        "early_retirement",
        "retirement",
        "death",
    ]


def test_a_blank_week_of_somebody_not_resident_is_neither_job_nor_self_support(
    tmp_path: Path,
) -> None:
    population = pd.DataFrame(
        {
            "person_id": ["came", "left"],
            "resident_from": pd.to_datetime(["2021-01-04", "1990-01-01"]),
            "resident_until": pd.to_datetime([None, "2020-12-22"]),
        }
    )
    frame = extract(came=[None] * 6, left=[None] * 4 + ["561010", "561010"])
    dream = read_dream(parquet(frame, tmp_path), TABLE, residency=population)
    assert statuses(dream, "came") == ["not_resident"] * 2 + ["self_support"] * 2
    assert statuses(dream, "left") == ["employment"] + ["emigration"] * 3


@pytest.mark.parametrize(
    "column",
    [
        pa.array([730, None, 652], pa.int16()),
        pa.array([730.0, None, 652.0]),
        pa.array([730.0, np.nan, 652.0]),
        pa.array(["730", "", "652"]),
        pa.array([" 730 ", ".", "652.0"]),
        pa.array(["730", None, "652"]).dictionary_encode(),
        pa.DictionaryArray.from_arrays([1, None, 2], ["never used", "730", "652"]),
    ],
    ids=["int", "float", "nan", "text", "padded", "categorical", "unused category"],
)
def test_codes_may_be_numbers_or_text(tmp_path: Path, column: pa.Array) -> None:
    table = pa.table(
        {
            "person_id": ["a", "b", "c"],
            "y_2052": column,
            "branche_2020_12": pa.array(["", "", ""]),
        }
    )
    pq.write_table(table, tmp_path / "dream.parquet")
    dream = read_dream(tmp_path / "dream.parquet", TABLE)
    assert [STATUSES[value] for value in dream.status[:, 0]] == [
        "benefits",
        "self_support",
        "education",
    ]


@pytest.mark.parametrize("suffix", [".csv", ".dta", ".sav"])
def test_other_formats_give_the_same_statuses(tmp_path: Path, suffix: str) -> None:
    frame = extract(
        a=["730", "730", None, None, None, "561010"],
        b=["652", None, None, "121", "011900", None],
    )
    numbers = frame.assign(**{week: pd.to_numeric(frame[week]) for week in WEEKS})
    path = tmp_path / f"dream{suffix}"
    if suffix == ".csv":
        frame.to_csv(path, sep=";", index=False)
    elif suffix == ".dta":
        numbers.fillna(dict.fromkeys(MONTHS, "")).to_stata(path, write_index=False, version=118)
    else:
        import pyreadstat

        pyreadstat.write_sav(numbers.fillna(dict.fromkeys(MONTHS, "")), path)
    expected = read_dream(parquet(frame, tmp_path), TABLE)
    found = read_dream(path, TABLE)
    assert found.persons.tolist() == expected.persons.tolist()
    np.testing.assert_array_equal(found.status, expected.status)


def test_the_order_of_columns_and_row_groups_does_not_matter(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    codes = rng.choice(["730", "652", "783", None], size=(50, 4))
    industries = rng.choice(["561010", None], size=(50, 2))
    frame = pd.DataFrame(np.hstack([codes, industries]), columns=WEEKS + MONTHS)
    frame.insert(0, "person_id", [f"{row:04x}" for row in range(50)])
    expected = read_dream(parquet(frame, tmp_path), TABLE).status.copy()
    turned = frame[frame.columns[::-1]]
    found = read_dream(parquet(turned, tmp_path, row_group_size=7), TABLE).status
    np.testing.assert_array_equal(found, expected)


def test_parts_read_one_by_one_give_the_same_and_refuse_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wide, "_ROWS_IN_PART", 14)
    rng = np.random.default_rng(8)
    persons = {
        f"p{k:03d}": [*rng.choice([None, 111, 730, 881], 4), *rng.choice([None, "471110"], 2)]
        for k in range(50)
    }
    frame = extract(**persons)
    path = parquet(frame, tmp_path, row_group_size=7)
    some = [f"p{k:03d}" for k in range(0, 50, 3)]
    for kept in (None, some):
        whole = read_dream(path, TABLE, persons=kept)
        split = read_dream(path, TABLE, persons=kept, executor=InProcess())
        assert np.array_equal(split.status, whole.status)
        assert split.index.equals(whole.index)
    broken = frame.copy()
    for row, week in ((3, 1), (30, 0), (49, 1)):
        broken.loc[row, WEEKS[week]] = 555
    path = parquet(broken, tmp_path, row_group_size=7)
    refusals = []
    for executor in (None, InProcess()):
        with pytest.raises(DataError) as caught:
            read_dream(path, TABLE, executor=executor)
        refusals.append(str(caught.value))
    assert refusals[0] == refusals[1]
    assert "3 person-week(s)" in refusals[0]


def test_an_unknown_code_halts_with_code_weeks_and_count(tmp_path: Path) -> None:
    frame = extract(
        a=["870", "870", None, None, None, None],
        b=["870", "730", "ukendt", None, None, None],
    )
    with pytest.raises(DataError) as refusal:
        read_dream(parquet(frame, tmp_path), TABLE)
    message = str(refusal.value)
    assert "dream.parquet: codes that cannot be read" in message
    assert "code 870: 3 person-week(s), in y_2052, y_2053" in message
    assert "code of 6 characters: 1 person-week(s), in y_2101" in message
    assert "vintage about 2015" in message


def test_zero_is_no_industry_and_is_not_guessed(tmp_path: Path) -> None:
    frame = extract(a=[None, None, None, None, "0", "0"], b=[None] * 4 + ["561010", "0"])
    with pytest.raises(
        DataError, match=r"3 industry code\(s\) are 0, in branche_2020_12, branche_2021_01"
    ):
        read_dream(parquet(frame, tmp_path), TABLE)


def test_a_missing_week_is_refused_by_name(tmp_path: Path) -> None:
    frame = extract(a=[None] * 6).drop(columns="y_2053")
    with pytest.raises(DataError, match=r"dream.parquet: 1 week column\(s\) missing .* y_2053"):
        read_dream(parquet(frame, tmp_path), TABLE)


def test_weeks_without_an_industry_are_left_out_and_noted(tmp_path: Path) -> None:
    frame = extract(a=["730", None, None, None, None, None]).drop(columns="branche_2021_01")
    dream = read_dream(parquet(frame, tmp_path), TABLE)
    assert dream.weeks.astype(str).tolist() == ["2020-12-21", "2020-12-28"]
    assert dream.notes[0] == (
        "2 week(s) of DREAM have no industry column (branche_YYYY_MM) and were left out."
    )


def test_without_industries_a_job_cannot_be_seen(tmp_path: Path) -> None:
    frame = extract(a=[None] * 6).drop(columns=MONTHS)
    with pytest.raises(DataError, match="DREAM has no code for employment"):
        read_dream(parquet(frame, tmp_path), TABLE)


def test_without_weeks_the_form_is_told(tmp_path: Path) -> None:
    frame = extract(a=[None] * 6).drop(columns=WEEKS)
    with pytest.raises(DataError, match=r"no week column; the form is y_YYWW, such as y_1801"):
        read_dream(parquet(frame, tmp_path), TABLE)


def test_weeks_and_industries_must_meet(tmp_path: Path) -> None:
    frame = extract(a=[None] * 6).drop(columns=MONTHS).assign(branche_2019_01="561010")
    with pytest.raises(DataError, match="no week column falls in a month"):
        read_dream(parquet(frame, tmp_path), TABLE)


def test_duplicate_persons_are_refused_by_row_and_not_by_key(tmp_path: Path) -> None:
    frame = pd.concat([extract(secret=[None] * 6)] * 2)
    with pytest.raises(DataError, match=r"1 person key\(s\) used twice \(row 2\)") as refusal:
        read_dream(parquet(frame, tmp_path), TABLE)
    assert "secret" not in str(refusal.value)


def test_a_missing_key_column_is_refused_and_may_be_renamed(tmp_path: Path) -> None:
    path = parquet(extract(a=[None] * 6).rename(columns={"person_id": "lobenr"}), tmp_path)
    with pytest.raises(ColumnError, match="there is no column 'person_id'"):
        read_dream(path, TABLE)
    assert read_dream(path, TABLE, rename={"lobenr": "person_id"}).persons.tolist() == ["a"]


def test_a_broken_or_empty_file_is_refused_by_name(tmp_path: Path) -> None:
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 and then nothing")
    with pytest.raises(DataError, match=r"broken\.parquet: cannot be read as Parquet"):
        read_dream(broken, TABLE)
    with pytest.raises(DataError, match=r"dream\.parquet: the table has no rows"):
        read_dream(parquet(extract(), tmp_path), TABLE)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.parquet: there is no such file"):
        read_dream(tmp_path / "none.parquet", TABLE)


def test_cpr_numbers_as_keys_are_refused_without_showing_one(tmp_path: Path) -> None:
    frame = extract(**{"0101651234": [None] * 6, "0202704321": [None] * 6})
    with pytest.raises(DataError) as refusal:
        read_dream(parquet(frame, tmp_path), TABLE)
    assert "CPR" in str(refusal.value)
    assert "0101651234" not in str(refusal.value)


def test_the_file_is_known_by_its_hash(tmp_path: Path) -> None:
    path = parquet(extract(a=[None] * 6), tmp_path)
    provenance = read_dream(path, TABLE).provenance
    assert provenance is not None
    assert provenance.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (provenance.name, provenance.rows, provenance.columns) == ("dream.parquet", 1, 7)


def test_an_own_code_list_replaces_the_shipped_one(tmp_path: Path) -> None:
    own = tmp_path / "dream_codes.toml"
    own.write_text(
        'name = "dream"\nvintage = "2025"\nsources = { star = "STAR" }\n[statuses]\n'
        + "".join(f'{name} = "x"\n' for name in STATUSES)
        + '[[entries]]\ncodes = "870"\nlabel = "Jobafklaring"\ngroup = "Sygdom"\n'
        'status = "benefits"\nsource = "star"\n',
        encoding="utf-8",
    )
    path = parquet(extract(a=["870", None, None, None, None, None]), tmp_path)
    dream = read_dream(path, TABLE, codes=load_code_list(own))
    assert statuses(dream, "a")[0] == "benefits"


def test_a_code_list_must_have_the_statuses_that_are_composed(tmp_path: Path) -> None:
    codes = load_code_list("enplan")
    short = replace(
        codes, statuses={name: x for name, x in codes.statuses.items() if name != "emigration"}
    )
    path = parquet(extract(a=[None] * 6), tmp_path)
    with pytest.raises(DataError, match=r"lacks the status\(es\) emigration"):
        read_dream(path, TABLE, codes=short)


def test_five_years_with_two_week_53_keep_every_week_in_its_place(tmp_path: Path) -> None:
    mondays = [date(2015, 12, 21) + timedelta(weeks=k) for k in range(265)]
    months = np.arange("2015-12", "2021-02", dtype="datetime64[M]")
    # Somebody who works in the first week of 2016 and 2021 only, on benefits otherwise.
    job_weeks = {date(2016, 1, 4), date(2021, 1, 4)}
    row: dict[str, object] = {"person_id": "a"}
    row |= {
        Family("y_{YYWW}").name(np.datetime64(day)): None if day in job_weeks else 730
        for day in mondays
    }
    row |= {f"branche_{str(month).replace('-', '_')}": "561010" for month in months}
    dream = read_dream(parquet(pd.DataFrame([row]), tmp_path), TABLE)
    spells = dream.spells()
    jobs = spells[spells["status"] == "employment"]
    assert jobs["first_week"].dt.date.tolist() == sorted(job_weeks)
    assert dream.status_at(["a"], pd.to_datetime(["2021-01-03"])).tolist() == ["benefits"]


def test_only_the_persons_asked_for_are_kept(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    codes = rng.choice(["730", "652", None], size=(50, 4))
    frame = pd.DataFrame(codes, columns=WEEKS).assign(**dict.fromkeys(MONTHS))
    frame.insert(0, "person_id", [f"{row:04x}" for row in range(50)])
    # Unreadable values of somebody who is not asked for.
    frame.loc[7, ["y_2101", "branche_2021_01"]] = ["870", "0"]
    path = parquet(frame, tmp_path, row_group_size=9)
    wanted = ["0030", "0002", "0011", "no such"]
    dream = read_dream(path, TABLE, persons=wanted)
    assert dream.persons.tolist() == ["0002", "0011", "0030"]
    assert dream.notes[0] == "47 person(s) of the register are not in the population."
    others = frame.drop(index=7)
    everybody = read_dream(parquet(others, tmp_path), TABLE).select(dream.index)
    np.testing.assert_array_equal(dream.status, everybody.status)


def test_keys_that_meet_none_of_the_population_are_refused(tmp_path: Path) -> None:
    path = parquet(extract(a=[None] * 6), tmp_path)
    with pytest.raises(DataError, match="pseudonymised differently"):
        read_dream(path, TABLE, persons=["0a"])


@pytest.mark.parametrize(
    "column",
    [
        pa.nulls(3),
        pa.array([None, None, None], pa.int16()),
        pa.array([np.nan, None, np.nan]),
        pa.array(["", " ", None]).dictionary_encode(),
    ],
    ids=["no type", "int", "nan", "text"],
)
def test_a_week_blank_for_everybody_is_self_support(column: pa.Array, tmp_path: Path) -> None:
    table = pa.table(
        {"PERSON_ID": ["a", "b", "c"], "Y_2052": column, "BRANCHE_2020_12": column}
    )
    pq.write_table(table, tmp_path / "dream.parquet")
    dream = read_dream(tmp_path / "dream.parquet", TABLE)
    assert dream.status[:, 0].tolist() == [STATUSES.index("self_support")] * 3


@pytest.mark.parametrize(
    "column",
    [
        pa.array([730, None, 870], pa.uint16()),
        pa.array([730.0, None, 870.0]),
        pa.array([730.0, np.nan, 870.0]),
        pa.array([730, None, 870], pa.int64()),
        pa.array([730, None, 870], pa.int16()).dictionary_encode(),
    ],
    ids=["unsigned", "float", "nan", "long", "categorical"],
)
def test_an_unknown_code_is_named_whatever_its_type(column: pa.Array, tmp_path: Path) -> None:
    industries = pa.array([None, "1", None])
    table = pa.table(
        {"person_id": list("abc"), "y_2052": column, "branche_2020_12": industries}
    )
    pq.write_table(table, tmp_path / "dream.parquet")
    with pytest.raises(DataError, match=r"code 870: 1 person-week\(s\), in y_2052"):
        read_dream(tmp_path / "dream.parquet", TABLE)


def test_a_code_with_decimals_or_below_zero_is_unknown(tmp_path: Path) -> None:
    columns = {"person_id": list("ab"), "y_2052": [730.5, None], "y_2053": [-1, 0]}
    table = pa.table(columns | {"branche_2020_12": ["1", "1"]})
    pq.write_table(table, tmp_path / "dream.parquet")
    with pytest.raises(DataError) as refusal:
        read_dream(tmp_path / "dream.parquet", TABLE)
    assert "code -1: 1 person-week(s), in y_2053" in str(refusal.value)
    assert "code 0: 1 person-week(s), in y_2053" in str(refusal.value)
    assert "code of 5 characters: 1 person-week(s), in y_2052" in str(refusal.value)


def test_cpr_keys_are_refused_whatever_the_case_of_their_name(tmp_path: Path) -> None:
    frame = extract(**{"0101651234": [None] * 6}).rename(columns={"person_id": "PERSON_ID"})
    with pytest.raises(DataError, match="CPR"):
        read_dream(parquet(frame, tmp_path), TABLE)


def test_industries_may_be_numbers(tmp_path: Path) -> None:
    industries = pa.array([561010, None], pa.int32())
    table = pa.table(
        {"person_id": ["a", "b"], "y_2052": pa.nulls(2), "branche_2020_12": industries}
    )
    pq.write_table(table, tmp_path / "dream.parquet")
    dream = read_dream(tmp_path / "dream.parquet", TABLE)
    assert [STATUSES[value] for value in dream.status[:, 0]] == ["employment", "self_support"]


@pytest.mark.parametrize("start", ["", "\ufeff", "sep=;\n", "\n\n"])
def test_a_csv_file_too_large_to_hold_is_streamed_to_the_same_statuses(
    start: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(
        rng.choice(["730", "652", "", "NA"], size=(300, 4)), columns=WEEKS
    ).assign(nykom2020=rng.choice(["217", "101", ""], 300))
    frame[MONTHS] = rng.choice(["011900", "561010", ""], size=(300, 2))
    frame.insert(0, "person_id", [f"{row:04x}" for row in range(300)])
    path = tmp_path / "dream.csv"
    path.write_text(start + frame.to_csv(sep=";", index=False), encoding="utf-8")
    whole = read_dream(path, TABLE)
    monkeypatch.setattr("surveys.files.wide._STREAMED", 0)
    monkeypatch.setattr("surveys.files.wide_csv._BLOCK", 2048)
    streamed = read_dream(path, TABLE)
    assert streamed.persons.tolist() == whole.persons.tolist()
    np.testing.assert_array_equal(streamed.status, whole.status)
    day = pd.to_datetime(["2020-12-24"] * 300)
    assert streamed.municipality_at(streamed.index, day).equals(
        whole.municipality_at(whole.index, day)
    )
    assert streamed.provenance == whole.provenance


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text + "a;730\n", r"1 row\(s\) do not have 7 fields"),
        (lambda text: text.replace("0002", "010165-1234"), "CPR"),
        (lambda text: text.replace("person_id", "lobenr"), "there is no column 'person_id'"),
        (lambda text: text.replace("730", "870"), "code 870"),
        (lambda text: text.replace("y_2053", "y_2052"), "more than once"),
        (lambda text: "\n" * len(text), "empty"),
    ],
    ids=["ragged", "cpr", "key", "code", "twice", "blank"],
)
def test_a_streamed_file_is_refused_for_the_same_reasons(
    change: Callable[[str], str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("surveys.files.wide._STREAMED", -1)
    frame = extract(**{f"{row:04d}": ["730", *[None] * 5] for row in range(20)})
    path = tmp_path / "dream.csv"
    path.write_text(change(frame.to_csv(sep=";", index=False)))
    with pytest.raises((DataError, ColumnError), match=message) as refusal:
        read_dream(path, TABLE)
    assert "1234" not in str(refusal.value)


@pytest.mark.parametrize("suffix", [".csv", ".txt"])
@pytest.mark.parametrize(
    ("code", "end", "encoding"),
    [
        ("730,0", "\n", "utf-8"),
        ("730", "\r", "utf-8"),
        (" 730.0 ", "\r\n", "utf-8"),
        ("730", "\n", "utf-16"),
        ("730", "\n", "utf-16-be"),
    ],
)
def test_streamed_text_means_what_text_that_is_held_means(
    code: str,
    end: str,
    encoding: str,
    suffix: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frame = extract(**{f"a{row}": [code, *[None] * 5] for row in range(40)})
    path = tmp_path / f"dream{suffix}"
    path.write_bytes(frame.to_csv(sep=";", index=False, lineterminator=end).encode(encoding))
    whole = read_dream(path, TABLE)
    monkeypatch.setattr("surveys.files.wide._STREAMED", -1)
    monkeypatch.setattr("surveys.files.wide_csv._SAMPLE", 151)
    monkeypatch.setattr("surveys.files.wide.read_source", None)  # it is streamed
    streamed = read_dream(path, TABLE)
    assert streamed.persons.tolist() == whole.persons.tolist()
    np.testing.assert_array_equal(streamed.status, whole.status)


@pytest.mark.parametrize("note", ["Kilde: DREAM;;;;;;", "I alt;20;;;;;"])
@pytest.mark.parametrize("streamed", [1 << 26, -1])
def test_a_note_below_a_register_is_no_person(
    note: str, streamed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("surveys.files.wide._STREAMED", streamed)
    frame = extract(**{f"a{row}": ["730", *[None] * 5] for row in range(20)})
    path = tmp_path / "dream.csv"
    path.write_text(frame.to_csv(sep=";", index=False) + note + "\n")
    with pytest.raises(DataError, match=r"the last 1 row\(s\) \(row 21\) hold a note"):
        read_dream(path, TABLE)


def test_unknown_residency_is_said(tmp_path: Path) -> None:
    path = parquet(extract(a=[None] * 6), tmp_path)
    assert any("Residency is not known" in note for note in read_dream(path, TABLE).notes)
    population = pd.DataFrame(
        {
            "person_id": ["a"],
            "resident_from": pd.to_datetime(["1990-01-01"]),
            "resident_until": pd.to_datetime([None]),
        }
    )
    assert read_dream(path, TABLE, residency=population).notes == ()


def test_a_renamed_column_of_numbers_is_still_an_industry(tmp_path: Path) -> None:
    table = pa.table({"person_id": ["a", "b"], "y_2052": pa.nulls(2), "brch": [561010, None]})
    pq.write_table(table, tmp_path / "dream.parquet")
    dream = read_dream(tmp_path / "dream.parquet", TABLE, rename={"brch": "branche_2020_12"})
    assert [STATUSES[value] for value in dream.status[:, 0]] == ["employment", "self_support"]


def test_a_key_that_is_a_cpr_number_read_as_a_number_is_refused(tmp_path: Path) -> None:
    # The leading zero of 010165-1234 is lost.
    table = pa.table(
        {"person_id": [101651234], "y_2052": pa.nulls(1), "branche_2020_12": ["1"]}
    )
    pq.write_table(table, tmp_path / "dream.parquet")
    with pytest.raises(DataError, match="CPR"):
        read_dream(tmp_path / "dream.parquet", TABLE)


@pytest.mark.parametrize("streamed", [0, 1 << 40])
def test_keys_are_those_of_other_tables(
    streamed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wide, "_STREAMED", streamed)
    path = tmp_path / "dream.csv"
    codes = [111, *[None] * 5]
    for keys, plain in ((["1.0", "2.0"], ["1", "2"]), (["a\u200b", "'b"], ["a", "'b"])):
        frame = extract(**dict.fromkeys(keys, codes))
        frame.to_csv(path, sep=";", index=False)
        assert list(read_dream(path, TABLE).index) == plain
    extract(a=codes, ukendt=codes).to_csv(path, sep=";", index=False)
    with pytest.raises(DataError, match=r"1 person key\(s\) missing \(row 2\)"):
        read_dream(path, TABLE)
