"""A derived column has one of four forms, told by its key."""

from __future__ import annotations

import pytest

from analyses.study.derived import FORMS, Counted, Derived, read_derived
from data_dictionary.mistakes import Mistakes


def test_every_form_is_read_by_its_key() -> None:
    raw = {
        "a": {"years_since": "birth"},
        "b": {"score": "trust", "wave": 2},
        "c": {"from": "dream", "status": "job", "weeks": [-8, -1]},
        "d": {"from": "dream", "column": "place"},
    }
    mistakes = Mistakes()
    found = read_derived(raw, mistakes)
    assert mistakes.found == []
    assert [(one.form, one.of) for one in found] == [
        ("years_since", "birth"),
        ("score", "trust"),
        ("from", "job"),
        ("column", "place"),
    ]
    assert found[1].wave == 2
    assert isinstance(found[2], Counted)
    assert found[2].weeks == (-8, -1)
    assert set(FORMS) == {one.form for one in found}


@pytest.mark.parametrize(
    ("item", "told"),
    [
        ({"scor": "trust", "wave": 1}, "Did you mean 'score'?"),
        ({"what": 1}, "has none of the forms"),
        (3, "has none of the forms"),
        ({"from": "d", "status": "s", "weeks": [-8, 0]}, "too large; the most is -1"),
    ],
)
def test_a_column_without_form_keeps_its_name(item: object, told: str) -> None:
    mistakes = Mistakes()
    (made,) = read_derived({"a": item}, mistakes)
    assert isinstance(made, Derived)
    assert made.name == "a"
    assert told in mistakes.found[0]


def test_what_a_register_does_not_record_is_refused_with_what_it_does(refused) -> None:
    line = 'age = { years_since = "birth_date", label = "Alder" }'
    (told,) = refused((line, f'{line}\nplace = {{ from = "dream", column = "nykomm" }}'))
    assert "'nykomm' is not recorded by quarter or year. Did you mean 'nykom'?" in told
