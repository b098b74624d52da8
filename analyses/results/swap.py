"""Put a finished folder in the place of an older one, so that nothing is ever lost.

A run writes into a scratch folder of its own beside OUT. Once that is whole it is marked
finished, the old OUT becomes OUT.previous, and the scratch folder becomes OUT. Every step is
one renaming, and what a killed run left half done can be read off the names and marks alone, so
that the next start finishes it. Files that no run wrote stay where they are or are moved aside
whole; only what the manifest of a results folder vouches for is ever removed.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from analyses.results.ownership import (
    MANIFEST,
    listed,
    manifest_of,
    names_of_others,
    written_by_run,
)
from data_dictionary.errors import DesignError
from surveys.files.locking import only_writer
from surveys.files.placing import make_private

UNFINISHED, FINISHED = ".enplan-unfinished", ".enplan-finished"
_MARKS = {UNFINISHED, FINISHED}
_SCRATCH = re.compile(r"\.new-[0-9a-f]{8}")

_log = logging.getLogger(__name__)


@contextmanager
def fresh_folder(out: Path) -> Iterator[Path]:
    """Give a scratch folder beside `out` that takes its place when the block ends well.

    Parameters
    ----------
    out : pathlib.Path
        Where the results shall stand; a link is followed.  Results that stand there move to
        ``OUT.previous``, and the files of others among them stay in `out`.

    Yields
    ------
    pathlib.Path
        The scratch folder.  If the block raises, it is removed and `out` is untouched.

    Raises
    ------
    DesignError
        If `out` holds something that is not a results folder.
    OSError
        If the folder cannot be written or is being written by another run; the message says
        where and what to do.
    """
    out = Path(os.path.realpath(out))  # also where links lead in a circle
    with writing(out):
        if os.path.ismount(out):
            raise OSError(
                f"{out} is a mount point, which cannot be exchanged for a new folder. Name a "
                f"folder within it, such as {out / 'results'}."
            )
        make_private(out.parent)
    with _alone(out) as is_alone:
        new = beside(out, f"new-{uuid.uuid4().hex[:8]}")
        with writing(out):
            if is_alone:
                _settle(out)
            for folder in (out, beside(out, "previous")):
                _refuse_foreign(folder)
            new.mkdir(mode=0o700)
        try:
            with writing(out):
                (new / UNFINISHED).touch()
            yield new
            with writing(out):
                _keep_private(new)
                (new / UNFINISHED).rename(new / FINISHED)
        except BaseException:
            with suppress(OSError):
                _discard(new)
            raise
        try:
            _place(new, out)
        except BaseException as error:
            # The finished folder stays for the next start; until then the old results stand.
            if not out.exists() and beside(out, "previous").exists():
                with suppress(OSError):
                    beside(out, "previous").rename(out)
            if isinstance(error, OSError) and new.exists():
                raise OSError(
                    f"{out} could not be exchanged ({error.strerror or error}); earlier "
                    f"results are unchanged. The new ones are whole and stand in {new}: close "
                    "whatever holds the folder open, and the next start puts them in place."
                ) from error
            raise


def settle(out: Path) -> None:
    """Finish what a run left that was killed between its last renamings.

    Nothing happens while a run is on, or where nothing can be written.
    """
    out = Path(os.path.realpath(out))  # also where links lead in a circle
    if out.parent.is_dir() and any((new / FINISHED).exists() for new in leftovers(out)):
        with suppress(OSError, DesignError), _alone(out) as is_alone:
            if is_alone:
                _settle(out)


def beside(out: Path, suffix: str) -> Path:
    """Return the sibling of `out` with `suffix` appended to its name."""
    return out.with_name(f"{out.name}.{suffix}")


def leftovers(out: Path) -> list[Path]:
    """Return the scratch folders of runs into `out` that were killed or are on."""
    return [new for new in unfinished_in(out.parent) if new.stem == out.name]


def unfinished_in(folder: Path) -> list[Path]:
    """Return the scratch folders of runs, of whatever results, in `folder`."""
    return [
        path
        for path in sorted(folder.iterdir())
        if _SCRATCH.fullmatch(path.suffix)
        and path.is_dir()
        and not path.is_symlink()
        and (any((path / mark).exists() for mark in _MARKS) or not any(path.iterdir()))
    ]


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Turn the system's error into a sentence that says where and what to do."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(
            f"the results cannot be written to {out} ({error.strerror}); earlier results are "
            "unchanged. Close the programs that have its files open, such as Excel; free "
            "space; or choose a folder that you may write to."
        ) from error


@contextmanager
def _alone(out: Path) -> Iterator[bool]:
    """Hold the lock of `out`, which lies beside it, since `out` itself is renamed."""
    with ExitStack() as stack:
        with writing(out):
            lock = out.with_name(f".{out.name}.lock")
            is_alone = stack.enter_context(only_writer(out, lock))
        yield is_alone


def _settle(out: Path) -> None:
    """Place a finished scratch folder, remove an unfinished one, let old results return."""
    previous = beside(out, "previous")
    for new in leftovers(out):
        if (new / FINISHED).exists():
            _place(new, out)
        else:
            _discard(new)
    if not out.exists() and manifest_of(previous) is not None:
        previous.rename(out)
    if (out / FINISHED).exists():
        _bring_along(out)


def _place(new: Path, out: Path) -> None:
    """Put a finished scratch folder in the place of `out`; may be called again after a kill."""
    previous = beside(out, "previous")
    _refuse_foreign(out)
    if out.exists():
        if any(out.iterdir()):
            _retire(previous)
            out.rename(previous)
        else:
            out.rmdir()
    new.rename(out)
    _bring_along(out)


def _bring_along(out: Path) -> None:
    """Take the files of others from the old results into the new ones, where they were."""
    previous = beside(out, "previous")
    if previous.is_dir():
        names = [name for name in names_of_others(previous) if name not in _MARKS]
        for name in names:
            if not os.path.lexists(out / name):
                (previous / name).rename(out / name)
    (out / FINISHED).unlink()


def _retire(previous: Path) -> None:
    """Remove old results file by file; if they hold anything else, move them aside whole."""
    if not previous.exists():
        return
    own = written_by_run(previous)
    others = tuple(sorted(path.name for path in previous.iterdir() if path.name not in own))
    if others:
        number = 2
        while os.path.lexists(aside := previous.with_name(f"{previous.name}-{number}")):
            number += 1
        previous.rename(aside)
        _log.warning(
            "%s holds what no run wrote or what has been edited since (%s); it is kept as %s",
            previous,
            listed(others),
            aside,
        )
        return
    # The manifest last: until then it vouches for what is left, should this be interrupted.
    for name in sorted(own, key=lambda name: name == MANIFEST):
        (previous / name).unlink()
    previous.rmdir()


def _discard(new: Path) -> None:
    """Remove a scratch folder, its mark last, so that what is left of it stays known."""
    for path in new.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name not in _MARKS:
            path.unlink()
    for mark in _MARKS:
        (new / mark).unlink(missing_ok=True)
    new.rmdir()


def _refuse_foreign(folder: Path) -> None:
    """Refuse to touch what is not a results folder, or is none of ours by its manifest."""
    if folder.is_symlink() or (os.path.lexists(folder) and not folder.is_dir()):
        names: tuple[str, ...] = ()
    elif not folder.exists() or manifest_of(folder) is not None:
        return
    else:
        names = tuple(sorted(path.name for path in folder.iterdir()))
        if not names:
            return
    holds = f" (it holds {listed(names)})" if names else ""
    raise DesignError(
        f"{folder} exists and is not a results folder{holds}; nothing was changed. "
        "Name another folder, or empty this one."
    )


def _keep_private(new: Path) -> None:
    """Leave the results to their owner, where the system knows owners."""
    if os.name == "posix":
        for path in new.iterdir():
            path.chmod(0o600)
