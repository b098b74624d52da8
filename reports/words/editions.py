"""What stands around the numbers of an edition, and on the page of all of them."""

from __future__ import annotations

from reports.words.danish import small_number, upper_first
from reports.words.places import Place

BEFORE = "Alle, som registerets regel finder i halvårets første måned."


def alone_words(place: Place, units: str) -> str:
    """Say under a table what a number of one place is."""
    return f"Tal for {place.a} enkelt {place.one} er tilfældig variation mellem {units} og har intet interval."


def interval_words(place: Place) -> str:
    """Say whose intervals stand beside the number of one place."""
    return f"Intervallerne hører til alle {place.many} og til alle andre end {place.the}."


def place_words(place: Place, label: str, units: str) -> str:
    """Say what the numbers of one place can and cannot be used for."""
    return (
        f"Her står tallene for {label} ved siden af tallene for alle {place.many}. Tallene for {place.a} enkelt {place.one} "
        f"hviler på få personer. Forskellen mellem dem og tallene for alle er tilfældig variation mellem {units}, så vidt "
        f"undersøgelsen kan vide: Med {place.single} kan det ikke afgøres, hvad indsatsen har betydet netop der. "
        f"Tallene kan ikke bruges til at sammenligne {place.many} eller sætte dem i rækkefølge."
    )


def hidden_words(place: Place, label: str) -> str:
    """Say that nothing is told of a place, and leave open whether it is a small one."""
    return (
        f"Resultaterne for {label} alene er skjult af hensyn til fortrolighed. Det sker, hvor der er for få personer, og også "
        f"hvor tallene sammen med de andre {place.many}s ville røbe noget om få personer et andet sted. Det siger altså ikke, "
        f"at der er få i {label}."
    )


def index_words(place: Place, each: str, stamp: str) -> str:
    """Return what the page of all editions begins with."""
    what = "udfald" if each == "outcome" else place.one
    begin = f"**{stamp}.** " if stamp else ""
    also = (
        ""
        if each == "outcome"
        else f" De står i alfabetisk rækkefølge, og tallene kan ikke bruges til at sammenligne {place.many}."
    )
    return f"{begin}Der er en udgave for hver{'t' if what == 'udfald' or place.a == 'et' else ''} {what}.{also}"


def place_line(told: int, of: int) -> str:
    """Return what a line says of the edition of a place."""
    if not told:
        return "tallene er skjult af hensyn til fortrolighed."
    if told == of:
        return (
            "tal for alle udfald, der opgøres sted for sted." if of > 1 else "tal for udfaldet."
        )
    return f"tal for {'ét' if told == 1 else small_number(told)} af {small_number(of)} udfald; resten er skjult."


def failed_words(n: int) -> str:
    """Say that editions are missing from the page."""
    many = "Én udgave" if n == 1 else f"{upper_first(small_number(n))} udgaver"
    return f"{many} kunne ikke dannes."


def sheet_end(sha256: str, source: str) -> str:
    """Return where the numbers of a sheet come from."""
    return (
        f"Tallene er uddrag af undersøgelsens rapport, hvor metode, forbehold og alle tabeller står. Kilde: {source} "
        f"Studiefilens kontrolsum (sha256) begynder med {sha256[:12]}."
    )
