"""Try a statistical file in a process of its own first: its library may crash on damaged bytes.

ReadStat is C, and one flipped bit in a header can end the whole process, or set it to work for
hours; about one in two thousand did. A helper process, started once, takes that risk.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

_HELPER = """
import json, sys, warnings
import pyreadstat
warnings.simplefilter("ignore")
try:
    import resource
except ImportError:
    resource = None
print("ready", flush=True)
for line in sys.stdin:
    reader, path, room, options = json.loads(line)
    answer, short = "alive", "greedy"
    if resource:
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard != resource.RLIM_INFINITY and hard < room:
            room, short = hard, "short of memory"
        resource.setrlimit(resource.RLIMIT_AS, (room, hard))
    try:
        getattr(pyreadstat, reader)(path, output_format="dict", **options)
    except MemoryError:
        answer = short
    except Exception as error:
        # That it cannot be read is said by the process that reads it.
        if "memory" in str(error):
            answer = short
    print(answer, flush=True)
"""
_SECONDS, _SECONDS_PER_BYTE = 30.0, 1e-6
_SECONDS_TO_START = 60.0
_ROOM, _ROOM_PER_BYTE = 4 << 30, 50
# Of a large file the head and as many rows as this are tried; damage to a value harms nobody.
_LARGE, _ROWS = 2 << 20, 5_000

_alone = threading.Lock()
_running: list[subprocess.Popen[str]] = []
_is_ready: list[bool] = []


def begin() -> None:
    """Start the helper without waiting until it is ready."""
    with _alone:
        _begun()


def is_harmless(path: Path, reader: str, options: dict[str, Any]) -> bool:
    """Whether pyreadstat's `reader` comes back from a file, with whatever it finds in it.

    MemoryError if this process may use too little memory for any file of that size.
    """
    size = path.stat().st_size
    if size > _LARGE:
        options = {**options, "row_limit": _ROWS}
    call = [reader, str(path.resolve()), _ROOM + _ROOM_PER_BYTE * size, options]
    with _alone:
        for _ in range(2):  # a helper may have died of something else
            helper = _started()
            if helper is None:
                return True  # no second process is to be had here
            answer = _asked(helper, json.dumps(call), _SECONDS + _SECONDS_PER_BYTE * size)
            if answer:
                break
            _stop()
    if answer == "short of memory":
        raise MemoryError
    return answer == "alive"


def _started() -> subprocess.Popen[str] | None:
    """Return the helper once it is ready; None where no second process is to be had."""
    helper = _begun()
    if helper is not None and not _is_ready:
        if _asked(helper, "", _SECONDS_TO_START) != "ready":
            _stop()
            return None
        _is_ready.append(True)
    return helper


def _begun() -> subprocess.Popen[str] | None:
    if not _running:
        try:
            helper = subprocess.Popen(  # noqa: S603 - this very interpreter
                [sys.executable, "-P", "-c", _HELPER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError:
            return None
        _running.append(helper)
    return _running[0]


def _asked(helper: subprocess.Popen[str], line: str, seconds: float) -> str:
    """Return the helper's answer to a line, or nothing if it died or took too long."""
    assert helper.stdin is not None  # noqa: S101
    assert helper.stdout is not None  # noqa: S101
    timer = threading.Timer(seconds, helper.kill)
    timer.start()
    try:
        if line:
            helper.stdin.write(f"{line}\n")
            helper.stdin.flush()
        return helper.stdout.readline().strip()
    except OSError:
        return ""
    finally:
        timer.cancel()


def _stop() -> None:
    _is_ready.clear()
    while _running:
        helper = _running.pop()
        helper.kill()
        helper.communicate()


atexit.register(_stop)
