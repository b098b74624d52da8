"""Read a study file into a checked `Study`; every mistake is named at once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from analyses.outcomes.columns import Columns
from analyses.outcomes.kind import Kind
from analyses.outcomes.score import Score
from analyses.outcomes.value import Value
from analyses.outcomes.weekly import Weekly
from analyses.study import section_keys as keys
from analyses.study.comparison import read_comparisons
from analyses.study.derive_keys import DERIVE_FORMS
from analyses.study.keys import Keys
from analyses.study.path import read_path
from analyses.study.registers import read_statuses, register_keys, register_time
from analyses.study.rules import check_study
from analyses.study.sections import (
    Benchmark,
    Cohort,
    DataFile,
    Derived,
    Inference,
    IntentionToTreat,
    ReportFacts,
    Shares,
    Study,
    TimeZero,
    replace_files,
)
from analyses.study.sensitivity import read_sensitivity
from analyses.study.values import Mistakes, take
from data_dictionary import Codebook, load
from data_dictionary.errors import DataError, DesignError, did_you_mean

STUDY_FILE = "study.toml"
SHIPPED = Path(__file__).parents[1] / "studies"


def load_study(path: str | Path, data: Mapping[str, str | Path] | None = None) -> Study:
    """Load and check a study file.

    Parameters
    ----------
    path : str or pathlib.Path
        The file, the folder that holds ``study.toml``, or the name of a study that comes with
        the package (``nsw``, ``unempdur``).
    data : mapping of str to path, optional
        Files that take the place of those named in the study file; see `Study.with_data`.

    Returns
    -------
    Study
        Checked against its keys, the data dictionary and itself.

    Raises
    ------
    DataError
        If the file cannot be read, or is not TOML.
    DesignError
        Naming every mistake at once, each with the nearest valid name.
    """
    file = Path(path)
    if not file.exists() and (SHIPPED / path / STUDY_FILE).is_file():
        file = SHIPPED / path
    file = file / STUDY_FILE if file.is_dir() else file
    raw = _parse(file)
    mistakes = Mistakes()
    study, words = _read(raw, file.resolve(), mistakes)
    if data:
        study = replace(study, files=replace_files(study.files, data))
    check_study(study, words, mistakes)
    if mistakes.found:
        listed = "\n".join(f"  - {mistake}" for mistake in mistakes.found)
        raise DesignError(
            f"{file.name}: {len(mistakes.found)} mistake(s) in the study file\n{listed}"
        )
    return study


def _parse(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DataError(
            f"{file}: the study file cannot be read ({error.strerror}); "
            "give the file or its folder."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        twice = "overwrite" in str(error) or "twice" in str(error)
        hint = " What may stand several times has two brackets: [[outcome]]." if twice else ""
        raise DataError(f"{file.name}: not a TOML file in UTF-8: {error}.{hint}") from error


def _read(raw: dict[str, Any], file: Path, mistakes: Mistakes) -> tuple[Study, Codebook | None]:
    """Build the study section by section; what is missing is None until it is refused."""
    for name in raw:
        if name not in keys.SECTIONS:
            hint = did_you_mean(name, keys.SECTIONS)
            known = ", ".join(keys.SECTIONS.values())
            mistakes.add(
                f"[{name}]", f"is not a section of a study file.{hint} Sections: {known}."
            )
    about = take(raw.get("study"), keys.STUDY, "[study]", mistakes)
    words = _dictionary(about, file, mistakes)
    files = _files(raw.get("data"), file.parent, mistakes)
    report = take(raw.get("report"), keys.REPORT, "[report]", mistakes)
    cohort = _cohort(raw.get("cohort"), files, words, mistakes)
    comparison, designs = read_comparisons(
        raw.get("comparison"), _tables(raw, "design", mistakes), cohort, about["seed"], mistakes
    )
    outcomes = tuple(
        outcome
        for position, item in enumerate(_tables(raw, "outcome", mistakes), start=1)
        if (outcome := _outcome(item, position, mistakes)) is not None
    )
    study = Study(
        name=about["name"],
        title=about["title"],
        dictionary=about["dictionary"],
        seed=about["seed"],
        synthetic=about["synthetic"],
        path=file,
        files=files,
        statuses=read_statuses(raw.get("statuses"), words, mistakes),
        cohort=cohort,
        derived=_derived(raw.get("derive"), mistakes),
        comparison=comparison,
        designs=designs,
        outcomes=outcomes,
        itt=_itt(raw.get("contrast"), outcomes, mistakes),
        weekly=read_path(raw.get("path"), outcomes, mistakes),
        shares=tuple(
            Shares(**_without_none(take(item, keys.SHARES, f"[[shares]] {position}", mistakes)))
            for position, item in enumerate(_tables(raw, "shares", mistakes), start=1)
        ),
        inference=Inference(
            **take(raw.get("inference"), keys.INFERENCE, "[inference]", mistakes)
        ),
        min_cell=take(raw.get("disclosure"), keys.DISCLOSURE, "[disclosure]", mistakes)[
            "min_cell"
        ],
        sensitivity=read_sensitivity(raw.get("sensitivity"), outcomes, mistakes),
        benchmark=_benchmark(raw.get("benchmark"), file.parent, mistakes),
        report=ReportFacts(**{**report, "title": report["title"] or about["title"]}),
    )
    for section in ("data", "outcome"):
        if not raw.get(section):
            mistakes.add(keys.SECTIONS[section], "is missing; a study needs at least one")
    if isinstance(study.dictionary, str) and (file.parent / study.dictionary).is_dir():
        study = replace(study, dictionary=file.parent / study.dictionary)
    return study, words


def _dictionary(about: dict[str, Any], file: Path, mistakes: Mistakes) -> Codebook | None:
    """Load the edition or the folder; None where that fails, which is noted."""
    name = about["dictionary"]
    if name is None:
        return None
    folder = file.parent / name
    try:
        return load(folder if folder.is_dir() else name)
    except DataError as error:
        mistakes.add("[study]", f"dictionary = '{name}': {error}")
        return None


def _tables(raw: dict[str, Any], section: str, mistakes: Mistakes) -> list[Any]:
    """Return an array of tables; a single table counts as one."""
    found = raw.get(section, [])
    if isinstance(found, dict):
        return [found]
    if not isinstance(found, list):
        mistakes.add(keys.SECTIONS[section], "is not a table of keys and values")
        return []
    return found


def _file(
    raw: object, table: str, folder: Path, where: str, mistakes: Mistakes
) -> DataFile | None:
    values = take(raw, keys.FILE, where, mistakes)
    name = values.pop("file")
    return None if name is None else DataFile(table=table, path=folder / name, **values)


def _files(raw: object, folder: Path, mistakes: Mistakes) -> tuple[DataFile, ...]:
    if raw is not None and not isinstance(raw, dict):
        mistakes.add("[[data.TABLE]]", "is not a table of keys and values")
    files: list[DataFile] = []
    for table in raw if isinstance(raw, dict) else {}:
        for position, item in enumerate(_tables(raw, table, mistakes), start=1):  # type: ignore[arg-type]
            where = f"[[data.{table}]] {position}"
            file = _file(item, table, folder, where, mistakes)
            files += [] if file is None else [file]
    return tuple(files)


def _cohort(
    raw: object, files: tuple[DataFile, ...], words: Codebook | None, mistakes: Mistakes
) -> Cohort:
    section = dict(raw) if isinstance(raw, dict) else raw
    zero = section.pop("time_zero", None) if isinstance(section, dict) else None
    if section is None:
        mistakes.add("[cohort]", "is missing; it names the arms")
        section = {"treatment": ""}
    values = take(section, keys.COHORT, "[cohort]", mistakes)
    unwaved = list(dict.fromkeys(file.table for file in files if file.wave is None))
    known = {name: words[name] for name in unwaved if words and name in words.tables}
    if values["table"] is None:
        holding = [
            name
            for name, table in known.items()
            if values["treatment"] in {column.name for column in table.columns}
        ]
        values["table"] = holding[0] if holding else (unwaved[0] if len(unwaved) == 1 else None)
    table = known.get(values["table"])
    columns = {column.name for column in table.columns} if table else set()
    if values["eligible_from"] is None and "eligible_from" in columns:
        values["eligible_from"] = "eligible_from"
    stages = {
        "eligible": values["eligible_from"],
        "invited": "invited",
        "consented": "consented",
    }
    if values["stages"] is None:
        values["stages"] = {group: name for group, name in stages.items() if name in columns}
    values["donors"] = values["donors"] or ("other" if values["cluster"] else None)
    is_made = values["index_date"] is not None and values["index_date"] not in columns
    has_register = any(file.table == "dream" for file in files)
    if zero is None and is_made and has_register:
        zero = {}
    return Cohort(
        **values, time_zero=None if zero is None else _time_zero(zero, columns, mistakes)
    )


def _time_zero(raw: object, columns: set[str], mistakes: Mistakes) -> TimeZero:
    values = take(raw, keys.TIME_ZERO, "[cohort.time_zero]", mistakes)
    residence = ("resident_from", "resident_until")
    if values["resident"] is None and columns.issuperset(residence):
        values["resident"] = residence
    return TimeZero(source=values.pop("from"), **values)


def _derived(raw: object, mistakes: Mistakes) -> tuple[Derived, ...]:
    if raw is not None and not isinstance(raw, dict):
        mistakes.add("[derive]", "is not a table of keys and values")
    derived: list[Derived] = []
    for name, item in raw.items() if isinstance(raw, dict) else ():
        where = f"[derive] {name}"
        form = next((f for f in DERIVE_FORMS if isinstance(item, dict) and f in item), None)
        if form is None:
            forms = "{ from, status, weeks | column }, { score, wave } or { years_since }"
            given = [str(key) for key in item] if isinstance(item, dict) else []
            hint = next((h for key in given if (h := did_you_mean(key, DERIVE_FORMS))), "")
            mistakes.add(where, f"has none of the forms {forms}.{hint}")
            continue
        values = take(item, DERIVE_FORMS[form], where, mistakes)
        of = values["status"] if form == "from" else values[form]
        if of is None:
            continue
        derived.append(
            Derived(
                name=name,
                form=form,  # type: ignore[arg-type]
                of=of,
                weeks=values.get("weeks") or (0, 0),
                wave=values.get("wave") or 0,
                label=values["label"],
            )
        )
    return tuple(derived)


def _outcome(raw: object, position: int, mistakes: Mistakes) -> Kind | None:
    """Build one outcome by its kind; None where the kind is unknown or a required key fails."""
    name = raw.get("name", position) if isinstance(raw, dict) else position
    where = f"[[outcome]] {name}"
    kind = raw.get("kind") if isinstance(raw, dict) else None
    is_register = isinstance(raw, dict) and ("from" in raw or "exit" not in raw)
    kinds: dict[object, tuple[Keys, type[Kind]]] = {
        "time": (register_keys(raw), Weekly) if is_register else (keys.COLUMN_TIME, Columns),
        "score": (keys.SCORE, Score),
        "value": (keys.VALUE, Value),
    }
    if kind not in kinds:
        # What a key needs depends on the kind, so that only its name can be judged here.
        named = {
            name: replace(key, required=False, allowed=())
            for own, _ in kinds.values()
            for name, key in own.items()
        }
        take(raw, {**named, **keys.OUTCOME}, where, mistakes)
        return None
    own, build = kinds[kind]
    before = len(mistakes.found)
    values = take(raw, {**keys.OUTCOME, **own}, where, mistakes)
    if len(mistakes.found) > before:
        return None
    if build is Weekly:
        return register_time(values, where, mistakes)
    if build is Columns:
        return _column_time(values, where, mistakes)
    return build(**values)


def _column_time(values: dict[str, Any], where: str, mistakes: Mistakes) -> Columns | None:
    horizons = [
        h for h in (values.pop("horizon"), values.pop("horizon_weeks")) if h is not None
    ]
    event, of = values["event"], values["of"]
    before = len(mistakes.found)
    if len(horizons) != 1:
        mistakes.add(where, "give exactly one of horizon_weeks and horizon")
    if isinstance(event, dict) and of not in event:
        mistakes.add(where, f"of = {of!r} is none of the causes of event: {', '.join(event)}")
    if len(mistakes.found) > before:
        return None
    if values["competing"] is None:
        others = (
            tuple(cause for cause in event if cause != of) if isinstance(event, dict) else ()
        )
        values["competing"] = others
    return Columns(**values, horizon=float(horizons[0]))


def _itt(
    raw: object, outcomes: tuple[Kind, ...], mistakes: Mistakes
) -> IntentionToTreat | None:
    section = dict(raw) if isinstance(raw, dict) else {}
    inner = section.pop("itt", None)
    for name in section:
        hint = did_you_mean(name, ["itt"])
        mistakes.add(f"[contrast.{name}]", f"is not a contrast; the one there is: itt.{hint}")
    if inner is None:
        return None
    where = "[contrast.itt]"
    values = take(inner, keys.ITT, where, mistakes)
    known = {one.name: one for one in outcomes if isinstance(one, Weekly) and one.is_weekly}
    name = values["outcome"] or next(iter(known), None)
    if name not in known:
        what = f"outcome = '{name}' is none" if name else "there is none"
        hint = (
            did_you_mean(str(name), known) or f" Such outcomes: {', '.join(known) or 'none'}."
        )
        mistakes.add(
            where,
            f"needs an outcome in weekly statuses (from = 'dream', without landmark, since the "
            f"index date); {what}.{hint}",
        )
        return None
    outcome = known[name]
    return IntentionToTreat(
        outcome=outcome,
        months=values["months"],
        horizon=values["horizon_weeks"] or int(outcome.horizon),
    )


def _benchmark(raw: object, folder: Path, mistakes: Mistakes) -> Benchmark | None:
    if raw is None:
        return None
    where = "[benchmark]"
    values = take(raw, keys.BENCHMARK, where, mistakes)
    outcome, label, file = values.pop("outcome"), values.pop("label"), values.pop("file")
    if outcome is None or label is None or file is None:
        return None
    path = folder / file
    return Benchmark(
        outcome=outcome, label=label, file=DataFile(table="benchmark", path=path, **values)
    )


def _without_none(values: dict[str, Any]) -> dict[str, Any]:
    return {name: () if value is None else value for name, value in values.items()}
