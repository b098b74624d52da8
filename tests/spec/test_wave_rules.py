"""The rules of a survey wave as small tables: stored, kept, and why the rest is missing."""

import numpy as np
import pandas as pd
import pytest

from data_dictionary import load

CITIZEN = load("enplan")["citizen"]

# column         stored   kept   kind of silence
RULES = [
    ("relation_1", 1, 1, None),
    ("relation_1", 5, 5, None),
    ("relation_1", 7, None, "not_asked"),
    ("relation_1", 8, None, "do_not_know"),
    ("relation_1", 9, None, "refused"),
    ("relation_1", 99, None, "technical"),
    ("relation_1", np.nan, None, "blank"),
    ("relation_1", "8", None, "do_not_know"),
    ("relation_1", "enig", 4, None),
    ("relation_1", "4 - Enig", 4, None),
    ("relation_1", ".a", None, "do_not_know"),
    ("who5_1", 0, 0, None),
    ("who5_1", 8, None, "do_not_know"),
    ("satisfaction", 0, 0, None),
    ("satisfaction", 7, 7, None),
    ("satisfaction", 8, 8, None),
    ("satisfaction", 9, 9, None),
    ("satisfaction", 10, 10, None),
    ("satisfaction", 97, None, "not_asked"),
    ("satisfaction", 98, None, "do_not_know"),
    ("satisfaction", 99, None, "refused"),
]


def respondent(column: str, stored: object) -> pd.DataFrame:
    answers = {one.name: [1] for one in CITIZEN.columns}
    answers |= {"person_id": ["a0"], "answer_date": ["2018-01-31"], column: [stored]}
    return pd.DataFrame(answers)


@pytest.mark.parametrize(("column", "stored", "kept", "kind"), RULES)
def test_what_was_stored_is_kept_or_set_apart(
    column: str, stored: object, kept: int | None, kind: str | None
) -> None:
    found = CITIZEN.conform(respondent(column, stored))
    assert found.violations == ()
    value = found.frame[column].iloc[0]
    assert (None if pd.isna(value) else value) == kept
    assert found.missing["kind"].tolist() == ([kind] if kind else [])


# column         stored   rule that it breaks
REFUSED = [
    ("relation_1", 0, "unknown code"),
    ("relation_1", 6, "unknown code"),
    ("relation_1", 97, "unknown code"),
    ("relation_1", 1.5, "type"),
    ("relation_1", "måske", "type"),
    ("relation_1", "1;3", "several answers"),
    ("relation_1", "5 - Helt uenig", "type"),
    ("who5_1", 6, "unknown code"),
    ("satisfaction", 11, "range"),
    ("satisfaction", -1, "range"),
    ("answer_date", "02-03-2018", "ambiguous dates"),
    ("answer_date", "03-31-2018", "ambiguous dates"),
    ("answer_date", "i går", "type"),
    ("answer_status", 4, "unknown code"),
    ("person_id", None, "key missing"),
]


@pytest.mark.parametrize(("column", "stored", "rule"), REFUSED)
def test_what_cannot_be_an_answer_is_refused(column: str, stored: object, rule: str) -> None:
    violations = CITIZEN.check(respondent(column, stored))
    assert [(v.column, v.rule, v.count, v.rows) for v in violations] == [
        (column, rule, 1, (1,))
    ]
