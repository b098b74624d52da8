"""What killed processes left behind: found by its marks and a lock that nobody holds."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from analyses.results.swap import FINISHED, unfinished_in
from reports.failures import is_account
from surveys.files import pseudonymise_file
from surveys.files.locking import is_free
from surveys.files.placing import RECORD, place_in
from surveys.files.scratch import left_by_the_dead


def leftovers(folder: Path) -> list[Path]:
    """Return what may be removed: dead scratch folders of `folder` and of the system.

    Nothing of a run that is on, nothing finished, and nothing that only bears such a name.
    """
    unfinished = pseudonymise_file.unfinished_in(folder)
    found = [*_of_runs(folder), *_of_locks(folder), *unfinished, *left_by_the_dead()]
    written = sorted(Path(tempfile.gettempdir()).glob("enplan-error-*.txt"))
    return [*found, *(path for path in written if is_account(path))]


def remove(paths: list[Path]) -> None:
    """Remove what `leftovers` found."""
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def finish(folder: Path) -> bool:
    """Finish or undo files that were being placed in `folder`; say whether there were any."""
    is_open = is_unsettled(folder)
    if is_open:
        with place_in(folder):
            pass
    return is_open


def is_unsettled(folder: Path) -> bool:
    """Whether files were being placed in `folder` when a process was killed."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return bool(record["step"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _of_runs(folder: Path) -> Iterator[Path]:
    for scratch in unfinished_in(folder):
        out = scratch.name.rpartition(".new-")[0]
        # A lock that somebody holds is that of a run which is still on.
        if is_free(folder / f".{out}.lock") and not (scratch / FINISHED).exists():
            yield scratch


def _of_locks(folder: Path) -> Iterator[Path]:
    for lock in sorted(folder.glob(".*.lock")):
        # A lock of ours is empty; others write their process into theirs.
        is_ours = (folder / lock.name[1:-5]).is_dir() or lock.name == ".enplan.lock"
        if is_ours and lock.is_file() and lock.stat().st_size == 0 and is_free(lock):
            yield lock
