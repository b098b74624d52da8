"""Danish sentences made from the estimates, so that text and table cannot disagree.

The sign, the size and the certainty of every sentence come from the same row that the
table shows.  "Ingen statistisk sikker forskel" is never written as "ingen effekt".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analyses.results.time_units import TIME_UNITS
from evaluation.estimates import Certainty, certainty_of
from reports.words.danish import interval, listing, number, p_value, upper_first
from reports.words.vocabulary import PARTICIPANTS, Vocabulary

UNITS = {
    "percentage points": "procentpoint",
    "scale points (0-100)": "point",
    **{name: unit.many for name, unit in TIME_UNITS.items()},
    "hazard ratio": "",
    "subdistribution hazard ratio": "",
    "time ratio": "",
}
TERMS = {
    "incidence": "Forskel i andel",
    "weeks_since_employment": "Uger siden første beskæftigelse",
    "weeks_since_event": "Tid siden hændelsen",
    "accumulated_weeks_26": "Uger i alt de første 26 uger",
    "accumulated_weeks_52": "Uger i alt de første 52 uger",
    "accumulated_weeks_104": "Uger i alt de første 104 uger",
    "hazard_ratio": "Hasardratio (Cox)",
    "subdistribution_hazard_ratio": "Subdistributionshasardratio",
    "time_ratio": "Tidsratio (Weibull)",
    "score_difference": "Forskel i score",
    "mean_difference": "Forskel i gennemsnit",
    "itt_did": "Forskel i ændring i andel, hele målgruppen",
}
RATIOS = ("hazard ratio", "subdistribution hazard ratio", "time ratio")
EVENTS = {
    "employment": "kommet i beskæftigelse",
    "education": "begyndt på en uddannelse",
    "flexjob": "kommet i fleksjob",
    "early_retirement": "gået på førtidspension",
    "retirement": "gået på efterløn eller folkepension",
}


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
    level: float
    words: Vocabulary

    @classmethod
    def of(cls, row: Any, label: str, words: Vocabulary = PARTICIPANTS) -> Finding:
        """Return the finding of a row of effects.csv; `label` stands within a sentence."""
        numbers = {
            name: float(getattr(row, name))
            for name in (
                "estimate",
                "conf_low",
                "conf_high",
                "p_adjusted",
                "n_treated",
                "n_comparison",
            )
        }
        return cls(
            outcome=row.outcome,
            label=label,
            term=row.term,
            unit=row.unit,
            p=float(row.p_value),
            level=float(row.conf_level),
            words=words,
            **numbers,
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
        return certainty_of(
            self.estimate,
            limits=(self.conf_low, self.conf_high),
            p_values=(self.p, self.p_adjusted),
            level=self.level,
        )

    @property
    def unit_word(self) -> str:
        """The unit as a Danish reader knows it."""
        return UNITS.get(self.unit, self.unit)

    @property
    def value(self) -> str:
        """The estimate as the table shows it."""
        return number(self.estimate, self.decimals)

    @property
    def amount(self) -> str:
        """The estimate without its sign, with its unit."""
        return self.amount_of(self.estimate if self.is_ratio else abs(self.estimate))

    def amount_of(self, value: float) -> str:
        """Return a value with this finding's decimals and unit."""
        return f"{number(value, self.decimals)} {self.unit_word}".strip()

    @property
    def interval(self) -> str:
        """The interval as the table shows it."""
        return interval(self.conf_low, self.conf_high, self.decimals)

    @property
    def with_interval(self) -> str:
        """The estimate and its interval, for figures and their descriptions."""
        refused = self.certainty in (Certainty.REFUSED, Certainty.HIDDEN)
        return self.value if refused else f"{self.value} ({self.interval})"

    @property
    def brackets(self) -> str:
        """The interval in brackets for a sentence, or nothing."""
        if self.certainty in (Certainty.REFUSED, Certainty.HIDDEN):
            return ""
        return f" ({number(100 * self.level, 0)} %-sikkerhedsinterval {self.interval})"

    def direction(self, more: str = "højere", less: str = "lavere") -> str:
        """Return the word for the sign of the estimate as it is shown; empty for none."""
        shown = round(self.estimate - self.null, self.decimals)
        return "" if shown == 0 else more if shown > 0 else less


def happened(event: str, label: str) -> str:
    """Return what has happened to a person, as in "er kommet i beskæftigelse"."""
    return EVENTS.get(event, f"registreret med {label}")


def headline(finding: Finding, difference: str) -> str:
    """Say a difference and in a word how sure it is; the place for it is the summary.

    Parameters
    ----------
    finding : Finding
        The estimate.
    difference : str
        The difference in words with its size, as `difference_words` writes it.
    """
    start = upper_first(difference)
    match finding.certainty:
        case Certainty.HIDDEN:
            return f"Forskellen i {finding.label} kan ikke vises af hensyn til fortrolighed."
        case Certainty.REFUSED:
            return f"{start}. Usikkerheden kan ikke opgøres."
        case Certainty.CLEAR:
            return f"{start}{finding.brackets}. Forskellen er statistisk sikker."
        case Certainty.LOST:
            return (
                f"{start}{finding.brackets}. Forskellen er ikke statistisk sikker, når der "
                "tages højde for, at flere udfald er testet."
            )
        case _:
            return f"{start}{finding.brackets}. Forskellen er ikke statistisk sikker."


def certainty_sentence(finding: Finding) -> str:
    """Say with its p-value what the test allows, and no more; its place is the chapter."""
    match finding.certainty:
        case Certainty.HIDDEN:
            return ""
        case Certainty.REFUSED:
            return (
                f"Usikkerheden på forskellen i {finding.label} kan ikke opgøres forsvarligt på "
                "et så lille grundlag, jf. @tbl-klynger. Tallet kan derfor ikke bruges som mål "
                "for en effekt."
            )
        case Certainty.CLEAR:
            return f"Forskellen i {finding.label} er statistisk sikker ({_p_words(finding.p)})."
        case Certainty.LOST:
            return (
                f"Set alene ligger forskellen i {finding.label} uden for den statistiske "
                f"usikkerhed ({_p_words(finding.p)}), men ikke når der tages højde for, at "
                f"flere udfald er testet (korrigeret p-værdi {p_value(finding.p_adjusted)})."
            )
        case _:
            return (
                f"Der er ingen statistisk sikker forskel i {finding.label} "
                f"({_p_words(finding.p)}). Tallene er forenelige med alt fra "
                f"{_range_words(finding)}, og undersøgelsen kan derfor hverken påvise en "
                "forskel eller udelukke en inden for de grænser."
            )


def _p_words(p: float) -> str:
    text = p_value(p)
    return f"p {text.replace('<', '< ')}" if text.startswith("<") else f"p = {text}"


def _range_words(finding: Finding) -> str:
    ends = [
        f"{number(abs(end), finding.decimals)} {finding.unit_word} "
        f"{'højere' if end > 0 else 'lavere'}"
        for end in (finding.conf_low, finding.conf_high)
    ]
    return finding.interval if finding.is_ratio else " til ".join(ends)


def difference_words(finding: Finding, subject: str) -> str:
    """Return "{subject} er 4,2 point højere blandt deltagerne end i sammenligningsgruppen"."""
    among = f"blandt {finding.words.treated} end i sammenligningsgruppen"
    word = finding.direction()
    if not word:
        return f"{subject} er på samme niveau i de to grupper"
    return f"{subject} er {finding.amount} {word} {among}"


def incidence_words(finding: Finding, event: str, follow_up: str) -> str:
    """Return how many more or fewer have had the event within a time such as "104 uger"."""
    word = finding.direction("højere", "lavere")
    share = f"andelen, der er {event} inden for {follow_up},"
    if not word:
        return f"{share} er den samme i de to grupper"
    among = f"blandt {finding.words.treated} end i sammenligningsgruppen"
    return f"{share} er {finding.amount} {word} {among}"


def shares_sentence(
    treated: float,
    comparison: float,
    event: str,
    follow_up: str,
    words: Vocabulary = PARTICIPANTS,
) -> str:
    """Say the share of each group in per cent, or nothing where one is hidden."""
    if not (math.isfinite(treated) and math.isfinite(comparison)):
        return ""
    return (
        f"{number(treated)} pct. af {words.treated} er {event} inden for {follow_up} mod "
        f"{number(comparison)} pct. i sammenligningsgruppen."
    )


def per_hundred_sentence(finding: Finding) -> str:
    """Say an incidence difference per 100 of those it is about, with its interval."""
    if finding.certainty in (Certainty.REFUSED, Certainty.HIDDEN):
        return ""
    low, high = _persons(finding.conf_low), _persons(finding.conf_high)
    if round(finding.estimate) == 0:
        start = f"{finding.words.hundred} svarer det til under én person til forskel"
    else:
        start = f"{finding.words.hundred} svarer det til omkring {_persons(finding.estimate)}"
    return f"{start}; sikkerhedsintervallet går fra {low} til {high}."


def _persons(value: float) -> str:
    size = number(abs(value), 0)
    if size == "0":
        return "ingen forskel"
    return f"{size} {'flere' if value > 0 else 'færre'}"


RATIO_NAMES = {
    "hazard_ratio": ("hyppigheden af {event} er", "hasardratio"),
    "subdistribution_hazard_ratio": (
        "regnet med dem, der er gået ud på anden måde, er tilgangen til {event}",
        "subdistributionshasardratio",
    ),
}


def ratio_words(finding: Finding, event: str) -> str:
    """Return what a hazard or time ratio says, with its value."""
    if finding.term == "time_ratio":
        word = finding.direction("længere", "kortere")
        words = f"tiden til {event} er {word} blandt {finding.words.treated}, "
        words += "med en tidsratio på"
    else:
        word = finding.direction("højere", "lavere")
        what, name = RATIO_NAMES[finding.term]
        words = f"{what.format(event=event)} {word} blandt {finding.words.treated}, "
        words += f"med en {name} på"
    return f"{words if word else f'ratioen for {event} er'} {finding.value}"


def conclusion(findings: Sequence[Finding], found: Sequence[str]) -> str:
    """Conclude over several outcomes without repeating their numbers.

    Parameters
    ----------
    findings : sequence of Finding
        The tested estimates.
    found : sequence of str
        For each, what holds if it is sure, as a full sentence.
    """
    sure = [
        words
        for one, words in zip(findings, found, strict=True)
        if one.certainty is Certainty.CLEAR
    ]
    labels = {
        kind: listing(one.label for one in findings if one.certainty is kind)
        for kind in Certainty
    }
    parts = list(sure)
    unclear = [f for f in findings if f.certainty in (Certainty.UNCLEAR, Certainty.LOST)]
    if unclear:
        names = listing(one.label for one in unclear)
        parts.append(
            f"Der er ikke fundet en statistisk sikker forskel i {names}. Det betyder ikke, at "
            "der ingen forskel er, men at usikkerheden er for stor til at sige det."
        )
    if refused := labels[Certainty.REFUSED]:
        parts.append(
            f"For {refused} kan usikkerheden ikke opgøres, og der kan ikke konkluderes på "
            "tallene."
        )
    if hidden := labels[Certainty.HIDDEN]:
        parts.append(f"For {hidden} kan tallene ikke vises af hensyn til fortrolighed.")
    return " ".join(parts)
