"""A scratch folder where the system keeps such things, cleared even after a killed process."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from surveys.files.locking import is_free, only_writer

PREFIX = "enplan-"
_LOCK = ".enplan-lock"
# Another process may stand between making its lock and taking it.
_YOUNG = 10.0


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give a folder that is gone when the block ends, and clear away those of dead processes.

    Raises
    ------
    OSError
        If there is no place for it; the message says which variable names another.
    """
    try:
        for folder in left_by_the_dead():
            shutil.rmtree(folder, ignore_errors=True)
        made = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
    except OSError as error:
        raise OSError(
            f"no scratch folder can be made ({error.strerror or error}). Free space there, or "
            "let the environment variable TMPDIR (on Windows TEMP) name another folder."
        ) from error
    with made as name:
        folder = Path(name).resolve()
        with only_writer(folder, folder / _LOCK):
            yield folder


def left_by_the_dead() -> list[Path]:
    """Return the scratch folders of processes that are no more."""
    return [
        folder
        for folder in sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))
        if folder.is_dir() and not folder.is_symlink() and _is_dead(folder)
    ]


def _is_dead(folder: Path) -> bool:
    lock = folder / _LOCK
    try:
        if os.name == "posix" and folder.stat().st_uid != os.getuid():
            return False
        return time.time() - lock.stat().st_mtime > _YOUNG and is_free(lock)
    except OSError:  # no lock, so none of ours; or gone this very moment
        return False
