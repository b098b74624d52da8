"""The text of an edition: what is found in all, and what belongs to the one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import isfinite

from data_dictionary.errors import RenderError
from reports.calls import evaluated
from reports.chapters.donors import half_year
from reports.chapters.effects import effect_table, name_of, tested_sentence
from reports.chapters.exhibits import CONFIDENTIAL, table
from reports.chapters.sites import n_of
from reports.editions.units import Unit
from reports.engines.builtin.convert import filled
from reports.facts import Report
from reports.formats import Format
from reports.pages import texts_of
from reports.pieces import Kind, asked_for, made
from reports.rows import Municipalities, Pretrends, Sites
from reports.staging import PROJECT
from reports.user_text import plain
from reports.variables import report_title
from reports.words.danish import number, upper_first
from reports.words.editions import (
    BEFORE,
    alone_words,
    hidden_words,
    index_words,
    interval_words,
    place_line,
    place_words,
)
from reports.words.wording import Finding

BESIDE = "https://beside.invalid/"
"""What stands for the folder of the page in its links: a report leads to no file beside it."""

_TEMPLATES = PROJECT / "editions" / "templates"
# What an edition of an outcome shows of it, as far as it has that.
_PIECES: Sequence[tuple[str, str, Sequence[tuple[Kind, str]]]] = (
    (
        "Over tid",
        "tid",
        (("sentence", "incidence"), ("figure", "incidence"), ("table", "incidence")),
    ),
    ("Andre veje ud", "veje", (("sentence", "exits"), ("figure", "exits"), ("table", "exits"))),
    (
        "Hvad der skal til, før svaret ændrer sig",
        "holdbarhed",
        (("sentence", "verdict"), ("figure", "sensitivity"), ("table", "thresholds")),
    ),
    (
        "Andre måder at danne sammenligningen på",
        "design",
        (("sentence", "designs"), ("table", "designs")),
    ),
    (
        "Sted for sted",
        "steder",
        (("sentence", "sites"), ("figure", "sites"), ("table", "sites")),
    ),
)


def edition(report: Report, unit: Unit) -> dict[str, str]:
    """Return the texts of an edition; figures are drawn into the current folder."""
    own = replace(report.facts.report, subtitle=unit.label)
    report = replace(report, facts=replace(report.facts, report=own))
    is_outcome = unit.each == "outcome"
    known = _of_outcome(report, unit) if is_outcome else place_parts(report, unit)
    template = _TEMPLATES / ("outcome.qmd" if is_outcome else "place.qmd")
    text = filled(template.read_text(encoding="utf-8"), {"label": unit.label, **known})
    title = plain(f"{report_title(report)}: {unit.label}")
    return texts_of(title, evaluated(report, text))


def place_parts(report: Report, unit: Unit) -> Mapping[str, str]:
    """Return all that an edition of a place says of it, by its place in the template."""
    rows = shown_sites(report, unit)
    before = _before(report, unit)
    if not rows and not before:
        return {"words": hidden_words(report.place, unit.label), "own": "", "before": ""}
    return {
        "words": place_words(report.place, unit.label, report.words.units)
        if rows
        else hidden_words(report.place, unit.label),
        "own": _sites_table(report, unit, rows) if rows else "",
        "before": before,
    }


def shown_sites(report: Report, unit: Unit) -> list[tuple[Finding, Sites]]:
    """Return what is told of a place, each with the finding that it is part of."""
    found = []
    for row in report.rows(Sites):
        finding = report.finding(row.outcome, row.term)
        if row.cluster == unit.code and finding is not None and isfinite(row.estimate):
            found.append((finding, row))
    return found


def _sites_table(report: Report, unit: Unit, rows: Sequence[tuple[Finding, Sites]]) -> str:
    place, words = report.place, report.words
    return table(
        report,
        "sted",
        f"Forskellen i {unit.label} alene, i alt og uden {place.the}",
        (
            "Udfald (enhed)",
            f"{upper_first(place.the)} alene",
            upper_first(words.participants),
            f"Alle {place.many} (95 %-interval)",
            f"Uden {place.the} (95 %-interval)",
        ),
        [
            (
                f"{name_of(report, finding)} ({finding.unit_word})",
                number(row.estimate, finding.decimals),
                n_of(report, row),
                finding.with_interval,
                _with(finding, row),
            )
            for finding, row in rows
        ],
        notes=f"{alone_words(place, words.units)} {interval_words(place)}",
    )


def _with(finding: Finding, row: Sites) -> str:
    ends = finding.interval_of(row.loo_low, row.loo_high)
    value = number(row.loo_estimate, finding.decimals)
    return f"{value} ({ends})" if isfinite(row.loo_low) and isfinite(row.loo_high) else value


def _before(report: Report, unit: Unit) -> str:
    """Return the outcome before the programme in a place and in all of its arm, or nothing."""
    own = {
        row.period: row
        for row in report.rows(Municipalities)
        if row.cluster == unit.code and isfinite(row.estimate)
    }
    if not own:
        return ""
    arm = next(iter(own.values())).arm
    whole = [row for row in report.rows(Pretrends) if row.arm == arm]
    return table(
        report,
        "foer",
        "Procent, der nåede det samme inden for 26 uger, halvår for halvår",
        ("Halvår", unit.label, f"Alle {report.place.many} med indsatsen"),
        [
            (
                half_year(row.period),
                number(own[row.period].estimate) if row.period in own else number(None),
                number(row.estimate),
            )
            for row in whole
        ],
        notes=f"{BEFORE} {alone_words(report.place, report.words.units)}",
        dash=CONFIDENTIAL,
    )


def _of_outcome(report: Report, unit: Unit) -> Mapping[str, str]:
    finding = report.tested_of(unit.code)
    if finding is None:
        return {"found": "", "effect": "", "pieces": ""}
    return {
        "found": tested_sentence(report, finding),
        "effect": effect_table(
            report, [finding], label="udfald", caption="Den testede forskel", notes=""
        ),
        "pieces": "\n".join(_pieces(report, unit.code)),
    }


def _pieces(report: Report, outcome: str) -> Iterator[str]:
    for title, label, pieces in _PIECES:
        shown = [made(report, *one, outcome) for one in pieces if _has(report, one, outcome)]
        if any(text.strip() for text in shown):
            yield f"# {title} {{#{label} .unnumbered}}\n"
            yield from (f"{text.strip()}\n" for text in shown)


def _has(report: Report, one: tuple[Kind, str], outcome: str) -> bool:
    """Whether an outcome has a piece."""
    try:
        asked_for(report, *one, outcome)
    except RenderError:
        return False
    return True


def index(report: Report, units: Sequence[Unit], to: Sequence[Format]) -> tuple[str, str]:
    """Return title and body of the page that leads to every edition."""
    title = f"{plain(report_title(report))}: alle udgaver"
    lines = []
    for unit in units:
        at = f"{BESIDE}{unit.name}"
        links = ", ".join(f"[{one}]({at}.{one})" for one in to if one != "html")
        first = f"[{unit.label}]({at}.html)" if "html" in to else unit.label
        more = f" ({links})" if links else ""
        lines.append(f"- {first}{more}: {_line(report, unit)}")
    body = "\n".join([index_words(report.place, units[0].each, report.stamp), "", *lines])
    return title, body


def _line(report: Report, unit: Unit) -> str:
    if unit.each == "outcome":
        finding = report.tested_of(unit.code)
        return "" if finding is None else tested_sentence(report, finding)
    told = len(shown_sites(report, unit))
    of = len({(row.outcome, row.term) for row in report.rows(Sites)})
    return place_line(told, of)
