"""Which files are waves of one table."""

import pandas as pd
import pytest

from surveys.drafting.waves import tables_of
from surveys.files.source import Provenance, Source


def source(name: str, *columns: str) -> Source:
    origin = Provenance(
        name=name, sha256="", rows=0, columns=0, format="", encoding="", encoding_reason=""
    )
    return Source(frame=pd.DataFrame(columns=list(columns)), provenance=origin)


@pytest.mark.parametrize(
    ("names", "table", "waves"),
    [
        (["borger_w2.sav", "borger_w1.sav"], "borger", [1, 2]),
        (["Måling 1.csv", "Måling 3.csv"], "data", [1, 3]),
        (["survey2016.sav", "survey2018.sav"], "survey", [1, 2]),
        (["før.sav", "efter.sav"], "foer", [1, 2]),
    ],
)
def test_names_tell_table_and_wave(names: list[str], table: str, waves: list[int]) -> None:
    found = tables_of([source(name, "id", "q1", "q2") for name in names])
    assert {name: [n for n, _ in files] for name, files in found.items()} == {table: waves}


def test_files_that_share_little_are_tables_of_their_own() -> None:
    found = tables_of([source("a.csv", "id", "x", "y", "z"), source("b.csv", "id", "p", "q")])
    assert list(found) == ["a", "b"]


def test_a_wave_whose_items_have_new_names_is_told_by_its_name() -> None:
    found = tables_of(
        [source("b_w1.sav", "id", "q1", "q2"), source("b_w2.sav", "id", "s1", "s2")]
    )
    assert list(found) == ["b"]


@pytest.mark.parametrize("name", ["scales.csv", "shared.csv", "dream_codes.csv"])
def test_a_table_has_no_name_that_a_dictionary_keeps_for_itself(name: str) -> None:
    (table,) = tables_of([source(name, "id")])
    assert table == f"{name.removesuffix('.csv')}_table"
