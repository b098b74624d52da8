"""4 Borgernes relation til kommunen: answers, scales and differences in score."""

from __future__ import annotations

import pandas as pd

from reports.chapters.effects import (
    READING,
    detectable,
    effect_figure,
    name_of,
)
from reports.facts import Report, records
from reports.markdown import Table, heading, paragraphs
from reports.words.danish import interval, listing, number, upper_first
from reports.words.wording import certainty_sentence, conclusion

ARMS = {"treated": "Deltagere", "comparison": "Sammenligning", "all": "Alle"}
EXAMPLES = "Spørgsmålene er eksempler, ikke VIVEs spørgsmål."


def chapter(report: Report) -> str:
    """Return the whole chapter, or nothing where no outcome is a scale."""
    outcomes = report.outcomes("score")
    if not outcomes:
        return ""
    scales = report.frame("scales")
    asked = scales[scales["scale"].isin([entry["scale"] for entry in outcomes])]
    title = str(report.text.get("score_chapter") or "Svarene på spørgeskemaer")
    return "".join(
        [
            heading(title, 1, "relation"),
            heading("Svar og skalaer", 2, "svar"),
            paragraphs(
                "Svarprocenterne fremgår af @tbl-svarprocent. Skalaerne er gennemsnit af svar på flere "
                "spørgsmål, omregnet til point fra 0 til 100, hvor højere er bedre; hvor godt "
                "spørgsmålene hænger sammen, fremgår af @tbl-skalaer-borgere."
            ),
            _response(report, {str(entry.get("table", "citizen")) for entry in outcomes}),
            scale_table(report, asked, "borgere"),
            heading("Forskelle mellem grupperne", 2, "scoreforskelle"),
            _effects(report),
            heading("Delkonklusion", 2, "delkonklusion-relation"),
            paragraphs(_conclusion(report)),
        ]
    )


def _response(report: Report, tables: set[str]) -> str:
    response = report.frame("response")
    asked = response[response["table"].isin(tables)]
    rows = []
    for wave, part in asked.groupby("wave", sort=False):
        arms = {row.arm: row for row in records(part)}
        cells = []
        for arm in ("treated", "comparison"):
            row = arms[arm]
            cells += [
                report.count(row.n_answered),
                report.count(row.n_invited),
                number(row.share),
            ]
        rows.append((f"{wave}. måling", *cells))
    return Table(
        label="svarprocent",
        caption="Svar på spørgeskemaet",
        header=(
            "Måling",
            "Deltagere, svar",
            "Spurgt",
            "Pct.",
            "Sammen\u00adligning, svar",
            "Spurgt",
            "Pct.",
        ),
        rows=tuple(rows),
        widths=(18, 17, 12, 10, 20, 12, 10),
        notes="Det er ikke tilfældigt, hvem der svarer. Svarprocenten er opgjort blandt alle, der var i målgruppen for spørgeskemaet.",
        source=report.source,
    ).markdown()


def scale_table(report: Report, scales: pd.DataFrame, asked: str) -> str:
    """Return the table of Cronbach's alpha, one row per scale and a column per wave."""
    waves = list(dict.fromkeys(scales["wave"]))
    rows = []
    for scale, part in scales.groupby("scale", sort=False):
        found = {row.wave: row for row in records(part)}
        cells = [
            f"{number(row.alpha, 2)} ({interval(row.conf_low, row.conf_high, 2)})"
            if (row := found.get(wave)) is not None
            else "–"
            for wave in waves
        ]
        name = report.label(f"scale:{scale}")
        rows.append((name, number(part["items"].max(), 0), *cells))
    sizes = listing(
        f"{report.count(part['n'].min())}–{report.count(part['n'].max())} i {wave}. måling"
        for wave, part in scales.groupby("wave", sort=False)
    )
    return Table(
        label=f"skalaer-{asked}",
        caption="Skalaernes pålidelighed, Cronbachs alfa",
        header=("Skala", "Spørgsmål", *(f"{wave}. måling" for wave in waves)),
        rows=tuple(rows),
        widths=(28, 13, *(66 // len(waves) for _ in waves)),
        notes=f"95 %-sikkerhedsintervaller i parentes. Beregnet blandt personer med svar på alle skalaens spørgsmål ({sizes}). {EXAMPLES}",
        source=report.source,
    ).markdown()


def _effects(report: Report) -> str:
    outcomes, findings = report.outcomes("score"), report.tested("score")
    names = [name_of(report, f) for f in findings]
    waves = sorted({(entry["baseline"], entry["wave"]) for entry in outcomes})
    between = listing(f"{first}. til {last}. måling" for first, last in waves)
    way = report.words.way
    enters = f"både i {way.the_action} og i beregningen" if way.action else "i beregningen"
    return "".join(
        [
            paragraphs(
                f"De samme personer er fulgt fra {between}. Hvert udfald har {way.own} blandt dem, der svarede "
                f"første gang, og den første score indgår {enters}. {detectable(report, outcomes)}",
                "Forskellene fremgår af @fig-score; p-værdier og antal personer står i @tbl-hovedtal.",
            ),
            effect_figure(
                report,
                findings,
                names,
                label="score",
                caption="Forskel i score mellem deltagere og sammenligningsgruppe",
                notes=f"{READING} Kun personer med svar i begge målinger.",
                titles={f.unit: "Forskel, point på en skala fra 0 til 100" for f in findings},
            ),
            paragraphs(*(certainty_sentence(f) for f in findings)),
        ]
    )


def _conclusion(report: Report) -> str:
    findings = report.tested("score")
    found = []
    for f in findings:
        word = f.direction("en højere", "en lavere")
        found.append(
            f"{upper_first(f.words.treated)} har {word} score for {f.label} end "
            f"{f.words.others(report.people)}, og forskellen er statistisk sikker."
        )
    return (
        f"{conclusion(findings, found)} Resultaterne gælder dem, der svarede begge gange; hvem de er, "
        "fremgår af @tbl-profil."
    )
