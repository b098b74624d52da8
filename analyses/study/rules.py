"""What a study file must agree with: its files, the dictionary, the register and itself."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from analyses.outcomes.weekly import first_weekly
from analyses.study.comparison_keys import MEASURES, RISK_SETS
from analyses.study.path import check_path
from analyses.study.register_rules import check_registers
from analyses.study.section_keys import GENERATED
from analyses.study.sections import (
    COLUMN_OPTIONS,
    Cohort,
    ColumnTime,
    Comparison,
    DataFile,
    Level,
    Outcome,
    Score,
    Study,
    TimeOutcome,
    TimeZero,
    Value,
)
from analyses.study.sensitivity import check_sensitivity
from analyses.study.values import Mistakes
from data_dictionary import Codebook, Table
from data_dictionary.errors import did_you_mean


def check_study(study: Study, words: Codebook | None, mistakes: Mistakes) -> None:
    """Note every disagreement between a study file and what it refers to.

    Parameters
    ----------
    study : Study
        As read; values that were missing or wrong are None and are passed over here.
    words : Codebook or None
        The data dictionary; without it only the files and the outcomes' names are checked.
    mistakes : Mistakes
        Collects what is wrong.
    """
    _check_files(study, mistakes)
    _check_names(study, mistakes)
    if words is None:
        return
    _check_tables(study, words, mistakes)
    table = _cohort_table(study, words, mistakes)
    if table is not None:
        _check_cohort(study, table, words, mistakes)
        _check_columns(study, table, mistakes)
    _check_derived(study, words, mistakes)
    _check_scales(study, words, mistakes)
    check_registers(study, words, mistakes)
    _check_times(study, mistakes)
    check_path(study, words, mistakes)


def _check_files(study: Study, mistakes: Mistakes) -> None:
    files = [*study.files, *([study.benchmark.file] if study.benchmark else [])]
    for file in files:
        if not file.path.is_file():
            here = [path.name for path in file.path.parent.glob("*")]
            near = difflib.get_close_matches(file.path.name, here, n=1, cutoff=0.6)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            mistakes.add(_where(file), f"file '{_shown(file, study)}' does not exist.{hint}")
    for table in dict.fromkeys(file.table for file in study.files):
        waves = [file.wave for file in study.files if file.table == table]
        if None in waves and any(wave is not None for wave in waves):
            mistakes.add(f"[[data.{table}]]", "give every file of the table a wave, or none")
        given = [wave for wave in waves if wave is not None]
        for wave in sorted({wave for wave in given if given.count(wave) > 1}):
            mistakes.add(f"[[data.{table}]]", f"wave {wave} is named {given.count(wave)} times")


def _check_names(study: Study, mistakes: Mistakes) -> None:
    names = [outcome.name for outcome in study.outcomes]
    for name in sorted({name for name in names if names.count(name) > 1}):
        mistakes.add(
            f"[[outcome]] {name}", "another outcome has the same name; names are unique"
        )
    values = [outcome.name for outcome in study.outcomes if isinstance(outcome, Value)]
    if study.benchmark is not None and study.benchmark.outcome not in values:
        hint = did_you_mean(study.benchmark.outcome, values)
        what = f"'{study.benchmark.outcome}' is no outcome of kind 'value'"
        mistakes.add("[benchmark]", f"{what}.{hint}")


def _check_tables(study: Study, words: Codebook, mistakes: Mistakes) -> None:
    for table in dict.fromkeys(file.table for file in study.files):
        if table not in words.tables:
            known = did_you_mean(table, words.tables) or f" Tables: {', '.join(words.tables)}."
            where = f"[[data.{table}]]"
            mistakes.add(where, f"'{table}' is no table of dictionary '{words.name}'.{known}")
    for file in study.files:
        if file.table in words.tables:
            columns = column_names(words[file.table])
            asked = [*(file.rename or {}).values()]
            for name in asked:
                _require(name, columns, f"{_where(file)} rename", mistakes)


def _cohort_table(study: Study, words: Codebook, mistakes: Mistakes) -> Table | None:
    name = study.cohort.table
    unwaved = list(dict.fromkeys(file.table for file in study.files if file.wave is None))
    if name in unwaved and name in words.tables:
        return words[name]
    if name is None:
        what = f"treatment = '{study.cohort.treatment}' is a column of none of the tables"
        columns = [c for t in unwaved if t in words.tables for c in column_names(words[t])]
        hint = did_you_mean(study.cohort.treatment, columns)
        mistakes.add("[cohort]", f"{what} {', '.join(unwaved)}.{hint}")
    elif name in words.tables or name not in unwaved:
        hint = did_you_mean(name, unwaved)
        mistakes.add("[cohort]", f"table = '{name}' has no file without wave in [data].{hint}")
    return None


def _check_cohort(study: Study, table: Table, words: Codebook, mistakes: Mistakes) -> None:
    cohort, columns = study.cohort, column_names(table)
    for key in ("unit", "treatment", "cluster", "eligible_from"):
        name = getattr(cohort, key)
        if name:
            _require(name, columns, f"[cohort] {key}", mistakes)
    for name in cohort.stages.values():
        _require(name, columns, "[cohort] stages", mistakes)
    _check_treated(cohort, table, mistakes)
    _check_donors(cohort, table, mistakes)
    _check_before(study, mistakes)
    _check_own_starts(study, mistakes)
    if cohort.time_zero is not None:
        _check_time_zero(study, cohort.time_zero, columns, words, mistakes)
    elif cohort.index_date is not None:
        _require(cohort.index_date, columns, "[cohort] index_date", mistakes)


def _check_treated(cohort: Cohort, table: Table, mistakes: Mistakes) -> None:
    """Refuse a level that the treatment column cannot have."""
    found = [one for one in table.columns if one.name == cohort.treatment]
    levels: list[Level] = []
    if any(one.type == "boolean" for one in found):
        levels += [False, True]
    levels += [code for one in found for code in one.codes]
    if levels and cohort.treated not in levels:
        mistakes.add(
            "[cohort]",
            f"treated = {cohort.treated!r} is no level of {cohort.treatment}; levels: "
            + ", ".join(str(level).lower() for level in levels),
        )


def _check_donors(cohort: Cohort, table: Table, mistakes: Mistakes) -> None:
    where = "[cohort]"
    given = ("donors", "donors_exclude", "donors_same_class", "donors_nearest")
    named = [key for key in given if getattr(cohort, key)]
    if cohort.cluster is None:
        for key in named:
            mistakes.add(where, f"{key} needs a cluster")
        return
    if cohort.donors == "own":
        for key in named[1:]:
            mistakes.add(where, f"{key} is about other clusters; leave it out with 'own'")
    if cohort.cluster_class is not None:
        _require(cohort.cluster_class, column_names(table), f"{where} cluster_class", mistakes)
    elif cohort.donors_same_class:
        mistakes.add(where, "donors_same_class needs cluster_class")
    codes = {
        code: label
        for one in table.columns
        if one.name == cohort.cluster
        for code, label in one.codes.items()
    }
    for level in cohort.donors_exclude:
        if codes and level not in codes:
            named = [repr(code) for code, label in codes.items() if label == level]
            nearest = did_you_mean(str(level), map(str, codes))
            hint = f" Did you mean {named[0]}?" if named else nearest
            mistakes.add(
                where, f"donors_exclude: {level!r} is not a code of {cohort.cluster}.{hint}"
            )


def _check_own_starts(study: Study, mistakes: Mistakes) -> None:
    """Refuse outcomes that cannot be followed only until a control starts itself."""
    if study.comparison.method == RISK_SETS and study.cohort.donors == "own":
        for outcome in study.outcomes:
            if isinstance(outcome, Value | ColumnTime):
                mistakes.add(
                    f"[[outcome]] {outcome.name}",
                    "with donors = 'own' and method='risk_sets' a control may start itself; "
                    "this outcome has no date to tell what came before. Use a register outcome "
                    "or a survey score, or donors = 'other'",
                )


def _check_before(study: Study, mistakes: Mistakes) -> None:
    """Require the register's rule of what looks at the time before the programme."""
    is_register = first_weekly(study) is not None
    has_rule = study.cohort.time_zero is not None
    if study.cohort.donors_nearest and not (has_rule and is_register):
        what = "donors_nearest needs a register outcome and [cohort.time_zero]"
        mistakes.add("[cohort]", what)
    if study.itt is not None and not has_rule:
        mistakes.add("[contrast.itt]", "needs the register rule of [cohort.time_zero]")


def _check_time_zero(
    study: Study, zero: TimeZero, columns: list[str], words: Codebook, mistakes: Mistakes
) -> None:
    cohort, where = study.cohort, "[cohort.time_zero]"
    for key in ("unit", "cluster", "index_date"):
        if getattr(cohort, key) is None:
            mistakes.add(where, f"needs {key} in [cohort]")
    if cohort.index_date in columns:
        mistakes.add(where, f"'{cohort.index_date}' is already a column of the data; drop one")
    _require(zero.start, columns, f"{where} start", mistakes)
    for name in zero.resident or ():
        _require(name, columns, f"{where} resident", mistakes)
    tables = {file.table for file in study.files}
    for key, name in (("from", zero.source), ("exposure", zero.exposure)):
        if name not in tables:
            hint = did_you_mean(name, tables)
            mistakes.add(where, f"{key} = '{name}' has no file in [data].{hint}")
    if zero.exposure in words.tables and cohort.cluster:
        names = column_names(words[zero.exposure])
        _require(cohort.cluster, names, f"{where} exposure: column", mistakes)


def _check_columns(study: Study, table: Table, mistakes: Mistakes) -> None:
    """Every column that the comparison or an outcome names must be given or made."""
    given = column_names(table)
    made = [derived.name for derived in study.derived]
    known = [*given, *made, *(GENERATED if study.cohort.time_zero else ())]
    check_sensitivity(study, known, mistakes)
    for name in made:
        if name in given:
            mistakes.add(f"[derive] {name}", "is already a column of the data; rename it")
    scores = {derived.name for derived in study.derived if derived.form == "score"}
    plans = [("[comparison]", study.comparison)]
    plans += [(f"[[design]] {design.name}", design.comparison) for design in study.designs]
    noted: set[str] = set()
    for where, plan in plans:
        for key, names in _named_by(plan):
            # What a design inherits is told once, of the comparison.
            for name in (name for name in names if name not in noted):
                noted |= {name} - set(known)
                _require(name, known, f"{where} {key}", mistakes)
                if name in scores:
                    mistakes.add(
                        f"{where} {key}",
                        f"'{name}' is a survey score, which only respondents have; name it "
                        "under covariates of the score outcome, which gets a matched set of "
                        "its own",
                    )
    for outcome in study.outcomes:
        for key, names, columns in _columns_of(outcome, given, known):
            for name in names:
                _require(name, columns, f"[[outcome]] {outcome.name} {key}", mistakes)
    _check_dates(study, given, mistakes)


def _named_by(plan: Comparison) -> list[tuple[str, tuple[str, ...]]]:
    """Return the columns that a comparison names under each key."""
    named = [("covariates", plan.covariates), ("exact", plan.exact)]
    if plan.distance not in MEASURES:
        named.append(("distance", (plan.distance,)))
    own = ((role, tuple(getattr(plan.options, role, ()))) for role in COLUMN_OPTIONS)
    return [*named, *((f"options {role}", names) for role, names in own)]


def _columns_of(
    outcome: Outcome, given: list[str], known: list[str]
) -> list[tuple[str, tuple[str, ...], list[str]]]:
    """Return the columns that an outcome names under each key, and where they must be."""
    if isinstance(outcome, Score):
        return [("covariates", outcome.covariates, known)]
    if isinstance(outcome, Value):
        return [("column", (outcome.column,), given)]
    if isinstance(outcome, ColumnTime):
        entry = () if outcome.entry is None else (outcome.entry,)
        named = {"exit": (outcome.exit,), "event": outcome.event_columns, "entry": entry}
        return [(key, names, given) for key, names in named.items()]
    return []


def _check_dates(study: Study, given: list[str], mistakes: Mistakes) -> None:
    for derived in study.derived:
        where = f"[derive] {derived.name}"
        if derived.form == "years_since":
            _require(derived.of, given, where, mistakes)
        if derived.form != "score" and study.cohort.index_date is None:
            mistakes.add(where, "needs index_date in [cohort]")


def _check_derived(study: Study, words: Codebook, mistakes: Mistakes) -> None:
    tables = {file.table for file in study.files}
    for derived in study.derived:
        if derived.form == "score":
            where = f"[derive] {derived.name}"
            _check_scale(derived.of, derived.wave, study, words, where, mistakes)
        if derived.form in ("from", "column") and "dream" not in tables:
            mistakes.add(f"[derive] {derived.name}", "from = 'dream' has no file in [data]")


def _check_scales(study: Study, words: Codebook, mistakes: Mistakes) -> None:
    for outcome in study.outcomes:
        if not isinstance(outcome, Score):
            continue
        where = f"[[outcome]] {outcome.name}"
        if outcome.wave <= outcome.baseline:
            mistakes.add(where, f"wave {outcome.wave} is not after baseline {outcome.baseline}")
        for wave in (outcome.baseline, outcome.wave):
            _check_scale(outcome.scale, wave, study, words, where, mistakes)
    for shares in study.shares:
        where = f"[[shares]] {shares.table}"
        tables = {file.table for file in study.files}
        if shares.table not in tables:
            mistakes.add(
                where, f"the table has no file in [data].{did_you_mean(shares.table, tables)}"
            )
        for name in shares.scales:
            if name not in words.scales:
                hint = did_you_mean(name, words.scales)
                mistakes.add(where, f"'{name}' is no scale of the dictionary.{hint}")


def _check_scale(
    name: str, wave: int, study: Study, words: Codebook, where: str, mistakes: Mistakes
) -> None:
    if name not in words.scales:
        hint = did_you_mean(name, words.scales)
        mistakes.add(where, f"'{name}' is no scale of the dictionary.{hint}")
        return
    table = words.scales[name].table
    waves = study.waves(table) if table else ()
    if wave not in waves:
        known = ", ".join(map(str, waves)) or "none"
        mistakes.add(where, f"wave {wave} of '{table}' has no file in [data]; waves: {known}")


def _check_times(study: Study, mistakes: Mistakes) -> None:
    """Require an estimate that the causes of a duration allow, by the name it will have."""
    for outcome in study.outcomes:
        if not isinstance(outcome, TimeOutcome):
            continue
        where, event = f"[[outcome]] {outcome.name}", outcome.event
        event = outcome.of or outcome.name if isinstance(outcome, ColumnTime) else event
        since = f"weeks_since_{'employment' if event == 'employment' else 'event'}"
        if outcome.estimate.startswith("weeks_since") and outcome.estimate != since:
            mistakes.add(
                where, f"estimate = '{outcome.estimate}' is '{since}' where '{event}' counts"
            )
        if outcome.estimate == "subdistribution_hazard_ratio" and not outcome.competing:
            mistakes.add(where, f"estimate = '{outcome.estimate}' needs competing causes")


def column_names(table: Table) -> list[str]:
    """Return the names of a table's columns, families left out."""
    return [column.name for column in table.columns if column.pattern is None]


def _require(name: str, known: Iterable[str], where: str, mistakes: Mistakes) -> None:
    if name not in known:
        mistakes.add(where, f"'{name}' is not a column.{did_you_mean(name, known)}")


def _where(file: DataFile) -> str:
    if file.table == "benchmark":
        return "[benchmark]"
    return f"[[data.{file.table}]]" + (f" wave {file.wave}" if file.wave is not None else "")


def _shown(file: DataFile, study: Study) -> str:
    folder = study.path.parent
    return (
        str(file.path.relative_to(folder))
        if file.path.is_relative_to(folder)
        else str(file.path)
    )
