"""Read a study file into a checked `Study`; every mistake is named at once."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, cast

from analyses.outcomes.kind import Kind
from analyses.outcomes.weekly import weekly_of
from analyses.study.cohort import Cohort, read_cohort, table_with
from analyses.study.comparison import Comparison, read_comparisons
from analyses.study.derived import read_derived
from analyses.study.files import Benchmark, DataFile, replace_files
from analyses.study.kind import read_about
from analyses.study.outcomes import read_outcome
from analyses.study.plan import Inference, SensitivityPlan
from analyses.study.rules import check_study
from analyses.study.sections import (
    ONE_GROUP,
    Disclosure,
    IntentionToTreat,
    PathPlan,
    ReportFacts,
    Shares,
    Study,
)
from analyses.study.study_file import Contrasts, StatusGroup, StudyFile
from data_dictionary import Codebook, load
from data_dictionary.codebook import placed
from data_dictionary.errors import CareWarning, DataError, DesignError, did_you_mean, nearest
from data_dictionary.mistakes import Mistakes
from data_dictionary.schema import keys_of, read, tables
from data_dictionary.toml_file import read_toml
from surveys.dream.status_groups import group_faults

STUDY_FILE = "study.toml"
SHIPPED = Path(__file__).parents[1] / "studies"
# Noise is refused at once and not name by name; the largest study that we know has 10 kB.
MOST_BYTES = 200_000
_OF_ARMS = (
    *("cohort", "derive", "comparison", "design", "outcome", "contrast", "path", "sensitivity"),
    "benchmark",
)
_NEEDED: Mapping[str, tuple[str, str]] = {
    "data": ("[[data.TABLE]]", "a study needs at least one file"),
    "cohort": ("[cohort]", "it names the arms"),
    "comparison": ("[comparison]", "it names the covariates that the arms are made alike on"),
    "outcome": ("[[outcome]]", "a study that compares needs at least one"),
}


File = TypeVar("File", bound=DataFile)


def load_study(
    path: str | Path,
    data: Mapping[str, str | Path] | None = None,
    *,
    needs_files: bool = True,
) -> Study:
    """Load and check a study file.

    Parameters
    ----------
    path : str or pathlib.Path
        The file, the folder that holds ``study.toml``, or the name of a study that comes with
        the package (``nsw``, ``unempdur``); a folder with such a name is written ``./nsw``.
    data : mapping of str to path, optional
        Files that take the place of those named in the study file; see `Study.with_data`.
    needs_files : bool
        Whether a file that is not there is a mistake.

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
    file = study_file(path)
    if not file.is_file():
        raise DataError(
            f"{file}: the study file cannot be read (no file); give the file or its folder."
        )
    if file.stat().st_size > MOST_BYTES:
        size = f"{file.stat().st_size / 1e6:,.1f} MB"
        raise DesignError(f"{file.name}: {size} are no study file, which has some kilobytes.")
    mistakes = Mistakes()
    raw = _sections(read_toml(file, "the study file"), mistakes)
    study, words = _read(raw, file.resolve(), mistakes)
    if data:
        study = replace(study, files=replace_files(study.files, data))
    check_study(study, words, mistakes, needs_files=needs_files)
    if mistakes.found:
        raise DesignError(
            f"{file.name}: {len(mistakes.found)} mistake(s) in the study file\n"
            f"{mistakes.listed()}"
        )
    return study


def study_file(path: str | Path) -> Path:
    """Return the study file that is meant: a path, a folder's own, or a shipped study's."""
    file = _placed(path)
    return file / STUDY_FILE if file.is_dir() else file


def _placed(path: str | Path) -> Path:
    """Return the file or folder that is meant; the name of a shipped study is that study."""
    shipped = {one.parent.name: one.parent for one in SHIPPED.glob(f"*/{STUDY_FILE}")}
    file = Path(path)
    if str(path) not in shipped or (isinstance(path, Path) and file.exists()):
        return file
    if (file / STUDY_FILE).is_file():
        warnings.warn(
            f"'{path}' is the study that comes with the package; the folder '{path}' is not "
            f"read. Write './{path}' if you mean the folder.",
            CareWarning,
            stacklevel=4,
        )
    return shipped[str(path)]


def _sections(raw: dict[str, Any], mistakes: Mistakes) -> dict[str, Any]:
    """Return the sections; what has a misspelt name is read under the nearest."""
    known = list(keys_of(StudyFile))
    unknown = [name for name in raw if name not in known]
    found = {name: section for name, section in raw.items() if name in known}
    listed = f" Sections: {', '.join(known)}."
    for name in unknown:
        near = nearest(name, known)
        mistakes.add(
            f"[{name}]", f"is not a section of a study file.{did_you_mean(name, known)}{listed}"
        )
        if near is not None:
            found[near] = _together(raw[name], found.get(near))
    return found


def _together(one: object, other: object) -> object:
    """Return two parts of a section as one: ``[stud]`` and ``[study.words]``."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **other}
    if isinstance(one, list) and isinstance(other, list):
        return [*one, *other]
    return one if other is None else other


def _read(raw: dict[str, Any], file: Path, mistakes: Mistakes) -> tuple[Study, Codebook | None]:
    """Build the study section by section; what is missing is None until it is refused."""
    # Without a kind and without arms it is not known whether it should have any.
    has_arms = any(name in raw for name in _OF_ARMS)
    about = read_about(raw.get("study"), mistakes, has_arms=has_arms)
    place = placed(about.dictionary, file.parent) if about.dictionary else None
    words = _load(place, about.dictionary, mistakes)
    files = _files(raw.get("data"), file.parent, words, mistakes)
    compares = about.design not in ONE_GROUP and (bool(about.design) or has_arms)
    alone = about.design if about.design in ONE_GROUP else "before_after"
    for section in raw if not compares else ():
        if section in _OF_ARMS:
            what = f"{ONE_GROUP[alone]} compares nobody; leave the section out"
            mistakes.add(f"[{section}]", what)
    for section, (where, why) in _NEEDED.items():
        if not raw.get(section) and (compares or section not in _OF_ARMS):
            mistakes.add(where, f"is missing; {why}")
    raw = {name: raw[name] for name in raw if compares or name not in _OF_ARMS}
    # What a section that is not there lacks is not told again.
    unheard = Mistakes()
    cohort = read_cohort(
        raw.get("cohort"), files, words, mistakes if "cohort" in raw else unheard
    )
    comparison, designs = read_comparisons(
        raw.get("comparison"),
        tables(raw.get("design"), "[[design]]", mistakes),
        cohort,
        about.seed,
        mistakes if "comparison" in raw else unheard,
    )
    outcomes = tuple(
        read_outcome(item, at, words, mistakes) for at, item in _each(raw, "outcome", mistakes)
    )
    report = read(ReportFacts, raw.get("report"), "[report]", mistakes)
    disclosure = read(Disclosure, raw.get("disclosure"), "[disclosure]", mistakes)
    for fault in disclosure.faults(file.parent):
        mistakes.add("[disclosure]", fault)
    if about.design == "description":
        files = _as_waves(files)
    study = Study(
        name=about.name,
        title=about.title,
        design=about.design if compares else alone,
        words=about.words,
        dictionary=place or "",
        seed=about.seed,
        synthetic=about.synthetic,
        path=file,
        files=files,
        statuses=_statuses(raw.get("statuses"), words, mistakes),
        # No arms, no cohort: `run` refuses such a study by name before anything asks for them.
        cohort=cohort if compares else cast("Cohort", None),
        derived=read_derived(raw.get("derive"), mistakes),
        comparison=comparison if compares else cast("Comparison", None),
        designs=designs,
        outcomes=outcomes,
        itt=_itt(raw.get("contrast"), outcomes, mistakes),
        weekly=_path(
            raw.get("path"), outcomes, table_with("weekly_register", files, words), mistakes
        ),
        shares=tuple(
            read(Shares, item, f"[[shares]] {at}", mistakes)
            for at, item in _each(raw, "shares", mistakes)
        ),
        inference=read(Inference, raw.get("inference"), "[inference]", mistakes),
        disclosure=disclosure,
        sensitivity=_sensitivity(raw.get("sensitivity"), outcomes, mistakes),
        benchmark=_benchmark(raw.get("benchmark"), file.parent, mistakes),
        report=replace(report, title=report.title or about.title),
    )
    return study, words


def _each(
    raw: Mapping[str, Any], section: str, mistakes: Mistakes
) -> Iterator[tuple[int, object]]:
    """Yield the tables of a section that may stand several times, with their numbers."""
    return enumerate(tables(raw.get(section), f"[[{section}]]", mistakes), start=1)


def _load(place: str | Path | None, name: str, mistakes: Mistakes) -> Codebook | None:
    """Load the edition or the folder; None where that fails, which is noted."""
    if place is None:
        return None
    try:
        return load(place)
    except DataError as error:
        told = str(error).replace("\n", "\n    ")
        mistakes.add("[study]", f"dictionary = '{name}': {told}")
        return None


def _files(
    raw: object, folder: Path, words: Codebook | None, mistakes: Mistakes
) -> tuple[DataFile, ...]:
    """Return the files; those of a misspelt table are taken for the nearest table's."""
    if raw is not None and not isinstance(raw, dict):
        mistakes.add("[[data.TABLE]]", "is not a table of keys and values")
    given = raw if isinstance(raw, dict) else {}
    if words is not None:
        unknown = [name for name in given if name not in words.tables]
        what = f"is no table of dictionary '{words.name}'"
        mistakes.unknown("[[data.TABLE]]", unknown, list(words.tables), what)
    return tuple(
        _file(DataFile, item, _meant(name, words), folder, f"[[data.{name}]] {at}", mistakes)
        for name, items in given.items()
        for at, item in enumerate(tables(items, f"[[data.{name}]]", mistakes), start=1)
    )


def _as_waves(files: tuple[DataFile, ...]) -> tuple[DataFile, ...]:
    """Return files to describe: the only one of a table is its first wave."""
    tables = [file.table for file in files]
    return tuple(
        replace(file, wave=file.wave or (1 if tables.count(file.table) == 1 else None))
        for file in files
    )


def _meant(name: str, words: Codebook | None) -> str:
    known = (name,) if words is None or name in words.tables else words.tables
    return nearest(name, known) or name


def _file(
    kind: type[File], raw: object, table: str, folder: Path, where: str, mistakes: Mistakes
) -> File:
    """Return one file; without a name its path is the folder."""
    made = read(kind, raw, where, mistakes, {"table": table, "path": folder})
    return replace(made, path=folder / (made.file or ""))


def _statuses(
    raw: object, words: Codebook | None, mistakes: Mistakes
) -> Mapping[str, tuple[str, ...]]:
    """Return the study's groups: name to the statuses or code groups that it is made of."""
    if raw is None:
        return {}
    # Every key is a name of the study's own, so that each is judged by itself.
    groups = {
        name: members
        for name, told in (raw.items() if isinstance(raw, dict) else ())
        if (
            members := read(
                StatusGroup, {"members": told}, f"[statuses] {name}", mistakes
            ).members
        )
    }
    codes = None if words is None else words.weekly_codes()
    if not isinstance(raw, dict):
        mistakes.add("[statuses]", "is not a table of keys and values")
    elif codes is None:
        mistakes.add("[statuses]", "needs a dictionary with the weekly register's code list")
    else:
        for fault in group_faults(codes, groups):
            mistakes.add("[statuses]", fault)
    return groups


def _itt(
    raw: object, outcomes: tuple[Kind, ...], mistakes: Mistakes
) -> IntentionToTreat | None:
    """Return the contrast with the register outcome that it is about."""
    plan = read(Contrasts, raw, "[contrast]", mistakes, what="is not a contrast").itt
    if plan is None:
        return None
    known = {one.name: one for one in weekly_of(outcomes) if one.is_weekly}
    name = plan.of or next(iter(known), None)
    if name not in known and not all(one.name for one in outcomes):
        return None  # It may mean the one that lacks its name.
    if name not in known:
        what = f"outcome = '{name}' is none" if name else "there is none"
        hint = did_you_mean(name, known) or f" Such outcomes: {', '.join(known) or 'none'}."
        mistakes.add(
            "[contrast.itt]",
            "needs an outcome in weekly statuses (from a weekly register, without landmark, "
            f"since the index date); {what}.{hint}",
        )
        return None
    return replace(
        plan, outcome=known[name], horizon=plan.horizon or int(known[name].horizon or 0)
    )


def _path(
    raw: object, outcomes: tuple[Kind, ...], register: str | None, mistakes: Mistakes
) -> PathPlan | None:
    """Return the weekly path; left out, it follows the first outcome from its register."""
    if raw is None:
        return None
    plan = read(PathPlan, raw, "[path]", mistakes)
    first = next(iter(weekly_of(outcomes)), None)
    followed = plan.followed or (None if first is None else first.event)
    if not followed:
        what = "names no status, and no outcome has an event from the register"
        mistakes.add("[path]", what)
        return None
    status = (followed,) if isinstance(followed, str) else followed
    is_own = first is not None and status == (first.event,)
    label = plan.label or (first.label if first is not None and is_own else None)
    filled: dict[str, Any] = {"source": plan.source or register}
    return replace(plan, status=status, label=label, **filled)


def _sensitivity(
    raw: object, outcomes: tuple[Kind, ...], mistakes: Mistakes
) -> SensitivityPlan | None:
    if raw is None:
        return None
    plan = read(SensitivityPlan, raw, "[sensitivity]", mistakes)
    if plan.outcomes is None:
        primary = tuple(one.name for one in outcomes if one.role == "primary")
        return replace(plan, outcomes=primary)
    return plan


def _benchmark(raw: object, folder: Path, mistakes: Mistakes) -> Benchmark | None:
    if raw is None:
        return None
    return _file(Benchmark, raw, "benchmark", folder, "[benchmark]", mistakes)
