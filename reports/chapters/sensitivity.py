"""What could take a finding away, in plain words that agree with the numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping

from evaluation.grades import Grade
from evaluation.robustness.checks import Check, Variant
from evaluation.robustness.verdict import USUAL, Standing, Threat, ThreatVerdict, telling
from reports.challenges import Challenges, challenges
from reports.chapters.effects import name_of
from reports.chapters.exhibits import dot_of, drawn, table
from reports.chapters.sensitivity_threats import (
    before,
    motivation,
    pairs,
    shock,
    silence,
    span,
    surety,
    ways,
)
from reports.facts import Report
from reports.figures import Specification, specification_curve
from reports.figures.specification import Kind
from reports.markdown import bullets, paragraphs
from reports.pieces import Of, piece
from reports.words.certainty import CERTAINTY, ROBUSTNESS
from reports.words.checks import (
    CHOICES,
    SIZES,
    amount,
    cause,
    first_cause,
    not_made,
    variant_name,
)
from reports.words.danish import NOTHING, listing, number, small_number, upper_first

ENDS: tuple[Variant, Variant] = ("removes_interval", "removes_estimate")
KINDS: Mapping[Check, Kind] = {
    "main": "main",
    "specification": "variant",
    "leave_one_out": "left_out",
    "censoring_bound": "bound",
}


def _by_outcome(report: Report) -> dict[str, tuple[object, ...]]:
    return {one.finding.outcome: (one,) for one in challenges(report)}


CHALLENGED = Of("outcome", _by_outcome)


@piece("sentence", "verdict", CHALLENGED)
def whole_verdict(report: Report, one: Challenges) -> str:
    """Say what is left of a finding, and how much it takes to remove it."""
    return verdict(report, one)


def verdict(report: Report, one: Challenges) -> str:
    """Say in a few sentences what is left of a finding, and how much it takes to remove it."""
    match one.verdict.standing:
        case Standing.ROBUST:
            return _standing(one)
        case Standing.NO_FINDING:
            return f"{_why_none(one)}, og der er derfor ikke et fund at prøve af."
        case _:
            return " ".join([robustness(report, one), *_taken(report, one)])


def robustness(report: Report, one: Challenges) -> str:
    """Grade a finding in a word, with the one cause that takes it away most easily."""
    word, _ = ROBUSTNESS[one.verdict.standing]
    start = f"Fundet for {one.finding.label} er {word}"
    if one.verdict.standing is Standing.ROBUST:
        return f"{start}: Det holder i alle de afprøvninger, der kan laves her."
    return f"{start}: {first_cause(report, one.verdict, one.finding.label)}."


def _why_none(one: Challenges) -> str:
    if one.finding.grade is Grade.REFUSED:
        return f"Usikkerheden på forskellen i {one.finding.label} kan ikke opgøres"
    known = (
        "er ikke statistisk sikker"
        if one.finding.is_told
        else "har en test, men intet interval"
    )
    return f"Forskellen i {one.finding.label} {known}"


def _standing(one: Challenges) -> str:
    """Say of a finding that stands what it stood; a study may have nothing to ask it."""
    label = one.finding.label
    if len(one.rows) < 2:
        return f"Der er ingen afprøvninger, der kan laves af fundet for {label} her."
    beyond = (
        " Den skjulte forskel, der skal til, er større, end der regnes med her."
        if one.verdict.hidden
        else ""
    )
    word, _ = ROBUSTNESS[Standing.ROBUST]
    return (
        f"Fundet for {label} er {word}: Det holder i alle de afprøvninger, der kan laves her.{beyond} Noget, der er "
        "stærkere, end afprøvningerne regner med, kan stadig forklare det."
    )


def _taken(report: Report, one: Challenges) -> list[str]:
    """Say how much of what takes a finding away is needed."""
    texts = []
    enough = [kind for kind in one.verdict.hidden if kind.takes_away]
    if enough:
        texts.append(
            f"Den statistiske sikkerhed er væk ved {_causes(report, enough)}. Hele forskellen forsvinder først ved "
            f"{listing((amount(kind.threat, kind.whole) for kind in enough), 'eller')}."
        )
    if choices := _choices(report, one):
        texts.append(f"Fundet er ikke statistisk sikkert, {choices}.")
    texts.append("Fundet kan være rigtigt, men data kan ikke afvise forklaringen.")
    return texts


def _causes(report: Report, kinds: list[ThreatVerdict]) -> str:
    return listing((cause(report, kind) for kind in kinds), "eller")


def _choices(report: Report, one: Challenges) -> str:
    """Return which other choices leave a finding unsure; nothing where none does."""
    sounds = one.verdict.sounds
    return listing(
        (
            words.format(single=report.place.single)
            for kind, words in CHOICES.items()
            if sounds.get(kind)
        ),
        "eller",
    )


def pointers(report: Report) -> list[str]:
    """Return for the summary what is left of each finding, and of which nobody asked."""
    asked = challenges(report)
    told = [robustness(report, one) for one in asked if one.is_finding]
    known = {one.finding.outcome for one in asked}
    unasked = [
        f.label for f in report.tested() if f.grade is Grade.CERTAIN and f.outcome not in known
    ]
    if unasked:
        told.append(
            f"Hvor lidt der skal til, før fundet for {listing(unasked)} ændrer sig, er ikke beregnet."
        )
    return told


@piece("sentence", "challenge_rules")
def rules(report: Report) -> str:
    """Say what is asked, and by which limits it is judged, of what this study can ask."""
    found = challenges(report)
    return _rules(report, found) if found else ""


def _rules(report: Report, found: list[Challenges]) -> str:
    words, place = report.words, report.place
    treated = words.nouns.treated.definite
    kinds = {kind.threat for one in found for kind in one.verdict.hidden}
    who = f"{place.many} med indsatsen" if report.has_places else treated
    start = "Den kan hænge på, hvordan udfaldet er opgjort"
    shared = f"{who} kan have haft noget andet til fælles"
    reasons = f"{start}, {shared}, og {treated} kan være mere motiverede, end det kan måles"
    if report.is_randomised:
        reasons = f"{start}, og {shared}" if report.has_places else start
    asked = any(not math.isnan(telling(one.rows)) for one in found)
    at = found[0].verdict.thresholds
    more = number(at.selection)
    most = (
        "en motivation, der er så skævt fordelt, som til- og fravalg højst kan gøre den. Den forklarer desuden "
        f"{more} gange så stor en del af udfaldet som det mest sigende målte forhold"
        if asked
        else f"{more} gange så meget"
    )
    halves = (
        ", som halvdelen af de andre kommuner overskrider af sig selv"
        if at.little_shock == USUAL.little_shock
        else ""
    ).replace("kommuner", place.many)
    limits: dict[Threat, str] = {
        "shock": f"**Fælles påvirkning** af alle {place.many} med indsatsen: Lidt er op til {number(at.little_shock, 2)} standardafvigelser{halves}. "
        f"Der regnes med op til {number(at.shock, 2)}.",
        "selection": f"**Motivation**: Lidt er det, der højst flytter forskellen {number(at.little_selection)} gange så meget som det stærkeste "
        f"målte forhold. Der regnes med op til {most}.",
        "nonresponse": f"**Manglende svar**: Lidt er op til {number(at.little_nonresponse, 2)} standardafvigelser mellem dem, der svarede, og de "
        f"andre, hver sin vej i de to grupper. Der regnes med op til {number(at.nonresponse, 2)}.",
    }
    return paragraphs(
        f"En forskel kan skyldes andet end indsatsen: {reasons}. Ingen beregning kan vise, om det er sådan. Den kan vise, hvor meget "
        "der skal til.",
        "Hvad der er lidt, og hvor meget der regnes med her, er lagt fast på forhånd:"
        if kinds
        else "",
    ) + (
        bullets([text for kind, text in limits.items() if kind in kinds])
        + paragraphs(
            "Grænserne er valg, man kan være uenig i, og yderpunkter snarere end skøn over det sandsynlige. "
            "Derfor står det, der skal til, ved siden af dem."
        )
        if kinds
        else ""
    )


@piece("sentence", "challenges", CHALLENGED)
def asked(report: Report, one: Challenges) -> str:
    """Say what each challenge to a finding answers."""
    return paragraphs(
        *ways(report, one),
        *before(report, one),
        shock(report, one),
        *motivation(report, one),
        silence(report, one),
        pairs(report, one),
    )


@piece("sentence", "not_made", CHALLENGED)
def left_out(report: Report, one: Challenges) -> str:
    """Return the challenges that could not be made, if any."""
    missing = not_made(report, one.not_made)
    return (
        paragraphs("Disse afprøvninger kunne ikke laves:") + bullets(missing) if missing else ""
    )


@piece("figure", "sensitivity", CHALLENGED)
def curve(report: Report, one: Challenges) -> str:
    """Return the plan's estimate among the others; nothing where there are none."""
    finding, shown = one.finding, one.of(*KINDS)
    if len(shown) < 2:
        return ""
    ways = [
        Specification(
            kind=KINDS[row.asked.check],
            dot=dot_of(
                finding,
                variant_name(report, row.asked),
                row.estimate,
                row.conf_low,
                row.conf_high,
            ),
        )
        for row in shown
    ]
    words = (
        f"Planens opgørelse er {finding.with_interval}; de øvrige ligger {span(one, shown[1:])}"
    )
    left = f"Åbne cirkler er uden {report.place.single}. " if one.of("leave_one_out") else ""
    extremes = (
        "Åbne firkanter er yderpunkter og ikke bud på forskellen. "
        if one.of("censoring_bound")
        else ""
    )
    return drawn(
        report,
        specification_curve(
            ways,
            heads=_heads(report),
            null=finding.null,
            title=f"Forskel, {finding.unit_word}" if finding.unit_word else "Ratio",
        ),
        f"foelsomhed-{finding.outcome}",
        f"{name_of(report, finding)}: planens opgørelse blandt de andre",
        alt=f"Punkter med 95 %-sikkerhedsintervaller, ordnet efter slags og størrelse. {words}.",
        notes=f"Ruden og den stiplede linje er planens opgørelse. {left}{extremes}"
        "Tal i parentes er 95 %-sikkerhedsintervaller uden korrektion for flere test.",
        told=title(one),
    )


def _heads(report: Report) -> dict[Kind, str]:
    """Return what the ways of each kind but the plan's own have in common."""
    return {
        "variant": "Opgjort på andre måder",
        "left_out": f"Uden {report.place.single} ad gangen",
        "bound": "Yderpunkter",
    }


def title(one: Challenges) -> str:
    """Return how many of the other ways point the way of the plan's, and are sure.

    What could be at most, and is no bid, is not counted.
    """
    finding, others = one.finding, one.of("specification", "leave_one_out")
    apart = finding.estimate - finding.null
    if not others or not apart or not math.isfinite(apart):
        return ""
    same, n = sum((row.estimate - finding.null) * apart > 0 for row in others), len(others)
    of = f"andre opgørelser af forskellen i {finding.label}"
    if n == 1:
        of = of.replace("andre opgørelser", "den anden opgørelse")
        told = f"{of} peger {'samme vej' if same else 'en anden vej'}"
    elif same == n:
        told = f"alle {small_number(n)} {of} peger samme vej"
    else:
        many = small_number(same) if same else "ingen"
        told = f"{many} af {small_number(n)} {of} peger samme vej"
    sure = surety(one, others) or f"; {CERTAINTY[Grade.REFUSED].danish}"
    return f"{upper_first(told)} {'som' if same or n > 1 else 'end'} planens{sure}"


def _shown(value: float, digits: int) -> str:
    """Return a size; one that would be shown as none is below the smallest that is shown."""
    smallest = 10.0**-digits
    return number(value, digits) if value >= smallest / 2 else f"<{number(smallest, digits)}"


@piece("table", "thresholds", CHALLENGED)
def thresholds(report: Report, one: Challenges) -> str:
    """Return what it takes to remove a finding; nothing where there is none."""
    if not one.is_finding:
        return ""
    rows: list[tuple[str, ...]] = []
    for kind in one.verdict.hidden:
        name, digits = SIZES[kind.threat]
        sizes = (kind.sure, kind.whole, kind.little, kind.most)
        shown = (_shown(value, digits) for value in sizes)
        rows.append((name.format(places=report.place.many), *shown))
    no_limit = (NOTHING, NOTHING)
    ratios = [one.figure("e_value", end, "") for end in ENDS]
    if not all(map(math.isnan, ratios)):
        rows.append(("E-værdi, risikoratio", *map(number, ratios), *no_limit))
    odds = one.figure("rosenbaum", "removes_finding")
    if not math.isnan(odds):
        name = "Rosenbaums grænse, odds, person for person"
        rows.append((name, number(odds, 2), NOTHING, *no_limit))
    if not rows:
        return ""
    label = f"foelsomhed-{one.finding.outcome}"
    return table(
        report,
        label,
        f"{name_of(report, one.finding)}: det, der skal til for at fjerne fundet",
        ("Afprøvning", "Statistisk sikkerhed", "Hele forskellen", "Lidt", "Regnet med her"),
        rows,
        notes="Statistisk sikkerhed er det, der skal til, før intervallet når ingen forskel; hele forskellen er det, der skal til, før "
        "tallet selv gør. De to sidste søjler er det, der regnes for lidt, og det meste, der regnes med her.",
        dash="En streg betyder, at der ikke er sat en grænse.",
    )
