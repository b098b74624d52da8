"""Put finished files in their place: all of them, or none."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def publish(files: Mapping[Path, Path]) -> None:
    """Copy each source to its target, replacing what stands there.

    The copies are made beside the targets first, so that a full disk or a file held open by
    another program leaves every earlier target as it was.

    Raises
    ------
    OSError
        If one target cannot be written; the others have been put back.
    """
    mark = uuid.uuid4().hex[:8]
    fresh = {
        target: target.with_name(f".{target.name}.{mark}.new") for target in files.values()
    }
    try:
        for source, target in files.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, fresh[target])
        _swap(fresh, mark)
    finally:
        for leftover in fresh.values():
            with suppress(OSError):
                leftover.unlink(missing_ok=True)


def _swap(fresh: Mapping[Path, Path], mark: str) -> None:
    """Move the fresh files into place; on any failure move the earlier ones back."""
    placed: dict[Path, Path] = {}
    try:
        for target, copy in fresh.items():
            earlier = target.with_name(f".{target.name}.{mark}.old")
            if target.exists():
                target.replace(earlier)
            placed[target] = earlier
            copy.replace(target)
    except BaseException:
        for target, earlier in placed.items():
            if earlier.exists():
                earlier.replace(target)
            else:
                target.unlink(missing_ok=True)
        raise
    for earlier in placed.values():
        with suppress(OSError):
            earlier.unlink(missing_ok=True)
