"""Data and method in full: files, what is missing, cases, and how everything was computed."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan

from data_dictionary.columns import MissingKind
from evaluation.inference.gatekeeper import Method as InferenceMethod
from reports.chapters.exhibits import table
from reports.chapters.methods import file_name, table_name
from reports.facts import Report, Sheet
from reports.markdown import bullets, joined, paragraphs
from reports.pieces import piece
from reports.rows import Missing, Spells, grouped
from reports.words.danish import NOTHING, interval, listing, number
from reports.words.imports import IMPORTS
from reports.words.methods import INFERENCE

# What an answer is that is none; a blank is what no code explains.
KINDS: Mapping[MissingKind | str, str] = {
    "do_not_know": "Ved ikke",
    "refused": "Ønsker ikke at svare",
    "not_asked": "Ikke spurgt",
    "technical": "Teknisk fejl",
    "blank": "Uden svar",
}
# What is easily misread of them.
MISREAD = {
    "do_not_know": " »Ved ikke« tæller ikke som et svar på skalaen.",
    "blank": " Uden svar er tomme felter, også hos dem, der slet ikke svarede.",
}


@piece("table", "files")
def files(report: Sheet) -> str:
    """Return the table of the files with their encodings and hashes."""
    return table(
        report,
        "filer",
        "Filer, tegnsæt og kontrolsum",
        ("Fil", "Rækker", "Tegnsæt", "Kontrolsum"),
        [
            (
                file_name(one.name),
                number(one.rows, 0),
                (one.encoding or NOTHING).upper(),
                # Enough to tell two files apart; the manifest has it whole.
                one.sha256[:12],
            )
            for one in report.facts.inputs
        ],
        notes="Kontrolsummen er begyndelsen af filens sha256.",
        dash="En streg betyder, at formatet ikke har et tegnsæt.",
    )


@piece("sentence", "as_read")
def as_read(report: Sheet) -> str:
    """Return what was changed or left out in reading, or nothing where nothing was."""
    said = []
    for one in report.facts.inputs:
        for remark in one.remarks:
            words = IMPORTS[remark.what].format(
                n=report.at_least(remark.n), detail=remark.detail
            )
            names = [f"»{name}«" for name in remark.columns]
            names += [f"{remark.more} andre"] if remark.more else []
            where = f"{listing(names)}: " if names else ""
            wave = f" ({one.wave}. måling)" if one.wave else ""
            said.append(f"{file_name(one.name)}{wave}: {where}{words}.")
    if not said:
        return ""
    return joined(paragraphs("Da filerne blev læst, skete der dette:"), bullets(said))


@piece("table", "missing")
def missing(report: Sheet) -> str:
    """Return the table of missing answers by kind, or nothing where there is no survey."""
    found = report.rows(Missing)
    kinds = [kind for kind in KINDS if any(row.kind == kind for row in found)]
    if not found:
        return ""
    size, rows = report.min_cell, []
    for (survey, wave), part in grouped(found, lambda row: (row.survey, row.wave)).items():
        cells = []
        for kind in kinds:
            n = [row.n for row in part if row.kind == kind]
            known = [one for one in n if not isnan(one)]
            more = "+" if len(known) < len(n) else ""
            cells.append(f"{number(sum(known), 0)}{more}" if known or not n else NOTHING)
        rows.append((table_name(report, survey, wave), *cells))
    rounded = (
        f" Tallet for hvert spørgsmål er rundet til nærmeste {size}. Et plus betyder, at spørgsmål, hvis tal er skjult, ikke er talt med."
        if size > 1
        else ""
    )
    return table(
        report,
        "manglende",
        "Manglende svar på enkelte spørgsmål efter art",
        ("Spørgeskema", *(KINDS[kind] for kind in kinds)),
        rows,
        notes=f"Svar lagt sammen over alle spørgsmål i skemaet.{rounded}"
        + "".join(MISREAD.get(kind, "") for kind in kinds),
        dash="En streg betyder, at alle tallene er skjult.",
    )


@piece("table", "spells")
def spells(report: Report) -> str:
    """Return the duration of cases, or nothing where there are none."""
    found = sorted(report.rows(Spells), key=lambda row: row.case_type)
    if not found:
        return ""
    return table(
        report,
        "sager",
        "Sager, varighed i uger efter oprydning",
        ("Sagstype", "Gruppe", "Sager", "Median", "Midterste halvdel", "Åbne, pct."),
        [
            (
                report.label("case_type", row.case_type),
                report.words.arms[row.arm],
                report.count(row.n),
                number(row.median_weeks, 0),
                interval(row.p25_weeks, row.p75_weeks, 0),
                number(row.open_share, 0),
            )
            for row in found
        ],
        left=2,
        notes="Overlappende sager af samme type er lagt sammen. Åbne sager er regnet som afsluttet ved observationens slutning, så "
        "varigheden er en nedre grænse, hvor mange er åbne. Tallene er beskrivende og siger ikke, hvad forskelle skyldes.",
    )


@piece("sentence", "comparison")
def comparison(report: Report) -> str:
    """Say how the groups were made alike, in full."""
    return report.words.described(report.facts.comparison)


@piece("sentence", "decisions")
def decisions(report: Report) -> str:
    """Say by which method the uncertainty of each outcome was found."""
    return bullets(
        [
            f"**{report.name_of(one.outcome)}**: {inference(report, one.method)}"
            for one in report.facts.decisions
        ]
    )


def inference(report: Report, method: InferenceMethod) -> str:
    """Return in full how uncertainty is found by a method."""
    words, place = report.words, report.place
    is_plain = report.facts.comparison.learner in (None, "logit")
    is_stacked = words.family == "weights" and is_plain
    return INFERENCE[method].full.format(
        one=place.one,
        single=place.single,
        many=place.many,
        all=place.all,
        weights=", som tager højde for, at vægtene er beregnet" if is_stacked else "",
    )


@piece("sentence", "hidden")
def hidden(report: Sheet) -> str:
    """Say which counts are hidden."""
    if report.min_cell == 1:
        return "Ingen antal er skjult."
    return f"Antal fra 1 til {report.min_cell - 1} er skjult sammen med de tal, de ellers kunne regnes ud fra."


@piece("sentence", "computed")
def computed(report: Sheet) -> str:
    """Say what the numbers were computed with."""
    packages = listing(f"{name} {version}" for name, version in report.facts.packages.items())
    return (
        f"Beregnet med {packages}. Startværdien for tilfældige tal er {report.facts.study.seed}. Samme data, studiefil og "
        "versioner giver de samme tabeller."
    )
