"""A TOML file is read, or refused in one sentence that names it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from data_dictionary.errors import DataError
from data_dictionary.toml_file import read_toml


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "study.toml"


def test_a_byte_order_mark_does_no_harm(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf[study]\nname = 'x'\n")
    assert read_toml(file, "the study file") == {"study": {"name": "x"}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"a = [", r"study\.toml: not a TOML file in UTF-8"),
        (b"a = '\xe6'", r"study\.toml: not a TOML file in UTF-8"),
        (b"[outcome]\n[outcome]\n", "has two brackets"),
        (b"a = " + b"[" * 5_000 + b"]" * 5_000, "nested too deeply"),
        (b"a = " + b"{b = " * 5_000 + b"1" + b"}" * 5_000, "nested too deeply"),
        (b"title = 'Om 010165-0000'", "1 text\\(s\\) look like CPR numbers: title"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(
    text: bytes, message: str, file: Path
) -> None:
    file.write_bytes(text)
    with pytest.raises(DataError, match=message) as caught:
        read_toml(file, "the study file")
    assert "0000" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(file: Path) -> None:
    with pytest.raises(DataError, match=r"study\.toml: the study file cannot be read"):
        read_toml(file, "the study file")


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
