"""Scratch folders go with their process, or at the next start after it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from surveys.files import scratch
from surveys.files.scratch import left_by_the_dead, scratch_folder

HOLDER = (
    "import time; from surveys.files.scratch import scratch_folder\n"
    "with scratch_folder() as folder:\n"
    "    (folder / 'persons.csv').write_text('x'); print(folder, flush=True); time.sleep(60)"
)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_scratch_folder_is_private_and_goes_with_its_block(temporary: Path) -> None:
    with scratch_folder() as folder:
        assert folder.parent == temporary.resolve()
        assert os.name == "nt" or folder.stat().st_mode & 0o777 == 0o700
    assert names(temporary) == []


def test_the_folder_of_a_killed_process_is_cleared_and_that_of_a_living_one_is_not(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch, "_YOUNG", 0.0)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(temporary), "TEMP": str(temporary)},
    ) as holder:
        assert holder.stdout is not None
        left = Path(holder.stdout.readline().decode().strip())
        time.sleep(0.01)
        with scratch_folder():
            assert left.exists()
        assert left_by_the_dead() == []
        holder.kill()
        holder.wait()
    assert [path.resolve() for path in left_by_the_dead()] == [left]
    with scratch_folder():
        assert not left.exists()


def test_what_somebody_else_calls_enplan_stays(temporary: Path) -> None:
    (temporary / "enplan-thesis").mkdir()
    (temporary / "enplan-thesis" / "chapter.docx").touch()
    (temporary / "enplan-list.txt").touch()
    with scratch_folder():
        pass
    assert names(temporary) == ["enplan-list.txt", "enplan-thesis"]


def test_a_full_place_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryDirectory", full)
    with pytest.raises(OSError, match=r"no scratch folder .*No space left.*TMPDIR"):
        scratch_folder().__enter__()
