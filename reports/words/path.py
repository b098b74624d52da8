"""Danish sentences on a weekly path: lock-in, break-even, accumulated weeks, time before start."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from evaluation.grades import Grade
from evaluation.survival.path.marks import BreakEven, LockIn
from reports.rows import Paths
from reports.words.danish import beside, interval, listing, number
from reports.words.vocabulary import Vocabulary
from reports.words.wording import Finding, headline

LOCK_IN = (
    "Indsatsen kan i sig selv holde folk fra job, så længe den står på (fastholdelseseffekt)."
)


def lock_in_words(lag: LockIn | None, inside: str, first: Finding) -> str:
    """Say how far the participants lag behind after start, and whether that is sure.

    `inside` is the status, as in "i beskæftigelse", and `first` the accumulated weeks over the
    first half-year.
    """
    treated, comparison = first.words.treated, first.words.comparison
    if first.grade is Grade.HIDDEN:
        return f"Så få er {inside}, at det ikke kan afgøres, om der er en fastholdelseseffekt."
    is_apart = lag is not None and lag.grade is Grade.INDICATION
    if lag is None or (not is_apart and round(lag.depth, 1) == 0):
        return (
            f"{LOCK_IN} Den kan ikke påvises her, for {treated} ligger ikke mærkbart lavere end {comparison} i "
            "nogen uge efter start. En lille forskel kan være der alligevel."
        )
    start = (
        f"{LOCK_IN} Længst bagud er {treated} i uge {lag.week}, hvor andelen {inside} er "
        f"{beside(-lag.depth, 0.0, 1)} procentpoint lavere end {first.words.in_comparison}"
    )
    if lag.grade is Grade.REFUSED:
        return f"{start}. Usikkerheden kan ikke opgøres, så det kan være tilfældigt."
    start = f"{start} (simultant bånd {interval(lag.conf_low, lag.conf_high)})."
    if is_apart:
        return (
            f"{start} Båndet gælder alle uger på én gang og rummer ikke nul. Det tyder på en "
            "fastholdelseseffekt, men analyseplanen tester den ikke."
        )
    if first.is_told_apart and is_behind(first):
        return (
            f"{start} I den enkelte uge kan det være tilfældigt. Men {accumulated_clause(first, 26, inside)}{first.brackets}. "
            "Det tyder på en fastholdelseseffekt, men analyseplanen tester den ikke."
        )
    return f"{start} Båndet rummer nul, så der er ikke påvist en fastholdelseseffekt."


def bands_words(
    ahead: Sequence[tuple[int, int]],
    behind: Sequence[tuple[int, int]],
    inside: str,
    words: Vocabulary,
) -> str:
    """Say in which weeks after start the band for all weeks at once tells the groups apart."""
    parts = [
        f"en {size} andel af {words.nouns.treated.definite} er {inside} i {weeks_words(weeks)}"
        for size, weeks in (("større", ahead), ("mindre", behind))
        if weeks
    ]
    if not parts:
        return ""
    return f"Uge for uge tyder tallene på, at {listing(parts)}; analyseplanen tester det ikke."


def is_lag(lag: LockIn | None, first: Finding) -> bool:
    """Return whether a lag is told apart, in a week or over the first half-year."""
    in_a_week = lag is not None and lag.grade is Grade.INDICATION
    return in_a_week or (first.is_told_apart and is_behind(first))


def break_even_words(even: BreakEven | None, last: int, final: Finding) -> str:
    """Say when a lag has been made up for; `final` are the accumulated weeks at week `last`."""
    if final.grade is Grade.HIDDEN:
        return ""
    if even is None:
        return "Lagt sammen fra start er de ikke på noget tidspunkt bagud."
    if even.week is None:
        return f"Lagt sammen fra start er efterslæbet ikke hentet ind ved uge {last}."
    sentence = f"Lagt sammen fra start er efterslæbet hentet ind i uge {even.week}"
    if is_behind(final):
        sentence += f", men ved uge {last} er de bagud igen"
    if not even.level:
        return f"{sentence}."
    return (
        f"{sentence}. Det tidspunkt er usikkert: At de to grupper er lige langt, kan ikke udelukkes i "
        f"{weeks_words(even.level)}."
    )


def weeks_words(stretches: Sequence[tuple[int, int]]) -> str:
    """Return stretches of weeks as they are, with the gaps between them."""
    singles = len(stretches) == 1 and stretches[0][0] == stretches[0][1]
    ends = (
        number(first, 0) if first == end else f"{number(first, 0)} til {number(end, 0)}"
        for first, end in stretches
    )
    return f"{'uge' if singles else 'ugerne'} {listing(ends)}"


def is_behind(finding: Finding) -> bool:
    """Return whether the participants have fewer weeks, as the reader sees the number."""
    return finding.direction("", "behind") == "behind"


def accumulated_words(finding: Finding, weeks: int, inside: str) -> str:
    """Say the difference in accumulated weeks with its certainty."""
    if finding.grade is Grade.HIDDEN:
        return f"Antallet af uger {inside} kan ikke vises af hensyn til fortrolighed."
    return headline(finding, accumulated_clause(finding, weeks, inside))


def accumulated_clause(finding: Finding, weeks: int, inside: str) -> str:
    """Return the difference in accumulated weeks in words with its size."""
    word, others = finding.direction("flere", "færre"), finding.words.comparison
    span = f"i de første {weeks} uger har {finding.words.treated} i gennemsnit haft"
    if not word:
        return f"{span} lige så mange uger {inside} som {others}"
    return f"{span} {finding.shown(abs(finding.estimate))} {word} uger {inside} end {others}"


def before_start(own: Sequence[Paths], apart: Sequence[tuple[int, int]]) -> str:
    """Say what the differences before start tell of the comparison, and what they do not.

    In the weeks `apart` the groups are told apart.
    """
    gap = [row for row in own if row.arm == "difference" and row.week < 0]
    if not gap:
        return ""
    start = (
        "Forskelle før uge 0 er ikke virkninger: de prøver, om grupperne var lige stillet, før "
        "nogen var begyndt."
    )
    known = [row for row in gap if isfinite(row.band_low)]
    if not known:
        return f"{start} Usikkerheden på dem kan ikke vises, så prøven kan kun ses af kurverne."
    if not apart:
        return (
            f"{start} Det simultane bånd rummer nul i alle {len(known)} uger før start, hvor "
            "det kan opgøres. Grupperne kan altså ikke skelnes dér, men det viser ikke, at de er ens."
        )
    return (
        f"{start} Det simultane bånd udelukker nul i {weeks_words(apart)} før start. Grupperne var altså ikke lige stillet, "
        "og det kan også forklare forskelle efter start."
    )
