"""Reading a study's files: roles decide what each is, and everything wrong is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyses import Study, check, load_study
from analyses.inputs.read import read_inputs
from data_dictionary.errors import DataError
from evaluation.notes import Note
from tests.surveys.own_words import written

REST = """treated = 1
cluster = "kommune"

[[data.maaling]]
wave = 1
file = "maaling1.csv"
[[data.maaling]]
wave = 2
file = "maaling2.csv"

[[outcome]]
name = "tillid"
kind = "score"
scale = "tillid"
baseline = 1
wave = 2
reliability = "none"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written(tmp_path, REST)
    return tmp_path


def changed(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def told(folder: Path) -> str:
    return "\n".join(check(load_study(folder)))


def test_every_table_becomes_what_its_role_says(folder: Path) -> None:
    tables = read_inputs(load_study(folder), lambda _: None)
    assert list(tables.frames) == ["borgere"]
    assert tables.case_records().frame["case_type"].tolist() == ["familie"]
    assert tables.paid_hours().index.tolist() == ["p1", "p2"]
    assert tables.register().persons.tolist() == ["p1", "p2"]
    assert [wave.provenance.name for wave in tables.waves["maaling"].values()] == [
        "maaling1.csv",
        "maaling2.csv",
    ]
    # Cases without a last day of their own end with the register: Sunday 4 February 2018.
    assert str(tables.case_records().observed_until) == "2018-02-04"
    register = next(one for one in tables.files if one.table == "ugeregister")
    assert register.notes == ("code list 'dream', vintage about 2015",)


def test_records_that_meet_no_person_are_counted_and_left_out(folder: Path) -> None:
    tables = read_inputs(load_study(folder), lambda _: None)
    strangers = {(one.source, one.wave): one.strangers for one in tables.linked}
    assert strangers == {
        ("cases", None): 1,
        ("maaling", None): 1,
        ("maaling", 1): 0,
        ("maaling", 2): 1,
        ("dream", None): 0,
        ("hours", None): 0,
    }
    assert tables.waves["maaling"][2].frame["person"].tolist() == ["p1"]


def test_keys_of_another_making_are_refused_before_anything_is_estimated(
    folder: Path,
) -> None:
    for wave in (1, 2):
        changed(folder / f"maaling{wave}.csv", "\np", "\nq")
    assert "none of the 3 keys of maaling stands in the population" in told(folder)


def test_a_survey_of_others_is_not_linked(folder: Path) -> None:
    changed(folder / "ordbog" / "maaling.toml", 'asked = "persons"', 'asked = "unknown"')
    changed(folder / "ordbog" / "maaling.toml", "columns.person", "columns.leder")
    changed(folder / "ordbog" / "maaling.toml", '"person"', '"leder"')
    for wave in (1, 2):
        changed(folder / f"maaling{wave}.csv", "person", "leder")
    tables = read_inputs(load_study(folder), lambda _: None)
    assert {one.source for one in tables.linked} == {"cases", "dream", "hours"}
    assert len(tables.waves["maaling"][2].frame) == 2


def test_what_a_register_cannot_be_asked_is_refused(folder: Path) -> None:
    changed(
        folder / "study.toml",
        'file = "ugeregister.csv"',
        'file = "ugeregister.csv"\nkeep = { person = ["p1"] }',
    )
    assert "ugeregister.csv: keep: the rows of table 'ugeregister'" in told(folder)


def test_faults_of_records_are_found_by_a_check_too(folder: Path) -> None:
    changed(folder / "loen.csv", "p2;31-01-2018;80", "p1;31-01-2018;80")
    changed(folder / "journal.csv", "s3;p9", "s3;")
    said = told(folder)
    assert "loen: hours: 1 record(s) repeat a person and month" in said
    assert "journal: case records that cannot be used" in said
    assert "person_id is missing: 1 record(s)" in said


def test_cases_without_a_last_day_need_a_register(folder: Path) -> None:
    changed(folder / "study.toml", '[[data.ugeregister]]\nfile = "ugeregister.csv"\n', "")
    assert "journal: the last day that the records cover is not known" in told(folder)
    changed(
        folder / "study.toml", '"journal.csv"', '"journal.csv"\nobserved_until = 2018-06-30'
    )
    cases = read_inputs(load_study(folder), lambda _: None).case_records()
    assert str(cases.observed_until) == "2018-06-30"


def test_all_violations_of_all_files_are_in_one_refusal(folder: Path) -> None:
    changed(folder / "maaling1.csv", "p2;14-01-2018;3", "p2;14-01-2018;7")
    changed(folder / "loen.csv", "160,33", "mange")
    with pytest.raises(DataError) as refusal:
        read_inputs(load_study(folder), lambda _: None)
    said = str(refusal.value)
    assert said.startswith("2 violation(s) in the input files")
    assert "maaling1.csv: tillid_1: " in said
    assert "loen.csv: timer: " in said


def test_the_register_says_how_its_level_changed_with_its_source(study: Study) -> None:
    tables = read_inputs(study, lambda _: None)
    register = next(one for one in tables.files if one.table == "dream")
    assert register.notes[0].startswith("level shift at 2017-07")
    untreated = int((~tables.frames["population"]["en_plan"].astype(bool)).sum())
    # Of how many is what the gate asks before it lets the note out, and no part of it.
    assert isinstance(register.notes[0], Note)
    assert register.notes[0].counts == {"persons": untreated}
    assert str(untreated) not in register.notes[0]
