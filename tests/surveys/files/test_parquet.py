"""Parquet columns of every kind become plain values, and lose none of their digits."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import surveys
from data_dictionary import Column, Table
from data_dictionary.errors import DataError


def test_nested_columns_and_bytes_become_text_and_are_told(tmp_path: Path) -> None:
    table = pa.table(
        {
            "several": [[1, 3], None, []],
            "record": [{"a": "æ"}, None, {"a": None}],
            "bytes": pa.array([b"a1", None, b"\xff\x00"], pa.binary()),
            "kind": pa.array(["x", None, "y"]).dictionary_encode(),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    source = surveys.read(tmp_path / "a.parquet")
    assert source.frame.to_dict("list") == {
        "several": ["1;3", None, ""],
        "record": ['{"a": "æ"}', None, '{"a": null}'],
        "bytes": ["a1", None, "ff00"],
        "kind": ["x", None, "y"],
    }
    assert [one.detail for one in source.remarks] == ["lists", "records", "bytes"]


def test_long_keys_among_blanks_and_times_with_a_zone_stay_as_they_are(tmp_path: Path) -> None:
    long = 2**60 + 1
    table = pa.table(
        {
            "key": pa.array([long, None], pa.int64()),
            "small": pa.array([1, None], pa.int64()),
            "money": pa.array([Decimal("1.50"), None], pa.decimal128(10, 2)),
            "far": pa.array(
                [dt.datetime.fromisoformat("9999-12-31"), None], pa.timestamp("us")
            ),
            "zoned": pa.array(
                [dt.datetime.fromisoformat("2017-08-31T22:00"), None], pa.timestamp("ns", "UTC")
            ),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    frame = surveys.read(tmp_path / "a.parquet").frame
    assert frame["key"][0] == long
    assert frame["money"].dtype == frame["small"].dtype == float
    assert frame["far"][0].year == 9999
    assert str(frame["zoned"].dt.tz) == "UTC"
    declared = Table(
        name="t", label="T", file="t.toml", key=("key",),
        columns=(Column(name="key", type="string", label="K", required=False),),
    )  # fmt: skip
    assert declared.conform(frame[:1]).frame["key"].tolist() == [str(long)]


def test_names_of_folders_are_no_columns_and_a_folder_is_no_file(tmp_path: Path) -> None:
    part = tmp_path / "register.parquet" / "year=2017"
    part.mkdir(parents=True)
    pd.DataFrame({"a": [1]}).to_parquet(part / "one.parquet")
    assert surveys.read(part / "one.parquet").frame.columns.tolist() == ["a"]
    for folder in (tmp_path, tmp_path / "register.parquet"):
        with pytest.raises(DataError, match="folder of Parquet files"):
            surveys.read(folder)


def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    table = pa.table([pa.array([1]), pa.array([2])], names=["a", "a"])
    pq.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(DataError, match="'a' stand more than once"):
        surveys.read(tmp_path / "a.parquet")


def test_parts_that_hold_a_semicolon_are_not_joined_by_one(tmp_path: Path) -> None:
    table = pa.table({"several": [["a;b", "c"], ["d"]], "bytes": [[b"x"], [b"y", b"z"]]})
    pq.write_table(table, tmp_path / "a.parquet")
    assert surveys.read(tmp_path / "a.parquet").frame.to_dict("list") == {
        "several": ['["a;b", "c"]', "d"],
        "bytes": ["x", "y;z"],
    }


def test_values_that_are_not_those_that_were_counted_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    table = pa.table({"x": [11, 22, 33], "t": ["aa", "bb", "cc"]})
    pq.write_table(table, path, compression=None, use_dictionary=False)
    content = path.read_bytes()
    numbers = (b"\x16" + b"\0" * 7 + b"\x21", b"\x16" + b"\0" * 7 + b"\x22")
    for old, new in (numbers, (b"\2\0\0\0cc", b"\2\0\0\0zz")):
        assert content.count(old) == 1
        path.write_bytes(content.replace(old, new))
        with pytest.raises(DataError, match="cut short, damaged"):
            surveys.read(path)
