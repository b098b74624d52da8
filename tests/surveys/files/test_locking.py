"""A lock keeps others out as long as its process lives, and no longer."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from surveys.files import locking
from surveys.files.locking import is_free, only_writer

HOLDER = (
    "import sys, pathlib, time; from surveys.files.locking import only_writer\n"
    "with only_writer(pathlib.Path('x'), pathlib.Path(sys.argv[1])):\n"
    "    print('held', flush=True); time.sleep(60)"
)


def test_a_lock_is_held_once_and_leaves_no_file(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    with only_writer(tmp_path, lock) as held:
        assert held
        assert not is_free(lock)
        with pytest.raises(OSError, match="another enplan is writing to"):
            only_writer(tmp_path, lock).__enter__()
    assert list(tmp_path.iterdir()) == []
    assert is_free(lock)


def test_a_file_that_a_dead_process_left_holds_nobody_up(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(lock)], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().split() == [b"held"]
        assert not is_free(lock)
        holder.kill()
        holder.wait()
    assert lock.exists()
    assert is_free(lock)
    with only_writer(tmp_path, lock) as held:
        assert held


def test_a_file_that_holds_something_is_nobodys_lock_and_stays(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    lock.write_text("pid 17 of somebody else")
    with pytest.raises(OSError, match=r"it holds something\. Move it away"):
        only_writer(tmp_path, lock).__enter__()
    assert lock.read_text() == "pid 17 of somebody else"


def test_a_disk_without_locks_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    def refuses(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuses)
    with only_writer(tmp_path, tmp_path / ".lock") as held:
        assert not held
        assert not is_free(tmp_path / ".lock")


def test_a_lock_whose_file_was_removed_meanwhile_is_taken_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / ".lock"
    opened = locking._opened
    gone: list[int] = []

    def just_before_it_goes(path: Path) -> object:
        stream = opened(path)
        if not gone:
            gone.append(stream.fileno())
            path.unlink()
        return stream

    monkeypatch.setattr(locking, "_opened", just_before_it_goes)
    with only_writer(tmp_path, lock) as held:
        assert held
        assert lock.exists()
