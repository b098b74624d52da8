"""What whoever checks a release reads of it."""

from __future__ import annotations

from collections.abc import Mapping

from reports.user_text import sealed

TITLE = "Oversigt til hjemtagelse"
HEADS = (
    "Tabel",
    "Rækker",
    "Mindste antal",
    "Antallet står i",
    "Skjulte celler",
    "Dominans",
    "Godkendt",
)
DOMINANCE: Mapping[str, str] = {
    "not applicable": "ingen beløb",
    "public data": "offentlige data",
    "not known": "ikke undersøgt",
    "at most 85 %": "højst 85 pct.",
    "more than 85 %": "over 85 pct.",
}


def intro(title: str, sha256: str, min_cell: int) -> str:
    """Return what the overview begins with."""
    rule = (
        f"Grænsen i studiefilen er {min_cell}: Intet antal under {min_cell} vises, heller ikke 0, og intet, der kan "
        "regnes tilbage til et."
        if min_cell > 1
        else "Data er offentlige, og intet er skjult."
    )
    return (
        f"Mappen hører til undersøgelsen »{sealed(title)}«. Studiefilens kontrolsum (sha256) begynder med {sha256[:12]}. "
        f"{rule}\n\nTabellen har en række for hver fil i mappen `tabeller`. Det mindste antal er det mindste antal personer, "
        "som filen viser. Viser den ingen antal, er det antallet bag dens udfald. En tom celle betyder, at filen ikke "
        "har nogen. Dominans er undersøgt, hvor der er beløb: De to største må højst udgøre 85 pct. af en gruppes sum. "
        "Alle filers kontrolsummer står i `release.json`."
    )
