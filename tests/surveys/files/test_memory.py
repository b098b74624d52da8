"""A frame in memory is checked as its file would be."""

from __future__ import annotations

import io

import pandas as pd
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
