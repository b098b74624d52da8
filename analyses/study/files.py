"""The files of a study: how each is read, and others put in their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from data_dictionary.cpr import cpr_spans
from data_dictionary.errors import DesignError, did_you_mean, nearest
from data_dictionary.schema import key
from surveys.files.source import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile(Reading):
    """``[[data.TABLE]]``: one file of the study and how it is read."""

    table: str
    path: Path
    file: str = key("Path, relative to the study file; folders are separated by `/`.")
    wave: int | None = key("Survey wave; files without one are stacked.", None, least=1)
    observed_until: date | None = key(
        "Last day that case records cover; left out, the last day of the register.", None
    )

    @property
    def where(self) -> str:
        """The section of the study file, for messages."""
        return f"[[data.{self.table}]]" + (f" wave {self.wave}" if self.wave else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark(DataFile):
    """``[benchmark]``: randomised data whose plain difference stands beside an effect."""

    outcome: str = key("Outcome that it stands beside.")
    label: str = key("Danish name of the experiment.")
    # A benchmark is one table as it stands.
    wave: int | None = None
    observed_until: date | None = None

    @property
    def where(self) -> str:
        """The section of the study file, for messages."""
        return "[benchmark]"


def not_a_file(path: Path, shown: str) -> str:
    """Return why there is no file at a path that messages show so, or an empty string."""
    if path.is_file():
        return ""
    if path.is_dir():
        return f"'{shown}' is a folder; name a file in it"
    if path.exists():
        return f"'{shown}' is no file but a device; name a file with data"
    if "\\" in shown:
        return f"file '{shown}' does not exist; separate folders by '/', not by '\\'"
    # Folders are not offered: a file is asked for.
    near = nearest(path.name, (one.name for one in path.parent.glob("*") if one.is_file()))
    return f"file '{shown}' does not exist." + (f" Did you mean '{near}'?" if near else "")


def replace_files(
    files: tuple[DataFile, ...], data: Mapping[str, str | Path]
) -> tuple[DataFile, ...]:
    """Return `files` with the paths of `data` in the place of theirs; see `Study.with_data`."""
    names = file_names(files)
    known = [name for own in names for name in own]
    mistakes: list[str] = []
    paths: dict[int, Path] = {}
    for name, path in data.items():
        fitting = [position for position, own in enumerate(names) if name in own]
        if len(fitting) != 1:
            problem = "names several files" if fitting else "is no file of this study"
            hint = "" if fitting else did_you_mean(name, known)
            mistakes.append(
                f"{name} {problem}; name one of: {', '.join(n[-1] for n in names)}.{hint}"
            )
        elif fault := not_a_file(Path(path), str(path)):
            mistakes.append(f"{name}: {fault}")
        elif cpr_spans(Path(path).name):
            mistakes.append(f"{name}: the name of its file looks like a CPR number; rename it")
        else:
            paths[fitting[0]] = Path(path).resolve()
    if mistakes:
        raise DesignError(
            "data cannot be replaced:\n" + "\n".join(f"  - {m}" for m in mistakes)
        )
    return tuple(
        replace(file, path=paths.get(position, file.path))
        for position, file in enumerate(files)
    )


def file_names(files: tuple[DataFile, ...]) -> list[tuple[str, ...]]:
    """Return, for each file, the names it answers to; the last one is unique."""
    names: list[tuple[str, ...]] = []
    seen: dict[str, int] = {}
    for file in files:
        seen[file.table] = seen.get(file.table, 0) + 1
        several = sum(other.table == file.table for other in files) > 1
        mark = seen[file.table] if file.wave is None else file.wave
        names.append((file.table, f"{file.table}.{mark}") if several else (file.table,))
    return names
