"""Whether the plan was locked before outcomes were opened, and what was changed since."""

from __future__ import annotations

import datetime as dt

from analyses.results.lock import Deviation
from reports.chapters.exhibits import table
from reports.facts import Report
from reports.markdown import paragraphs
from reports.pieces import piece
from reports.words.danish import NOTHING, count, date, listing

UNLOCKED = (
    "Planen for undersøgelsen er ikke låst på forhånd. Det kan derfor ikke dokumenteres, at "
    "udfald og metode blev valgt, før resultaterne var kendt."
)


@piece("sentence", "plan")
def locked(report: Report) -> str:
    """Say when the plan was locked, and in how many places it was changed since."""
    lock = report.facts.locked
    if lock is None:
        return UNLOCKED
    return paragraphs(
        f"Planen blev låst den {date(dt.datetime.fromisoformat(lock.when).date())} af {lock.by}. "
        f"Låsens kontrolsum er {lock.sha256[:16]}.",
        sentence(report),
        _standings(report),
    )


@piece("table", "deviations")
def changes(report: Report) -> str:
    """Return every key of the plan that was changed since it was locked."""
    lock = report.facts.locked
    if lock is None or not lock.deviations:
        return ""
    return table(
        report,
        "afvigelser",
        "Afvigelser fra den låste plan",
        ("Sted i studiefilen", "Låst", "Nu"),
        [(one.where, *_shown(one)) for one in lock.deviations],
        left=3,
        notes="En streg betyder, at nøglen ikke står der. Hvad rapporten skriver om "
        "afvigelserne, er forfatternes ansvar.",
    )


def sentence(report: Report) -> str:
    """Say in how many places the plan was changed after it was locked; nothing if unlocked."""
    lock = report.facts.locked
    if lock is None:
        return ""
    n = len(lock.deviations)
    if not n:
        return "Planen er fulgt uden ændringer."
    places = "ét sted" if n == 1 else f"{count(n)} steder"
    return f"Planen er ændret {places}, efter at den blev låst."


def _standings(report: Report) -> str:
    """Say which outcomes are no longer what the plan was locked with."""
    told = []
    for standing, words in (
        ("changed", "er ændret, efter at planen blev låst"),
        ("added", "er kommet til, efter at planen blev låst, og er eksplorativt"),
    ):
        names = [
            report.within(one.name) for one in report.facts.outcomes if one.standing == standing
        ]
        if names:
            told.append(f"Udfaldet {listing(names)} {words}.")
    return " ".join(told)


def _shown(deviation: Deviation) -> tuple[str, str]:
    return deviation.locked or NOTHING, deviation.now or NOTHING
