"""Whose a folder is: what a run wrote, asked of the folder's manifest and of every hash in it.

The name of a file proves nothing: web pages, browser extensions and many programs write a
`manifest.json` of their own.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
RUN_LOG = "run.log"
SEAL = "sha256"
"""The manifest's key for the hash of all the rest of it."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_SHOWN = 5


def own_version() -> str:
    """Return our version; a checkout on the path that was never installed has none."""
    try:
        return version("enplan")
    except PackageNotFoundError:
        return "uninstalled"


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sealed(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the manifest with the hash of itself, over a form that no editor changes.

    The hash shows what was changed by hand or by accident, as those of the tables do; it is no
    signature, since whoever means to deceive can make it again.
    """
    content = {name: value for name, value in manifest.items() if name != SEAL}
    canonical = json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return {**content, SEAL: hashlib.sha256(canonical.encode()).hexdigest()}


def is_sealed(manifest: Mapping[str, Any]) -> bool:
    """Whether the manifest is as the run wrote it."""
    try:
        return bool(sealed(manifest)[SEAL] == manifest.get(SEAL))
    except ValueError:  # NaN, which no run writes
        return False


def parsed(text: str) -> dict[str, Any]:
    """Return a manifest's content.

    Raises
    ------
    ValueError
        If it is no JSON object, or says something twice, of which only one would be hashed.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            raise ValueError("a name stands twice")
        return made

    content = json.loads(text, object_pairs_hook=once)
    if not isinstance(content, dict):
        raise ValueError("no object")
    return content


def manifest_of(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a results folder, of whatever version; None if it is none."""
    path = folder / MANIFEST
    try:
        content = parsed(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (OSError, ValueError, RecursionError):
        return None
    outputs = content.get("outputs")
    is_ours = (
        isinstance(content.get("enplan_version"), str)
        and isinstance(content.get("schema"), int)
        and isinstance(outputs, dict)
        and all(
            Path(name).name == name and _SHA256.fullmatch(str(digest))
            for name, digest in outputs.items()
        )
    )
    return content if is_ours else None


def written_by_run(folder: Path) -> set[str]:
    """Return the names in a results folder that are as a run wrote them.

    What is not among them is a user's: a file or folder of another name, a table that has been
    edited since, a manifest that has been edited.
    """
    manifest = manifest_of(folder)
    if manifest is None:
        return set()
    own = {
        name
        for name, digest in manifest["outputs"].items()
        if (folder / name).is_file()
        and not (folder / name).is_symlink()
        and sha256_of(folder / name) == digest
    }
    # Before the manifest was sealed, there was no telling whether it had been edited.
    if SEAL not in manifest or is_sealed(manifest):
        own.add(MANIFEST)
    # Before the manifest knew the log's hash, there was no telling either.
    log = folder / RUN_LOG
    if log.is_file() and manifest.get("log") in (None, sha256_of(log)):
        own.add(RUN_LOG)
    return own


def names_of_others(folder: Path) -> tuple[str, ...]:
    """Return the names in a results folder that its manifest does not list at all."""
    manifest = manifest_of(folder) or {"outputs": {}}
    own = {MANIFEST, RUN_LOG, *manifest["outputs"]}
    return tuple(sorted(path.name for path in folder.iterdir() if path.name not in own))


def listed(names: tuple[str, ...]) -> str:
    """Return a few names for a message, and how many more there are."""
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown
