"""What stands around the numbers that changed between two editions of results."""

from __future__ import annotations

from collections.abc import Mapping

from reports.words.danish import number

CAUSES: Mapping[str, str] = {
    "data": "Data",
    "plan": "Studiefilen",
    "key": "I planen",
    "code": "Program",
}
REASON_HEADS = ("Hvad", "Navn", "Før", "Nu")
TABLE_HEADS = ("Tabel", "Tal, der er ændret")
NUMBER_HEADS = ("Tabel", "Række", "Kolonne", "Før", "Nu")
NO_REASON = "Data, plan og program er de samme."
NO_NUMBERS = "Ingen tal er ændret."


def title_of(study: str) -> str:
    """Return what the page is called."""
    return f"{study}: hvad er ændret?"


def intro(n: int, stamp: str) -> str:
    """Return what the page begins with."""
    told = (
        "Ingen tal er ændret"
        if not n
        else "Ét tal er ændret"
        if n == 1
        else f"{number(n, 0)} tal er ændret"
    )
    begin = f"**{stamp}.** " if stamp else ""
    return (
        f"{begin}{told} siden de tidligere resultater. Siden viser, hvad der ellers er ændret: datafiler og studiefil med "
        "begyndelsen af deres kontrolsum (sha256), planens nøgler, så vidt resultaterne fortæller om dem, og programmer med "
        "version. Hvilken af ændringerne et tal skyldes, kan ikke ses, når der er flere."
    )


def counted(n: int) -> str:
    """Say what the rows of the list are."""
    return (
        f"Listen har {'én række' if n == 1 else f'{number(n, 0)} rækker'} i resultatmappens rækkefølge, de testede udfald først. "
        "En tom celle betyder, at tallet ikke er der eller er skjult."
    )


def and_more(n: int) -> str:
    """Say how many numbers the page leaves to the file; nothing where it has all."""
    return f"{number(n, 0)} tal mere står i `changes.csv`." if n > 0 else ""
