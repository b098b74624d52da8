"""A table says what it is to a study; one that does not is refused with the lines to add."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_dictionary import load
from data_dictionary.errors import DataError
from data_dictionary.roles import COLUMN_ROLES, NEEDED, OPTIONAL, TABLE_ROLES

COLUMNS = """
[columns.sag]
type = "string"
label = "Sag"
[columns.art]
type = "string"
label = "Art"
codes = { a = "A" }
[columns.fra]
type = "date"
label = "Fra"
[columns.til]
type = "date"
label = "Til"
"""
NOUN = '{ singular = "a", plural = "b", definite = "c" }'


def refusal(folder: Path, head: str, columns: str = COLUMNS) -> str:
    (folder / "sager.toml").write_text(f'label = "Sager"\n{head}\n{columns}', encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load(folder)
    return str(caught.value)


def test_a_table_without_role_is_refused_with_every_role_to_choose_from(tmp_path: Path) -> None:
    (tmp_path / "andre.toml").write_text(f'label = "Andre"\n{COLUMNS}', encoding="utf-8")
    message = refusal(tmp_path, "")
    assert "1 fault(s)" in message
    assert "andre.toml, sager.toml: 'role' is missing" in message
    for role, meaning in TABLE_ROLES.items():
        assert f'role = "{role}"   # {meaning}' in message
    assert "respondents = { singular" in message


def test_a_table_without_role_is_told_what_its_columns_will_be_asked_for(
    tmp_path: Path,
) -> None:
    message = refusal(tmp_path, "")
    assert "case records that open and close; columns: key, type, opened, closed" in message
    for roles in NEEDED.values():
        for role in roles:
            assert f'role = "{role}"   # {COLUMN_ROLES[role][0]}' in message


def test_columns_that_are_needed_are_asked_for_with_those_that_could_be_it(
    tmp_path: Path,
) -> None:
    message = refusal(tmp_path, 'role = "spells"')
    for role, places in (
        ("key", "[columns.sag]"),
        ("type", "[columns.art]"),
        ("opened", "[columns.fra], [columns.til]"),
        ("closed", "[columns.fra], [columns.til]"),
    ):
        assert f'Add role = "{role}" under one of {places}' in message


def test_a_survey_says_who_answers_and_whom_it_asked(tmp_path: Path) -> None:
    columns = COLUMNS.replace("[columns.sag]", '[columns.sag]\nrole = "key"')
    message = refusal(tmp_path, 'role = "survey"', columns)
    assert "respondents = { singular" in message
    assert 'asked = "rows"' in message
    told = refusal(tmp_path, f'role = "survey"\nrespondents = {NOUN}', columns)
    assert "respondents = {" not in told
    assert "respondents and asked belong to a survey" in refusal(
        tmp_path, 'role = "persons"\nasked = "rows"', columns
    )


def test_a_role_that_is_misspelt_is_told_with_the_nearest(tmp_path: Path) -> None:
    told = refusal(tmp_path, 'role = "spell"')
    assert "Did you mean 'spells'?" in told
    # What cases need is asked for in the same breath.
    for role in ("key", "type", "opened", "closed"):
        assert f'Add role = "{role}" under one of' in told
    survey = refusal(tmp_path, f'role = "surveys"\nrespondents = {NOUN}')
    assert 'asked = "rows"' in survey
    assert "belong to a survey" not in survey
    wrong = COLUMNS.replace("[columns.fra]", '[columns.fra]\nrole = "opend"')
    assert "Did you mean 'opened'?" in refusal(tmp_path, 'role = "spells"', wrong)


def test_a_part_is_played_once_and_in_its_own_kind_of_table(tmp_path: Path) -> None:
    twice = COLUMNS.replace('type = "date"', 'type = "date"\nrole = "resident_from"')
    assert "stands at 2 columns: fra, til; keep one" in refusal(
        tmp_path, 'role = "persons"', twice
    )
    other = COLUMNS.replace("[columns.fra]", '[columns.fra]\nrole = "opened"')
    message = refusal(tmp_path, 'role = "persons"', other)
    assert "column 'fra': role = \"opened\" is none that a column of a table" in message


def test_every_role_of_a_column_belongs_to_a_table_and_has_a_meaning() -> None:
    played = {role for roles in (NEEDED, OPTIONAL) for own in roles.values() for role in own}
    assert played == set(COLUMN_ROLES)
    assert set(NEEDED) == set(OPTIONAL) == set(TABLE_ROLES)
