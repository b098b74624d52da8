"""Where scores and amounts stood in each group, before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite

from analyses.results.facts import OutcomeFacts
from reports.chapters.effects import name_of
from reports.chapters.exhibits import WITH_INTERVAL, drawn, estimate, table
from reports.facts import Report
from reports.figures import Dot, wave_dots
from reports.pieces import piece
from reports.rows import ARMS, Means
from reports.words.danish import NOTHING, listing, lower_first, number, small_number
from reports.words.wording import Finding

BEFORE, AFTER = "før", "efter"
_Cells = Mapping[tuple[str, str], Means]
_CAPTION = "Score før og efter i de to grupper"


def _of(report: Report, outcome: str) -> _Cells:
    """Return the means of an outcome by before or after, and arm."""
    facts = report.outcome(outcome)
    first = "" if facts is None or facts.score is None else str(facts.score.baseline)
    return {
        (BEFORE if first and row.wave == first else AFTER, row.arm): row
        for row in report.rows(Means)
        if row.outcome == outcome
    }


def followed(report: Report) -> list[tuple[str, _Cells]]:
    """Return the scores that are known in both groups both before and after, with their means."""
    found = [(one.name, _of(report, one.name)) for one in report.outcomes("score")]
    return [
        (name, cells)
        for name, cells in found
        if len(cells) == 4 and all(isfinite(one.mean) for one in cells.values())
    ]


@piece("sentence", "score_levels")
def levels(report: Report) -> str:
    """Say where the primary scores began and ended in each group."""
    outcomes = report.outcomes("score")
    primary = [one for one in outcomes if one.role == "primary"] or list(outcomes[:1])
    return " ".join(filter(None, (_moved(report, one) for one in primary)))


def _moved(report: Report, outcome: OutcomeFacts) -> str:
    cells = dict(followed(report)).get(outcome.name)
    if cells is None:
        return ""
    begun, ended, other_begun, other_ended = (
        number(cells[period, arm].mean) for arm in ARMS for period in (BEFORE, AFTER)
    )
    return (
        f"Scoren for {report.within(outcome.name)} gik blandt {report.words.treated} fra {begun} til {ended} point og "
        f"{report.words.in_comparison} fra {other_begun} til {other_ended}."
    )


@piece("figure", "score_levels")
def levels_figure(report: Report) -> str:
    """Return how far each score went in each group, a row for both of every outcome."""
    known = followed(report)
    if not known:
        return ""
    names = {arm: f"blandt {who}" for arm, who in zip(ARMS, _groups(report), strict=True)}
    waves = [
        (
            period.capitalize(),
            [
                _dot(f"{report.name_of(name)}, {names[arm]}", cells[period, arm])
                for name, cells in known
                for arm in ARMS
            ],
        )
        for period in (BEFORE, AFTER)
    ]
    told = (
        f"{one.label}: fra {one.text} til {other.text}"
        for one, other in zip(waves[0][1], waves[1][1], strict=True)
    )
    level = f"beregnet på {report.place.one}niveau" if report.has_places else "for personer"
    return drawn(
        report,
        wave_dots(waves, title="Point på en skala fra 0 til 100"),
        "niveauer",
        _CAPTION,
        alt=f"Punkter med sikkerhedsintervaller, et før og et efter. {'; '.join(told)}.",
        notes="Det fyldte punkt er efter, det åbne før. Den brede bjælke er ændringen, og stiplede streger hører til den første måling. "
        f"Stregen er 95 %-sikkerhedsintervallet, {level}.",
        told=_title(report, known),
    )


def _groups(report: Report) -> tuple[str, str]:
    return report.words.treated, report.words.comparison


def _dot(label: str, row: Means) -> Dot:
    low, high = row.conf_low, row.conf_high
    return Dot(label=label, estimate=row.mean, low=low, high=high, text=number(row.mean))


def _title(report: Report, known: Sequence[tuple[str, _Cells]]) -> str:
    """Return in how many outcomes the score rose in each group."""
    parts = []
    for arm, who in zip(ARMS, _groups(report), strict=True):
        up = sum(cells[AFTER, arm].mean > cells[BEFORE, arm].mean for _, cells in known)
        of = small_number(len(known))
        many = {0: "ingen af", len(known): "alle"}.get(up, f"{small_number(up)} af")
        parts.append(f"blandt {who} i {f'{many} {of}' if len(known) > 1 else up and 'det'}")
    if len(known) == 1:
        (_, cells), *_ = known
        ends = [[number(cells[at, arm].mean) for at in (BEFORE, AFTER)] for arm in ARMS]
        moved = (
            f"fra {first} til {last} point blandt {who}"
            for (first, last), who in zip(ends, _groups(report), strict=True)
        )
        return f"Scoren for {report.within(known[0][0])} gik {listing(moved)}"
    return f"Scoren er fra før til efter steget {listing(parts)} udfald"


@piece("table", "score_levels")
def score_levels(report: Report) -> str:
    """Return the scores of both groups in both waves, and what the difference is held against."""
    rows = [row for finding in report.tested("score") for row in _rows(report, finding)]
    if not rows:
        return ""
    notes = (
        "Tallene er gennemsnit blandt dem, hvis udfald er kendt"
        f"{_weighted(report)}. De samme personer er talt med før og efter. Forskellen mellem grupperne tager højde for, hvor hver "
        "person begyndte, og er derfor ikke den samme som forskellen mellem gruppernes tal efter."
    )
    if _has_calculated(report):
        treated = report.words.nouns.treated.definite
        notes += f" »Uden indsatsen« er gennemsnittet efter blandt {treated}, minus den beregnede forskel."
    heads = ("Udfald og gruppe (point)", f"Før{WITH_INTERVAL}", f"Efter{WITH_INTERVAL}")
    return table(report, "niveauer", _CAPTION, (*heads, "Personer"), rows, notes=notes, left=2)


def _has_calculated(report: Report) -> bool:
    """Whether the treated's own mean is what the effect is taken off from.

    For other estimands both means are made, and of groups as they are neither is one that
    would have been.
    """
    words = report.words
    return words.estimand == "ATT" and words.is_made and words.design != "randomised"


def _rows(report: Report, finding: Finding) -> Iterator[tuple[str, ...]]:
    cells, name = _of(report, finding.outcome), name_of(report, finding)
    for arm, who in report.words.arms.items():
        own = [cells.get((period, arm)) for period in (BEFORE, AFTER)]
        shown = [NOTHING if one is None else _cell(one) for one in own]
        last = own[1]
        if cells:
            yield (
                f"{name}: {lower_first(who)}",
                *shown,
                report.count(None if last is None else last.n),
            )
    treated = cells.get((AFTER, "treated"))
    if treated is None or not _has_calculated(report):
        return
    without = treated.mean - finding.estimate
    if isfinite(without):
        # Of what both are told with, so that the two lines give the difference that is told.
        digits = max(finding.decimals, 1)
        who = f"{report.words.participants} uden indsatsen, beregnet"
        yield f"{name}: {who}", "", number(without, digits), ""


def _cell(row: Means) -> str:
    return estimate(row.mean, row.conf_low, row.conf_high)


def _weighted(report: Report) -> str:
    return ", og de er vægtet" if report.words.is_weighted else ""


@piece("table", "value_levels")
def value_levels(report: Report) -> str:
    """Return the amounts of both groups."""
    rows = []
    for finding in report.tested("value"):
        outcome, cells = report.outcome(finding.outcome), _of(report, finding.outcome)
        is_share = bool(outcome and outcome.value and outcome.value.is_share)
        means = [cells.get((AFTER, arm)) for arm in ARMS]
        sizes = [row.n for row in means if row]
        if not sizes:
            continue
        shown = (NOTHING if one is None else _amount(one, is_share) for one in means)
        unit = f" ({finding.unit_word})" if finding.unit_word and not is_share else ""
        persons = report.of_persons(*sizes) if len(sizes) == 2 else NOTHING
        rows.append((f"{name_of(report, finding)}{unit}", *shown, persons))
    if not rows:
        return ""
    heads = [f"{head}{WITH_INTERVAL}" for head in report.words.heads]
    return table(
        report,
        "gennemsnit",
        "Gennemsnit i de to grupper",
        ("Udfald", *heads, "Personer"),
        rows,
        notes=f"Tallene er gennemsnit blandt dem, hvis udfald er kendt{_weighted(report)}. Forskellen mellem grupperne er forskellen "
        f"mellem de to gennemsnit, regnet før afrunding. Personer er {report.words.both}.",
    )


def _amount(row: Means, is_share: bool) -> str:
    told = _cell(row)
    return f"{told} %" if is_share and told != NOTHING else told
