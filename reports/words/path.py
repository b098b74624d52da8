"""Danish sentences on a weekly path: lock-in, break-even, accumulated weeks, time before start."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, isnan

from evaluation.estimates import Certainty
from evaluation.survival.path.marks import BreakEven, LockIn
from reports.rows import Paths
from reports.words.danish import interval, number
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
    if first.certainty is Certainty.HIDDEN:
        return f"Så få er {inside}, at det ikke kan afgøres, om der er en fastholdelseseffekt."
    if lag is None or round(lag.depth, 1) == 0:
        return (
            f"{LOCK_IN} Den kan ikke ses her: i ingen uge efter start ligger {treated} mærkbart lavere "
            f"end {comparison}. En lille forskel kan være der alligevel."
        )
    start = (
        f"{LOCK_IN} Længst bagud er {treated} i uge {lag.week}, hvor andelen {inside} er "
        f"{number(-lag.depth)} procentpoint lavere end {first.words.in_comparison}"
    )
    if isnan(lag.conf_low):
        return f"{start}. Usikkerheden kan ikke opgøres, så det kan være tilfældigt."
    start = f"{start} (simultant bånd {interval(lag.conf_low, lag.conf_high)})."
    if lag.conf_high < 0:
        return (
            f"{start} Det er statistisk sikkert, også når der tages højde for, at ugen er valgt "
            "blandt alle uger. Der er altså en fastholdelseseffekt."
        )
    if first.certainty is Certainty.CLEAR and is_behind(first):
        return (
            f"{start} Båndet rummer nul i den uge, men lagt sammen over de første 26 uger er "
            "efterslæbet statistisk sikkert. Der er altså en fastholdelseseffekt."
        )
    return f"{start} Båndet rummer nul, så der er ikke påvist en fastholdelseseffekt."


def break_even_words(even: BreakEven | None, last: int, final: Finding) -> str:
    """Say when a lag has been made up for; `final` are the accumulated weeks at week `last`."""
    if final.certainty is Certainty.HIDDEN:
        return ""
    if even is None:
        return "Lagt sammen fra start er de ikke på noget tidspunkt bagud."
    if even.week is None:
        return f"Lagt sammen fra start er efterslæbet ikke hentet ind ved uge {last}."
    sentence = f"Lagt sammen fra start er efterslæbet hentet ind i uge {even.week}"
    if is_behind(final):
        sentence += f", men ved uge {last} er de bagud igen"
    if even.earliest is None:
        return f"{sentence}."
    # The weeks that are not refuted need not be in one stretch.
    ends = (
        f"den sidste er uge {even.latest}"
        if even.latest
        else f"det kan heller ikke udelukkes ved uge {last}"
    )
    return (
        f"{sentence}. Det tidspunkt er usikkert: uge {even.earliest} er den første, hvor det ikke kan udelukkes, at de to grupper er "
        f"lige langt, og {ends}."
    )


def is_behind(finding: Finding) -> bool:
    """Return whether the participants have fewer weeks, as the reader sees the number."""
    return round(finding.estimate, finding.decimals) < 0


def accumulated_words(finding: Finding, weeks: int, inside: str) -> str:
    """Say the difference in accumulated weeks with its certainty."""
    if finding.certainty is Certainty.HIDDEN:
        return f"Antallet af uger {inside} kan ikke vises af hensyn til fortrolighed."
    word = finding.direction("flere", "færre")
    span = f"i de første {weeks} uger har {finding.words.treated} i gennemsnit haft"
    if not word:
        return headline(
            finding, f"{span} lige så mange uger {inside} som {finding.words.comparison}"
        )
    number_of = number(abs(finding.estimate), finding.decimals)
    return headline(
        finding, f"{span} {number_of} {word} uger {inside} end {finding.words.comparison}"
    )


def before_start(own: Sequence[Paths]) -> str:
    """Say what the differences before start tell of the comparison, and what they do not."""
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
    outside = sum(row.band_low > 0 or row.band_high < 0 for row in known)
    if not outside:
        return (
            f"{start} Det simultane bånd rummer nul i alle {len(known)} uger før start, hvor "
            "det kan opgøres. Grupperne kan altså ikke skelnes dér, men det viser ikke, at de er ens."
        )
    return (
        f"{start} Det simultane bånd udelukker nul i {outside} af {len(known)} uger før "
        "start. Grupperne var altså ikke lige stillet, og det kan også forklare forskelle efter "
        "start."
    )
