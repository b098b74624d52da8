"""Who stood behind what was published: kept with the data, compared before the next edition.

Two editions that differ by few persons tell of them by subtraction, whatever either of them
hides, also where as many came as left. So a run keeps, beside the data and never in results,
who stood behind each number: as hashes under a secret that lies there too.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analyses.results.ownership import SEAL, listed, manifest_of
from analyses.results.swap import beside
from analyses.study.sections import Study
from data_dictionary.errors import DesignError
from evaluation.disclosure.sizes import Who
from surveys.synthetic.earlier import EDITIONS, KEPT, OTHERS

FOLDER, KEY = EDITIONS, "key"
_DIGEST = 12  # bytes: no two of a country's persons share them by chance

_ELSE = "If these results were never published, move them away or name another folder."

_log = logging.getLogger("analyses.log")


class Members(NamedTuple):
    """Persons as hashes in order, groups of them as bits, and the group behind each number."""

    persons: NDArray[np.bytes_]
    groups: NDArray[np.uint8]
    cells: Mapping[str, int]

    def bits(self, group: int) -> NDArray[np.bool_]:
        """Return who is in a group."""
        found = np.unpackbits(self.groups[group], count=len(self.persons))
        return np.asarray(found, dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Editions:
    """The editions of a study, as far as its data tell of them.

    Attributes
    ----------
    study : Study
        With the files that are read.
    homes : tuple of pathlib.Path
        Folders beside whose files memberships are sought; the first that can be written takes
        this run's.
    """

    study: Study
    homes: tuple[Path, ...]

    @classmethod
    def of(cls, study: Study, declared: Study) -> Editions:
        """Return the editions of a study, `declared` being it before files were replaced."""
        files = [file.path for file in (*declared.files, *study.files)]
        folders = dict.fromkeys(path.parent for path in (*files, study.path))
        return cls(study, tuple(folder for folder in folders if folder.is_dir()))

    def faults(self) -> list[str]:
        """Return why what the study file lists can be compared with nothing."""
        faults: list[str] = []
        self._earlier(None, faults)
        return faults

    def _earlier(self, out: Path | None, faults: list[str]) -> dict[Path, Path]:
        """Return the editions before this one, each with what is kept of its persons."""
        folders = {
            self.study.path.parent / name: True for name in self.study.disclosure.published
        }
        if out is not None:
            out = Path(os.path.realpath(out))
            folders |= dict.fromkeys((out, beside(out, "previous")), False)
        kept: dict[Path, Path] = {}
        lost: list[Path] = []
        for folder, is_listed in folders.items():
            manifest = manifest_of(folder) if folder.is_dir() else None
            if manifest is None:
                if is_listed:
                    faults.append(f"[disclosure] published: {folder} is no results folder")
                continue
            seal = str(manifest.get(SEAL))
            is_public = manifest.get("disclosure", {}).get("min_cell") == 1
            if is_public or any(self._found(f"{seal}{OTHERS}")):
                continue
            home = next((one for one in self._found(f"{seal}{KEPT}") if _key_of(one)), None)
            # Another study's results in the way are no edition of this one.
            same = manifest.get("study", {}).get("name") == self.study.name
            if home is not None:
                kept[folder] = home
            elif is_listed or (same and SEAL in manifest):
                lost.append(folder)
            else:
                _log.warning("%s: nothing is kept of who stood behind these results", folder)
        if lost:
            faults.append(
                f"{_before(lost)}, and who stood behind the numbers is not kept beside the "
                f"data (in {FOLDER}), so that nobody can tell whether this edition gives "
                f"persons away. Bring that folder along from where the data lay. {_ELSE}"
            )
        return kept

    def require_distance(self, cells: Mapping[str, Who], out: Path) -> None:
        """Refuse cells that few persons entered or left since an earlier edition.

        Earlier are the results in `out`, those in ``OUT.previous``, and what the study file
        lists.

        Raises
        ------
        DesignError
            Naming the editions and the cells, and the editions of which nothing is known.
        """
        faults: list[str] = []
        close: dict[Path, list[str]] = {}
        for folder, home in self._earlier(out, faults).items():
            if found := self._close(_read(home), _members(cells, _key_of(home))):
                close[folder] = found
        # One rerun lies as close to OUT.previous as to OUT: what is true of both is told once.
        if close:
            numbers = tuple(dict.fromkeys(chain.from_iterable(close.values())))
            faults.append(
                f"{_before(close)}, and since then 1 to {self.study.min_cell - 1} persons "
                f"entered or left {len(numbers)} of the numbers: {listed(numbers)}. Who holds "
                "both editions learns of them. Keep to the earlier plan and data, or wait "
                f"until more have changed. {_ELSE}"
            )
        if faults:
            raise DesignError("\n".join(faults))

    def _close(self, earlier: Members, now: Members) -> list[str]:
        """Return the cells that few persons entered or left.

        A cell of a new name is compared with all of its table and column, of which it may be
        one: it must be none of them, or all the same persons.
        """
        alike: dict[str, set[int]] = {}
        for cell, group in earlier.cells.items():
            alike.setdefault(_kind_of(cell), set()).add(group)
        _, here, there = np.intersect1d(
            now.persons, earlier.persons, assume_unique=True, return_indices=True
        )

        @cache
        def moved(group: int, before: int) -> tuple[int, int]:
            new, old = now.bits(group), earlier.bits(before)
            both = int((new[here] & old[there]).sum())
            return int(new.sum()) - both, int(old.sum()) - both

        def is_close(cell: str, group: int) -> bool:
            known = cell in earlier.cells
            others = {earlier.cells[cell]} if known else alike.get(_kind_of(cell), set())
            found = [moved(group, before) for before in others]
            few = range(1, self.study.min_cell)
            if known:
                return any(n in few for pair in found for n in pair)
            # A renamed number is the old one moved by few, unless it is the same persons.
            near = [pair for pair in found if max(pair) < self.study.min_cell]
            return bool(near) and (0, 0) not in near

        return [cell for cell, group in now.cells.items() if is_close(cell, group)]

    def keep(self, cells: Mapping[str, Who], results: Path) -> None:
        """Keep who stands behind the cells of finished results, beside the data.

        Raises
        ------
        OSError
            If no place can be written to.
        """
        seal = str((manifest_of(results) or {})[SEAL])
        for home in self.homes:
            with suppress(OSError):
                folder = home / FOLDER
                folder.mkdir(mode=0o700, exist_ok=True)
                _write(folder / f"{seal}{KEPT}", _members(cells, _secret(folder)))
                return
        raise OSError(
            f"who stands behind the results cannot be kept in {self.homes[0] / FOLDER}, and "
            "without it the next edition cannot be compared. Let the folder of the data, or of "
            "the study, be written to."
        )

    def _found(self, name: str) -> Iterator[Path]:
        paths = (home / FOLDER / name for home in self.homes)
        yield from (path for path in paths if path.is_file())


def _before(folders: Collection[Path]) -> str:
    verb = "was" if len(folders) == 1 else "were"
    return f"{' and '.join(map(str, folders))} {verb} published before"


def _kind_of(cell: str) -> str:
    """Return the table and the column of a cell's name, without its row."""
    table, *_, column = cell.partition(" #")[0].split(" ")
    return f"{table} {column}"


def _key_of(home: Path) -> bytes:
    """Return the secret beside a membership; nothing where it was lost."""
    path = home.parent / KEY
    return path.read_bytes() if path.is_file() else b""


def _secret(folder: Path) -> bytes:
    """Return the secret of a folder, made once; nothing of it is to be shared."""
    path = folder / KEY
    # Two runs may begin at once: whoever comes second uses the secret of the first.
    with suppress(FileExistsError):
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as new:
            new.write(secrets.token_hex(32).encode())
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    return path.read_bytes()


def _members(cells: Mapping[str, Who], secret: bytes) -> Members:
    groups = list(dict.fromkeys(cells.values()))
    number = {group: place for place, group in enumerate(groups)}
    everybody = frozenset(chain.from_iterable(groups))
    keyed = {
        person: hmac.digest(secret, str(person).encode(), hashlib.sha256)[:_DIGEST].hex()
        for person in everybody
    }
    order = sorted(keyed, key=partial(dict.__getitem__, keyed))
    place = {person: at for at, person in enumerate(order)}
    bits = np.zeros((len(groups), -(-len(order) // 8)), dtype=np.uint8)
    for row, group in enumerate(groups):
        one = np.zeros(len(order), dtype=np.bool_)
        one[[place[person] for person in group]] = True
        bits[row] = np.packbits(one)
    return Members(
        persons=np.array([keyed[person] for person in order], dtype=f"S{2 * _DIGEST}"),
        groups=bits,
        cells={cell: number[group] for cell, group in cells.items()},
    )


def _write(path: Path, made: Members) -> None:
    new = path.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
        np.savez_compressed(
            file,
            persons=made.persons,
            groups=made.groups,
            cells=np.array(list(made.cells), dtype=np.str_),
            of=np.array(list(made.cells.values()), dtype=np.int64),
        )
    new.replace(path)


def _read(path: Path) -> Members:
    with np.load(path, allow_pickle=False) as found:
        cells = dict(zip(found["cells"].tolist(), found["of"].tolist(), strict=True))
        return Members(found["persons"], found["groups"], cells)
