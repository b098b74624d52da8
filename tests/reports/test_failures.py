"""What the system could not do is said with what and where, never as a raw list."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reports.failures import internal, reason


def test_a_full_disk_among_many_copies_is_one_sentence() -> None:
    full = [("/a/x", "/tmp/e/x", "[Errno 28] No space left on device: '/tmp/e/x'")] * 3  # noqa: S108
    said = reason(shutil.Error(full))
    assert said == "cannot write /tmp/e/x (No space left on device), and 2 more."


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(13, "Permission denied", "w1.sav"), "w1.sav: Permission denied"),
        (OSError(18, "Invalid link", "a", None, "b"), "b: Invalid link"),
        (OSError("another enplan is writing"), "another enplan is writing"),
        (
            OSError(28, "No space left on device"),
            "No space left on device. Free space, here or",
        ),
    ],
)
def test_the_file_that_is_concerned_is_named(error: OSError, message: str) -> None:
    assert reason(error).startswith(message)


def test_where_nothing_can_be_written_the_message_stands_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    try:
        raise ValueError("Birgitte")
    except ValueError as error:
        said = internal(error)
    assert said.startswith("internal error (ValueError in test_failures.py, line ")
    assert said.endswith("nothing that was there before has been changed.")
