"""Bilag: balance, data and method, in full."""

from __future__ import annotations

import pandas as pd

from reports.chapters.groups import covariate_label
from reports.danish import count, listing, number
from reports.facts import Report
from reports.markdown import Table, bullets, heading, paragraphs
from reports.wording import TERMS

KINDS = {
    "not_asked": "Ikke spurgt",
    "do_not_know": "Ved ikke",
    "refused": "Ønsker ikke at svare",
    "technical": "Teknisk fejl",
    "no_answer": "Ikke besvaret",
}


def balance(report: Report) -> str:
    """Return the balance of every matched set in full."""
    frame = report.frame("balance")
    if frame.empty:
        return ""
    parts = [heading("Bilag: Balance", 1, "bilag-balance", numbered=False)]
    parts += [_balance_table(report, str(name)) for name in dict.fromkeys(frame["outcome"])]
    return "".join(parts)


def _balance_table(report: Report, outcome: str) -> str:
    frame = report.frame("balance")
    rows = tuple(
        (
            covariate_label(report, row),
            number(row.smd_before, 2),
            number(row.smd_after, 2),
            number(row.vr_before, 2),
            number(row.vr_after, 2),
            number(row.ks_before, 2),
            number(row.ks_after, 2),
        )
        for row in frame[frame["outcome"] == outcome].itertuples()
    )
    return Table(
        label=f"balance-{outcome}",
        caption=f"Balance i den matchede gruppe for {report.outcome_label(outcome)}",
        header=("Kendetegn", "Forskel før", "efter", "Varians før", "efter", "KS før", "efter"),
        rows=rows,
        widths=(40, 11, 10, 11, 10, 10, 10),
        notes="Forskel er standardiseret med standardafvigelsen blandt deltagerne før matching. "
        "Varians er forholdet mellem varianserne. KS er den største afstand mellem fordelingerne.",
        source=report.source,
    ).markdown()


def data(report: Report) -> str:
    """Return what the files held: read how, answers missing why, case durations."""
    return "".join(
        [
            heading("Bilag: Datagrundlag", 1, "bilag-data", numbered=False),
            _files(report),
            _missing(report),
            _spells(report),
        ]
    )


def _files(report: Report) -> str:
    rows = tuple(
        (
            str(entry["name"]).replace("\\", "/").rsplit("/", 1)[-1],
            number(entry["rows"], 0),
            str(entry.get("encoding") or "–"),
            str(entry["sha256"])[:12],
        )
        for entry in report.manifest["inputs"]
    )
    return Table(
        label="filer",
        caption="Filer, tegnsæt og kontrolsum",
        header=("Fil", "Rækker", "Tegnsæt", "sha256 (begyndelsen)"),
        rows=rows,
        widths=(34, 14, 18, 26),
        source=report.source,
    ).markdown()


def _missing(report: Report) -> str:
    frame = report.frame("missing")
    if frame.empty:
        return ""
    named = frame[frame["kind"].isin(KINDS)]
    totals = named.groupby(["table", "wave", "kind"], sort=False, dropna=False)["n"].sum(
        min_count=1
    )
    rows = tuple(
        (
            "Borgere"
            if table == "citizen"
            else "Medarbejdere"
            if table == "staff"
            else str(table),
            str(wave),
            KINDS[str(kind)],
            count(n, report.min_cell),
        )
        for (table, wave, kind), n in totals.items()
    )
    return Table(
        label="manglende",
        caption="Manglende svar efter art",
        header=("Skema", "Runde", "Art", "Antal svar"),
        rows=rows,
        widths=(24, 12, 36, 16),
        left=3,
        notes="Tallene er svar på enkelte spørgsmål, lagt sammen over skemaet. »Ved ikke« tæller ikke "
        "som et svar på skalaen.",
        source=report.source,
    ).markdown()


def _spells(report: Report) -> str:
    frame = report.frame("spells")
    if frame.empty:
        return ""
    rows = tuple(
        (
            report.label("case_type", row.case_type),
            "Deltagere" if row.arm == "treated" else "Sammenligning",
            count(row.n, report.min_cell),
            number(row.median_weeks, 0),
            number(row.open_share, 0) if "open_share" in frame else "–",
        )
        for row in frame.itertuples()
    )
    return Table(
        label="sager",
        caption="Kommunale sager, varighed efter oprydning",
        header=("Sagstype", "Gruppe", "Sager", "Median, uger", "Åbne sager, pct."),
        rows=rows,
        widths=(28, 20, 12, 16, 18),
        left=2,
        notes="Overlappende sager af samme type er lagt sammen. Åbne sager er afsluttet ved "
        "observationens slutning, så medianen er en nedre grænse, hvor mange er åbne.",
        source=report.source,
    ).markdown()


def method(report: Report) -> str:
    """Return how each number was made, and what was decided on the way."""
    decisions = [
        f"{report.outcome(entry['outcome'])['label']}, {TERMS.get(entry['term'], entry['term']).lower()}: "
        f"{_reason(entry)}"
        for entry in report.manifest["decisions"]
    ]
    packages = listing(
        f"{name} {version}" for name, version in report.manifest["packages"].items()
    )
    return "".join(
        [
            heading("Bilag: Metode", 1, "bilag-metode", numbered=False),
            paragraphs(*_steps(report)),
            bullets(decisions),
            paragraphs(
                f"Beregnet med {packages}. Startværdien for tilfældige tal er {report.study['seed']}. "
                "Samme data, studiefil og versioner giver de samme tabeller."
            ),
        ]
    )


def _reason(entry: object) -> str:
    method = entry["method"]  # type: ignore[index]
    return METHODS.get(method, method)


METHODS = {
    "wild": "restringeret wild bootstrap på kommuner; interval ved at vende testen.",
    "jackknife": "jackknife, der udelader én kommune ad gangen, med Welch-frihedsgrader.",
    "set": "klynger af matchede sæt.",
    "hc2": "robuste standardfejl (HC2).",
    "none": "usikkerheden er ikke beregnet, fordi der er for få kommuner.",
}


def _steps(report: Report) -> list[str]:
    facts = report.manifest.get("comparison", {})
    caliper = facts.get("caliper")
    width = (
        f" og en største afstand på {number(caliper, 1)} standardafvigelser" if caliper else ""
    )
    exact = [report.label(name).lower() for name in facts.get("exact", [])]
    same = f" Partnere er helt ens på {listing(exact)}." if exact else ""
    return [
        "Sandsynligheden for at deltage er beregnet med en logistisk model af de forhold, der er "
        "målt før start. Hver deltager er matchet med den nærmeste borger"
        f"{' (forholdet er 1:' + str(facts['ratio']) + ')' if facts.get('ratio') else ''}{width}.{same} "
        "Efter matching er afstande, ens forhold og genbrug kontrolleret ved en uafhængig beregning.",
        "Antal fra 1 til "
        f"{report.min_cell - 1} er skjult sammen med det tal, de ellers kunne regnes ud fra.",
        "Valg af usikkerhedsberegning for hvert mål:",
    ]


def notes(report: Report) -> list[str]:
    """Return the notes of the run, none twice."""
    frame = report.manifest.get("notes", [])
    return list(dict.fromkeys(str(text) for text in frame if not pd.isna(text)))
