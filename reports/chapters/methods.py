"""2 Data og metode: what the data allow, beside the trial one would have wished for."""

from __future__ import annotations

import pandas as pd

from reports.danish import listing, lower_first, number
from reports.facts import Report
from reports.markdown import Table, heading, paragraphs
from reports.wording import UNITS

TABLES = {
    "population": "Befolkning",
    "cases": "Kommunale sager",
    "dream": "DREAM, ugentlige ydelser",
    "exposure": "Startdatoer",
    "citizen": "Spørgeskema til borgere",
    "staff": "Spørgeskema til medarbejdere og ledere",
    "persons": "Personer",
}


def chapter(report: Report) -> str:
    """Return the whole chapter."""
    return "".join(
        [
            heading("Data og metode", 1, "metode"),
            heading("Data", 2, "data"),
            paragraphs(
                "Rapporten bygger på de filer, der er vist i @tbl-kilder. Alle filer er læst, som "
                "de er modtaget, og kontrolleret mod en datakodebog."
            ),
            _sources(report),
            heading("Den sammenligning, data tillader", 2, "maalforsoeg"),
            paragraphs(
                "I @tbl-maalforsoeg står det lodtrækningsforsøg, man kunne have ønsket sig, ved "
                "siden af den sammenligning, som data tillader."
            ),
            _target_trial(report),
            heading("Usikkerhed", 2, "usikkerhed"),
            paragraphs(*_uncertainty(report)),
            _design(report),
        ]
    )


def _sources(report: Report) -> str:
    rows = []
    for entry in report.manifest["inputs"]:
        name = TABLES.get(entry["table"], entry["table"])
        wave = entry.get("wave")
        rows.append(
            (
                f"{name}, runde {wave}" if wave else name,
                str(entry["name"]).replace("\\", "/").rsplit("/", 1)[-1],
                number(entry["rows"], 0),
            )
        )
    return Table(
        label="kilder",
        caption="Datagrundlag",
        header=("Kilde", "Fil", "Rækker"),
        rows=tuple(rows),
        widths=(44, 36, 12),
        left=2,
        source=report.source,
    ).markdown()


def _target_trial(report: Report) -> str:
    rows = tuple(
        (row["element"], row["ideal"], row["here"]) for row in report.manifest["protocol"]
    )
    return Table(
        label="maalforsoeg",
        caption="Det ønskede forsøg og den mulige sammenligning",
        header=("Element", "Ønsket forsøg", "Her"),
        rows=rows,
        widths=(18, 34, 44),
        left=3,
        notes="Opstillingen følger tanken om at efterligne et målforsøg (target trial).",
    ).markdown()


def _uncertainty(report: Report) -> list[str]:
    design = report.frame("design")
    if design.empty or not design["n_treated_clusters"].notna().any():
        return [
            "Studiet har ingen klynger. Usikkerheden er beregnet, så personer i samme matchede "
            "sæt hører sammen."
        ]
    return [
        "Indsatsen er besluttet i kommunerne, og borgere i samme kommune deler vilkår. Derfor "
        "regnes usikkerheden på kommuneniveau, ikke på personniveau. Med så få kommuner er de "
        "gængse standardfejl for små. For forskelle i score bruges en restringeret wild "
        "bootstrap på kommuner, og intervallet er fundet ved at vende den samme test. For tid "
        "til en hændelse bruges en jackknife, der udelader én kommune ad gangen, med "
        "frihedsgrader efter det effektive antal kommuner i hver gruppe.",
        "Det effektive antal kommuner i hver gruppe efter matching afgør, om der kan regnes "
        "usikkerhed. Er det under seks i en af grupperne, vises kun selve tallet, jf. @tbl-klynger. "
        "Tabellen viser også den mindste forskel, som undersøgelsen med rimelig sandsynlighed "
        "(80 pct.) kunne have fundet.",
    ]


def _design(report: Report) -> str:
    design = report.frame("design")
    if design.empty:
        return ""
    clustered = bool(design["n_treated_clusters"].notna().any())
    rows = []
    for row in design.itertuples():
        outcome = report.outcome(row.outcome)
        unit = UNITS.get(str(outcome.get("unit", "")), str(outcome.get("unit", "")))
        smallest = "–" if pd.isna(row.mde) else f"{number(row.mde)} {unit}".strip()
        cells = [str(outcome["label"])]
        if clustered:
            cells += [
                f"{number(row.n_treated_clusters, 0)} ({number(row.effective_treated)})",
                f"{number(row.n_comparison_clusters, 0)} ({number(row.effective_comparison)})",
            ]
        rows.append((*cells, METHODS.get(str(row.method), str(row.method)), smallest))
    groups = ("Kommuner, deltagere", "Kommuner, sammenligning") if clustered else ()
    return Table(
        label="klynger",
        caption="Grundlaget for den statistiske usikkerhed",
        header=("Udfald", *groups, "Metode", "Mindste forskel, der kan findes"),
        rows=tuple(rows),
        widths=(24, 14, 16, 22, 20) if clustered else (34, 30, 28),
        notes="Effektivt antal kommuner i parentes." if clustered else "",
        source=report.source,
    ).markdown()


METHODS = {
    "wild": "wild bootstrap",
    "jackknife": "jackknife over kommuner",
    "set": "klynger af matchede sæt",
    "hc2": "robust (HC2)",
    "none": "ingen (for få kommuner)",
}


def covariate_list(report: Report) -> str:
    """Return the matching variables as a Danish list."""
    return listing(lower_first(report.label(name)) for name in report.manifest["covariates"])
