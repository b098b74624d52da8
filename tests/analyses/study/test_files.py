"""Files are found, or told why they are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyses.study.files import DataFile, file_names, not_a_file, replace_files
from data_dictionary.errors import DesignError


def test_a_folder_and_a_device_are_no_missing_files(refused) -> None:
    (told,) = refused(('file = "data/cases.csv"', 'file = "data"'))
    assert told == "[[data.cases]]: 'data' is a folder; name a file in it"
    (told,) = refused(('file = "data/cases.csv"', 'file = "/dev/zero"'))
    assert told == "[[data.cases]]: '/dev/zero' is no file but a device; name a file with data"


def test_a_path_of_windows_is_told_how_to_write_it(refused) -> None:
    (told,) = refused(('file = "data/cases.csv"', r"file = 'data\cases.csv'"))
    assert "separate folders by '/'" in told


def test_a_file_that_is_there_has_no_fault(tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    assert not_a_file(tmp_path / "a.csv", "a.csv") == ""
    assert not_a_file(tmp_path / "b.csv", "b.csv").endswith("Did you mean 'a.csv'?")


def test_files_answer_to_their_table_wave_and_number(tmp_path: Path) -> None:
    def file(table: str, wave: int | None = None) -> DataFile:
        return DataFile(table=table, path=tmp_path, file="x", wave=wave)

    files = (file("a"), file("b"), file("b"), file("c", 1), file("c", 3))
    assert [names[-1] for names in file_names(files)] == ["a", "b.1", "b.2", "c.1", "c.3"]


def test_a_folder_cannot_stand_in_for_a_file(tmp_path: Path) -> None:
    files = (DataFile(table="a", path=tmp_path / "a", file="a"),)
    with pytest.raises(DesignError, match="is a folder; name a file in it"):
        replace_files(files, {"a": tmp_path})


def test_a_misspelt_table_is_one_mistake(refused) -> None:
    (told,) = refused(("[[data.dream]]", "[[data.drem]]"))
    assert "'drem' is no table of dictionary 'enplan'. Did you mean 'dream'?" in told
