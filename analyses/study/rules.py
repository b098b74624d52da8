"""What a study file must agree with beyond its references: files, cohort, register, itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from analyses.cohort.stages import AFTER
from analyses.outcomes.kind import Setting
from analyses.outcomes.value import values_of
from analyses.study.cohort import COHORT_ROLES, Cohort, TimeZero
from analyses.study.derived import Recorded
from analyses.study.files import DataFile, not_a_file
from analyses.study.methods import RISK_SETS
from analyses.study.one_group import one_group_faults, share_faults
from analyses.study.plan import SensitivityPlan
from analyses.study.references import check_references, known_columns, tables_of
from analyses.study.sections import PathPlan, Study
from data_dictionary import Codebook, Table
from data_dictionary.errors import did_you_mean
from data_dictionary.mistakes import Mistakes
from data_dictionary.roles import TableRole
from data_dictionary.schema import named

Faults: TypeAlias = Iterator[tuple[str, str]]

# What a key of an outcome refers to that is measured, beside what it is adjusted for.
OF_OUTCOMES = ("value column", "number column")
# The first horizon of what accumulates along a weekly path.
LEAST = 26
# A run reads one table with each of these roles.
_ONE_EACH: tuple[TableRole, ...] = ("weekly_register", "monthly_hours", "spells")


def check_study(
    study: Study, words: Codebook | None, mistakes: Mistakes, *, needs_files: bool = True
) -> None:
    """Note every disagreement between a study file and what it refers to.

    Values that were missing or wrong are None and are passed over here.  Without a dictionary
    only the files and the names of the outcomes are checked.
    """
    for where, what in (*_file_faults(study, needs_files), *_name_faults(study)):
        mistakes.add(where, what)
    if words is None:
        return
    for where, what in _table_faults(study, words):
        mistakes.add(where, what)
    compares = study.compares
    table = _cohort_table(study, words, mistakes) if compares else None
    check_references(study, words, table, mistakes)
    found = _faults(study, words, table) if compares else one_group_faults(study, words)
    for where, what in found:
        mistakes.add(where, what)


def _file_faults(study: Study, needs_files: bool) -> Faults:
    files = [*study.files, *([study.benchmark] if study.benchmark else [])]
    for file in files if needs_files else ():
        if file.path != study.path.parent and (
            fault := not_a_file(file.path, _shown(file, study))
        ):
            yield file.where, fault
    for table in dict.fromkeys(file.table for file in study.files):
        waves = [file.wave for file in study.files if file.table == table]
        if None in waves and any(wave is not None for wave in waves):
            yield f"[[data.{table}]]", "give every file of the table a wave, or none"
        given = [wave for wave in waves if wave is not None]
        for wave in sorted({wave for wave in given if given.count(wave) > 1}):
            yield f"[[data.{table}]]", f"wave {wave} is named {given.count(wave)} times"


def _shown(file: DataFile, study: Study) -> str:
    folder = study.path.parent
    inside = file.path.is_relative_to(folder)
    return str(file.path.relative_to(folder) if inside else file.path)


def _name_faults(study: Study) -> Faults:
    names = [str(outcome.name) for outcome in study.outcomes if outcome.name]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"[[outcome]] {name}", "another outcome has the same name; names are unique"
    values = values_of(study.outcomes)
    if study.benchmark is not None and study.benchmark.outcome not in (None, *values):
        name = study.benchmark.outcome
        hint = did_you_mean(name, values)
        yield "[benchmark]", f"'{name}' is no outcome of kind 'value'.{hint}"


def _table_faults(study: Study, words: Codebook) -> Faults:
    tables = tables_of(study, words)
    for role in _ONE_EACH:
        same = [name for name, table in tables.items() if table.role == role]
        if len(same) > 1:
            yield (
                f"[[data.{same[1]}]]",
                f"'{same[0]}' has role = \"{role}\" too; keep one of them",
            )


def _cohort_table(study: Study, words: Codebook, mistakes: Mistakes) -> Table | None:
    """Return the cohort's table; None where there is none, which is noted."""
    name, treatment, where = study.cohort.table, study.cohort.treatment, "[cohort]"
    tables = tables_of(study, words)
    unwaved = [n for n in tables if any(f.wave is None for f in study.files if f.table == n)]
    fitting = [one for one in unwaved if tables[one].role in COHORT_ROLES]
    if not fitting:
        mistakes.add(
            where,
            "there is no table of persons to take the arms from: the files of [data] are "
            "waves or registers. Make a file with one row per person (the key, the arm, the "
            "covariates), "
            'declare its table in the dictionary with role = "persons" and name it in [data]',
        )
    elif name is None and treatment is not None:
        columns = [column for one in fitting for column in tables[one].names]
        what = f"treatment = '{treatment}' is a column of none of the tables"
        hint = did_you_mean(treatment, columns)
        mistakes.add(where, f"{what} {', '.join(fitting)}.{hint}")
    elif name in unwaved and name not in fitting:
        mistakes.add(
            where,
            f"table = '{name}' has role = \"{tables[name].role}\" in the dictionary; the arms "
            f"are taken from a table of persons, one row per unit: {', '.join(fitting)}",
        )
    elif name not in unwaved:
        hint = did_you_mean(name, unwaved)
        mistakes.add(where, f"table = '{name}' has no file without wave in [data].{hint}")
    return tables[name] if name in fitting else None


def _faults(study: Study, words: Codebook, table: Table | None) -> Faults:
    """Yield what the sections of a comparison do not agree on."""
    # What a file of unknown wave holds is not missed in another.
    mixed = {file.table for file in study.files if file.wave is None}
    setting = Setting(
        words=words,
        tables=tables_of(study, words),
        waves={name: study.waves(name) for name in words.tables if name not in mixed},
        people=table,
        made=tuple(derived.name for derived in study.derived),
    )
    if table is not None:
        yield from _cohort_faults(study, table, setting)
        yield from _column_faults(study, table)
    if study.cohort.index_date is None and (dated := _dated(study)):
        yield "[cohort]", f"'index_date' is missing; {', '.join(dated)} count from it"
    yield from _own_start_faults(study)
    yield from _derived_faults(study, setting)
    yield from share_faults(study, words, least=1)
    if study.cohort.unit is None:
        keyed = [one.name for one in study.outcomes if one.is_asked or one.register]
        yield from (
            (f"[[outcome]] {name}", "needs 'unit' in [cohort]: the persons' key")
            for name in keyed
        )
    for outcome in study.outcomes:
        yield from ((f"[[outcome]] {outcome.name}", what) for what in outcome.faults(setting))
    if study.itt is not None and study.cohort.time_zero is None:
        yield "[contrast.itt]", "needs the register rule of [cohort.time_zero]"
    if study.weekly is not None:
        yield from (("[path]", what) for what in _path_faults(study.weekly, study))
    if study.sensitivity is not None:
        columns = [] if table is None else known_columns(study, table)
        found = _sensitivity_faults(study, study.sensitivity, columns)
        yield from (("[sensitivity]", what) for what in found)


def _dated(study: Study) -> list[str]:
    """Return the sections that count from the index date."""
    made = [one.name for one in study.derived if one.form not in ("score", "unknown")]
    named = [*(["[cohort.time_zero]"] if study.cohort.time_zero else [])]
    named += [f"[derive] {name}" for name in made]
    named += [f"[[outcome]] {one.name}" for one in study.outcomes if one.is_dated]
    return [*named, *(["[path]"] if study.weekly else [])]


def _cohort_faults(study: Study, table: Table, at: Setting) -> Faults:
    cohort = study.cohort
    yield from (("[cohort]", what) for what in _treated_faults(cohort, table))
    yield from (("[cohort]", what) for what in _donor_faults(study, table))
    for name in (one for one in AFTER if one in cohort.stages):
        yield "[cohort] stages", f"'{name}' is another group of profile.csv; rename the stage"
    if cohort.time_zero is not None:
        found = _time_zero_faults(cohort, cohort.time_zero, table, at)
        yield from (("[cohort.time_zero]", what) for what in found)
    elif cohort.index_date in table.names and table.column(cohort.index_date).type != "date":
        yield "[cohort] index_date", f"'{cohort.index_date}' is no column with dates"
    elif cohort.index_date is not None and cohort.index_date not in table.names:
        what = f"'{cohort.index_date}' is not a column."
        hint = did_you_mean(cohort.index_date, table.names)
        if at.with_role("weekly_register") is not None:
            hint += _lines_of_time_zero(table)
        yield "[cohort] index_date", what + hint


def _lines_of_time_zero(table: Table) -> str:
    """Return what to write where the register's rule shall make the index date."""
    dates = [one.name for one in table.columns if one.type == "date"]
    return (
        " To have it made by the participants' own rule, add\n"
        "      [cohort.time_zero]\n"
        '      status = "..."   # status that makes a person eligible in a week\n'
        f'      start = "..."    # column with the participants\' start: {", ".join(dates)}'
    )


def _treated_faults(cohort: Cohort, table: Table) -> Iterator[str]:
    """Yield why the treatment column cannot have the treated level."""
    found = [one for one in table.columns if one.name == cohort.treatment]
    levels: list[object] = []
    if any(one.type == "boolean" for one in found):
        levels += [False, True]
    levels += [code for one in found for code in one.codes]
    if levels and cohort.treated not in levels:
        known = ", ".join(str(level).lower() for level in levels)
        yield f"treated = {cohort.treated!r} is no level of {cohort.treatment}; levels: {known}"


def _donor_faults(study: Study, table: Table) -> Iterator[str]:
    cohort = study.cohort
    given = ("donors", "donors_exclude", "donors_same_class", "donors_nearest")
    named = [key for key in given if getattr(cohort, key)]
    if cohort.cluster is None:
        yield from (f"{key} needs a cluster" for key in named)
        return
    if cohort.donors == "own":
        yield from (
            f"{key} is about other clusters; leave it out with 'own'" for key in named[1:]
        )
    if cohort.cluster_class is None and cohort.donors_same_class:
        yield "donors_same_class needs cluster_class"
    is_weekly = any(outcome.is_weekly for outcome in study.outcomes)
    has_rule = cohort.time_zero is not None and is_weekly
    if cohort.donors_nearest and not has_rule:
        yield "donors_nearest needs a register outcome and [cohort.time_zero]"
    codes = {
        code: label
        for one in table.columns
        if one.name == cohort.cluster
        for code, label in one.codes.items()
    }
    for level in cohort.donors_exclude if codes else ():
        if level not in codes:
            named = [repr(code) for code, label in codes.items() if label == level]
            near = did_you_mean(level, codes)
            hint = f" Did you mean {named[0]}?" if named else near
            yield f"donors_exclude: {level!r} is not a code of {cohort.cluster}.{hint}"


def _time_zero_faults(
    cohort: Cohort, zero: TimeZero, table: Table, at: Setting
) -> Iterator[str]:
    for key in ("unit", "cluster"):
        if getattr(cohort, key) is None:
            yield f"needs {key} in [cohort]"
    if cohort.index_date in table.names:
        yield f"'{cohort.index_date}' is already a column of the data; drop one"
    roles: dict[str, TableRole] = {"from": "weekly_register", "exposure": "exposure"}
    for key, role in roles.items():
        if (zero.source if key == "from" else zero.exposure) is None:
            yield f'{key}: no file in [data] is of a table with role = "{role}"'
    exposure = at.tables.get(str(zero.exposure))
    if exposure is not None and cohort.cluster and cohort.cluster not in exposure.names:
        hint = did_you_mean(cohort.cluster, exposure.names)
        yield f"exposure: '{cohort.cluster}' is not a column of '{zero.exposure}'.{hint}"


def _own_start_faults(study: Study) -> Faults:
    """Refuse outcomes that cannot be followed only until a control starts itself."""
    if study.comparison.method != RISK_SETS or study.cohort.donors != "own":
        return
    for outcome in study.outcomes:
        # Followed past its own start a control would carry the programme's effect.
        if not outcome.has_date:
            yield (
                f"[[outcome]] {outcome.name}",
                "with donors = 'own' and method='risk_sets' a control may start itself; this "
                "outcome has no date to tell what came before. Use a register outcome or a "
                "survey score, or donors = 'other'",
            )


def _column_faults(study: Study, table: Table) -> Faults:
    for derived in study.derived:
        # The later of two columns of a name would win, and nobody would see which.
        if derived.name in table.names:
            yield f"[derive] {derived.name}", "is already a column of the data; rename it"
    scores = {derived.name for derived in study.derived if derived.form == "score"}
    plans = [("[comparison]", study.comparison)]
    plans += [(f"[[design]] {design.name}", design.comparison) for design in study.designs]
    for where, plan in plans:
        for outcome in study.outcomes:
            for key, what, name in named(outcome):
                if what in OF_OUTCOMES and name in (*plan.covariates, *plan.exact):
                    yield (
                        f"[[outcome]] {outcome.name} {key}",
                        f"'{name}' is a covariate of {where} too; what is measured cannot be",
                    )
        for key, names in (("covariates", plan.covariates), ("exact", plan.exact)):
            for name in (one for one in names if one in scores):
                yield (
                    f"{where} {key}",
                    f"'{name}' is a survey score, which only respondents have; name it under "
                    "covariates of the score outcome, which gets a matched set of its own",
                )


def _derived_faults(study: Study, at: Setting) -> Faults:
    for derived in study.derived:
        where = f"[derive] {derived.name}"
        if derived.form == "score":
            yield from ((where, what) for what in at.scale_faults(derived.of, derived.wave))
        if isinstance(derived, Recorded) and derived.source in at.tables:
            recorded = {
                one.name: one.role
                for one in at.tables[derived.source].columns
                if one.role in ("residence", "match_group")
            }
            if derived.column not in (None, *recorded):
                hint = did_you_mean(derived.column, recorded)
                known = hint or f" Such columns: {', '.join(recorded) or 'none'}."
                yield (
                    where,
                    f"column = '{derived.column}' is not recorded by quarter or year.{known}",
                )


def _path_faults(plan: PathPlan, study: Study) -> Iterator[str]:
    if plan.source is None:
        yield 'from: no file in [data] is of a table with role = "weekly_register"'
    if all(outcome.is_asked for outcome in study.outcomes):
        yield "needs an outcome that is no score: it follows the same persons"
    first, last = plan.weeks
    if first > 0 or last < LEAST:
        yield f"weeks = [{first}, {last}] must begin in week 0 or before and reach {LEAST}"
    for key, names in (("status", plan.status), ("others", plan.others or ())):
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"{key}: '{name}' is named {names.count(name)} times"
    for name in plan.others or ():
        if name in plan.status:
            yield f"others: '{name}' is followed already; drop one"


def _sensitivity_faults(
    study: Study, plan: SensitivityPlan, columns: list[str]
) -> Iterator[str]:
    names = {outcome.name: outcome for outcome in study.outcomes}
    asked = [names[name] for name in plan.outcomes or () if name in names]
    if not any(outcome.is_weekly for outcome in asked):
        for key in ("runs", "observed_until"):
            if getattr(plan, key):
                yield f"{key} needs a register outcome among the outcomes asked"
    if plan.leave_out == "all" and study.cohort.cluster is None:
        yield "leave_out = 'all' needs a cluster in [cohort]"
    known = [*columns, *(status for outcome in asked for status in outcome.causes_beside)]
    matched_on = {*study.comparison.required, *study.comparison.columns}
    for name in plan.negative_controls:
        what = f"negative_controls: '{name}'"
        if name in matched_on:
            yield f"{what} is matched on, so that it cannot show a difference"
        elif columns and name not in known:
            hint = did_you_mean(name, known)
            yield f"{what} is neither a column nor a competing status of an outcome.{hint}"
