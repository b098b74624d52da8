"""2 Data og metode: what the data allow, beside the trial one would have wished for."""

from __future__ import annotations

import pandas as pd

from reports.chapters import sensitivity
from reports.facts import Report, records
from reports.markdown import Table, bullets, heading, paragraphs
from reports.words.danish import number, upper_first
from reports.words.wording import UNITS

TABLES = {
    "population": "Befolkning",
    "cases": "Kommunale sager",
    "dream": "DREAM, ugentlige ydelser",
    "exposure": "Startdatoer",
    "citizen": "Spørgeskema til borgere",
    "staff": "Spørgeskema til medarbejdere og ledere",
    "persons": "Personer",
}
METHODS = {
    "wild": "bootstrap",
    "jackknife": "jackknife",
    "set": "robuste standardfejl for sæt",
    "hc2": "robuste standardfejl",
    "randomisation": "kun test (omfordeling)",
    "none": "ingen",
}


def chapter(report: Report) -> str:
    """Return the whole chapter."""
    return "".join(
        [
            heading("Data og metode", 1, "metode"),
            heading("Data", 2, "data"),
            paragraphs(
                "Rapporten bygger på de filer, der fremgår af @tbl-kilder. De er læst, som de er modtaget, og "
                "kontrolleret mod en datakodebog."
            ),
            _sources(report),
            heading("Den sammenligning, data tillader", 2, "maalforsoeg"),
            paragraphs(
                "I @tbl-maalforsoeg står det lodtrækningsforsøg, man kunne have ønsket sig, ved siden af den "
                "sammenligning, som data tillader. De sidste rækker viser, hvordan hændelser undervejs er håndteret."
            ),
            _target_trial(report),
            heading("Usikkerhed", 2, "usikkerhed"),
            paragraphs(*_uncertainty(report)),
            _design(report),
            heading("Begrænsninger", 2, "begraensninger"),
            bullets(_limits(report)),
            heading("Delkonklusion", 2, "delkonklusion-metode"),
            paragraphs(_conclusion(report)),
        ]
    )


def _sources(report: Report) -> str:
    rows = []
    for entry in report.manifest["inputs"]:
        name, wave = TABLES.get(entry["table"], entry["table"]), entry.get("wave")
        rows.append(
            (
                f"{name}, {wave}. måling" if wave else name,
                file_name(entry["name"]),
                number(entry["rows"], 0),
            )
        )
    return Table(
        label="kilder",
        caption="Datagrundlag",
        header=("Kilde", "Fil", "Rækker"),
        rows=tuple(rows),
        widths=(52, 30, 12),
        left=2,
        notes="En række er en person, en sag eller en medarbejder; spørgeskemaernes filer rummer også dem, der ikke svarede."
        if report.outcomes("score")
        else "En række er en person.",
        source=report.source,
    ).markdown()


def file_name(path: object) -> str:
    """Return the last part of a path written on any system."""
    return str(path).replace("\\", "/").rsplit("/", 1)[-1]


def _target_trial(report: Report) -> str:
    return Table(
        label="maalforsoeg",
        caption="Det ønskede forsøg og den mulige sammenligning",
        header=("Element", "Ønsket forsøg", "Her"),
        rows=tuple(
            (row["element"], row["ideal"], row["here"]) for row in report.manifest["protocol"]
        ),
        widths=(20, 32, 46),
        left=3,
        notes="Opstillingen efterligner et målforsøg: det forsøg, der ville have givet det sikreste svar.",
        source="Egen opstilling.",
    ).markdown()


def _uncertainty(report: Report) -> list[str]:
    if not report.place:
        by_set = "set" in set(report.frame("design")["method"])
        why = report.words.way.together
        if report.words.family == "pairs" and not by_set:
            why = "En person kan være partner for flere"
        return [
            f"{why}, og usikkerheden er beregnet derefter. Den mindste forskel, "
            "som undersøgelsen kan finde med 80 pct. sandsynlighed, fremgår af @tbl-klynger."
        ]
    place, places = report.place, report.places
    methods = set(report.frame("design")["method"])
    how = []
    if "wild" in methods:
        how.append(
            f"For forskelle i score og andre gennemsnit er hver {place}s samlede afvigelse vendt tilfældigt mange gange (en bootstrap, hvor "
            "nulhypotesen er pålagt), og intervallet rummer de værdier, som den test ikke forkaster."
        )
    if "jackknife" in methods:
        is_weighted = report.words.family == "weights"
        which = "Resultatet er" if is_weighted else "For tid til en hændelse er resultatet"
        anew = ", og vægtene er beregnet på ny hver gang" if is_weighted else ""
        how.append(
            f"{which} regnet igen uden én {place} ad gangen (jackknife), med frihedsgrader efter det effektive antal "
            f"{places} i hver gruppe{anew}."
        )
    if "randomisation" in methods:
        how.append(
            f"Hvor det effektive antal {places} er mellem tre og fem i en af grupperne, er der kun en test: Indsatsen er omfordelt "
            f"tilfældigt mellem {places}ne mange gange. Testen spørger, om indsatsen har haft betydning for nogen, og den regner "
            f"{places}ne for ombyttelige; den siger ikke, hvor stor forskellen er."
        )
    return [
        f"Indsatsen er besluttet for hver {place} under ét, og de, der hører til samme {place}, deler vilkår. Derfor er usikkerheden "
        f"regnet på {place}niveau og ikke på personniveau; ellers ville den blive for lille. {' '.join(how)}",
        f"Det effektive antal {places} i hver gruppe afgør, om usikkerheden kan opgøres. Er det under seks i en af grupperne, vises "
        "tallet uden interval. Det fremgår af @tbl-klynger, som også viser den mindste forskel, undersøgelsen kan finde med 80 "
        "pct. sandsynlighed.",
    ]


def _design(report: Report) -> str:
    design = report.frame("design")
    rows = []
    for row in records(design):
        outcome = report.outcome(row.outcome)
        unit = UNITS.get(str(outcome.get("unit", "")), str(outcome.get("unit", "")))
        decimals = 0 if row.mde >= 1000 else 1
        smallest = "–" if pd.isna(row.mde) else f"{number(row.mde, decimals)} {unit}".strip()
        clusters = (
            (
                f"{number(row.n_treated_clusters, 0)} ({number(row.effective_treated // 1, 0)})",
                f"{number(row.n_comparison_clusters, 0)} ({number(row.effective_comparison // 1, 0)})",
            )
            if report.place
            else ()
        )
        method = METHODS.get(str(row.method), str(row.method))
        rows.append((str(outcome["label"]), *clusters, method, smallest))
    places = upper_first(report.places)
    groups = (f"{places}, deltagere", f"{places}, sammen\u00adligning") if places else ()
    return Table(
        label="klynger",
        caption="Grundlaget for usikkerheden og den mindste forskel, der kan findes",
        header=("Udfald", *groups, "Metode", "Mindste forskel"),
        rows=tuple(rows),
        widths=(28, 17, 19, 14, 22) if groups else (36, 26, 30),
        notes=(f"Effektivt antal {report.places} i parentes, rundet ned. " if groups else "")
        + "Mindste forskel er den, der findes med 80 pct. sandsynlighed ved en test på 5 pct.; en streg betyder, at usikkerheden ikke kan opgøres.",
        source=report.source,
    ).markdown()


def _limits(report: Report) -> list[str]:
    alike = (
        " og er kun gjort ens på det, der er målt"
        if report.words.is_made
        else " og er ikke gjort ens på noget"
    )
    scores = (
        " Det samme gælder, hvem der svarer på spørgeskemaer."
        if report.outcomes("score")
        else ""
    )
    return [
        f"Grupperne er ikke dannet ved lodtrækning{alike}, og motivation for at deltage er ikke målt og kan have betydning "
        f"for både deltagelse og udfald.{scores}{sensitivity.reference(report)}",
        f"{report.words.claim}. De siger ikke, hvordan indsatsen ville virke for andre.",
        *(str(text) for text in report.text.get("limits") or []),
    ]


def _conclusion(report: Report) -> str:
    refused = report.frame("design")["method"].isin(["none", "randomisation"]).any()
    sure = (
        "For mindst ét udfald er grundlaget for lille til at opgøre usikkerheden, og det udfald kan der ikke konkluderes på."
        if refused
        else "Usikkerheden kan opgøres for alle udfald."
    )
    is_made = report.words.is_made
    alike = "personer, der ligner dem på de målte forhold" if is_made else "andre, som de er"
    other = "forhold, der ikke er målt," if is_made else "andre forhold, målte som ikke-målte,"
    return (
        f"Data tillader en sammenligning af deltagere med {alike}, og med samme opfølgning. Den kan ikke afvise, at {other} "
        f"skiller grupperne. {sure}"
    )
