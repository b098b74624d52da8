"""Danish sentences made from the estimates, so that text and table cannot disagree.

The sign, the size and the certainty of every sentence come from the same row that the
table shows.  "Ingen statistisk sikker forskel" is never written as "ingen effekt".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import Any

from reports.danish import interval, number, p_value, small_number

UNITS = {
    "percentage points": "procentpoint",
    "scale points (0-100)": "point",
    "weeks": "uger",
    "hazard ratio": "",
    "subdistribution hazard ratio": "",
    "time ratio": "",
}
TERMS = {
    "incidence": "Andel, forskel",
    "weeks_since_employment": "Uger siden første beskæftigelse",
    "weeks_since_event": "Uger siden hændelsen",
    "hazard_ratio": "Hasardratio",
    "subdistribution_hazard_ratio": "Subdistributionshasardratio",
    "time_ratio": "Tidsratio (Weibull)",
    "score_difference": "Forskel i score",
    "mean_difference": "Forskel i gennemsnit",
}
RATIOS = ("hazard ratio", "subdistribution hazard ratio", "time ratio")


class Certainty(Enum):
    """What an interval and its test allow one to say."""

    REFUSED = "refused"
    UNCLEAR = "unclear"
    LOST = "lost in the adjustment for several tests"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One row of effects.csv in words."""

    outcome: str
    label: str
    term: str
    unit: str
    estimate: float
    conf_low: float
    conf_high: float
    p: float
    p_adjusted: float
    n_treated: float
    n_comparison: float
    n_clusters: float
    level: float

    @classmethod
    def of(cls, row: Any, label: str) -> Finding:
        """Return the finding of a row of effects.csv."""
        return cls(
            outcome=row.outcome,
            label=label,
            term=row.term,
            unit=row.unit,
            estimate=float(row.estimate),
            conf_low=float(row.conf_low),
            conf_high=float(row.conf_high),
            p=float(row.p_value),
            p_adjusted=float(row.p_adjusted),
            n_treated=float(row.n_treated),
            n_comparison=float(row.n_comparison),
            n_clusters=_float(row.n_clusters),
            level=float(row.conf_level),
        )

    @property
    def is_ratio(self) -> bool:
        """Whether 1 and not 0 means no difference."""
        return self.unit in RATIOS

    @property
    def null(self) -> float:
        """The value of no difference."""
        return 1.0 if self.is_ratio else 0.0

    @property
    def decimals(self) -> int:
        """How many decimals the reader sees: two for ratios, none for large amounts."""
        if self.is_ratio:
            return 2
        return 0 if abs(self.estimate) >= 1000 else 1

    @property
    def certainty(self) -> Certainty:
        """How sure the difference is, by its test and, where it has one, its adjusted test."""
        if not math.isfinite(self.conf_low):
            return Certainty.REFUSED
        alpha = 1 - self.level
        if not self.p <= alpha:
            return Certainty.UNCLEAR
        if math.isfinite(self.p_adjusted) and self.p_adjusted > alpha:
            return Certainty.LOST
        return Certainty.CLEAR

    @property
    def amount(self) -> str:
        """The estimate without its sign, with its unit."""
        size = self.estimate if self.is_ratio else abs(self.estimate)
        return f"{number(size, self.decimals)} {self.unit_word}".strip()

    @property
    def unit_word(self) -> str:
        """The unit as a Danish reader knows it."""
        return UNITS.get(self.unit, self.unit)

    @property
    def interval(self) -> str:
        """The interval as the table shows it."""
        return interval(self.conf_low, self.conf_high, self.decimals)

    @property
    def level_word(self) -> str:
        """Such as "95 %-sikkerhedsinterval"."""
        return f"{number(100 * self.level, 0)} %-sikkerhedsinterval"


def _float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def certainty_sentence(finding: Finding) -> str:
    """Say what the interval and the test allow, and no more."""
    match finding.certainty:
        case Certainty.REFUSED:
            return (
                "Usikkerheden kan ikke opgøres forsvarligt med så få kommuner, "
                "og tallet kan derfor ikke stå som et mål for effekten."
            )
        case Certainty.CLEAR:
            return f"Forskellen er statistisk sikker ({_p_words(finding)})."
        case Certainty.LOST:
            return (
                f"Set alene ligger forskellen uden for den statistiske usikkerhed "
                f"({_p_words(finding)}), men ikke når der tages højde for, at flere udfald er "
                f"testet (korrigeret p-værdi {p_value(finding.p_adjusted)})."
            )
        case _:
            return (
                f"Det er ikke en statistisk sikker forskel ({_p_words(finding)}): "
                f"{_range_words(finding)} Undersøgelsen kan derfor hverken vise eller udelukke "
                "en forskel af den størrelse."
            )


def _p_words(finding: Finding) -> str:
    text = p_value(finding.p)
    return f"p {text.replace('<', '< ')}" if text.startswith("<") else f"p = {text}"


def _range_words(finding: Finding) -> str:
    low, high = finding.conf_low, finding.conf_high
    if low < finding.null < high and not finding.is_ratio:
        fall = number(abs(low), finding.decimals)
        rise = number(high, finding.decimals)
        return (
            f"Intervallet går fra {fall} {finding.unit_word} lavere "
            f"til {rise} {finding.unit_word} højere."
        )
    return f"Intervallet går fra {finding.interval}."


def direction(finding: Finding, more: str = "højere", less: str = "lavere") -> str:
    """Return the word for the sign of the estimate as it is shown."""
    shown = round(finding.estimate - finding.null, finding.decimals)
    if shown == 0:
        return "uændret"
    return more if shown > 0 else less


def incidence_sentence(
    finding: Finding, *, event: str, horizon: int, treated: float, comparison: float
) -> str:
    """Say how many had the event in each group by the horizon, and how sure the difference is.

    Parameters
    ----------
    event : str
        The event in words, as in "er kommet i {event}".
    horizon : int
        Weeks.
    treated, comparison : float
        Shares in per cent, at the horizon; NaN where disclosure control hides them.
    """
    shares = ""
    if math.isfinite(treated) and math.isfinite(comparison):
        shares = (
            f"Inden for {horizon} uger er {number(treated)} pct. af deltagerne kommet "
            f"i {event} mod {number(comparison)} pct. i sammenligningsgruppen. "
        )
    word = direction(finding, "flere", "færre")
    if word == "uændret":
        difference = f"Forskellen er {finding.amount}"
    else:
        difference = f"Det er {finding.amount} {word}"
    return f"{shares}{difference}{_in_brackets(finding)}. {certainty_sentence(finding)}"


def per_hundred_sentence(finding: Finding, event: str) -> str:
    """Say an incidence difference per 100 participants, with its interval."""
    if finding.certainty is Certainty.REFUSED:
        return ""
    word = "flere" if finding.estimate > 0 else "færre"
    size = number(abs(finding.estimate), 0)
    if size == "0":
        start = f"Pr. 100 deltagere svarer det til under én person til forskel i {event}"
    else:
        start = f"Pr. 100 deltagere svarer det til omkring {size} {word}, der kommer i {event},"
    ends = interval(finding.conf_low, finding.conf_high, 0)
    return f"{start} med et usikkerhedsinterval på {ends} personer."


def difference_sentence(finding: Finding, subject: str) -> str:
    """Say a difference in a score, a mean or weeks between the groups."""
    word = direction(finding)
    if word == "uændret":
        core = (
            f"{subject} er på samme niveau i de to grupper, når der vises {finding.decimals} "
        )
        core += f"decimal{'' if finding.decimals == 1 else 'er'}"
    else:
        core = f"{subject} er {finding.amount} {word} blandt deltagerne end i sammenligningen"
    return f"{core}{_in_brackets(finding)}. {certainty_sentence(finding)}"


def ratio_sentence(finding: Finding, event: str) -> str:
    """Say a hazard or time ratio in words."""
    if finding.term == "time_ratio":
        word = direction(finding, "længere", "kortere")
        core = f"Tiden til {event} er {word}: tidsratioen er {finding.amount}"
    else:
        word = direction(finding, "højere", "lavere")
        core = f"Den ugentlige hyppighed af overgang til {event} er {word}: "
        core += f"hasardratioen er {finding.amount}"
    if word == "uændret":
        core = f"Ratioen for {event} er {finding.amount}"
    return f"{core}{_in_brackets(finding)}."


def _in_brackets(finding: Finding) -> str:
    if finding.certainty is Certainty.REFUSED:
        return ""
    return f" ({finding.level_word} {finding.interval})"


def clusters_word(n: float) -> str:
    """Return "ni kommuner" and the like."""
    if not math.isfinite(n):
        return ""
    return f"{small_number(int(n))} kommune{'r' if n != 1 else ''}"
