"""Bilag: balance, clusters, data and method, in full."""

from __future__ import annotations

from reports.chapters import balance, designs, follow_up, numbers, sensitivity, sites
from reports.chapters.methods import TABLES, file_name
from reports.facts import Report, records
from reports.markdown import Table, bullets, heading, paragraphs
from reports.words.danish import interval, listing, number, upper_first

KINDS = {
    "do_not_know": "Ved ikke",
    "refused": "Ønsker ikke at svare",
    "not_asked": "Ikke spurgt",
    "technical": "Teknisk fejl",
    "blank": "Uden svar",
}
METHODS = {
    "wild": "bootstrap på {place}niveau med pålagt nulhypotese og tilfældige fortegn; intervallet er fundet ved at vende testen",
    "jackknife": "jackknife, der udelader én {place} ad gangen, med frihedsgrader efter Welch",
    "set": "robuste standardfejl for sæt",
    "hc2": "robuste standardfejl for personer{weights}",
    "randomisation": "intet interval; i testen er indsatsen omfordelt tilfældigt mellem {places}ne",
    "none": "ingen, fordi det effektive antal {places} er for lille",
}


def chapter(report: Report) -> str:
    """Return every appendix that the study has, numbered."""
    bodies = {
        numbers.LABEL: ("Tallene bag figurerne", numbers.body(report)),
        "bilag-balance": ("Balance", balance.body(report)),
        "bilag-enkeltvis": (f"{upper_first(report.places)}ne enkeltvis", sites.body(report)),
        sensitivity.LABEL: ("Følsomhed", sensitivity.body(report)),
        "bilag-opfoelgning": ("Opfølgning", follow_up.body(report)),
        "bilag-data": ("Datagrundlag", _files(report) + _missing(report) + _spells(report)),
        "bilag-metode": ("Metode", _method(report)),
    }
    present = [(label, *part) for label, part in bodies.items() if part[1]]
    return "".join(
        heading(f"Bilag {place}: {title}", 1, label, numbered=False) + body
        for place, (label, title, body) in enumerate(present, start=1)
    )


def _files(report: Report) -> str:
    rows = tuple(
        (
            file_name(entry["name"]),
            number(entry["rows"], 0),
            str(entry.get("encoding") or "–").upper(),
            str(entry["sha256"])[:12],
        )
        for entry in report.manifest["inputs"]
    )
    return (
        paragraphs("Filerne fremgår af @tbl-filer.")
        + Table(
            label="filer",
            caption="Filer, tegnsæt og kontrolsum",
            header=("Fil", "Rækker", "Tegnsæt", "Kontrolsum"),
            rows=rows,
            widths=(34, 14, 18, 26),
            notes="Kontrolsummen er begyndelsen af filens sha256. En streg betyder, at formatet ikke har et tegnsæt.",
            source=report.source,
        ).markdown()
    )


def _missing(report: Report) -> str:
    frame = report.frame("missing")
    if frame.empty:
        return ""
    kinds = [kind for kind in KINDS if (frame["kind"] == kind).any()]
    rounded = (
        f" Tallet for hvert spørgsmål er rundet til nærmeste {report.min_cell}."
        if report.min_cell > 1
        else ""
    )
    rows = []
    for (table, wave), part in frame.groupby(["table", "wave"], sort=False):
        cells = []
        for kind in kinds:
            n = part.loc[part["kind"] == kind, "n"]
            text = f"{number(n.sum(), 0)}{'+' if n.isna().any() else ''}"
            cells.append(f"<{report.min_cell}" if len(n) and n.isna().all() else text)
        name = TABLES.get(str(table), str(table))
        rows.append((f"{name}, {wave}. måling", *cells))
    return (
        paragraphs("Hvorfor svar mangler, fremgår af @tbl-manglende.")
        + Table(
            label="manglende",
            caption="Manglende svar på enkelte spørgsmål efter art",
            header=("Spørgeskema", *(KINDS[kind] for kind in kinds)),
            rows=tuple(rows),
            widths=(38, *(13 for _ in kinds)),
            notes=f"Svar lagt sammen over alle spørgsmål i skemaet.{rounded} »Ved ikke« tæller ikke som et svar på skalaen. Et plus betyder, at "
            f"spørgsmål med færre end {report.min_cell} af arten ikke er talt med. Uden svar er tomme felter, også hos dem, der slet ikke svarede.",
            source=report.source,
        ).markdown()
    )


def _spells(report: Report) -> str:
    frame = report.frame("spells")
    if frame.empty:
        return ""
    rows = tuple(
        (
            report.label("case_type", row.case_type),
            "Deltagere" if row.arm == "treated" else "Sammenligning",
            report.count(row.n),
            number(row.median_weeks, 0),
            interval(row.p25_weeks, row.p75_weeks, 0),
            number(row.open_share, 0),
        )
        for row in records(frame.sort_values("case_type", kind="stable"))
    )
    return (
        paragraphs("Varigheden af sager blandt dem i analysen fremgår af @tbl-sager.")
        + Table(
            label="sager",
            caption="Kommunale sager, varighed i uger efter oprydning",
            header=("Sagstype", "Gruppe", "Sager", "Median", "Midterste halvdel", "Åbne, pct."),
            rows=rows,
            widths=(26, 20, 11, 11, 20, 12),
            left=2,
            notes="Overlappende sager af samme type er lagt sammen. Åbne sager er regnet som afsluttet ved observationens slutning, så "
            "varigheden er en nedre grænse, hvor mange er åbne. Tallene er beskrivende og ikke et mål for en effekt.",
            source=report.source,
        ).markdown()
    )


def _method(report: Report) -> str:
    comparison = report.manifest["comparison"]
    weights = (
        ", som tager højde for, at vægtene er beregnet"
        if designs.is_stacked(comparison)
        else ""
    )
    decisions = [
        f"**{report.outcome(entry['outcome'])['label']}**: "
        + METHODS.get(entry["method"], entry["method"]).format(
            place=report.place, places=report.places, weights=weights
        )
        for entry in report.manifest["decisions"]
    ]
    packages = listing(
        f"{name} {version}" for name, version in report.manifest["packages"].items()
    )
    return "".join(
        [
            paragraphs(
                designs.described(comparison),
                f"Antal fra 1 til {report.min_cell - 1} er skjult sammen med de tal, de ellers kunne regnes ud fra."
                if report.min_cell > 1
                else "Ingen antal er skjult.",
                "Usikkerheden på hvert udfald er opgjort sådan:",
            ),
            bullets(decisions),
            designs.listed(report),
            paragraphs(
                f"Beregnet med {packages}. Startværdien for tilfældige tal er {report.study['seed']}. Samme data, studiefil og "
                "versioner giver de samme tabeller."
            ),
        ]
    )
