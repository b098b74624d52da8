"""The municipality of a year and the match group of a quarter."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_dictionary import load
from data_dictionary.errors import DataError
from surveys.dream.read import read_dream

TABLE = load("enplan")["dream"]
DATES = pd.to_datetime(["2016-12-31", "2017-01-01", "2017-12-31", "2018-01-01", "2019-06-01"])


def extract(folder: Path, **columns: object) -> Path:
    """Write an extract of two persons with a week, its month, and further columns."""
    base = {"person_id": ["a", "b"], "y_1701": [730, None], "branche_2017_01": ["1", None]}
    pq.write_table(pa.table(base | columns), folder / "dream.parquet")
    return folder / "dream.parquet"


def test_a_year_holds_from_its_first_day_to_its_last(tmp_path: Path) -> None:
    path = extract(tmp_path, nykom2018=[219, 217], nykom2016=[101, 217], nykom2017=["217", ""])
    dream = read_dream(path, TABLE)
    found = dream.municipality_at(["a"] * 5, DATES).tolist()
    assert found[:4] == [101, 217, 217, 219]
    assert dream.municipality_at(["b", "b"], DATES[[0, 1]]).isna().tolist() == [False, True]
    assert found[4] is pd.NA  # after the last year recorded


def test_a_year_without_column_is_missing_and_not_that_of_the_year_before(
    tmp_path: Path,
) -> None:
    dream = read_dream(extract(tmp_path, nykom2016=[101, 217], nykom2018=[219, 217]), TABLE)
    assert dream.municipality_at(["a"] * 4, DATES[:4]).isna().tolist() == [
        False,
        True,
        True,
        False,
    ]


def test_quarters_are_those_of_the_calendar_and_groups_are_text(tmp_path: Path) -> None:
    columns = {"visit_1_kv2017": [2, None], "visit_2_kv2017": ["3", "x"]}
    dream = read_dream(extract(tmp_path, **columns), TABLE)
    dates = pd.to_datetime(["2017-03-31", "2017-04-01", "2017-07-01", "2017-04-01"])
    found = dream.match_group_at(["a", "a", "a", "b"], dates)
    assert found.fillna("-").tolist() == ["2", "3", "-", "x"]


def test_somebody_not_in_the_register_or_without_date_has_none(tmp_path: Path) -> None:
    dream = read_dream(extract(tmp_path, nykom2017=[101, 217]), TABLE)
    dates = pd.to_datetime(["2017-05-01", None])
    assert dream.municipality_at(["zz", "a"], dates).isna().all()


def test_persons_chosen_keep_their_own_municipality(tmp_path: Path) -> None:
    path = extract(tmp_path, nykom2017=[101, 217])
    day = DATES[[1]]
    assert read_dream(path, TABLE, persons=["b"]).municipality_at(["b"], day).tolist() == [217]
    chosen = read_dream(path, TABLE).select(["b", "a"])
    assert chosen.municipality_at(["a"], day).tolist() == [101]


def test_an_unknown_municipality_is_refused_with_its_count(tmp_path: Path) -> None:
    path = extract(tmp_path, nykom2016=[999, 999], nykom2017=["ukendt", "101"])
    with pytest.raises(DataError) as refusal:
        read_dream(path, TABLE)
    assert "nykom2016: 2 value(s) 999" in str(refusal.value)
    assert "nykom2017: 1 value(s) of 6 characters" in str(refusal.value)


def test_what_the_file_does_not_record_is_refused_by_name(tmp_path: Path) -> None:
    dream = read_dream(extract(tmp_path), TABLE)
    with pytest.raises(DataError, match='role = "residence"'):
        dream.municipality_at(["a"], DATES[:1])
    with pytest.raises(DataError, match='role = "match_group"'):
        dream.match_group_at(["a"], DATES[:1])


def test_the_dictionary_does_not_ask_for_either() -> None:
    frame = pd.DataFrame({"person_id": ["a"], "y_1701": [730], "branche_2017_01": ["1"]})
    assert TABLE.check(frame) == []
    broken = frame.assign(nykom2017=[999])
    assert [one.rule for one in TABLE.check(broken)] == ["unknown code"]
