"""One table drafted from its files."""

import pandas as pd

from surveys.drafting.tables import draft_table
from surveys.files.source import Provenance, Source


def source(frame: pd.DataFrame, labels: dict[str, str]) -> Source:
    origin = Provenance(
        name="x.sav", sha256="", rows=0, columns=0, format="", encoding="", encoding_reason=""
    )
    return Source(frame=frame, provenance=origin, variable_labels=labels)


FIRST = source(
    pd.DataFrame({"ID": ["a1", "a2"], "q1": [1, 2], "old": [3, 4]}),
    {"q1": "Jeg får hjælp", "old": "Hvor tit?"},
)
SECOND = source(
    pd.DataFrame({"id": ["a1", "a3"], "q1": [1, 2], "new": [3, 4]}),
    {"q1": "Jeg får støtte", "new": "Hvor tit?"},
)


def test_columns_of_several_waves_are_declared_once() -> None:
    made = draft_table("t", [(1, FIRST), (2, SECOND)], None)
    columns = {one.name: one for one in made.table.columns}
    assert list(columns) == ["id", "q1", "old", "new"]
    assert [one.required for one in columns.values()] == [True, True, False, False]
    assert (made.table.role, made.table.key, columns["id"].role) == ("survey", ("id",), "key")


def test_what_waves_say_otherwise_is_a_question() -> None:
    made = draft_table("t", [(1, FIRST), (2, SECOND)], None)
    told = {one.columns: one.what for one in made.decisions if one.key == "differences"}
    assert "between waves 1 and 2, wording: " in told[("q1",)]
    assert 'rename = { "new" = "old" }' in told[("old", "new")]


def test_a_role_that_is_asked_for_is_taken() -> None:
    made = draft_table("t", [(1, FIRST)], "persons")
    assert (made.table.role, made.table.respondents) == ("persons", None)
