"""The study file as frozen objects: data, cohort, comparison, outcomes, inference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from data_dictionary.errors import DesignError, did_you_mean
from evaluation.comparison.method import SCORES, SPREADS, Method

if TYPE_CHECKING:
    from analyses.outcomes.kind import Kind
    from analyses.outcomes.weekly import Weekly

Level = bool | int | float | str
FineGray = Literal["crr", "finegray"]
COLUMN_OPTIONS = ("mahalanobis", "anti_exact", "calipers", "calipers_sd", "exclude")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """One file of the study and how it is read."""

    table: str
    path: Path
    wave: int | None = None
    encoding: str | None = None
    sheet: str | None = None
    decimal: str | None = None
    rename: Mapping[str, str] | None = None
    keep: Mapping[str, tuple[Level, ...]] | None = None
    observed_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeZero:
    """The rule by which controls get an index date: that of the participants."""

    source: str
    status: str
    start: str
    months: tuple[str, str] | None
    exposure: str
    resident: tuple[str, str] | None
    elapsed_bands: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Who is compared: the unit, the arms, time zero and where controls come from."""

    table: str
    unit: str | None
    treatment: str
    treated: Level
    index_date: str | None
    eligible_from: str | None
    cluster: str | None
    donors: str | None
    donors_exclude: tuple[Level, ...]
    donors_same_class: bool
    donors_nearest: int | None
    cluster_class: str | None
    stages: Mapping[str, str]
    time_zero: TimeZero | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A column made as of the index date: from the register, a score, or years since a date."""

    name: str
    form: Literal["column", "from", "score", "years_since"]
    of: str
    weeks: tuple[int, int] = (0, 0)
    wave: int = 0
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How the comparison is made: a method with its options, and what it is balanced on."""

    label: str
    method: str
    options: Method | None
    distance: str
    caliper: float | None
    ratio: float
    replace: bool
    estimand: str
    order: str
    seed: int | None
    exact: tuple[str, ...]
    covariates: tuple[str, ...]

    @property
    def required(self) -> tuple[str, ...]:
        """Columns in which no value may be missing."""
        names = [*self.covariates, *self.exact]
        names += [] if self.distance in (*SCORES, *SPREADS) else [self.distance]
        for role in COLUMN_OPTIONS[:-1]:
            names += getattr(self.options, role, ())
        return tuple(dict.fromkeys(names))

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the comparison names."""
        return tuple(dict.fromkeys([*self.required, *getattr(self.options, "exclude", ())]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """Another comparison, run beside that of the plan."""

    name: str
    label: str
    comparison: Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What every outcome has: its place in the plan and the one estimate that is tested."""

    name: str
    role: str
    family: str
    estimate: str
    kind: str
    label: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterTime(Outcome):
    """Weeks until the first run of a status or of paid hours, or until a case closes."""

    fine_gray: FineGray
    source: str
    event: str
    weeks: int
    competing: tuple[str, ...]
    horizon: float
    unit: str = "weeks"
    hours: float | None = None
    months: int | None = None
    landmark: int | None = None
    time_scale: Literal["index", "case"] = "index"
    case_type: str | None = None

    @property
    def is_weekly(self) -> bool:
        """Whether it counts weekly statuses, of everybody from the index date on."""
        return self.source == "dream" and self.landmark is None and self.time_scale == "index"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnTime(Outcome):
    """A duration that stands in the cohort's table."""

    fine_gray: FineGray
    exit: str
    event: str | Mapping[str, str]
    of: str | None
    competing: tuple[str, ...]
    horizon: float
    unit: str
    entry: str | None = None
    landmark: float | None = None

    @property
    def event_columns(self) -> tuple[str, ...]:
        """The column, or columns, that say what happened at exit."""
        return (self.event,) if isinstance(self.event, str) else tuple(self.event.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Score(Outcome):
    """A survey scale, baseline wave to follow-up wave."""

    scale: str
    baseline: int
    wave: int
    covariates: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Value(Outcome):
    """A number that stands in the cohort's table."""

    column: str
    unit: str


TimeOutcome = RegisterTime | ColumnTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Items of a survey whose answers are shown as shares."""

    table: str
    scales: tuple[str, ...]
    agree: tuple[Level, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentionToTreat:
    """A second contrast: all whom the register flags, after the start against before it."""

    outcome: Weekly
    months: int
    horizon: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PathPlan:
    """Statuses that are followed week by week before and after the index date."""

    source: str
    status: tuple[str, ...]
    others: tuple[str, ...] | None
    weeks: tuple[int, int]
    label: str | None

    @property
    def name(self) -> str:
        """The followed status in every result file."""
        return "+".join(self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """Level of intervals, choice with few clusters, draws and adjustment."""

    level: float
    few_clusters: str
    draws: int
    adjust: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitivityPlan:
    """What is asked of the findings: other definitions, and what should show no difference."""

    outcomes: tuple[str, ...]
    runs: tuple[int, ...]
    observed_until: date | None
    negative_controls: tuple[str, ...]
    leave_out: Literal["treated", "all", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """Randomised data whose plain difference stands beside an outcome's effect."""

    outcome: str
    label: str
    file: DataFile


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """The report's own words: title page, background, limits and titles of chapters."""

    title: str
    subtitle: str | None
    authors: tuple[str, ...]
    publisher: str | None
    source: str | None
    introduction: str | None
    limits: tuple[str, ...]
    score_chapter: str | None
    staff_chapter: str | None
    time_chapter: str | None
    value_chapter: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A checked study file.

    Attributes
    ----------
    name, title : str
        What the study is called.
    dictionary : str or pathlib.Path
        Edition of the data dictionary, or its folder.
    seed : int
        Seed of every draw.
    synthetic : bool
        Whether the data are made up.
    path : pathlib.Path
        The study file.
    files : tuple of DataFile
        In the order of the study file.
    statuses : mapping of str to tuple of str
        The study's own weekly statuses and what they are made of.
    cohort, derived, comparison, designs, outcomes, itt, weekly, shares, inference, min_cell
        The sections, as objects.
    sensitivity, benchmark, report
        The sections, as objects.
    """

    name: str
    title: str
    dictionary: str | Path
    seed: int
    synthetic: bool
    path: Path
    files: tuple[DataFile, ...]
    statuses: Mapping[str, tuple[str, ...]]
    cohort: Cohort
    derived: tuple[Derived, ...]
    comparison: Comparison
    designs: tuple[Design, ...]
    outcomes: tuple[Kind, ...]
    itt: IntentionToTreat | None
    weekly: PathPlan | None
    shares: tuple[Shares, ...]
    inference: Inference
    min_cell: int
    sensitivity: SensitivityPlan | None
    benchmark: Benchmark | None
    report: ReportFacts

    def with_data(self, data: Mapping[str, str | Path]) -> Study:
        """Return the same study with some of its files replaced.

        Parameters
        ----------
        data : mapping of str to path
            ``TABLE`` where the table has one file; ``TABLE.WAVE`` for a survey wave, and
            ``TABLE.NUMBER`` (from 1) for one of several stacked files.

        Raises
        ------
        DesignError
            If a name fits none or several of the study's files, or a path does not exist.
        """
        return replace(self, files=replace_files(self.files, data))

    def waves(self, table: str) -> tuple[int, ...]:
        """Return the waves of a survey table, in order."""
        found = {file.wave for file in self.files if file.table == table}
        return tuple(sorted(wave for wave in found if wave is not None))


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
        elif not Path(path).is_file():
            mistakes.append(f"{name}: '{path}' does not exist")
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
