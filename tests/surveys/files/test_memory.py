"""A frame in memory is checked as its file would be."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

import surveys
from data_dictionary import Column, Table
from data_dictionary.errors import DataError, DesignError

TABLE = Table(
    name="svar", label="Svar", file="svar.toml", key=("person_id",),
    columns=(
        Column(name="person_id", type="string", label="Nøgle", role="key"),
        Column(name="age", type="integer", label="Alder"),
    ),
)  # fmt: skip


def test_a_frame_is_read_with_its_index_and_has_an_identity() -> None:
    frame = pd.DataFrame({"age": ["34", "35"]}, index=pd.Index(["a1", "a2"], name="person_id"))
    read = surveys.read_table(frame, TABLE)
    assert read.frame.to_dict("list") == {"person_id": ["a1", "a2"], "age": [34, 35]}
    again, other = surveys.read(frame), surveys.read(frame[:1])
    assert again.provenance.sha256 == read.provenance.sha256 != other.provenance.sha256
    assert list(frame.columns) == ["age"]


def test_identifiers_and_faults_are_refused() -> None:
    with pytest.raises(DataError, match="the frame in memory: 1 column"):
        surveys.read(pd.DataFrame({"note": ["ring 010165-0000"]}))
    with pytest.raises(DataError, match="the frame in memory: 1 column"):
        surveys.read_table(pd.DataFrame({"person_id": ["a"], "age": ["x"]}), TABLE)


def test_what_is_no_file_and_no_frame_is_named() -> None:
    with pytest.raises(DesignError, match="not a BytesIO"):
        surveys.read(io.BytesIO(b"a"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ([b"a1", b"a2"], "bytes"),
        (pd.array([b"a1", b"a2"], dtype=pd.ArrowDtype(pa.binary())), "bytes"),
        ([["a1"], ("a2",)], "lists or records"),
    ],
)
def test_keys_are_those_that_a_parquet_file_would_have(keys: Any, told: str) -> None:
    read = surveys.read_table(pd.DataFrame({"person_id": keys, "age": [34, 35]}), TABLE)
    assert read.frame["person_id"].tolist() == ["a1", "a2"]
    assert [one.detail for one in read.remarks if one.what == "as_text"] == [told]


@pytest.mark.parametrize(
    ("ages", "typed"),
    [
        (pd.Categorical([34, None]), [34, None]),
        (pd.Categorical([True, None]), [1, None]),
        (pd.array([34, None], dtype="int64[pyarrow]"), [34, None]),
    ],
)
def test_a_number_that_is_missing_among_kinds_is_missing(ages: Any, typed: list[Any]) -> None:
    read = surveys.read_table(pd.DataFrame({"person_id": ["a", "b"], "age": ages}), TABLE)
    assert (
        read.frame["age"].astype(object).where(read.frame["age"].notna(), None).tolist()
        == typed
    )


def test_periods_are_their_first_day_and_records_are_told() -> None:
    frame = pd.DataFrame(
        {"day": pd.period_range("2017-09", periods=1, freq="M"), "r": [{"a": 1}]}
    )
    read = surveys.read(frame).frame
    assert read["day"].tolist() == [pd.Timestamp("2017-09-01")]
    assert read["r"].tolist() == ['{"a": 1}']


def test_complex_numbers_and_names_that_stand_twice_are_refused() -> None:
    with pytest.raises(DataError, match="no whole number"):
        surveys.read_table(pd.DataFrame({"person_id": ["a"], "age": [34 + 1j]}), TABLE)
    twice = pd.DataFrame({"person_id": ["a"]}, index=pd.Index([1], name="person_id"))
    with pytest.raises(DataError, match="both called person_id"):
        surveys.read(twice)
