"""A key that can be guessed is refused; one that a generator made is not."""

from __future__ import annotations

import base64
import random
from pathlib import Path

import pytest

from data_dictionary.errors import DataError
from surveys.files.secret_keys import read_secret, weakness_of

WEAK = [
    b"", b"short", b"0" * 64, b"ab" * 20, b"passwordpassword1", b"0123456701234567",
    b"0123456789abcdef0123456789abcdef", b"abcdefghijklmnopqrstuvwxyz0123", b"Hemmelig" * 4,
    b"correct horse battery staple and more", b"MyDogIsCalledFido2016AndHeIsNice",
    b"EvalueringAfEnPlanKommunerne2016", b"QwertyUiopAsdfghJklZxcvbnm1234", b"\0" * 32,
    b"4f1d0c9a8b7e6d5c",
]  # fmt: skip


@pytest.mark.parametrize("secret", WEAK)
def test_a_weak_key_is_told_by_its_weakness(secret: bytes) -> None:
    assert weakness_of(secret)


def test_keys_of_a_generator_pass() -> None:
    drawn = random.Random(7)  # noqa: S311 - the same keys in every run
    for _ in range(200):
        plain = drawn.randbytes(32)
        assert weakness_of(plain.hex().encode()) == ""
        assert weakness_of(plain.hex()[:32].encode()) == ""
        assert weakness_of(base64.b64encode(plain)) == ""
        assert weakness_of(plain) == ""


def test_the_data_and_other_files_are_no_key(tmp_path: Path) -> None:
    data = tmp_path / "a" / "raw.csv"
    data.parent.mkdir()
    data.write_bytes(random.Random(1).randbytes(64))  # noqa: S311
    with pytest.raises(DataError, match="is the data file itself"):
        read_secret(data, data=data, out=tmp_path / "b" / "out.csv")
    other = tmp_path / "a" / "other.csv"
    other.write_bytes(random.Random(2).randbytes(5_000))  # noqa: S311
    with pytest.raises(DataError, match="a file of something else"):
        read_secret(other, data=data, out=tmp_path / "b" / "out.csv")
    with pytest.raises(DataError, match="is no file"):
        read_secret(tmp_path / "a", data=data, out=tmp_path / "b" / "out.csv")
