"""Answers to surveys, scales and differences in score."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from analyses.results.facts import TableFacts, Term
from reports.chapters.effects import (
    detectable,
    effect_figure,
    has_tests,
    name_of,
    tested_title,
)
from reports.chapters.exhibits import WITH_INTERVAL, estimate, table
from reports.facts import Report, Sheet
from reports.markdown import paragraphs
from reports.pieces import piece
from reports.rows import ARMS, Response, Scales, grouped
from reports.words.danish import NOTHING, listing, number, upper_first
from reports.words.wording import certainty_sentence, conclusion


def _surveys(report: Report) -> list[TableFacts]:
    asked = [one.score.table for one in report.facts.outcomes if one.score is not None]
    return [report.table(name) for name in dict.fromkeys(asked)]


@piece("sentence", "answered")
def who_answered(report: Report) -> str:
    """Say how many answered the surveys that scores come from."""
    told = (answered(report, one) for one in _surveys(report))
    return " ".join(f"I alt har {one} svaret." for one in told if one)


@piece("table", "scales")
def scales(report: Report) -> str:
    """Return how reliable the scales of the outcomes are."""
    named = {one.score.scale for one in report.facts.outcomes if one.score is not None}
    found = [row for row in report.rows(Scales) if row.scale in named]
    return scale_table(report, found, "udfald", _surveys(report)) if named else ""


@piece("table", "response")
def response(report: Report) -> str:
    """Return who answered; the share only where it is known who was asked."""
    surveys = _surveys(report)
    by_name = {one.name: one for one in surveys}
    rows = []
    is_known = all(one.asked in ("rows", "persons") for one in surveys)
    own = [row for row in report.rows(Response) if row.survey in by_name]
    for (survey, wave), part in grouped(own, lambda row: (row.survey, row.wave)).items():
        arms = {row.arm: row for row in part}
        cells = []
        for arm in ARMS:
            row = arms[arm]
            cells += [report.count(row.n_answered)]
            cells += [report.count(row.n_invited), number(row.share)] if is_known else []
        name = f"{wave}. måling"
        rows.append((name if len(surveys) == 1 else f"{by_name[survey].label}, {name}", *cells))
    heads = ["Måling"]
    for head in report.words.heads:
        heads += [
            f"{head}, {what}"
            for what in (("svar", "spurgt", "pct.") if is_known else ("svar",))
        ]
    outcome = report.outcome(report.main)
    is_whole = outcome is not None and outcome.score is not None
    among = (
        "alle i data, også dem, der ikke indgår i analysen" if is_whole else "dem i analysen"
    )
    notes = (
        f"Svarene er talt blandt {among}. Det behøver ikke at være tilfældigt, hvem der svarer."
    )
    if not is_known:
        notes += " Hvor mange der blev spurgt, fremgår ikke af data."
    return table(report, "svarprocent", "Svar på spørgeskemaet", heads, rows, notes=notes)


def answered(report: Report, survey: TableFacts) -> str:
    """Say how many answered; of how many only where it is known who was asked."""
    rows = [row for row in report.rows(Response) if row.survey == survey.name]
    return listing(
        f"{report.count(row.n_answered)} af {report.count(row.n_invited)} ({_share(row)} pct.) i {row.wave}. måling"
        if survey.asked in ("rows", "persons")
        else f"{report.count(row.n_answered)} i {row.wave}. måling"
        for row in rows
        if row.arm == "all" and isfinite(row.n_answered)
    )


def _share(row: Response) -> str:
    """Return the share of the numbers beside it, where it is told: its own digits are coarser."""
    is_told = isfinite(row.share)
    return number(100 * row.n_answered / row.n_invited if is_told else row.share, 0)


def scale_table(
    report: Sheet, scales: Sequence[Scales], label: str, surveys: Sequence[TableFacts]
) -> str:
    """Return the table of Cronbach's alpha, one row per scale and wave."""
    notes = "Beregnet blandt alle i filen, der har svaret på alle skalaens spørgsmål."
    return table(
        report,
        f"skalaer-{label}",
        "Skalaernes pålidelighed, Cronbachs alfa",
        # A column per wave would leave no room for the names of scales.
        ("Skala", "Måling", "Spørgsmål", "Svar", f"Alfa{WITH_INTERVAL}"),
        [
            (
                report.label(f"scale:{row.scale}"),
                f"{row.wave}. måling",
                number(row.items, 0),
                report.count(row.n),
                estimate(row.alpha, row.conf_low, row.conf_high, 2),
            )
            for row in scales
        ],
        notes=" ".join([notes, *dict.fromkeys(filter(None, (one.note for one in surveys)))]),
        left=2,
    )


@piece("sentence", "scores_followed")
def followed(report: Report) -> str:
    """Say who is followed from which wave to which, and what could have been found."""
    outcomes, way = report.outcomes("score"), report.words.way
    waves = sorted({(one.score.baseline, one.score.wave) for one in outcomes if one.score})
    between = listing(f"{first}. til {last}. måling" for first, last in waves)
    enters = f"både i {way.the_action} og i beregningen" if way.action else "i beregningen"
    return (
        f"De samme personer er fulgt fra {between}. Hvert udfald har {way.own} blandt dem, der svarede "
        f"første gang, og den første score indgår {enters}. {detectable(report, outcomes)}"
    )


@piece("figure", "scores")
def scores_figure(report: Report) -> str:
    """Return the differences in score with their intervals."""
    findings = report.tested("score")
    return effect_figure(
        report,
        findings,
        [name_of(report, f) for f in findings],
        label="score",
        caption=f"Forskel i score mellem {report.words.groups}",
        notes="Kun personer med svar i begge målinger.",
        told=tested_title(report, findings),
        titles={f.unit: "Forskel, point på en skala fra 0 til 100" for f in findings},
    )


@piece("sentence", "scores")
def certainty(report: Report) -> str:
    """Say of each score how sure its difference is."""
    return paragraphs(*(certainty_sentence(f) for f in report.tested("score")))


@piece("table", "measurement_error")
def both_ways(report: Report) -> str:
    """Return the differences with and without correction of the first score."""
    rows, findings = [], report.tested("score")
    for tested in findings:
        outcome = report.outcome(tested.outcome)
        part = None if outcome is None else outcome.score
        is_corrected = part is not None and part.reliability != "none"
        terms: tuple[Term, Term] = ("score_difference_corrected", tested.term)
        if is_corrected:
            terms = (tested.term, "score_difference_uncorrected")
        both = [report.finding(tested.outcome, term) for term in terms]
        cells = [(f.value, f.interval) if f else (NOTHING, NOTHING) for f in both]
        named = "korrigeret" if is_corrected else "ikke korrigeret"
        rows.append((name_of(report, tested), *cells[0], *cells[1], named))
    return table(
        report,
        "maalefejl",
        "Forskel i score med og uden korrektion for målefejl (point)",
        (
            *("Udfald", "Korrigeret", "Korrigeret, 95 %-interval"),
            *("Ikke korrigeret", "Ikke korrigeret, 95 %-interval", "Valgt"),
        ),
        rows,
        notes="Begge er regnet af de samme svar."
        + (" Kun den valgte er testet." if has_tests(findings) else ""),
    )


@piece("sentence", "corrections")
def corrections(report: Report) -> str:
    """Say of each score whether its first measurement is corrected in what is tested, and how."""
    ways: dict[str, list[str]] = {}
    for one in report.facts.outcomes:
        if one.score is None:
            continue
        how = one.score.reliability
        if how == "none":
            said = "er den første måling ikke korrigeret for målefejl"
        else:
            of = (
                f"den pålidelighed på {number(float(how), 2)}, som studiefilen oplyser (kilde: {one.score.reliability_source})"
                if how != "alpha"
                else f"skalaens pålidelighed i {one.score.baseline}. måling (Cronbachs alfa)"
            )
            said = f"er den første måling korrigeret for den målefejl, der følger af {of}"
        ways.setdefault(said, []).append(report.within(one.name))
    return " ".join(
        f"I den forskel i {listing(names)}, som studiefilen har valgt, {said}."
        for said, names in ways.items()
    )


@piece("sentence", "score_conclusion")
def concluded(report: Report) -> str:
    """Conclude on the scores."""
    findings = report.tested("score")
    found = []
    for f in findings:
        word = f.direction("en højere", "en lavere")
        found.append(
            f"{upper_first(f.words.treated)} har {word} score for {f.label} end {f.words.others}, og forskellen er statistisk sikker."
        )
    return conclusion(findings, found)
