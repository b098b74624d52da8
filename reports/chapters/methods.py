"""Data and method: what the data allow, beside the trial one would have wished for."""

from __future__ import annotations

from math import isfinite

from evaluation.inference.judgement import LARGEST_RATIO
from reports.chapters.exhibits import table
from reports.facts import Report, Sheet
from reports.markdown import bullets, paragraphs
from reports.pieces import piece
from reports.rows import Design
from reports.words import target_trial
from reports.words.danish import NOTHING, listing, lower_first, number, upper_first
from reports.words.methods import INFERENCE

# What the records of a source are called, and the source.
RECORDS = {
    "cases": ("sager", "sagsregistret"),
    "hours": ("forløb", "timeregistret"),
    "dream": ("forløb", "ugeregistret"),
}


def table_name(report: Sheet, name: str, wave: int | str | None = None) -> str:
    """Return what the dictionary calls a table, with the number of its wave."""
    label = report.table(name).label
    return f"{label}, {wave}. måling" if wave else label


def file_name(path: str) -> str:
    """Return the last part of a path written on any system."""
    return path.replace("\\", "/").rsplit("/", 1)[-1]


@piece("sentence", "rows_chosen")
def rows_chosen(report: Sheet) -> str:
    """Say which rows of the files the study file chose."""
    chosen = []
    for one in report.facts.inputs:
        levels = [
            f"»{report.label(name)}« er {listing((f'»{report.label(name, level)}«' for level in kept), 'eller')}"
            for name, kept in one.kept.items()
            if kept
        ]
        names = [f"»{report.label(name)}«" for name, kept in one.kept.items() if not kept]
        how = [f"hvor {listing(levels)}"] if levels else []
        how += [f"som studiefilen vælger efter {listing(names)}"] if names else []
        if how:
            chosen.append(f"Af {file_name(one.name)} er kun brugt de rækker, {listing(how)}.")
    return " ".join(chosen)


@piece("sentence", "strangers")
def strangers(report: Report) -> str:
    """Say of which records nobody in the study is the person."""
    people = next(
        (one.label for one in report.facts.tables if one.role == "persons"), "persontabellen"
    )
    found = []
    for one in report.facts.linked:
        survey = next((t for t in report.facts.tables if t.name == one.source), None)
        what, named = ("svar", survey.label) if survey else RECORDS[one.source]
        many = upper_first(report.at_least(one.strangers))
        whom = "" if one.unknown is None else f" fra {report.at_least(one.unknown)}"
        found.append(
            f"{many} {what} i {lower_first(named)}{whom}, der ikke findes i {lower_first(people)}, indgår ikke."
        )
    return paragraphs(*found)


@piece("table", "sources")
def sources(report: Sheet) -> str:
    """Return the table of the files that were read."""
    asked = {one.asked for one in report.facts.tables if one.role == "survey"}
    notes = "En række er det, som kilden handler om, for eksempel en person eller et svar."
    if asked == {"rows"}:
        notes += " I spørgeskemaernes filer står alle, der blev spurgt, også dem, der eventuelt ikke svarede."
    return table(
        report,
        "kilder",
        "Datagrundlag",
        ("Kilde", "Fil", "Rækker"),
        [
            (table_name(report, one.table, one.wave), file_name(one.name), number(one.rows, 0))
            for one in report.facts.inputs
        ],
        notes=notes,
        left=2,
    )


@piece("table", "target_trial")
def trial(report: Report) -> str:
    """Return the trial that one would have wished for, beside what the data are from."""
    caption = "Det ønskede forsøg og den mulige sammenligning"
    notes = "Opstillingen efterligner et målforsøg: det forsøg, der ville have givet det sikreste svar."
    if report.is_randomised:
        caption = "Det ønskede forsøg og det gennemførte"
        notes = "Det ønskede forsøg er det, der ville have givet det sikreste svar."
    return table(
        report,
        "maalforsoeg",
        caption,
        ("Element", "Ønsket forsøg", "Her"),
        target_trial.rows(report),
        notes=notes,
        left=3,
        source="Egen opstilling.",
    )


@piece("sentence", "uncertainty")
def uncertainty(report: Report) -> str:
    """Say on what level the uncertainty is counted, and how."""
    methods = {row.method for row in report.rows(Design)}
    way = report.words.way
    if not report.has_places:
        why = way.together
        if report.words.family == "pairs" and "set" not in methods:
            why = "En person kan være matchet med flere"
        return f"{why}, og usikkerheden er beregnet derefter."
    place = report.place
    one, many = place.one, place.many
    how = []
    if "jackknife" in methods:
        is_weighted = report.words.family == "weights"
        anew = ", og vægtene er beregnet på ny hver gang" if is_weighted else ""
        how.append(
            f"Resultatet er regnet igen uden {place.single} ad gangen (jackknife){anew}. Hver gruppe har sin egen varians, som "
            f"mindst er den, som forskelle mellem personer giver alene, og frihedsgrader efter, hvor mange {many} den har, og hvor "
            "lige store de er."
        )
        how.append(_dispersion(report))
    regnes, regnet = ("er", "regnet ") if methods - {"none"} else ("skal", "regnes ")
    apart = f"Alle i samme {one} hører til samme gruppe og deler vilkår."
    shared = f"De, der hører til samme {one}, deler vilkår."
    return paragraphs(
        f"{shared if report.shares_places else apart} Derfor {regnes} usikkerheden {regnet}på {one}niveau og ikke på personniveau; ellers "
        f"ville den blive for lille. {' '.join(how)}",
        f"Det effektive antal {many} i hver gruppe afgør, om usikkerheden kan opgøres. Er det under tre i en af grupperne, vises "
        "tallet uden interval; er det lille, er intervallet bredt.",
    )


def _dispersion(report: Report) -> str:
    """Say for which differences between the groups the test is known, and what they are here."""
    found = sorted(row.dispersion for row in report.rows(Design) if isfinite(row.dispersion))
    if not found:
        return ""
    low, high = number(found[0], 1), number(found[-1], 1)
    here = f"{low} gange" if low == high else f"{low} til {high} gange"
    return (
        f"Testen er afprøvet, hvor {report.place.many} med indsatsen spreder sig op til {number(LARGEST_RATIO, 1)} gange så meget som de "
        f"andre (her {here}), og hvor udsvingene højst er moderat skæve; er de mere skæve, kan den finde forskelle lidt for ofte."
    )


@piece("table", "uncertainty")
def clusters(report: Report) -> str:
    """Return on how much each outcome rests, and the smallest difference that can be found."""
    rows = []
    for row in report.rows(Design):
        finding = report.tested_of(row.outcome)
        known = finding is not None and row.mde == row.mde
        # Never rounded up: whether there is an interval is decided by whether a limit is reached.
        clusters = (
            f"{number(row.n_treated_clusters, 0)} ({number(row.effective_treated // 1, 0)})",
            f"{number(row.n_comparison_clusters, 0)} ({number(row.effective_comparison // 1, 0)})",
        )
        rows.append(
            (
                report.name_of(row.outcome),
                *(clusters if report.has_places else ()),
                INFERENCE[row.method].short,
                finding.amount_of(row.mde) if known and finding is not None else NOTHING,
            )
        )
    places, notes = report.place.many, ""
    heads: list[str] = []
    if report.has_places:
        heads = [f"{upper_first(places)}, {lower_first(name)}" for name in report.words.heads]
        notes = f"Effektivt antal {places} i parentes, rundet ned. "
    return table(
        report,
        "klynger",
        "Grundlaget for usikkerheden og den mindste forskel, der kan findes",
        ("Udfald", *heads, "Metode", "Mindste forskel"),
        rows,
        notes=f"{notes}Mindste forskel er den, der findes med 80 pct. sandsynlighed ved en test på 5 pct.",
        dash="En streg betyder, at usikkerheden ikke kan opgøres.",
    )


@piece("sentence", "limits")
def limits(report: Report) -> str:
    """Return what limits the answers, one by one."""
    scores = " Det samme gælder, hvem der svarer på spørgeskemaer."
    return bullets(
        [
            f"{report.words.caution}.{scores if report.outcomes('score') else ''}",
            "Resultaterne siger ikke, hvordan indsatsen ville virke for andre end dem, de gælder.",
            *report.facts.report.limits,
        ]
    )


@piece("sentence", "method")
def conclusion(report: Report) -> str:
    """Say what the data allow, and whether the uncertainty is known."""
    words = report.words
    known = [row.method != "none" for row in report.rows(Design)]
    sure = "Usikkerheden kan opgøres for alle udfald."
    if len(known) == 1 and not known[0]:
        sure = "Grundlaget er for lille til at opgøre usikkerheden, og størrelsen af forskellen kan der ikke konkluderes på."
    elif not all(known):
        sure = "For mindst ét udfald er grundlaget for lille til at opgøre usikkerheden, og størrelsen af den forskel kan der ikke konkluderes på."
    elif any(finding.refusal for finding in report.tested()):
        sure = "For mindst ét udfald er der for lidt variation til at opgøre usikkerheden, og størrelsen af den forskel kan der ikke konkluderes på."
    if words.design == "randomised":
        return (
            "Lodtrækningen gør, at grupperne kun kan være forskellige ved et tilfælde eller på grund af frafald. Det første indgår i "
            f"usikkerheden, det andet gør ikke. {sure}"
        )
    alike = (
        f"{words.units}, der ligner dem på de målte forhold"
        if words.is_made
        else "andre, som de er"
    )
    other = (
        "forhold, der ikke er målt,"
        if words.is_made
        else "andre forhold, målte som ikke-målte,"
    )
    same = ", og med samme opfølgning" if report.durations() else ""
    return (
        f"Data tillader en sammenligning af {words.participants} med {alike}{same}. Den kan ikke afvise, at {other} "
        f"skiller grupperne. {sure}"
    )
