"""What the texts of a study file refer to, looked up in one loop over the declared keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analyses.outcomes.kinds import KINDS
from analyses.study.column_parts import unfit_columns, what_it_is
from analyses.study.comparison import Comparison
from analyses.study.sections import Study
from data_dictionary import Codebook, Table
from data_dictionary.errors import did_you_mean
from data_dictionary.mistakes import Mistakes
from data_dictionary.schema import named
from surveys import STATUSES
from surveys.dream.status_groups import group_faults, group_labels

GENERATED = ("index_quarter", "elapsed_weeks", "elapsed_band")
_TABLE_ROLES = ("weekly_register", "exposure", "survey")


@dataclass(frozen=True, slots=True)
class _Known:
    """Names that there are, and what is said of one that is not."""

    names: Sequence[str]
    what: str


def tables_of(study: Study, words: Codebook) -> dict[str, Table]:
    """Return the tables of the dictionary that have a file in the study."""
    names = dict.fromkeys(file.table for file in study.files)
    return {name: words.tables[name] for name in names if name in words.tables}


def statuses_of(study: Study, words: Codebook) -> tuple[str, ...]:
    """Return the weekly statuses that a study has, its own groups made."""
    codes = words.weekly_codes()
    if codes is None:
        return STATUSES
    # Faulty groups are told of where they are read.
    is_sound = not group_faults(codes, study.statuses)
    return tuple(group_labels(codes, study.statuses) if is_sound else codes.statuses)


def known_columns(study: Study, table: Table) -> list[str]:
    """Return the columns that a comparison may name: given, derived and generated."""
    cohort, made = study.cohort, [derived.name for derived in study.derived]
    # An index date that the table lacks is to be made, and these come with it.
    is_made = cohort.time_zero is not None or cohort.index_date not in (None, *table.names)
    return [*table.names, *made, *(GENERATED if is_made else ())]


def check_references(
    study: Study, words: Codebook, table: Table | None, mistakes: Mistakes
) -> None:
    """Note every text that refers to something that there is not.

    What was wrong is None in the study and refers to nothing.  Without the cohort's table
    columns are not looked up.
    """
    tables = tables_of(study, words)
    known = _vocabulary(study, words, tables, table)
    told: set[tuple[str, str]] = set()
    for where, key, what, name in _references(study):
        if what == "column of the file":
            own = where.removeprefix("[[data.").partition("]]")[0]
            found = _Known(tables[own].names, _A_COLUMN) if own in tables else None
        else:
            found = known.get(what)
        if found is None or name in found.names or (what, name) in told:
            continue
        if where == "[comparison]":
            # What a design inherits is told once, of the comparison.
            told.add((what, name))
        hint = _hint(name, what, found.names, study, tables)
        # One that is no column at all is told so, and not that it is no date.
        is_unknown = what.endswith(" column") and name not in known["column"].names
        said = _A_COLUMN if is_unknown else found.what
        mistakes.add(f"{where} {key}", f"'{name}' {said}.{hint}")


_A_COLUMN = "is not a column"


def _references(study: Study) -> Iterator[tuple[str, str, str, str]]:
    """Yield every text that refers: section, key, to what, text."""
    for where, section in _sections(study):
        for key, what, name in named(section):
            yield where, key, what, name
        if isinstance(section, Comparison):
            for key, what, name in named(section.options):
                yield where, f"options {key}", what, name
            for name in section.options.columns()["distance"]:
                yield where, "distance", "number column", name


def _sections(study: Study) -> Iterator[tuple[str, object]]:
    """Yield every section that may refer to something, by its name in messages."""
    yield from ((file.where, file) for file in study.files)
    if study.compares:
        yield "[cohort]", study.cohort
        if study.cohort.time_zero is not None:
            yield "[cohort.time_zero]", study.cohort.time_zero
        yield "[comparison]", study.comparison
    yield from ((f"[[design]] {design.name}", design.comparison) for design in study.designs)
    yield from ((f"[derive] {derived.name}", derived) for derived in study.derived)
    yield from ((f"[[outcome]] {outcome.name}", outcome) for outcome in study.outcomes)
    yield from ((f"[[shares]] {shares.table}", shares) for shares in study.shares)
    if study.weekly is not None:
        yield "[path]", study.weekly
    if study.sensitivity is not None:
        yield "[sensitivity]", study.sensitivity


def _vocabulary(
    study: Study, words: Codebook, tables: Mapping[str, Table], table: Table | None
) -> dict[str, _Known]:
    """Return the names that there are, by what a text may refer to."""
    registers = {kind.register for kind in KINDS} - {None}
    found = {
        role: _Known(
            [name for name, one in tables.items() if one.role == role],
            f'is no table with role = "{role}" that has a file in [data]',
        )
        for role in _TABLE_ROLES
    }
    found["register"] = _Known(
        [name for name, one in tables.items() if one.role in registers],
        "is no register that has a file in [data]",
    )
    found["status"] = _Known(statuses_of(study, words), "is not a status of the register")
    found["scale"] = _Known(list(words.scales), "is no scale of the dictionary")
    names = [outcome.name for outcome in study.outcomes]
    # One without a name may be the very one that is meant.
    if all(names):
        found["outcome"] = _Known(names, "is not an outcome of this study")
    if table is not None:
        columns = known_columns(study, table)
        found["data column"] = _Known(table.names, _A_COLUMN)
        found["column"] = _Known(columns, _A_COLUMN)
        found |= {
            f"{part} column": _Known([n for n in columns if n not in unfit], what)
            for part, (unfit, what) in unfit_columns(study, table).items()
        }
    return found


def _hint(
    name: str, what: str, names: Sequence[str], study: Study, tables: Mapping[str, Table]
) -> str:
    """Return what to name in the place of something that there is not."""
    if what == "status":
        groups = [group for group, members in study.statuses.items() if name in members]
        if groups:
            return f" It is part of '{groups[0]}' in [statuses]; name that."
        return did_you_mean(name, names) or f" Statuses: {', '.join(names)}."
    own = tables.get(str(study.cohort.table)) if what.endswith("column") else None
    if own is not None and name in own.names and what != "column of the file":
        return f" {what_it_is(own.column(name), study)}"
    if name in tables and what in (*_TABLE_ROLES, "register"):
        return f' The dictionary says role = "{tables[name].role}".'
    return did_you_mean(name, names)
