"""What is no TOML is told with the line, and with what to write instead."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from data_dictionary.errors import DataError
from data_dictionary.toml_file import read_toml


def refusal(folder: Path, text: str | bytes) -> str:
    file = folder / "study.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(DataError) as caught:
        read_toml(file, "the study file")
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[a]\nfile = "data\\maaling1.csv"\n', "separated by '/': \"data/file.csv\""),
        ("[a]\ncaliper = 0,2\n", "a decimal point: 0.2, not 0,2"),
        ("[a]\n[a]\n", "two brackets: [[outcome]]"),
        ("[a\n", "line 1"),
        ("a = " + "[" * 5_000 + "]" * 5_000, "brackets are nested too deeply"),
        ("a = " + "{b = " * 5_000 + "1" + "}" * 5_000, "brackets are nested too deeply"),
    ],
)
def test_the_usual_slip_is_told_with_its_remedy(tmp_path: Path, text: str, told: str) -> None:
    message = refusal(tmp_path, text)
    assert message.startswith("study.toml: not a TOML file in UTF-8: ")
    assert told in message


def test_a_file_in_another_encoding_is_told_how_to_save_it(tmp_path: Path) -> None:
    message = refusal(tmp_path, 'title = "Én plan"'.encode("cp1252"))
    assert "such as Windows-1252. Save it as UTF-8" in message


def test_a_text_that_looks_like_a_cpr_number_is_refused_without_it(tmp_path: Path) -> None:
    message = refusal(tmp_path, "title = 'Om 010165-0000'")
    assert "1 text(s) look like CPR numbers: title" in message
    assert "0000" not in message


def test_the_endings_and_the_mark_of_windows_are_no_faults(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes('﻿title = "Én plan"\r\n'.encode())
    assert read_toml(file, "the file") == {"title": "Én plan"}


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.toml: the file cannot be read"):
        read_toml(tmp_path / "none.toml", "the file")


@pytest.mark.skipif(os.name == "nt", reason="no such files there")
def test_a_device_or_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")  # reading it would never end
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        with pytest.raises(DataError, match="a folder or a device, and no file"):
            read_toml(path, "the study file")


def test_a_file_named_like_a_number_is_refused_and_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "010165-0000.toml"
    path.write_text("x = 1")
    with pytest.raises(DataError, match="the name of the file") as caught:
        read_toml(path, "the study file")
    assert "0000" not in str(caught.value)
