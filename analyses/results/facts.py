"""What a run says of itself, typed: manifest.json is written from here and read back into here.

Codes cross this seam and words do not: every text below comes from the study file or from its
dictionary, and whatever a code is called is for those to say who write for readers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, TypeAlias

from analyses.outcomes.facts import ScoreFacts, TimeFacts, ValueFacts
from analyses.results.imports import SourceFacts
from analyses.results.lock import LockFacts, Standing
from analyses.study.plan import Smallest
from analyses.study.sections import ONE_GROUP, Level, ReportFacts, StudyDesign, StudyWords
from data_dictionary.errors import DataError
from data_dictionary.roles import Asked, Noun, TableRole
from data_dictionary.schema import typed
from evaluation.comparison.method import Family
from evaluation.estimates import Family as TestFamily
from evaluation.inference.gatekeeper import Method as InferenceMethod
from evaluation.inference.variation import Refusal
from evaluation.robustness.checks import Question
from evaluation.robustness.verdict import Verdict
from evaluation.survival.path.marks import BreakEven, LockIn
from evaluation.terms import require_term, term_of

Estimand: TypeAlias = Literal["ATT", "ATC", "ATE", "ATO", "ATM"]
Role: TypeAlias = Literal["primary", "secondary", "exploratory"]
Part: TypeAlias = Literal["time", "score", "value"]
"""What an outcome tells of itself, whatever its kind is called."""
Term: TypeAlias = str
"""A code of `evaluation.terms`."""
Places: TypeAlias = Literal["treated", "comparison", "both", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFacts:
    """The study file: its name, its hash, and what kind of study it says it is."""

    name: str
    title: str
    file: str
    sha256: str
    synthetic: bool
    seed: int
    design: StudyDesign
    words: StudyWords


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFacts:
    """What the dictionary says of a table.

    ``places``: in which arm's clusters a survey's rows are; ``cluster``: the column with them.
    """

    name: str
    label: str
    role: TableRole | None = None
    respondents: Noun | None = None
    asked: Asked | None = None
    note: str = ""
    places: Places = "unknown"
    cluster: str | None = None


@dataclass(frozen=True, slots=True)
class LinkedFacts:
    """Records of a source that belong to nobody in the study; None where they are few.

    ``source`` is a survey's table, or ``cases``, ``hours`` or ``dream``.
    """

    source: str
    strangers: int | None
    unknown: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesFacts:
    """Items whose answers are shown as shares, and the labels of the answers that count."""

    table: str
    scales: tuple[str, ...]
    agree: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFacts:
    """What the dictionary or the study file calls something, its levels, and its unit."""

    label: str
    levels: Mapping[str, str] = field(default_factory=dict)
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedFacts:
    """A derived column that has no label of its own: what it was made of and how."""

    form: Literal["column", "from", "score", "years_since", "unknown"]
    of: str
    weeks: tuple[int, int] = (0, 0)
    wave: int = 0
    levels: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetTrialFacts:
    """What the data allow, element by element of the trial one would have wished for.

    Elements that other facts tell (covariates, estimand, outcomes) are not repeated here.
    """

    eligibility: Literal["everyone", "status", "resident_status"]
    status: str | None
    against: Literal["elsewhere", "not_started", "not_participating", "without", "others"]
    level: str | None
    time_zero: Literal["partner_week", "drawn_month", "index_date", "unknown"]
    moves: bool
    own_starts: bool
    exits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonFacts:
    """How a comparison is made; a keyword is None where its method does not use it.

    ``strata trim cap learner`` are those of ``options`` that tell what was done; the rest of
    `options` is there for the record.
    """

    name: str
    label: str
    method: str
    family: Family
    estimand: Estimand
    distance: str | None = None
    caliper: float | None = None
    ratio: float | None = None
    replace: bool | None = None
    order: str | None = None
    strata: int | None = None
    trim: float | None = None
    cap: float | None = None
    learner: str | None = None
    options: Mapping[str, object]
    leaves_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeFacts:
    """One outcome: its place in the plan, the estimate that is tested, and its own kind's part.

    ``label`` is None where neither the study file nor the dictionary names it, ``ess`` where it
    is hidden; ``refusals`` tell by term why a shown estimate is seen not to vary, ``lines`` are
    the first and last of its section in the study file.
    """

    name: str
    label: str | None
    role: Role
    family: str
    estimate: Term
    kind: str
    unit: str
    ess: Mapping[str, int | None]
    notes: tuple[str, ...] = ()
    refusals: Mapping[Term, Refusal] = field(default_factory=dict)
    smallest: Smallest | None = None
    standing: Standing = "unlocked"
    lines: tuple[int, int] = (0, 0)
    time: TimeFacts | None = None
    score: ScoreFacts | None = None
    value: ValueFacts | None = None

    def __post_init__(self) -> None:
        """Refuse an estimate that is not listed, or not in this unit."""
        require_term(self.estimate, self.unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionFacts:
    """How inference was chosen for a tested estimate."""

    outcome: str
    term: Term
    method: InferenceMethod
    reason: str

    def __post_init__(self) -> None:
        """Refuse a term that is not listed."""
        term_of(self.term)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContrastFacts:
    """A contrast that stands beside the participants' effect."""

    outcome: str
    term: Term
    estimand: str
    horizon: int
    months: int
    method: InferenceMethod
    reason: str
    mde: float = math.nan
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a term that is not listed."""
        term_of(self.term)


@dataclass(frozen=True, slots=True, kw_only=True)
class PathFacts:
    """The weekly path of a status, with what can be read off it as published.

    ``apart_before`` are the stretches of weeks before start in which the band tells the arms
    apart, ``ahead`` and ``behind`` those after it in which the treated have more, or less.
    """

    name: str
    status: tuple[str, ...]
    label: str | None
    weeks: tuple[int, int]
    statuses: tuple[str, ...]
    merged: tuple[str, ...]
    method: InferenceMethod
    reason: str
    notes: tuple[str, ...] = ()
    lock_in: LockIn | None = None
    break_even: BreakEven | None = None
    apart_before: tuple[tuple[int, int], ...] = ()
    ahead: tuple[tuple[int, int], ...] = ()
    behind: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorFacts:
    """Where controls come from; ``source`` is None in a study that has no donors."""

    source: Literal["other", "own"] | None
    exclude: tuple[Level, ...] = ()
    cluster_class: str | None = None
    same_class: bool = False
    nearest: int | None = None
    follow_up: int
    chosen: tuple[Level, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFacts:
    """What a row of sensitivity.csv answers, in codes; its numbers stand there."""

    asked: Question
    takes_away: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengedFacts:
    """What was asked of a finding, and what is left of it."""

    outcome: str
    verdict: Verdict
    answers: tuple[AnswerFacts, ...]
    not_made: tuple[Question, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkFacts:
    """Randomised data whose plain difference stands beside an outcome's effect."""

    outcome: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureFacts:
    """Counts from 1 to below ``min_cell`` are hidden."""

    min_cell: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFacts:
    """What manifest.json vouches for and tells of every study; of one group it is all.

    Attributes
    ----------
    labels : mapping of str to LabelFacts
        What columns, statuses, causes and scales (``scale:NAME``) are called.
    outputs, log
        The sha256 of every table, and of run.log: one that was edited is kept.
    """

    enplan_version: str
    schema: int
    study: StudyFacts
    inputs: tuple[SourceFacts, ...]
    packages: Mapping[str, str]
    started: str
    finished: str = ""
    level: float
    tables: tuple[TableFacts, ...]
    shares: tuple[SharesFacts, ...]
    labels: Mapping[str, LabelFacts]
    disclosure: DisclosureFacts
    report: ReportFacts
    outputs: Mapping[str, str]
    log: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts(GroupFacts):
    """What is told of a study that compares.

    Attributes
    ----------
    derived : mapping of str to DerivedFacts
        Derived columns without a label of their own.
    after_index_date : mapping of str to int
        Answers that came too late to be a baseline; None where few.
    linked : tuple of LinkedFacts
        Sources with records of others than the study's persons, which are left out.
    blank : mapping of str to int
        How many in the comparison lack a characteristic that is shown; None where few.
    locked : LockFacts
        When the plan was locked and what was changed since; None where it was not.
    dominance : mapping of str to bool
        By table that tells of money, whether no two persons make up most of a group's; None
        where a run has not looked.
    """

    cluster: str | None
    treatment: str
    covariates: tuple[str, ...]
    exact: tuple[str, ...]
    outcomes: tuple[OutcomeFacts, ...]
    decisions: tuple[DecisionFacts, ...]
    contrasts: tuple[ContrastFacts, ...]
    path: PathFacts | None
    donors: DonorFacts
    families: tuple[TestFamily, ...]
    after_index_date: Mapping[str, int | None]
    linked: tuple[LinkedFacts, ...] = ()
    blank: Mapping[str, int | None] = field(default_factory=dict)
    derived: Mapping[str, DerivedFacts]
    sensitivity: tuple[ChallengedFacts, ...]
    target_trial: TargetTrialFacts
    comparison: ComparisonFacts
    designs: tuple[ComparisonFacts, ...]
    benchmark: BenchmarkFacts | None
    locked: LockFacts | None = None
    dominance: Mapping[str, bool] | None = None


def written(facts: GroupFacts) -> dict[str, object]:
    """Return the facts as JSON has them: numbers with the digits of the CSVs, NaN as a text."""
    whole = asdict(facts)
    # Of one group there are no words for two.
    nouns = whole["study"]["words"]
    whole["study"]["words"] = {name: noun for name, noun in nouns.items() if noun is not None}
    made: dict[str, object] = _plain(whole)
    return made


def _plain(value: object) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        # JSON has no NaN; a text is what other typed formats write for it.
        return "NaN" if math.isnan(value) else float(f"{value:.10g}")
    return value


def read_facts(
    content: Mapping[str, object], where: str = "manifest.json"
) -> GroupFacts | RunFacts:
    """Return the facts that a manifest holds: those of one group, or of a comparison.

    Raises
    ------
    DataError
        If one is missing or of another kind.
    """
    study = content.get("study")
    is_one = isinstance(study, Mapping) and study.get("design") in ONE_GROUP
    try:
        return typed(GroupFacts if is_one else RunFacts, dict(content))
    except ValueError as error:
        raise DataError(f"{where}: {error}; run the study again.") from error
