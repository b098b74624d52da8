"""What each kind of outcome has to say of itself in the manifest, in codes and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from analyses.outcomes.time_fits import FineGray
from data_dictionary.roles import TableRole
from evaluation.robustness.response import ResponseWarning


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeFacts:
    """An outcome in time: the event, the register that tells of it, what else can come first.

    ``register`` is None where the times stand in the cohort's table.
    """

    event: str
    competing: tuple[str, ...]
    horizon: float
    unit: str
    fine_gray: FineGray
    register: TableRole | None = None
    weeks: int | None = None
    hours: float | None = None
    months: int | None = None
    case_type: str | None = None
    counts_from: Literal["index", "case"] = "index"
    landmark: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreFacts:
    """A scale, from its baseline wave to its follow-up wave.

    ``response`` warns of who answered the latter, as it is shown.
    """

    scale: str
    table: str
    baseline: int
    wave: int
    baseline_column: str
    reliability: str | float
    reliability_source: str | None = None
    response: tuple[ResponseWarning, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueFacts:
    """A number that stands in a column of the cohort's table.

    Of a share every value is 0 or 1, or between them under a unit that says so.
    """

    column: str
    is_share: bool = False


KindFacts: TypeAlias = TimeFacts | ScoreFacts | ValueFacts
