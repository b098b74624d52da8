"""A file system that stops at a chosen step, as if the process were killed or the disk full."""

from __future__ import annotations

import builtins
import io
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


class Killed(BaseException):
    """The process is gone: nothing that comes after is done."""


STEPS = ("mkdir", "rmdir", "rename", "replace", "unlink", "open", "chmod")


def writes(args: tuple[Any, ...], options: Mapping[str, Any]) -> bool:
    """Whether a call of `open` or `os.open` makes or changes a file."""
    how = args[1] if len(args) > 1 else options.get("mode", options.get("flags", "r"))
    return bool(how & os.O_CREAT) if isinstance(how, int) else not set("wax").isdisjoint(how)


@contextmanager
def stopped_at(step: int, error: Callable[[], BaseException]) -> Iterator[list[str]]:
    """Let the file system fail at one step; once killed, at all that follow."""
    done: list[str] = []

    def guarded(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            if name == "open" and not writes(args, options):
                return original(*args, **options)
            done.append(f"{name} {Path(str(args[0])).name}")
            failure = error()
            if len(done) == step or (len(done) > step and isinstance(failure, Killed)):
                raise failure
            return original(*args, **options)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in STEPS:
            patch.setattr(os, name, guarded(name, getattr(os, name)))
        opens = guarded("open", builtins.open)
        patch.setattr(io, "open", opens)
        patch.setattr(builtins, "open", opens)
        yield done


NEVER = 10**6
STOPS: Mapping[str, Callable[[], BaseException]] = {
    "killed": Killed,
    "full": lambda: OSError(28, "No space left on device"),
    "denied": lambda: PermissionError(13, "Permission denied"),
}
