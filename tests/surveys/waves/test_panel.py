"""A panel: waves in order, one row per person and wave, no wave twice."""

import pandas as pd
import pytest

from data_dictionary import Column, Table
from data_dictionary.errors import DataError, DesignError
from surveys import Provenance, Wave, read_wave, stack

TABLE = Table(
    name="t",
    label="T",
    key=("person_id",),
    columns=(
        Column(name="person_id", type="string", label="P"),
        Column(name="a", type="integer", label="A"),
        Column(name="b", type="integer", label="B", required=False),
    ),
)


def wave(number: int, table: Table = TABLE, **columns: list[object]) -> Wave:
    return Wave(
        frame=pd.DataFrame(columns),
        table=table,
        wave=number,
        missing=pd.DataFrame({"row": [], "column": [], "kind": []}),
        provenance=Provenance(
            name=f"w{number}.csv",
            sha256="",
            rows=1,
            columns=1,
            format="CSV (.csv)",
            encoding="utf-8",
            encoding_reason="",
        ),
    )


def test_waves_are_stacked_in_their_order_and_a_question_not_asked_is_missing() -> None:
    second = wave(2, person_id=["p", "q"], a=[3, 4], b=[1, 2])
    first = wave(1, person_id=["p"], a=[5])
    panel = stack(second, first)
    assert [w.wave for w in panel.waves] == [1, 2]
    assert panel[2] is second
    assert list(panel.items()) == [(1, first), (2, second)]
    assert panel.get(3) is None
    assert panel.frame[["person_id", "wave", "a"]].to_dict("list") == {
        "person_id": ["p", "p", "q"], "wave": [1, 2, 2], "a": [5, 3, 4],
    }  # fmt: skip
    assert panel.frame["b"].isna().tolist() == [True, False, False]


def test_a_wave_that_stands_twice_is_refused() -> None:
    with pytest.raises(DataError, match="wave 1 stands more than once"):
        stack(wave(1, person_id=["p"], a=[1]), wave(1, person_id=["q"], a=[1]))


def test_waves_of_different_questionnaires_are_refused() -> None:
    other = Table(name="other", label="O", columns=TABLE.columns)
    with pytest.raises(DataError, match="other, t"):
        stack(wave(1, person_id=["p"], a=[1]), wave(2, table=other, person_id=["p"], a=[1]))


def test_nothing_cannot_be_stacked() -> None:
    with pytest.raises(DataError, match="no wave"):
        stack()


def test_what_is_no_wave_or_no_number_of_one_is_told() -> None:
    with pytest.raises(DesignError, match=r"stack\(\*waves\)"):
        stack([wave(1, a=[1])])  # type: ignore[arg-type]
    with pytest.raises(DesignError, match="whole number, not '1'"):
        read_wave(pd.DataFrame({"person_id": ["a"]}), TABLE, "1")  # type: ignore[arg-type]
