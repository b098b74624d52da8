"""The whole job as a user starts it, with the memory of its tree of processes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.bench.measure import ROOT, JobFailedError, Measured

PROC = Path("/proc")
EVERY = 0.2  # seconds between two looks at the tree


def command(*arguments: str) -> Measured:
    """Run ``enplan`` with `arguments`; memory is known on Linux only."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "reports", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    largest = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, largest), daemon=True)
    if PROC.exists():
        watcher.start()
    said, _ = process.communicate()
    seconds = time.perf_counter() - begun
    if process.returncode != 0:
        raise JobFailedError((said.strip().splitlines() or ["no message"])[-1])
    return Measured(seconds=seconds, facts={}, peak_mb=largest[0] if PROC.exists() else None)


def _watch(process: subprocess.Popen[str], largest: list[float]) -> None:
    """Keep the largest memory of the tree; pages that processes share count once for each."""
    while process.poll() is None:
        largest[0] = max(largest[0], _tree_mb(process.pid))
        time.sleep(EVERY)


def _tree_mb(root: int) -> float:
    """Return the resident memory of a process and all that descend from it, in MB."""
    parent: dict[int, int] = {}
    pages: dict[int, int] = {}
    for folder in PROC.iterdir():
        if not folder.name.isdigit():
            continue
        try:
            # The name in brackets may hold spaces; what follows it may not.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # gone since the folder was listed
        parent[int(folder.name)], pages[int(folder.name)] = int(fields[1]), int(fields[21])
    tree = {root}
    grown = True
    while grown:
        found = {pid for pid, above in parent.items() if above in tree} - tree
        tree |= found
        grown = bool(found)
    return sum(pages.get(pid, 0) for pid in tree) * os.sysconf("SC_PAGE_SIZE") / 1024**2
