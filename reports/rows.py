"""The tables of a results folder row by row, with types; a class bears its table's name."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from math import nan
from typing import Literal, NamedTuple, TypeVar

from analyses.results.facts import Term
from evaluation.inference.gatekeeper import Method as InferenceMethod

Arm = Literal["treated", "comparison"]
ARMS: tuple[Arm, Arm] = ("treated", "comparison")


@dataclass(frozen=True, slots=True)
class Effects:
    """One effect."""

    outcome: str
    term: Term
    estimate: float
    conf_low: float
    conf_high: float
    p_value: float
    p_adjusted: float
    unit: str
    n_treated: float
    n_comparison: float
    conf_level: float
    n_clusters: float = nan


class Grades(NamedTuple):
    """How sure a difference is: of an outcome, or of a way out or a design of it."""

    outcome: str
    part: str
    term: str
    grade: str
    bounded: str


class Balance(NamedTuple):
    """How unlike the groups are on one characteristic; variance ratios are not of shares."""

    outcome: str
    covariate: str
    level: str
    smd_before: float
    smd_after: float
    vr_before: float
    vr_after: float
    ks_before: float
    ks_after: float

    @property
    def key(self) -> tuple[str, str]:
        """The characteristic and its level."""
        return self.covariate, self.level


class Respondents(Balance):
    """The same among those whose outcome is known."""


class Curves(NamedTuple):
    """One step of a curve."""

    outcome: str
    curve: str
    arm: str
    cause: str
    time: float
    estimate: float
    at_risk: float


class Tests(NamedTuple):
    """One test of the curves of a cause."""

    outcome: str
    cause: str
    test: str
    statistic: float
    df: float
    p_value: float


class Quantiles(NamedTuple):
    """When a share of an arm has left."""

    outcome: str
    arm: str
    probability: float
    estimate: float
    conf_low: float
    conf_high: float


class Differences(NamedTuple):
    """The difference in incidence at a fixed time."""

    outcome: str
    time: float
    estimate: float
    conf_low: float
    conf_high: float


class Paths(NamedTuple):
    """A share of a week, or the difference (``arm`` is ``difference``) with its band."""

    status: str
    arm: str
    week: int
    estimate: float
    band_low: float
    band_high: float


class Flow(NamedTuple):
    """How many are left after a step; an outcome's steps carry its name after a colon."""

    step: str
    arm: Arm
    n: float
    lost: float
    reason: str

    @property
    def code(self) -> str:
        """The step."""
        return self.step.partition(":")[0]

    @property
    def outcome(self) -> str:
        """The outcome whose set it leads to; empty for the cohort."""
        return self.step.partition(":")[2]


class Means(NamedTuple):
    """What an outcome was in an arm: of a score in a wave, of an amount once."""

    outcome: str
    wave: str
    arm: str
    mean: float
    conf_low: float
    conf_high: float
    n: float


class Durations(NamedTuple):
    """How follow-up ended for so many."""

    outcome: str
    arm: str
    step: str
    cause: str
    n: float


class Scales(NamedTuple):
    """The reliability of a scale in a wave."""

    scale: str
    wave: str
    n: float
    items: float
    alpha: float
    conf_low: float
    conf_high: float


class Shares(NamedTuple):
    """The share that gave some answers to an item in a wave."""

    survey: str
    wave: str
    group: str
    item: str
    level: str
    n: float
    estimate: float
    conf_low: float
    conf_high: float


class Response(NamedTuple):
    """Who was asked and who answered, of an arm or of ``all``."""

    survey: str
    wave: str
    arm: str
    n_invited: float
    n_answered: float
    share: float


class Sites(NamedTuple):
    """A treated cluster alone, and the effect without it."""

    outcome: str
    term: Term
    cluster: str
    estimate: float
    n_treated: float
    loo_estimate: float
    loo_low: float
    loo_high: float


class Profile(NamedTuple):
    """The mean of a variable, or the share of a level, in a group."""

    group: str
    variable: str
    level: str
    n: float
    mean: float
    sd: float


class Missing(NamedTuple):
    """How often a question has a kind of missing answer."""

    survey: str
    wave: str
    kind: str
    n: float


class Spells(NamedTuple):
    """How long cases of a type last in an arm."""

    case_type: str
    arm: Arm
    n: float
    median_weeks: float
    p25_weeks: float
    p75_weeks: float
    open_share: float


class Starts(NamedTuple):
    """When the programme began in a cluster, or in a part of it."""

    cluster: str
    divided_by: str
    part: str
    first_date: str


class Design(NamedTuple):
    """What an outcome's inference rests on, and the smallest effect it is likely to find."""

    outcome: str
    method: InferenceMethod
    n_treated_clusters: float
    n_comparison_clusters: float
    effective_treated: float
    effective_comparison: float
    dispersion: float
    mde: float


class Designs(NamedTuple):
    """A measured amount under one design of the comparison group."""

    outcome: str
    design: str
    label: str
    estimate: float
    conf_low: float
    conf_high: float
    n_treated: float
    n_comparison: float
    ess_treated: float
    ess_comparison: float
    largest_smd: float


class Contrasts(NamedTuple):
    """A cohort of the intention to treat."""

    outcome: str
    arm: Arm
    period: Literal["before", "after"]
    first_date: str
    last_date: str
    n_unobserved: float
    n: float
    n_clusters: float
    estimate: float


class Municipalities(NamedTuple):
    """The outcome of a cluster in a half-year before the programme; ``class`` in the file."""

    cluster: str
    arm: str
    kind: str
    period: str
    estimate: float


class Pretrends(NamedTuple):
    """The same of all clusters of an arm."""

    arm: str
    period: str
    n_clusters: float
    estimate: float


class Benchmark(NamedTuple):
    """The randomised data's own difference."""

    outcome: str
    estimate: float
    conf_low: float
    conf_high: float


class Levels(NamedTuple):
    """The mean score of a scale in a wave."""

    survey: str
    scale: str
    wave: str
    estimate: float
    conf_low: float
    conf_high: float


class Changes(NamedTuple):
    """How a score or a share changed between two waves."""

    survey: str
    item: str
    since: float
    wave: str
    estimate: float
    conf_low: float
    conf_high: float
    unit: str
    method: InferenceMethod


class Repeated(NamedTuple):
    """How many of those in a wave are in the next one too."""

    survey: str
    since: float
    wave: str
    n: float


Item = TypeVar("Item")
Key = TypeVar("Key", bound=Hashable)


def grouped(rows: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    """Return rows by what they have in common, the groups in the order of their first row."""
    groups: dict[Key, list[Item]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups
