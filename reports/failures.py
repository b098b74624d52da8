"""What went wrong, in words that can be mailed: no traceback, and no value of a person."""

from __future__ import annotations

import platform
import shutil
import tempfile
import traceback
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from data_dictionary.cpr import masked


def reason(error: OSError) -> str:
    """Say what the system could not do, with what, and what to do about a full disk."""
    if isinstance(error, shutil.Error):  # a list of what could not be copied, and why
        failed = error.args[0]
        (_, place, why), more = failed[0], len(failed) - 1
        also = f", and {more} more" if more else ""
        return f"cannot write {place} ({_plain(why)}){also}."
    if error.errno is None:
        return str(error)
    place = error.filename2 or error.filename
    what = error.strerror or type(error).__name__
    if place and isinstance(error, PermissionError):
        return (
            f"{place}: {what}. If it is open in Word, Excel or another program, close it there "
            "and start again; else you may not read or write it here."
        )
    if place:
        return f"{place}: {what}"
    return f"{what}. Free space, here or in {tempfile.gettempdir()}, and start again."


def _plain(why: str) -> str:
    """Return the reason of a failed copy without its number and its place."""
    return str(why).partition("] ")[2].partition(":")[0] or str(why)


LEAST_MEMORY = 1_100_000_000
"""Bytes of address space below which compiled libraries end the process without a word."""

SHORT_OF_MEMORY = "not enough memory; close other programs, or use a larger machine."


def refuse_little_memory() -> None:
    """Raise if this process may use less memory than the libraries need to be loaded at all."""
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < LEAST_MEMORY:
        raise OSError(
            f"this process may use {limit // 10**6} MB of memory, and needs at least "
            f"{LEAST_MEMORY // 10**6}. Raise the limit (ulimit -v), or use another machine."
        )


def is_short_of_memory(error: BaseException) -> bool:
    """Whether a library could not be loaded for want of memory."""
    text = str(error)
    return isinstance(error, ImportError) and (
        "allocate memory" in text or "failed to map segment" in text
    )


def internal(error: BaseException) -> str:
    """Name a mistake of ours by its place, and write down the way to it.

    Neither the message nor the file holds the error's own text: it could hold a person's
    values.
    """
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename] or frames
    place = f"{Path(ours[-1].filename).name}, line {ours[-1].lineno}"
    written = _written(error)
    where = f" The way to it, without any value, is in {written}." if written else ""
    return (
        f"internal error ({type(error).__name__} in {place}). Please report it; nothing that "
        f"was there before has been changed.{where}"
    )


def _written(error: BaseException) -> Path | None:
    """Write down the kinds of errors and the lines of code that led to them."""
    lines = [f"enplan {_version()}, Python {platform.python_version()}, {platform.platform()}"]
    link: BaseException | None = error
    while link is not None:
        lines += ["", f"{type(link).__module__}.{type(link).__qualname__}"]
        lines += [
            # No folder of this machine, only the file within its package.
            f"  {'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} in {frame.name}: "
            f"{frame.line}"
            for frame in traceback.extract_tb(link.__traceback__)
        ]
        link = link.__cause__ or link.__context__
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="enplan-error-", suffix=".txt", delete=False, encoding="utf-8"
        ) as file:
            file.write(masked("\n".join(lines)) + "\n")
    except OSError:
        return None
    return Path(file.name)


def is_account(path: Path) -> bool:
    """Whether a file is one that `internal` wrote, and not somebody else's of such a name."""
    try:
        with path.open(encoding="utf-8") as file:
            return path.is_file() and not path.is_symlink() and file.read(7) == "enplan "
    except (OSError, ValueError):
        return False


def _version() -> str:
    try:
        return version("enplan")
    except PackageNotFoundError:
        return "uninstalled"
