"""Answers of a survey, one by one for each that the study asks for: shares, and no effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from analyses.results.facts import Places, SharesFacts, TableFacts
from reports.chapters.exhibits import WITH_INTERVAL, drawn, estimate, table
from reports.chapters.scores import answered, scale_table
from reports.facts import Report, Sheet
from reports.figures import Dot, wave_dots
from reports.pieces import Of, piece
from reports.rows import Scales, Shares, grouped
from reports.words.danish import listing, lower_first, number, small_number, upper_first

NOT_EFFECT = "tallene viser, hvad de svarede, og ikke hvad indsatsen har ført til"
# Where those who answered are, as the data show it; {who} answered, {Who} at the beginning.
WHERE: dict[Places, str] = {
    "treated": f"{{Who}} er kun spurgt dér, hvor indsatsen blev givet. Der er ingen at sammenligne med, så {NOT_EFFECT}.",
    "comparison": f"{{Who}} er kun spurgt dér, hvor indsatsen ikke blev givet, så {NOT_EFFECT}.",
    "both": f"Svarene er fra {{who}} både dér, hvor indsatsen blev givet, og andre steder, og de er lagt sammen, så {NOT_EFFECT}.",
    "unknown": f"Svarene fra {{who}} er ikke delt efter, hvem der fik indsatsen, så {NOT_EFFECT}.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A survey whose answers are shown, with them."""

    plan: SharesFacts
    survey: TableFacts
    rows: Sequence[Shares]

    @property
    def label(self) -> str:
        """What the chapter and its exhibits are referred to by."""
        return f"skema-{self.survey.name}"

    @property
    def who(self) -> str:
        """Those who answered, plural and indefinite."""
        return self.survey.respondents.plural if self.survey.respondents else "de, der svarede"

    @property
    def the(self) -> str:
        """The same, definite."""
        return self.survey.respondents.definite if self.survey.respondents else "de spurgte"

    @property
    def answers(self) -> str:
        """The answers that are counted, as in "Enig" eller "Helt enig"."""
        return listing((f"»{lower_first(one)}«" for one in self.plan.agree), "eller")

    @property
    def waves(self) -> list[str]:
        """The waves, in order."""
        return list(dict.fromkeys(row.wave for row in self.rows))

    @property
    def items(self) -> list[str]:
        """The items, in the order of the questionnaire."""
        return list(dict.fromkeys(row.item for row in self.rows))

    def at(self, item: str, wave: str) -> Shares | None:
        """Return the share of an item in a wave, or None where it was not asked."""
        return next((r for r in self.rows if (r.item, r.wave) == (item, wave)), None)


def surveys_of(report: Sheet) -> list[Asked]:
    """Return every survey that the study asks for shares of."""
    rows = [r for r in report.rows(Shares) if (r.group, r.level) == ("all", "agree")]
    parts = grouped(rows, lambda row: row.survey)
    return [
        Asked(plan=plan, survey=report.table(plan.table), rows=parts[plan.table])
        for plan in report.facts.shares
        if plan.table in parts
    ]


def _by_name(report: Sheet) -> dict[str, tuple[object, ...]]:
    return {one.survey.name: (one,) for one in surveys_of(report)}


SURVEYS = Of("survey", _by_name)


def survey_title(report: Sheet, one: Asked) -> str:
    """Return what a survey's chapter is called; a study file with one may have words for it."""
    own, is_alone = report.facts.report.staff_chapter, len(surveys_of(report)) == 1
    return own if own and is_alone else upper_first(one.who)


def scales_of(report: Report, one: Asked) -> list[Scales]:
    """Return the reliability of a survey's scales, but of those that are outcomes."""
    scored = {outcome.score.scale for outcome in report.facts.outcomes if outcome.score}
    return [row for row in report.rows(Scales) if row.scale in {*one.plan.scales} - scored]


@piece("sentence", "asked", SURVEYS)
def asked(report: Report, one: Asked) -> str:
    """Say where those are who answered, what follows from it, and how many they are."""
    who = WHERE[one.survey.places].format(who=one.who, Who=upper_first(one.who))
    told = answered(report, one.survey)
    return f"{who}{f' Svaret har {told}.' if told else ''}"


@piece("table", "shares_scales", SURVEYS)
def shares_scales(report: Report, one: Asked) -> str:
    """Return how reliable a survey's own scales are."""
    scales = scales_of(report, one)
    return scale_table(report, scales, one.label, [one.survey]) if scales else ""


@piece("figure", "shares", SURVEYS)
def figure(report: Sheet, one: Asked) -> str:
    """Return the figure of a survey's shares, a panel of dots per wave."""
    dots = [
        (f"{wave}. måling", [_dot(report, item, one.at(item, wave)) for item in one.items])
        for wave in one.waves
    ]
    told = []
    for item in one.items:
        shown = [(wave, row) for wave in one.waves if (row := one.at(item, wave))]
        values = listing(
            f"{number(row.estimate, 0)} pct. i {wave}. måling" for wave, row in shown
        )
        told.append(f"{report.label(item)}: {values}")
    place = report.place_of(one.survey)
    several = len(one.waves) > 1
    bar = (
        "Den brede bjælke er ændringen, og stiplede streger hører til en tidligere måling. "
        if several
        else ""
    )
    level = f"beregnet på {place.one}niveau" if place else "for personer"
    return drawn(
        report,
        wave_dots(dots, title=f"Procent, der svarer {one.answers}"),
        one.label,
        f"Andel, der svarer {one.answers}, blandt {one.who}",
        alt=f"Punkter med sikkerhedsintervaller, én for hver måling. {'; '.join(told)}.",
        notes=f"Det fyldte punkt er den seneste måling, det åbne er tidligere. {bar}Stregen er 95 %-sikkerhedsintervallet, {level}.",
        told=title(one),
    )


def _dot(report: Sheet, item: str, row: Shares | None) -> Dot:
    label = report.label(item)
    if row is None:
        return Dot(label=label)
    value, low, high = row.estimate, row.conf_low, row.conf_high
    return Dot(label=label, estimate=value, low=low, high=high, text=number(value, 0))


@piece("table", "shares", SURVEYS)
def share_table(report: Sheet, one: Asked) -> str:
    """Return the shares of a survey, wave by wave."""
    rows = []
    for item in one.items:
        cells = []
        for wave in one.waves:
            row = one.at(item, wave)
            share = number(None)
            if row is not None and isfinite(row.conf_low):
                share = estimate(row.estimate, row.conf_low, row.conf_high)
            cells += [report.count(row.n if row else None), share]
        rows.append((report.label(item), *cells))
    heads = [
        h
        for wave in one.waves
        for h in (f"{wave}. måling, svar", f"{wave}. måling, pct.{WITH_INTERVAL}")
    ]
    return table(
        report,
        one.label,
        f"Andel, der svarer {one.answers}, blandt {one.who}",
        ("Spørgsmål", *heads),
        rows,
        notes=one.survey.note,
        dash="En streg betyder, at grundlaget er for lille, eller at antallet er skjult af hensyn til fortrolighed.",
    )


def _rise(one: Asked) -> str:
    """Say in how many items more answered so in the last wave than in the first, and how much."""
    first, last = one.waves[0], one.waves[-1]
    pairs = ((one.at(item, first), one.at(item, last)) for item in one.items)
    moves = [b.estimate - a.estimate for a, b in pairs if a is not None and b is not None]
    known = [move for move in moves if isfinite(move)]
    if first == last or len(known) < 2:
        return ""
    up = sum(move > 0 for move in known)
    many = {0: "ingen", len(known): "alle"}.get(up, f"{small_number(up)} af")
    ends = f"{number(min(known), 0)} til {number(max(known), 0)}"
    return f"steget i {many} {small_number(len(known))} spørgsmål (forskellen er {ends} procentpoint)"


def title(one: Asked) -> str:
    """Return how the shares moved; of a single wave between what they lie."""
    last = [row.estimate for row in one.rows if row.wave == one.waves[-1]]
    known = [share for share in last if isfinite(share)]
    if rise := _rise(one):
        return f"Andelen, der svarer {one.answers}, er {rise}"
    if len(known) < 2:
        return ""
    ends = f"{number(min(known), 0)} til {number(max(known), 0)}"
    return f"I {one.waves[-1]}. måling svarer {ends} pct. {one.answers} til hvert spørgsmål"


@piece("sentence", "shares", SURVEYS)
def concluded(report: Report, one: Asked) -> str:
    """Conclude on a survey's answers."""
    wave = one.waves[-1]
    last = [row for row in one.rows if row.wave == wave and isfinite(row.estimate)]
    if not last:
        return "Grundlaget er for lille til, at andelene kan vises."
    most, least = max(last, key=lambda r: r.estimate), min(last, key=lambda r: r.estimate)
    half = sum(row.estimate > 50 for row in last)
    many = {0: "ingen", len(last): "alle"}.get(half, small_number(half))
    first, rise = one.waves[0], _rise(one)
    moved = (
        f"Fra {first}. til {wave}. måling er andelen, der svarer {one.answers}, {rise}. "
        if rise
        else ""
    )
    return (
        f"{moved}I {wave}. måling svarer flest {one.answers} til »{report.label(most.item)}« ({number(most.estimate, 0)} "
        f"pct.), og færrest til »{report.label(least.item)}« ({number(least.estimate, 0)} pct.). I {many} af "
        f"{small_number(len(last))} spørgsmål gør over halvdelen det. Svarene kan ikke vise, om indsatsen er årsagen."
    )
