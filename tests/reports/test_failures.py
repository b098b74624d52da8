"""What the system could not do is said with what and where, never as a raw list."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reports.failures import internal, is_short_of_memory, reason, refuse_little_memory


def test_a_full_disk_among_many_copies_is_one_sentence() -> None:
    full = [("/a/x", "/tmp/e/x", "[Errno 28] No space left on device: '/tmp/e/x'")] * 3  # noqa: S108
    said = reason(shutil.Error(full))
    assert said == "cannot write /tmp/e/x (No space left on device), and 2 more."


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            OSError(13, "Permission denied", "w1.xlsx"),
            "w1.xlsx: Permission denied. If it is open in Word, Excel or another program",
        ),
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


@pytest.mark.parametrize(
    ("error", "short"),
    [
        (ImportError("libx.so: failed to map segment from shared object"), True),
        (ImportError("libx.so: cannot allocate memory in static TLS block"), True),
        (ImportError("No module named 'x'"), False),
        (ValueError("cannot allocate memory"), False),
    ],
)
def test_a_library_that_finds_no_memory_is_told_from_one_that_is_missing(
    error: Exception, short: bool
) -> None:
    assert is_short_of_memory(error) == short


def test_a_limit_below_what_the_libraries_need_is_said_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "getrlimit", lambda _: (900_000_000, resource.RLIM_INFINITY))
    with pytest.raises(OSError, match="may use 900 MB of memory, and needs at least 1100"):
        refuse_little_memory()
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY,) * 2)
    refuse_little_memory()
