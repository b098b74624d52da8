"""The tables of a results folder row by row: what the chapters read, with types."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, ClassVar, Literal, Protocol, TypeVar, get_type_hints

import pandas as pd

from analyses.results.facts import Term
from evaluation.inference.gatekeeper import Method as InferenceMethod

Arm = Literal["treated", "comparison"]
ARMS: tuple[Arm, Arm] = ("treated", "comparison")


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One effect."""

    table: ClassVar[str] = "effects"
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
    n_clusters: float
    conf_level: float


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """How unlike the groups are on one characteristic; variance ratios are not of shares."""

    table: ClassVar[str] = "balance"
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


@dataclass(frozen=True, slots=True)
class RespondentRow(BalanceRow):
    """The same among those whose outcome is known."""

    table: ClassVar[str] = "respondents"


@dataclass(frozen=True, slots=True)
class CurveRow:
    """One step of a curve."""

    table: ClassVar[str] = "curves"
    outcome: str
    curve: str
    arm: str
    cause: str
    time: float
    estimate: float
    conf_low: float
    conf_high: float
    at_risk: float


@dataclass(frozen=True, slots=True)
class TestRow:
    """One test of the curves of a cause."""

    table: ClassVar[str] = "tests"
    outcome: str
    cause: str
    test: str
    statistic: float
    df: float
    p_value: float


@dataclass(frozen=True, slots=True)
class QuantileRow:
    """When a share of an arm has left."""

    table: ClassVar[str] = "quantiles"
    outcome: str
    arm: str
    probability: float
    estimate: float
    conf_low: float
    conf_high: float


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """The difference in incidence at a fixed time."""

    table: ClassVar[str] = "differences"
    outcome: str
    time: float
    estimate: float
    conf_low: float
    conf_high: float


@dataclass(frozen=True, slots=True)
class PathRow:
    """A share of a week, or the difference (``arm`` is ``difference``) with both its bands."""

    table: ClassVar[str] = "paths"
    status: str
    arm: str
    week: int
    estimate: float
    conf_low: float
    conf_high: float
    band_low: float
    band_high: float


@dataclass(frozen=True, slots=True)
class FlowRow:
    """How many are left after a step; an outcome's steps carry its name after a colon."""

    table: ClassVar[str] = "flow"
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


@dataclass(frozen=True, slots=True)
class EndingRow:
    """How follow-up ended for so many."""

    table: ClassVar[str] = "durations"
    outcome: str
    arm: str
    step: str
    cause: str
    n: float


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """The reliability of a scale in a wave."""

    table: ClassVar[str] = "scales"
    scale: str
    wave: str
    n: float
    items: float
    alpha: float
    conf_low: float
    conf_high: float


@dataclass(frozen=True, slots=True)
class ShareRow:
    """The share that gave some answers to an item in a wave.

    The survey is ``table`` in the file.
    """

    table: ClassVar[str] = "shares"
    survey: str
    wave: str
    group: str
    item: str
    level: str
    n: float
    estimate: float
    conf_low: float
    conf_high: float


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """Who was asked and who answered, of an arm or of ``all``."""

    table: ClassVar[str] = "response"
    survey: str
    wave: str
    arm: str
    n_invited: float
    n_answered: float
    share: float


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A treated cluster alone, and the effect without it."""

    table: ClassVar[str] = "sites"
    outcome: str
    term: Term
    cluster: str
    estimate: float
    n_treated: float
    loo_estimate: float
    loo_low: float
    loo_high: float


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One answer to what could take a finding away; `name` is its key among the facts."""

    table: ClassVar[str] = "sensitivity"
    outcome: str
    check: str
    name: str
    estimate: float
    conf_low: float
    conf_high: float
    p_value: float
    unit: str


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """The mean of a variable, or the share of a level, in a group."""

    table: ClassVar[str] = "profile"
    group: str
    variable: str
    level: str
    n: float
    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class MissingRow:
    """How often a question has a kind of missing answer."""

    table: ClassVar[str] = "missing"
    survey: str
    wave: str
    kind: str
    n: float


@dataclass(frozen=True, slots=True)
class SpellRow:
    """How long cases of a type last in an arm."""

    table: ClassVar[str] = "spells"
    case_type: str
    arm: Arm
    n: float
    median_weeks: float
    p25_weeks: float
    p75_weeks: float
    open_share: float


@dataclass(frozen=True, slots=True)
class DesignRow:
    """What an outcome's inference rests on, and the smallest effect it is likely to find."""

    table: ClassVar[str] = "design"
    outcome: str
    method: InferenceMethod
    n_treated_clusters: float
    n_comparison_clusters: float
    effective_treated: float
    effective_comparison: float
    mde: float


@dataclass(frozen=True, slots=True)
class WayRow:
    """A measured amount under one design of the comparison group."""

    table: ClassVar[str] = "designs"
    outcome: str
    label: str
    estimate: float
    conf_low: float
    conf_high: float
    n_treated: float
    n_comparison: float
    ess_treated: float
    ess_comparison: float
    largest_smd: float


@dataclass(frozen=True, slots=True)
class CohortRow:
    """A cohort of the intention to treat."""

    table: ClassVar[str] = "contrasts"
    outcome: str
    arm: Arm
    period: Literal["before", "after"]
    first_date: str
    last_date: str
    n_unobserved: float
    n: float
    n_clusters: float
    estimate: float


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """The outcome of a cluster in a half-year before the programme; ``class`` in the file."""

    table: ClassVar[str] = "municipalities"
    cluster: str
    arm: str
    kind: str
    period: str
    estimate: float


@dataclass(frozen=True, slots=True)
class TrendRow:
    """The same of all clusters of an arm."""

    table: ClassVar[str] = "pretrends"
    arm: str
    period: str
    n_clusters: float
    estimate: float


@dataclass(frozen=True, slots=True)
class BenchmarkRow:
    """The randomised data's own difference."""

    table: ClassVar[str] = "benchmark"
    outcome: str
    estimate: float
    conf_low: float
    conf_high: float


# Where a field cannot have the name of its column.
COLUMNS = {"survey": "table", "kind": "class"}


class InTable(Protocol):
    """A row that knows its table."""

    table: ClassVar[str]


Row = TypeVar("Row", bound=InTable)
Item = TypeVar("Item")
Key = TypeVar("Key", bound=Hashable)


def grouped(rows: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    """Return rows by what they have in common, the groups in the order of their first row."""
    groups: dict[Key, list[Item]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def rows_of(kind: type[Row], frame: pd.DataFrame) -> tuple[Row, ...]:
    """Return a table row by row; what is empty is NaN among numbers and '' among texts."""
    if frame.empty:
        return ()
    columns = [
        _texts(name, frame[column]) if hint is str else _numbers(hint, frame[column])
        for name, column, hint in _fields(kind, tuple(frame.columns))
    ]
    return tuple(kind(*cells) for cells in zip(*columns, strict=True))


@cache
def _fields(kind: Any, columns: tuple[str, ...]) -> list[tuple[str, str, type]]:
    """Return each field with its column and its type; codes are texts."""
    hints = get_type_hints(kind)
    return [
        (
            one.name,
            one.name if one.name in columns else COLUMNS[one.name],
            hints[one.name] if hints[one.name] in (float, int) else str,
        )
        for one in fields(kind)
    ]


def _numbers(hint: type, column: pd.Series) -> Sequence[float]:
    values = pd.to_numeric(column).astype("float64").tolist()
    return [int(value) for value in values] if hint is int else values


def _texts(name: str, column: pd.Series) -> Sequence[str]:
    if name == "wave":
        return ["" if pd.isna(wave) else f"{float(wave):.0f}" for wave in column]
    return [_text(cell) for cell in column]


def _text(cell: object) -> str:
    """Return a cell as text; a code that a missing neighbour made a decimal number is whole."""
    if isinstance(cell, float):
        return "" if cell != cell else f"{cell:g}"  # noqa: PLR0124  (only NaN differs from itself)
    return "" if cell is None or cell is pd.NA else str(cell)
