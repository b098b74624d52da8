"""The interpreter that a job runs in: ``python -m tests.bench.child module.function JSON``."""

# ruff: noqa: T201 (its output is the answer)

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path


def peak_mb() -> float | None:
    """Return the largest resident memory of this process so far, None where unknown."""
    status = Path("/proc/self/status")
    if status.exists():
        # getrusage would show the parent's peak where that was larger: exec inherits it.
        (line,) = (row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    try:
        import resource
    except ImportError:
        return None
    # Bytes on macOS, the other system that has it.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def main(job: str, given: str) -> None:
    """Run a job and print what it measured as one line of JSON."""
    module, function = job.split(".")
    found = getattr(importlib.import_module(f"tests.bench.{module}"), function)(
        **json.loads(given)
    )
    print(
        json.dumps({"seconds": found.seconds, "facts": dict(found.facts), "peak_mb": peak_mb()})
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
