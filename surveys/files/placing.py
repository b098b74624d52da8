"""Put finished files in their places: all of them or none, and what a user changed is kept.

A record in the folder, `.enplan.json`, holds the hash of every file as it was written, so that
an edited one is known; and, while files are being placed, which ones, so that the next start
can finish or undo what a killed process left half done. Every step is one renaming.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Literal

from surveys.files.locking import only_writer
from surveys.files.scratch import scratch_folder
from surveys.files.source import sha256_of

RECORD = ".enplan.json"
_LOCK = ".enplan.lock"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """What was written to a folder, and what is under way.

    `step` says how far: copies are being made beside their places; they are taking them; or
    the earlier files are returning to theirs.  `earlier` names the places that were taken.
    """

    written: Mapping[str, str] = field(default_factory=dict)
    step: Literal["", "copying", "placing", "undoing"] = ""
    mark: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    earlier: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A folder that this process alone writes to."""

    root: Path

    def put(self, files: Mapping[str, Path]) -> tuple[Path, ...]:
        """Copy files to their places (relative to the folder), replacing what stands there.

        Return the copies of earlier files that had been edited, or were no work of ours:
        ``a.html`` is kept as ``a.previous.html``.  If one file cannot be placed (OSError), the
        others are put back.
        """
        known = _read(self.root)
        record = replace(
            known,
            step="copying",
            mark=uuid.uuid4().hex[:8],
            files={name: sha256_of(source) for name, source in files.items()},
            earlier=[name for name in files if os.path.lexists(self.root / name)],
        )
        try:
            _write(self.root, record)
            for name, source in files.items():
                fresh = self._beside(name, record, "new")
                make_private(fresh.parent)
                shutil.copyfile(source, fresh)
                fresh.chmod(0o600)
            record = replace(record, step="placing")
            _write(self.root, record)
            self._place(record)
        except BaseException:
            self._undo(record)
            raise
        return self._finish(record)

    def settle(self) -> None:
        """Finish, or undo, what a killed process left half done."""
        record = _read(self.root)
        (self.root / f"{RECORD}.new").unlink(missing_ok=True)
        if record.step == "placing":
            self._place(record)
            self._finish(record)
        elif record.step:
            self._undo(record)

    def _beside(self, name: str, record: _Record, suffix: str) -> Path:
        target = self.root / name
        return target.with_name(f".{target.name}.{record.mark}.{suffix}")

    def _place(self, record: _Record) -> None:
        for name in record.files:
            target, fresh = self.root / name, self._beside(name, record, "new")
            if fresh.exists():
                old = self._beside(name, record, "old")
                if os.path.lexists(target) and not old.exists():
                    target.rename(old)
                fresh.replace(target)

    def _undo(self, record: _Record) -> None:
        """Let earlier files return; what cannot be done now, the next start does."""
        if record.step == "placing":
            with suppress(OSError):
                _write(self.root, replace(record, step="undoing"))
        with suppress(OSError):
            for name, digest in record.files.items():
                target, old = self.root / name, self._beside(name, record, "old")
                is_new = name not in record.earlier and target.is_file()
                if old.exists():
                    old.replace(target)
                elif is_new and sha256_of(target) == digest:
                    target.unlink()
                self._beside(name, record, "new").unlink(missing_ok=True)
            _write(self.root, _Record(written=record.written))

    def _finish(self, record: _Record) -> tuple[Path, ...]:
        """Drop the earlier files that are as we wrote them; keep the others, and say so."""
        kept = []
        for name, digest in record.files.items():
            old = self._beside(name, record, "old")
            if not old.exists():
                continue
            is_own = old.is_file() and not old.is_symlink()
            if is_own and sha256_of(old) in {digest, record.written.get(name)}:
                old.unlink()
                continue
            place = _free(self.root / name)
            old.rename(place)
            kept.append(place)
            _log.warning("%s had been changed; it is kept as %s", self.root / name, place.name)
        _write(self.root, _Record(written={**record.written, **record.files}))
        return tuple(kept)


@contextmanager
def place_in(root: Path) -> Iterator[Place]:
    """Give a folder to put files in, made if need be, to this process alone.

    OSError if it cannot be written or another process is writing: before any work for it.
    """
    root = Path(os.path.realpath(root))  # also where links lead in a circle
    is_new = not root.exists()
    try:
        make_private(root)
        with only_writer(root, root / _LOCK) as is_alone:
            place = Place(root=root)
            if is_alone:
                place.settle()
            yield place
    finally:
        if is_new:  # a folder for which nothing came about
            with suppress(OSError):
                root.rmdir()


def place_texts(root: Path, contents: Mapping[str, str | bytes]) -> None:
    """Write files to a folder, all or none; what stood there and is not of ours is kept."""
    with scratch_folder() as scratch, place_in(root) as place:
        files = {name: scratch / str(number) for number, name in enumerate(contents)}
        for name, file in files.items():
            content = contents[name]
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        place.put(files)


def make_private(folder: Path) -> None:
    """Make a folder, and those that it lies in, for their owner alone; what is there stays."""
    for one in (*reversed(folder.parents), folder):
        if not one.is_dir():
            one.mkdir(exist_ok=True, mode=0o700)


def _free(target: Path) -> Path:
    """Return the first name beside `target` for an earlier one that nothing bears."""
    place, number = target.with_name(f"{target.stem}.previous{target.suffix}"), 2
    while os.path.lexists(place):
        place = target.with_name(f"{target.stem}.previous-{number}{target.suffix}")
        number += 1
    return place


def _read(root: Path) -> _Record:
    """Return the record of a folder; one that cannot be read counts as none."""
    try:
        record = _Record(**json.loads((root / RECORD).read_text(encoding="utf-8")))
        # A file may be a link by now; the folders that lead to it may not lead away.
        inside = all(
            ".." not in Path(name).parts and (root / name).parent.resolve().is_relative_to(root)
            for name in {**record.written, **record.files}
        )
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return _Record()
    return record if inside else _Record()


def _write(root: Path, record: _Record) -> None:
    fresh = root / f"{RECORD}.new"
    fresh.write_text(json.dumps(asdict(record), indent=1), encoding="utf-8", newline="\n")
    fresh.chmod(0o600)
    fresh.replace(root / RECORD)
