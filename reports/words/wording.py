"""Danish sentences made from the estimates, so that text and table cannot disagree.

The sign, the size and the certainty of every sentence come from the same row that the
table shows.  "Ingen statistisk sikker forskel" is never written as "ingen effekt".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from evaluation.grades import Grade
from evaluation.inference.variation import Refusal
from evaluation.terms import RATIO_UNITS
from reports.rows import Arm, Effects
from reports.words.certainty import CERTAINTY
from reports.words.danish import NOISE, beside, interval, listing, number, p_value, upper_first
from reports.words.terms import OF_HAZARDS
from reports.words.units import UNITS, unit_word
from reports.words.vocabulary import Vocabulary

# Why the uncertainty is not known although there are enough places and persons.
_STILL = ", fordi udfaldet ikke varierer nok"
UNSEEN: Mapping[Refusal, str] = {
    "constant_arm": _STILL,
    "only_rounding": _STILL,
    "risk_set_empties": ", fordi ingen i en af grupperne følges i en del af perioden",
    "lone_unit": ", fordi en af grupperne er for lille",
    "no_replicate": ", fordi tallet afhænger af et enkelt sted",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Effects):
    """One row of effects.csv in words; `label` stands within a sentence.

    `refusal` is the code of why there is no inference, None where there is or places are few;
    `is_bounded` whether both limits lie inside the smallest difference that matters.
    """

    label: str
    grade: Grade
    words: Vocabulary
    refusal: Refusal | None = None
    is_bounded: bool = False

    @classmethod
    def of(cls, row: Effects, label: str, words: Vocabulary, grade: Grade) -> Finding:
        """Return the finding of a row of effects.csv; its grade stands in grades.csv."""
        # A grade may be told where its number is not: to a reader it is hidden with it.
        seen = grade if math.isfinite(row.estimate) else Grade.HIDDEN
        return cls(label=label, words=words, grade=seen, **asdict(row))

    def n_of(self, arm: Arm) -> float:
        """Return the persons of an arm behind it."""
        return self.n_treated if arm == "treated" else self.n_comparison

    @property
    def is_ratio(self) -> bool:
        """Whether 1 and not 0 means no difference."""
        return self.unit in RATIO_UNITS

    @property
    def null(self) -> float:
        """The value of no difference."""
        return 1.0 if self.is_ratio else 0.0

    @property
    def decimals(self) -> int:
        """How many decimals the reader sees.

        Two for ratios and one for points and weeks.  A study's own unit may be dollars or shares:
        none where intervals are wide, and where they are narrow two digits of their width.
        """
        if self.is_ratio:
            return 2
        if self.unit in UNITS:
            return 1
        width = self.conf_high - self.conf_low if self.has_interval else abs(self.estimate)
        if not (math.isfinite(width) and width > 0):
            return 1
        return 0 if width >= 100 else min(max(1 - math.floor(math.log10(width)), 1), 4)

    @property
    def has_interval(self) -> bool:
        """Whether both limits are known."""
        return math.isfinite(self.conf_low) and math.isfinite(self.conf_high)

    @property
    def is_told(self) -> bool:
        """Whether there is an estimate with an interval to tell of."""
        return math.isfinite(self.estimate) and self.has_interval

    @property
    def is_told_apart(self) -> bool:
        """Whether it lies outside what chance makes, tested by the plan or not; size included."""
        return self.is_told and self.grade in (Grade.CERTAIN, Grade.INDICATION)

    @property
    def is_unsure(self) -> bool:
        """Whether its test, after adjustment, does not tell it apart from no difference."""
        return self.grade in (Grade.UNCERTAIN, Grade.LOST)

    @property
    def unit_word(self) -> str:
        """The unit as a Danish reader knows it."""
        return unit_word(self.unit)

    @property
    def value(self) -> str:
        """The estimate as the table shows it; one that is told apart is not shown as none."""
        return self.shown(self.estimate)

    @property
    def amount(self) -> str:
        """The estimate without its sign, with its unit."""
        return self.amount_of(self.estimate if self.is_ratio else abs(self.estimate))

    def amount_of(self, value: float) -> str:
        """Return a value with this finding's decimals and unit."""
        # A unit such as "1.000 dollar" would read as one number with the value.
        unit = f"({self.unit_word})" if self.unit_word[:1].isdigit() else self.unit_word
        return f"{self.shown(value)} {unit}".strip()

    def shown(self, value: float) -> str:
        """Return a value with this finding's decimals."""
        if self.is_told_apart:
            return beside(value, self.null, self.decimals)
        return number(value, self.decimals)

    @property
    def interval(self) -> str:
        """The interval as the table shows it."""
        return self.interval_of(self.conf_low, self.conf_high)

    def interval_of(self, low: float, high: float) -> str:
        """Return an interval of this finding's unit, or a dash where there is none."""
        return interval(low, high, self.decimals, self.null)

    @property
    def with_interval(self) -> str:
        """The estimate and its interval, for figures and their descriptions."""
        return f"{self.value} ({self.interval})" if self.is_told else self.value

    @property
    def brackets(self) -> str:
        """The interval in brackets for a sentence, or nothing."""
        level = number(100 * self.conf_level, 0)
        return f" ({level} %-sikkerhedsinterval {self.interval})" if self.is_told else ""

    def direction(self, more: str = "højere", less: str = "lavere") -> str:
        """Return the word for the sign of the estimate as it is shown; empty for none."""
        apart = self.estimate - self.null
        shown = apart if self.is_told_apart else round(apart, self.decimals)
        return "" if shown == 0 else more if shown > 0 else less


def headline(finding: Finding, difference: str) -> str:
    """Say a difference and in a word how sure it is; the place for it is the summary.

    `difference` is the difference in words with its size, as `difference_words` writes it.
    """
    if finding.grade is Grade.HIDDEN:
        return f"Forskellen i {finding.label} kan ikke vises af hensyn til fortrolighed."
    start = f"{upper_first(difference)}{finding.brackets}"
    if not finding.is_told:
        return f"{start}, men usikkerheden kan ikke opgøres."
    if finding.grade is Grade.INDICATION:
        return f"{start}, hvilket tyder på en forskel; analyseplanen tester den ikke."
    but = "og" if finding.grade is Grade.CERTAIN else "men"
    it = "den" if difference.startswith("forskellen") else "forskellen"
    return f"{start}, {but} {it} er {CERTAINTY[finding.grade].danish}."


def bounded_sentence(finding: Finding) -> str:
    """Say which differences the interval speaks against, where the plan named the smallest."""
    if not (finding.is_bounded and finding.is_told):
        return ""
    low, high = finding.conf_low, finding.conf_high
    wider = max(high, 1 / low) if finding.is_ratio else max(abs(low), abs(high))
    # Rounded up: nothing inside the interval may be spoken against.
    step = 10.0**-finding.decimals
    over = finding.amount_of(math.ceil(wider / step - NOISE) * step)
    what = "ratioer" if finding.is_ratio else "forskelle"
    return f"Er grupperne sammenlignelige, taler tallene imod {what} på over {over} i nogen retning."


def certainty_sentence(finding: Finding) -> str:
    """Say with the p-value that it is judged by what the test allows; its place is the chapter."""
    if finding.grade is Grade.HIDDEN:
        return ""
    if not finding.is_told:
        few, refusal = " på et så lille grundlag", finding.refusal
        why = UNSEEN[refusal] if refusal else few
        return (
            f"Usikkerheden på forskellen i {finding.label} kan ikke opgøres forsvarligt{why}, og "
            "der kan ikke konkluderes på tallet."
        )
    match finding.grade:
        case Grade.INDICATION:
            told = f"Tallene tyder på en forskel i {finding.label} ({_p_words(finding)}), men analyseplanen tester den ikke."
        case Grade.UNCERTAIN:
            what = "Ratioen" if finding.is_ratio else "Forskellen"
            ends = f"{finding.interval} {finding.unit_word}".strip()
            told = (
                f"Forskellen i {finding.label} er {CERTAINTY[finding.grade].danish} ({_p_words(finding)}). "
                f"{what} kan være alt fra {ends}."
            )
        case _:
            told = f"Forskellen i {finding.label} er {CERTAINTY[finding.grade].danish} ({_p_words(finding)})."
    return " ".join(filter(None, [told, bounded_sentence(finding)]))


def _p_words(finding: Finding) -> str:
    """Return the one p-value that a finding is judged by, and say so where it is adjusted."""
    is_adjusted = math.isfinite(finding.p_adjusted) and finding.p_adjusted != finding.p_value
    p = finding.p_adjusted if is_adjusted else finding.p_value
    text, name = p_value(p, finding.conf_level), "korrigeret p" if is_adjusted else "p"
    return f"{name} {text.replace('<', '< ')}" if text.startswith("<") else f"{name} = {text}"


def apart_words(finding: Finding, subject: str) -> str:
    """Return "{subject} er 4,2 point højere blandt deltagerne", which suffices in a title."""
    word = finding.direction()
    if not word:
        return f"{subject} er på samme niveau i de to grupper"
    return f"{subject} er {finding.amount} {word} blandt {finding.words.treated}"


def difference_words(finding: Finding, subject: str) -> str:
    """Return "{subject} er 4,2 point højere blandt deltagerne end i sammenligningsgruppen"."""
    than = f" end {finding.words.in_comparison}" if finding.direction() else ""
    return f"{apart_words(finding, subject)}{than}"


def incidence_subject(event: str, follow_up: str) -> str:
    """Return what an incidence is, within a time such as "104 uger"."""
    return f"andelen, der {event} inden for {follow_up},"


def shares_sentence(
    treated: float, comparison: float, event: str, follow_up: str, words: Vocabulary
) -> str:
    """Say the share of each group in per cent, or nothing where one is hidden."""
    if not (math.isfinite(treated) and math.isfinite(comparison)):
        return ""
    return (
        f"{number(treated)} pct. af {words.treated} {event} inden for {follow_up} mod "
        f"{number(comparison)} pct. af {words.comparison}."
    )


def per_hundred_sentence(finding: Finding) -> str:
    """Say an incidence difference per 100 of those it is about, with its interval."""
    if not finding.is_told:
        return ""
    low, high = _persons(finding.conf_low), _persons(finding.conf_high)
    if _whole(finding.estimate) == 0:
        start = f"{finding.words.hundred} svarer det til under én person til forskel"
    else:
        start = f"{finding.words.hundred} svarer det til omkring {_persons(finding.estimate)}"
    return f"{start}; sikkerhedsintervallet går fra {low} til {high}."


def _persons(value: float) -> str:
    """Return how many more or fewer; only nought itself is no difference."""
    if value == 0:
        return "ingen forskel"
    size = number(_whole(value), 0) if _whole(value) else "under 1"
    return f"{size} {'flere' if value > 0 else 'færre'}"


def _whole(value: float) -> int:
    """Return the size of a number to the nearest whole; a half goes up, as it is read."""
    return math.floor(abs(value) + 0.5 + NOISE)


def ratio_words(finding: Finding, event: str) -> str:
    """Return what a hazard or time ratio says, with its value."""
    if finding.term == "time_ratio":
        what, name, sides = "tiden til {event} er", "tidsratio", ("længere", "kortere")
    else:
        (what, name), sides = OF_HAZARDS[finding.term], ("højere", "lavere")
    word = finding.direction(*sides)
    if not word:
        return f"ratioen for {event} er {finding.value}"
    told = f"{what.format(event=event)} {word} blandt {finding.words.treated}"
    return f"{told}, med en {name} på {finding.value}"


def conclusion(findings: Sequence[Finding], found: Sequence[str]) -> str:
    """Conclude over several outcomes without repeating their numbers.

    `found` is for each what holds if it is sure, as a full sentence.
    """

    def named(holds: Callable[[Finding], bool]) -> str:
        return listing(one.label for one in findings if holds(one))

    parts = [
        words
        for one, words in zip(findings, found, strict=True)
        if one.is_told and one.grade is Grade.CERTAIN
    ]
    if unclear := named(lambda one: one.is_told and one.is_unsure):
        parts.append(
            f"Der er ikke fundet en statistisk sikker forskel i {unclear}, men grupperne kan "
            "godt være forskellige."
        )
    parts += filter(None, map(bounded_sentence, findings))
    if untested := named(lambda one: one.grade is Grade.REFUSED):
        parts.append(
            f"For {untested} kan usikkerheden ikke opgøres, og der kan ikke konkluderes på "
            "tallene."
        )
    if hidden := named(lambda one: one.grade is Grade.HIDDEN):
        parts.append(f"For {hidden} kan tallene ikke vises af hensyn til fortrolighed.")
    return " ".join(parts)
