"""Put a finished folder in the place of an older one, so that a broken run loses nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data_dictionary.errors import DesignError

MANIFEST = "manifest.json"
_OPEN = ".unfinished"


@contextmanager
def fresh_folder(out: Path) -> Iterator[Path]:
    """Give a scratch folder beside `out` that takes its place when the block ends well.

    Parameters
    ----------
    out : pathlib.Path
        Where the results shall stand.  What stands there moves to ``OUT.previous``.

    Yields
    ------
    pathlib.Path
        The scratch folder.  If the block raises, it is removed and `out` is untouched.

    Raises
    ------
    DesignError
        If `out` holds something that is not a results folder.
    OSError
        If the folder cannot be written; the message says where and what to do.
    """
    new, previous = beside(out, "new"), beside(out, "previous")
    repair(out)
    for folder in (out, previous):
        _refuse_foreign(folder)
    with _explained(out):
        new.mkdir(parents=True)
        (new / _OPEN).touch()
    try:
        with _explained(out):
            yield new
            (new / _OPEN).unlink()
            if previous.exists():
                shutil.rmtree(previous)
            if out.exists():
                out.rename(previous)
            new.rename(out)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        repair(out)
        raise


def repair(out: Path) -> None:
    """Undo or finish what a killed run left half done.

    A scratch folder that was finished takes its place if the old results had been moved away
    already; an unfinished one is removed; old results without a successor move back.
    """
    new, previous = beside(out, "new"), beside(out, "previous")
    with _explained(out):
        is_finished = (new / MANIFEST).is_file() and not (new / _OPEN).exists()
        if is_finished and not out.exists():
            new.rename(out)
        elif is_finished or (new / _OPEN).exists():
            shutil.rmtree(new)
        if not out.exists() and (previous / MANIFEST).is_file():
            previous.rename(out)


def beside(out: Path, suffix: str) -> Path:
    """Return the sibling of `out` with `suffix` appended to its name."""
    return out.with_name(f"{out.name}.{suffix}")


def _refuse_foreign(folder: Path) -> None:
    if folder.is_dir():
        names = [path.name for path in folder.iterdir()]
        is_foreign = bool(names) and MANIFEST not in names
    else:
        is_foreign = folder.exists()
    if is_foreign:
        raise DesignError(
            f"{folder} exists and is not a results folder; nothing was changed. "
            "Name another folder, or empty this one."
        )


@contextmanager
def _explained(out: Path) -> Iterator[None]:
    """Turn the system's error into a sentence that says where and what to do."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(
            f"the results cannot be written to {out} ({error.strerror}); earlier results are "
            "unchanged. Free space or choose a folder that you may write to."
        ) from error
