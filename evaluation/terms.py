"""Every term that an effect can have: what it estimates, in which unit, who offers it.

A term that is not listed here, or has no unit, is refused: reports know their words by code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

RATIO_UNITS = (
    "hazard ratio",
    "subdistribution hazard ratio",
    "ratio of hazard ratios",
    "time ratio",
    "risk ratio",
    "ratio of means",
)
SCORE_UNIT = "scale points (0-100)"
# Units that the closed list leaves to the study: those of its durations and of its amounts.
OF_DURATION = "the duration's"
OF_OUTCOME = "the outcome's"
UNITS = (*RATIO_UNITS, "percentage points", "weeks", SCORE_UNIT, OF_DURATION, OF_OUTCOME)

OutcomeKind = Literal["time", "score", "value"]
Statistic = Literal["incidence", "weeks", "hazard"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term, such as ``incidence`` or, with a number behind it, ``accumulated_weeks_52``."""

    code: str  # as in effects.csv
    estimates: str  # what it is an estimate of
    unit: str  # one of `UNITS`
    # The kind of outcome of which it is estimated in every study; None where it belongs to a
    # contrast of its own or is made on request only.
    offered: OutcomeKind | None = None
    needs_competing: bool = False  # only beside competing causes another number than the others
    # What persons contribute to it (`evaluation.person_values`), where it is a mean of them.
    statistic: Statistic | None = None
    is_numbered: bool = False  # the code has a number behind it

    def __post_init__(self) -> None:
        """Refuse a term that nobody could read off a table."""
        if self.unit not in UNITS or not self.estimates:
            raise ValueError(
                f"term '{self.code}' needs what it estimates and a unit: one of {UNITS}"
            )

    @property
    def is_ratio(self) -> bool:
        """Whether no effect means 1 rather than 0."""
        return self.unit in RATIO_UNITS

    def has_unit(self, unit: str) -> bool:
        """Return whether an effect of this term may be in `unit`."""
        return bool(unit) and (self.unit in (unit, OF_DURATION, OF_OUTCOME))


_SINCE = "time since the event up to the horizon, treated less comparison"
TERMS: Mapping[str, Term] = MappingProxyType(
    {
        term.code: term
        for term in (
            Term(
                code="incidence",
                estimates="share with the event first by the horizon, treated less comparison",
                unit="percentage points",
                offered="time",
                statistic="incidence",
            ),
            Term(
                code="weeks_since_event",
                estimates=_SINCE,
                unit=OF_DURATION,
                offered="time",
                statistic="weeks",
            ),
            Term(
                code="hazard_ratio",
                estimates="cause-specific hazard, treated over comparison",
                unit="hazard ratio",
                offered="time",
                statistic="hazard",
            ),
            Term(
                code="subdistribution_hazard_ratio",
                estimates="hazard of the incidence, treated over comparison",
                unit="subdistribution hazard ratio",
                offered="time",
                needs_competing=True,
            ),
            Term(
                code="time_ratio",
                estimates="time to the event, treated over comparison",
                unit="time ratio",
                offered="time",
            ),
            Term(
                code="weeks_since_employment",
                estimates=_SINCE,
                unit=OF_DURATION,
                statistic="weeks",
            ),
            Term(
                code="incidence_ratio",
                estimates="share with the event first by the horizon, treated over comparison",
                unit="risk ratio",
            ),
            *(
                Term(
                    code=f"weeks_since_{cause}_ratio",
                    estimates="time since the event up to the horizon, treated over comparison",
                    unit="ratio of means",
                )
                for cause in ("event", "employment")
            ),
            *(
                Term(
                    code=f"piecewise_hazard_ratio{which}",
                    estimates=f"piecewise constant hazard, treated over comparison{where}",
                    unit="hazard ratio",
                    is_numbered=which == "_",
                )
                for which, where in (
                    ("", ""),
                    ("_", " in an interval"),
                    ("_change", ", last interval over first"),
                )
            ),
            *(
                Term(code=code, estimates=f"one step of the test that {what}", unit=unit)
                for code, what, unit in (
                    ("log_rank", "hazards do not differ", "hazard ratio"),
                    ("gray", "incidences do not differ", "subdistribution hazard ratio"),
                    ("proportional_hazards", "the ratio lasts", "ratio of hazard ratios"),
                )
            ),
            Term(
                code="score_difference",
                estimates="score at follow-up given the baseline, treated less comparison",
                unit=SCORE_UNIT,
                offered="score",
            ),
            *(
                Term(
                    code=f"score_difference_{what}",
                    estimates=f"the same, {how} for the measurement error of the baseline",
                    unit=SCORE_UNIT,
                )
                for what, how in (("corrected", "corrected"), ("uncorrected", "not corrected"))
            ),
            Term(
                code="mean_difference",
                estimates="mean, treated less comparison",
                unit=OF_OUTCOME,
                offered="value",
            ),
            Term(
                code="g_computation",
                estimates="mean of the outcome as modelled, treated against comparison",
                unit=OF_OUTCOME,
            ),
            Term(
                code="itt_did",
                estimates="change in all who were flagged, treated clusters less the others",
                unit=OF_OUTCOME,
            ),
            Term(
                code="accumulated_weeks_",
                estimates="weeks in the status until a week, treated less comparison",
                unit="weeks",
                is_numbered=True,
            ),
        )
    }
)
# A term that is named for its cause where that is employment.
NAMED_TERMS = {("weeks_since_event", "employment"): "weeks_since_employment"}


def term_of(code: str) -> Term:
    """Return the term of a code; refused with ValueError where there is none.

    Examples
    --------
    >>> term_of("hazard_ratio").is_ratio, term_of("accumulated_weeks_52").unit
    (True, 'weeks')
    """
    found = TERMS.get(code) or TERMS.get(code.rstrip("0123456789"))
    if found is None or found.is_numbered == (code == found.code):
        raise ValueError(f"term '{code}' is not in the list of evaluation.terms")
    return found


def require_term(code: str, unit: str) -> None:
    """Raise ValueError where an effect has a term that is not listed, or another unit."""
    if not term_of(code).has_unit(unit):
        raise ValueError(f"term '{code}' has no unit '{unit}'")


def terms_of(kind: OutcomeKind, *, competing: bool = True) -> tuple[str, ...]:
    """Return the terms that are estimated of every outcome of a kind, in order.

    Examples
    --------
    >>> terms_of("time", competing=False)
    ('incidence', 'weeks_since_event', 'hazard_ratio', 'time_ratio')
    """
    offered = [term for term in TERMS.values() if term.offered == kind]
    return tuple(term.code for term in offered if competing or not term.needs_competing)
