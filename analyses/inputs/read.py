"""Read every file of a study through the dictionary; name all violations at once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

import pandas as pd

import surveys
from analyses.inputs.tables import ROW, InputFile, Tables, arranged, noted
from analyses.study.sections import DataFile, Study
from data_dictionary import Codebook, Table, load
from data_dictionary.code_lists import CodeList
from data_dictionary.columns import ColumnRole
from data_dictionary.errors import DataError, DesignError
from data_dictionary.executor import Executor
from data_dictionary.wording import Level
from evaluation.notes import Note
from surveys import Dream, TableFile
from surveys.files.import_report import ImportReport
from surveys.files.read_stat import prepare
from surveys.files.read_table import read_as
from surveys.waves.wave import wave_as

RESIDENCE: tuple[ColumnRole, ...] = ("resident_from", "resident_until")


def read_inputs(
    study: Study, step: Callable[[str], None], executor: Executor | None = None
) -> Tables:
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
    tables, problems = read_all(study, step, executor)
    if tables is None or problems:
        listed = "\n".join(f"  - {problem}" for problem in problems)
        raise DataError(f"{len(problems)} violation(s) in the input files\n{listed}")
    return tables


def read_all(
    study: Study,
    step: Callable[[str], None],
    executor: Executor | None = None,
    told: list[ImportReport] | None = None,
) -> tuple[Tables | None, list[str]]:
    """Return what every file holds, with all that breaks the dictionary; None where none can.

    The cohort's file is read first: the keys of the others refer to it. `told` gets the import
    report of each file, also of one that breaks the dictionary.
    """
    told = [] if told is None else told
    prepare(file.path for file in study.files)
    words = load(study.dictionary)
    cohort = study.cohort.table if study.compares else ""
    problems: list[str] = []
    read: list[TableFile] = []
    files: list[InputFile] = []
    people: TableFile | None = None
    dream: Dream | None = None

    def table_of(file: DataFile, population: TableFile | None) -> TableFile:
        found = _table(file, words, population)
        problems.extend(f"{file.path.name}: {one}" for one in found.violations)
        kept = {
            name: _coded(found.table, name, levels)
            for name, levels in (file.keep or {}).items()
        }
        # The rows' own numbers are put in where there is no key, and are none of the file's.
        given = found.frame.drop(columns=ROW, errors="ignore")
        told.append(replace(found, frame=given).report())
        files.append(
            InputFile(
                table=file.table, wave=file.wave, origin=found.provenance, kept=kept,
                remarks=found.remarks,
            )
        )  # fmt: skip
        return found

    for file in sorted(study.files, key=lambda file: file.table != cohort):
        step(file.path.name)
        with noted(problems, file.path.name):
            if words[file.table].role == "weekly_register":
                dream, origin = _register(file, study, words, people, executor)
                files.append(origin)
                of = origin.origin
                told.append(ImportReport(origin=of, table=file.table, columns=of.columns))
            elif file.table == cohort:
                read.append(table_of(file, None))
                parts = [one.frame for one in read]
                people = replace(read[0], frame=pd.concat(parts, ignore_index=True))
            else:
                read.append(table_of(file, people))
    benchmark = None
    if study.benchmark is not None:
        trial: DataFile = replace(study.benchmark, table=cohort)
        step(trial.path.name)
        with noted(problems, f"benchmark {trial.path.name}"):
            benchmark = table_of(trial, None).frame
    if problems:
        return None, problems
    tables = arranged(
        read, words, problems,
        cohort=cohort, unit=study.cohort.unit if cohort else None, dream=dream,
        observed_until=next((f.observed_until for f in study.files if f.observed_until), None),
    )  # fmt: skip
    problems += [
        f"[[outcome]] {outcome.name}: {what}"
        for outcome in (() if problems else study.outcomes)
        for what in outcome.unmet(study, tables)
    ]
    return replace(tables, benchmark=benchmark, files=tuple(files)), problems


def _coded(table: Table, name: str, levels: Collection[Level]) -> tuple[str, ...]:
    """Return levels as codes, or nothing where they have no code: they may be persons."""
    texts = [str(int(one) if isinstance(one, bool) else one) for one in levels]
    if name == "wave" and name not in table.names:
        return tuple(texts)
    codes = {str(code) for code in table.column(name).codes}
    # A level without a code may be a key, and the manifest is published.
    return tuple(texts) if codes.issuperset(texts) else ()


def _table(file: DataFile, words: Codebook, population: TableFile | None) -> TableFile:
    """Read a table, or a wave of a survey, with everything that breaks the dictionary."""
    table, keys = words[file.table], None if population is None else population.frame
    if file.wave is None:
        return read_as(file.path, table, file, keys, check=False)
    wave = wave_as(file.path, table, file.wave, file, keys, check=False)
    if table.key or table.has("key"):
        return wave
    return replace(wave, frame=wave.frame.assign(**{ROW: range(len(wave.frame))}))


def _register(
    file: DataFile,
    study: Study,
    words: Codebook,
    people: TableFile | None,
    executor: Executor | None,
) -> tuple[Dream, InputFile]:
    """Read the weekly register of the study's persons."""
    if file.keep:
        raise DataError(
            f"keep: the rows of table '{file.table}' are chosen by the persons of the study; "
            "leave it out."
        )
    codes, unit = words.weekly_codes(), study.cohort.unit
    # With one end of residency alone weeks abroad cannot be told: then none are.
    knows = people is not None and all(map(people.table.has, RESIDENCE))
    dream = surveys.read_dream(
        file.path,
        words[file.table],
        codes,
        people if knows else None,
        persons=None if people is None or unit is None else people.frame.get(unit),
        groups=study.statuses,
        executor=executor,
        encoding=file.encoding,
        sheet=file.sheet,
        decimal=file.decimal,
        rename=file.rename,
    )
    assert dream.provenance is not None  # noqa: S101
    # Groups of codes do not compare across vintages of the list.
    notes = (*dream.notes, *_level_shift(dream, people, study), *_vintage(codes))
    return dream, InputFile(table=file.table, origin=dream.provenance, notes=notes)


def _level_shift(dream: Dream, people: TableFile | None, study: Study) -> tuple[str, ...]:
    """Say how the register's level changed with its source, among those without the programme.

    Nothing is said where it cannot be known: too few persons, or too few other years.
    """
    cohort = study.cohort
    if people is None or not {cohort.unit, cohort.treatment} <= set(people.frame):
        return ()
    # The programme's effect must not be taken for a change of source.
    untreated = people.frame[cohort.treatment] != cohort.treated
    try:
        shift = surveys.level_shift(dream, people.frame.loc[untreated, str(cohort.unit)])
    except DesignError:
        return ()
    said = (
        "level shift at {at}: {estimate:+.1f} percentage points ({low:+.1f} to {high:+.1f}), "
        "{years} other years"
    )
    points = {
        "estimate": 100 * shift.estimate,
        "low": 100 * shift.conf_low,
        "high": 100 * shift.conf_high,
    }
    years = len(shift.years) - 1
    facts = {"at": shift.at, "years": years, **points}
    return (Note("level_shift", said, {"persons": shift.n}, facts),)


def _vintage(codes: CodeList | None) -> tuple[str, ...]:
    """Say which list of codes the statuses are from."""
    if codes is None:
        return ()
    facts = {"name": codes.name, "vintage": codes.vintage}
    return (Note("code_list", "code list '{name}', vintage {vintage}", facts=facts),)
