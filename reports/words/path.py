"""Danish sentences on a weekly path: lock-in, break-even, accumulated weeks, time before start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from evaluation.estimates import Certainty
from reports.words.danish import interval, lower_first, number
from reports.words.wording import Finding, headline

INSIDE = {
    "employment": "i beskæftigelse",
    "education": "under uddannelse",
    "flexjob": "i fleksjob",
    "early_retirement": "på førtidspension",
    "benefits": "på offentlig forsørgelse",
    "self_support": "selvforsørgende uden beskæftigelse",
}
LOCK_IN = (
    "Deltagelse kan i sig selv holde folk fra job, så længe den står på (fastholdelseseffekt)."
)


def in_status(facts: Mapping[str, Any]) -> str:
    """Return where somebody is who is in the followed status, as in "er i beskæftigelse"."""
    named = [INSIDE.get(str(status)) for status in facts["status"]]
    if None in named:
        return f"i tilstanden {lower_first(str(facts['label'] or facts['name']))}"
    return " eller ".join(str(words) for words in named)


def lock_in_words(
    lag: Mapping[str, Any] | None, inside: str, treated: str, first: Finding
) -> str:
    """Say how far the participants lag behind after start, and whether that is sure.

    Parameters
    ----------
    lag : mapping or None
        ``week depth conf_low conf_high`` of the manifest; None where they never lag.
    inside : str
        The status, as `in_status` writes it.
    treated : str
        The participants, as a sentence has them.
    first : Finding
        Accumulated weeks over the first half-year.
    """
    if first.certainty is Certainty.HIDDEN:
        return f"Så få er {inside}, at det ikke kan afgøres, om der er en fastholdelseseffekt."
    if lag is None or round(float(lag["depth"]), 1) == 0:
        return (
            f"{LOCK_IN} Det ses ikke her: i ingen uge efter start ligger {treated} mærkbart lavere "
            "end sammenligningsgruppen."
        )
    start = (
        f"{LOCK_IN} Længst bagud er {treated} i uge {lag['week']}, hvor andelen {inside} er "
        f"{number(-float(lag['depth']))} procentpoint lavere end i sammenligningsgruppen"
    )
    if lag["conf_low"] is None:
        return f"{start}. Usikkerheden kan ikke opgøres, så det kan være tilfældigt."
    band = interval(float(lag["conf_low"]), float(lag["conf_high"]))
    start = f"{start} (simultant bånd {band})."
    if float(lag["conf_high"]) < 0:
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


def break_even_words(even: Mapping[str, Any] | None, last: int, final: Finding) -> str:
    """Say when a lag has been made up for.

    Parameters
    ----------
    even : mapping or None
        ``week earliest latest`` of the manifest; None where the sum was never behind.
    last : int
        Last week that is followed.
    final : Finding
        Accumulated weeks at the longest horizon.
    """
    if final.certainty is Certainty.HIDDEN:
        return ""
    if even is None:
        return "Lagt sammen fra start er de ikke på noget tidspunkt bagud."
    if even["week"] is None:
        return f"Lagt sammen fra start er efterslæbet ikke hentet ind ved uge {last}."
    sentence = f"Lagt sammen fra start er efterslæbet hentet ind i uge {even['week']}"
    if is_behind(final):
        sentence += f", men ved uge {last} er de bagud igen"
    if even["earliest"] is None:
        return f"{sentence}."
    until = f"til uge {even['latest']}" if even["latest"] else f"og frem til uge {last}"
    return (
        f"{sentence}. Det tidspunkt er usikkert: at de to grupper er lige langt, er foreneligt med "
        f"tallene fra uge {even['earliest']} {until}."
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
            finding, f"{span} lige så mange uger {inside} som sammenligningsgruppen"
        )
    number_of = number(abs(finding.estimate), finding.decimals)
    return headline(
        finding, f"{span} {number_of} {word} uger {inside} end sammenligningsgruppen"
    )


def before_start(own: pd.DataFrame) -> str:
    """Say what the differences before start tell of the comparison, and what they do not."""
    gap = own[(own["arm"] == "difference") & (own["week"] < 0)]
    if gap.empty:
        return ""
    start = (
        "Forskelle før uge 0 er ikke virkninger: de prøver, om grupperne var lige stillet, før "
        "nogen var begyndt."
    )
    low, high = gap["band_low"].to_numpy(float), gap["band_high"].to_numpy(float)
    known = np.isfinite(low)
    if not known.any():
        return f"{start} Usikkerheden på dem kan ikke vises, så prøven kan kun ses af kurverne."
    outside = int(((low > 0) | (high < 0)).sum())
    if not outside:
        return (
            f"{start} Det simultane bånd rummer nul i alle {int(known.sum())} uger før start, hvor "
            "det kan opgøres. Grupperne kan altså ikke skelnes dér, men det viser ikke, at de er ens."
        )
    return (
        f"{start} Det simultane bånd udelukker nul i {outside} af {int(known.sum())} uger før "
        "start. Grupperne var altså ikke lige stillet, og det kan også forklare forskelle efter "
        "start."
    )
