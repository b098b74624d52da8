"""One writer at a time: a lock beside a folder that goes with the process that holds it."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

# Some network disks know no locks at all; there every writer works in scratch names of its own.
_NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}


@contextmanager
def only_writer(target: Path, lock: Path) -> Iterator[bool]:
    """Hold `lock` while the block writes to `target`; say whether the disk knows locks at all.

    The lock is one of the system's own, not the mere existence of a file: it goes when its
    process ends, however it ends.  OSError if another process, or another run here, holds it.
    """
    stream = _opened(lock)
    try:
        held = _take(stream, target)
        # Whoever had it before may have removed the file that was opened here.
        while held and not _is_file_of(stream, lock):
            stream.close()
            stream = _opened(lock)
            held = _take(stream, target)
        try:
            yield held
        finally:
            if held and sys.platform != "win32":
                lock.unlink(missing_ok=True)
    finally:
        stream.close()
    if held and sys.platform == "win32":
        # Windows removes no open file; one that somebody has opened meanwhile stays theirs.
        with suppress(OSError):
            lock.unlink(missing_ok=True)


def is_free(lock: Path) -> bool:
    """Whether no process holds `lock`; a file that is not there is held by none."""
    try:
        with lock.open("r+b") as stream:
            return _take(stream, lock)
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _opened(lock: Path) -> BinaryIO:
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    if os.fstat(descriptor).st_size:  # a lock of ours is empty
        os.close(descriptor)
        raise OSError(
            f"{lock} is no lock of enplan's: it holds something. Move it away, or write to "
            "another folder."
        )
    return os.fdopen(descriptor, "r+b")


def _take(stream: BinaryIO, target: Path) -> bool:
    """Take the lock without waiting; False where the disk knows none."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _NO_LOCKS:
            return False
        raise OSError(
            f"another enplan is writing to {target}; nothing was changed. Wait until it has "
            "finished, or write to another folder."
        ) from error
    return True


def _is_file_of(stream: BinaryIO, lock: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(stream.fileno()), lock.stat())
    except FileNotFoundError:
        return False
