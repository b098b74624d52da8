"""Read every file of a study through the dictionary; name all violations at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

import surveys
from analyses.inputs.tables import Tables
from analyses.study.sections import DataFile, Study
from data_dictionary import Codebook, load
from data_dictionary.errors import DataError, EnplanError
from data_dictionary.executor import Executor
from surveys import Dream, Hours, TableFile, Wave, case_violations, clean_cases

REGISTER = "dream"
CASES = "cases"
HOURS = "hours"
RESIDENCE = ("resident_from", "resident_until")


@dataclass(slots=True, kw_only=True)
class Reading:
    """What has been read so far, and what was wrong with it."""

    study: Study
    words: Codebook
    executor: Executor | None = None
    frames: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    waves: dict[str, dict[int, Wave]] = field(default_factory=dict)
    dream: Dream | None = None
    hours: Hours | None = None
    benchmark: pd.DataFrame | None = None
    sources: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def population(self) -> pd.DataFrame | None:
        """The cohort's table, once it has been read."""
        parts = self.frames.get(self.study.cohort.table)
        return pd.concat(parts, ignore_index=True) if parts else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inputs:
    """The tables of a study and where each came from.

    Attributes
    ----------
    tables : Tables
        The data.
    sources : tuple of mapping
        One entry per file for the manifest: table, wave, name, sha256, rows, encoding, ...
    """

    tables: Tables
    sources: tuple[Mapping[str, Any], ...]


def check(study: Study) -> tuple[str, ...]:
    """Return every violation of every input file, an empty tuple if there is none.

    Parameters
    ----------
    study : Study
        The plan; its files are read, nothing is written.
    """
    return tuple(_read_all(study, lambda _: None).problems)


def read_inputs(
    study: Study, step: Callable[[str], None], executor: Executor | None = None
) -> Inputs:
    """Read every file of a study.

    Parameters
    ----------
    study : Study
        The plan.
    step : callable
        Told the name of each file before it is read.
    executor : Executor or None
        Reads the parts of a large register.

    Raises
    ------
    DataError
        With every violation of every file.
    """
    reading = _read_all(study, step, executor)
    if reading.problems:
        listed = "\n".join(f"  - {problem}" for problem in reading.problems)
        raise DataError(f"{len(reading.problems)} violation(s) in the input files\n{listed}")
    frames = {
        name: pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
        for name, parts in reading.frames.items()
    }
    records = frames.pop(CASES, None)
    frames.pop(HOURS, None)
    return Inputs(
        tables=Tables(
            words=reading.words,
            frames=frames,
            waves=reading.waves,
            dream=reading.dream,
            cases=None
            if records is None
            else clean_cases(records, _observed_until(study, reading)),
            hours=reading.hours,
            benchmark=reading.benchmark,
        ),
        sources=tuple(reading.sources),
    )


def _read_all(
    study: Study, step: Callable[[str], None], executor: Executor | None = None
) -> Reading:
    """Read every file, the cohort's first: the keys of the others refer to it."""
    reading = Reading(study=study, words=load(study.dictionary), executor=executor)
    files = sorted(study.files, key=lambda file: file.table != study.cohort.table)
    for file in files:
        step(file.path.name)
        try:
            _read_file(file, reading)
        except EnplanError as error:
            reading.problems.append(f"{_name(file)}: {_unprefixed(str(error), file)}")
    _arrange_hours(reading)
    if study.benchmark is not None:
        trial: DataFile = replace(study.benchmark, table=study.cohort.table)
        step(trial.path.name)
        try:
            reading.benchmark = _table(trial, reading, references=False).frame
        except EnplanError as error:
            reading.problems.append(f"benchmark: {_unprefixed(str(error), trial)}")
    return reading


def _arrange_hours(reading: Reading) -> None:
    """Arrange the records of all files of paid hours by person and month."""
    records = [part for part in reading.frames.get(HOURS, ()) if len(part)]
    if not records or any(not {"person_id", "month", "hours"} <= set(p) for p in records):
        return
    try:
        reading.hours = Hours.from_records(pd.concat(records, ignore_index=True))
    except EnplanError as error:
        reading.problems.append(str(error))


def _read_file(file: DataFile, reading: Reading) -> None:
    if file.table == REGISTER:
        _read_register(file, reading)
    elif file.wave is not None:
        _read_wave(file, reading)
    else:
        reading.frames.setdefault(file.table, []).append(_table(file, reading).frame)


def _read_register(file: DataFile, reading: Reading) -> None:
    people = reading.population
    residency = people if people is not None and set(RESIDENCE) <= set(people.columns) else None
    register = surveys.read_dream(
        file.path,
        reading.words[REGISTER],
        reading.words.code_lists.get(REGISTER),
        residency,
        persons=None if people is None else people.get("person_id"),
        groups=reading.study.statuses,
        executor=reading.executor,
        encoding=file.encoding,
        rename=file.rename,
    )
    reading.dream, source = register, register.provenance
    assert source is not None  # noqa: S101
    reading.sources.append(
        {
            "table": file.table,
            "wave": None,
            "name": source.name,
            "sha256": source.sha256,
            "rows": source.rows,
            "format": file.path.suffix.lstrip("."),
            "encoding": file.encoding,
            "notes": [*register.notes, *_vintage(reading.words)],
        }
    )


def _vintage(words: Codebook) -> tuple[str, ...]:
    """Say which code list was used: groups of codes do not compare across vintages."""
    codes = words.code_lists.get(REGISTER)
    return () if codes is None else (f"code list '{codes.name}', vintage {codes.vintage}",)


def _read_wave(file: DataFile, reading: Reading) -> None:
    assert file.wave is not None  # noqa: S101
    found = surveys.read_wave(
        file.path, reading.words[file.table], file.wave, **_options(file, reading)
    )
    reading.waves.setdefault(file.table, {})[file.wave] = found
    _note(file, found, reading)


def _table(file: DataFile, reading: Reading, *, references: bool = True) -> TableFile:
    options = (
        _options(file, reading)
        if references
        else {**_options(file, reading), "population": None}
    )
    found = surveys.read_table(file.path, reading.words[file.table], **options)
    _note(file, found, reading)
    return found


def _options(file: DataFile, reading: Reading) -> dict[str, Any]:
    is_cohort = file.table == reading.study.cohort.table
    return {
        "encoding": file.encoding,
        "sheet": file.sheet,
        "decimal": file.decimal,
        "rename": file.rename,
        "keep": file.keep,
        "population": None if is_cohort else reading.population,
        "check": False,
    }


def _note(file: DataFile, found: TableFile | Wave, reading: Reading) -> None:
    """Keep where a file came from and what is wrong with it."""
    violations = found.violations
    if file.table == CASES and isinstance(found, TableFile):
        violations = case_violations(found)
    reading.problems += [f"{_name(file)}: {violation}" for violation in violations]
    origin = found.provenance
    reading.sources.append(
        {
            "table": file.table,
            "wave": file.wave,
            "name": origin.name,
            "sha256": origin.sha256,
            "rows": origin.rows,
            "format": origin.format,
            "encoding": origin.encoding,
            "encoding_reason": origin.encoding_reason,
            "sheet": origin.sheet,
        }
    )


def _observed_until(study: Study, reading: Reading) -> date:
    """Return the last day of the case records: as declared, else the register's last day."""
    for file in study.files:
        if file.table == CASES and file.observed_until is not None:
            return file.observed_until
    if reading.dream is None:
        raise DataError(
            "cases: the last day that the records cover is not known; give observed_until in "
            "[[data.cases]]"
        )
    last: date = reading.dream.weeks[-1].astype("datetime64[D]").item()
    return last + timedelta(days=6)


def _name(file: DataFile) -> str:
    return file.path.name


def _unprefixed(message: str, file: DataFile) -> str:
    """Return a message without the file's name in front, which the caller puts there."""
    return message.removeprefix(f"{file.path.name}: ")
