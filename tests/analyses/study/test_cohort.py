"""The cohort's table and what its roles answer are found, not assumed by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyses import load_study
from data_dictionary.errors import DesignError
from tests.surveys.own_words import written as own_words

REST = """index_date = "tilflyttet"

[[outcome]]
name = "job"
kind = "time"
from = "ugeregister"
event = "employment"
horizon_weeks = 4

[[outcome]]
name = "lukket"
kind = "time"
from = "journal"
case_type = "familie"
horizon_weeks = 4
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    own_words(tmp_path, REST)
    return tmp_path


def refusal(folder: Path, old: str, new: str) -> str:
    text = (folder / "study.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "study.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DesignError) as caught:
        load_study(folder)
    return str(caught.value)


def test_a_study_in_its_own_words_knows_its_tables_by_their_roles(folder: Path) -> None:
    study = load_study(folder)
    assert study.cohort.table == "borgere"
    assert [one.register for one in study.outcomes] == ["weekly_register", "spells"]


def test_a_rule_of_time_zero_without_the_programme_s_dates_says_what_it_lacks(
    folder: Path,
) -> None:
    rule = '\n[cohort.time_zero]\nstatus = "benefits"\nstart = "tilflyttet"\n\n[comparison]'
    told = refusal(folder, "\n[comparison]", rule)
    assert (
        '[cohort.time_zero]: exposure: no file in [data] is of a table with role = "exp' in told
    )
    assert "[cohort.time_zero]: needs cluster in [cohort]" in told


@pytest.mark.parametrize(
    "arms", ["", '[columns.indsats]\ntype = "boolean"\nlabel = "Indsats"\n']
)
@pytest.mark.parametrize("table", ["journal", "ugeregister"])
def test_a_register_is_no_cohort_whatever_it_records(
    folder: Path, table: str, arms: str
) -> None:
    with (folder / "ordbog" / f"{table}.toml").open("a", encoding="utf-8") as file:
        file.write(arms)
    told = refusal(folder, "[cohort]", f'[cohort]\ntable = "{table}"')
    assert f"table = '{table}' has role = " in told
    assert "one row per unit: borgere" in told


def test_a_study_of_waves_alone_is_told_to_make_a_table_of_persons(folder: Path) -> None:
    waves = '[[data.maaling]]\nwave = 1\nfile = "maaling1.csv"\n'
    told = refusal(folder, '[[data.borgere]]\nfile = "borgere.csv"\n', waves)
    assert "there is no table of persons to take the arms from" in told
    assert 'role = "persons"' in told
    assert "tables ." not in told


def test_what_counts_from_an_index_date_is_told_once(folder: Path) -> None:
    told = refusal(folder, 'index_date = "tilflyttet"\n', "")
    assert told.count("index_date") == 1
    assert "'index_date' is missing; [[outcome]] job, [[outcome]] lukket count from it" in told


@pytest.mark.parametrize(("table", "role"), [("journal", "spells"), ("loen", "monthly_hours")])
def test_two_registers_of_a_kind_are_refused(folder: Path, table: str, role: str) -> None:
    other = (folder / "ordbog" / f"{table}.toml").read_text(encoding="utf-8")
    (folder / "ordbog" / f"{table}2.toml").write_text(other, encoding="utf-8")
    told = refusal(folder, "[cohort]", f'[[data.{table}2]]\nfile = "{table}.csv"\n[cohort]')
    assert f"[[data.{table}2]]: '{table}' has role = \"{role}\" too" in told
