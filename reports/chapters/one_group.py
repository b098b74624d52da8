"""The report of one group over time: what was answered, how it changed, and nothing of why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite, isnan

from reports.chapters.exhibits import WITH_INTERVAL, estimate_of, table
from reports.chapters.scores import scale_table
from reports.chapters.shares import SURVEYS, Asked, surveys_of
from reports.facts import Sheet
from reports.markdown import bullets, paragraphs
from reports.pieces import piece
from reports.rows import Changes, Levels, Repeated, Response, Scales
from reports.typed_rows import Few
from reports.words.danish import NOTHING, interval, listing, number, upper_first
from reports.words.units import UNITS

NO_INTERVAL = "Et tal uden interval betyder, at usikkerheden ikke kan opgøres."


@piece("sentence", "group_findings")
def summary(report: Sheet) -> str:
    """Return what was found, in the first person's minute."""
    found = [
        _scale_sentence(report, one, s) for one in surveys_of(report) for s in _scales(one)
    ]
    if not found:
        return "Grundlaget er for lille til, at svarene kan vises."
    return "\n\n".join([f"**Hovedresultat.** {found[0]}", *found[1:]])


@piece("sentence", "group_changes")
def changed_most(report: Sheet) -> str:
    """Return what changed most in each survey that was held more than once."""
    surveys = surveys_of(report)
    return bullets([_most_changed(report, one) for one in surveys if len(one.waves) > 1])


@piece("sentence", "group_asked")
def asked(report: Sheet) -> str:
    """Return who was asked in which waves, and on which scales."""
    return bullets(
        [
            f"{one.who} i {listing(f'{wave}.' for wave in one.waves)} måling: "
            + listing(f"**{report.label(f'scale:{scale}')}**" for scale in _scales(one))
            for one in surveys_of(report)
        ]
    )


@piece("sentence", "group_same")
def same_persons(report: Sheet) -> str:
    """Say how many are in more than one wave, as far as the keys tell."""
    return paragraphs(*(_same_persons(report, one) for one in surveys_of(report)))


@piece("table", "group_response")
def response(report: Sheet) -> str:
    """Return who answered."""
    labels = {one.survey.name: one.survey.label for one in surveys_of(report)}
    told = "Har svaret er dem, der har svaret på mindst ét af skalaernes spørgsmål."
    return who_answered(report, labels, told)


@piece("sentence", "group_uncertainty")
def uncertainty(report: Sheet) -> str:
    """Say on what level the uncertainty is counted."""
    return paragraphs(*dict.fromkeys(_uncertainty(report, one) for one in surveys_of(report)))


@piece("sentence", "group_limits")
def limits(report: Sheet) -> str:
    """Return what limits the numbers, one by one."""
    return bullets([*_who_changed(report, surveys_of(report)), *report.facts.report.limits])


@piece("sentence", "group_method")
def method(report: Sheet) -> str:
    """Say how intervals were found."""
    return paragraphs(*dict.fromkeys(_made(report, one) for one in surveys_of(report)))


@piece("table", "scale_reliability", SURVEYS)
def reliability(report: Sheet, one: Asked) -> str:
    """Return how reliable the scales are."""
    scales = [row for row in report.rows(Scales) if row.scale in one.plan.scales]
    return scale_table(report, scales, one.label, [one.survey])


@piece("sentence", "group_scales", SURVEYS)
def scale_sentences(report: Sheet, one: Asked) -> str:
    """Say where each scale lies and how it changed, and which answer changed most."""
    several = len(one.waves) > 1
    return paragraphs(
        *(_scale_sentence(report, one, scale) for scale in _scales(one)),
        _most_changed(report, one) if several else "",
    )


def _scales(one: Asked) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.plan.scales))


def _change(report: Sheet, one: Asked, name: str) -> Changes | None:
    """Return the change from the first wave to the last; None where it is hidden."""
    row = _changes_of(report, one, name).get(one.waves[-1])
    return row if row is not None and isfinite(row.estimate) else None


def _changes_of(report: Sheet, one: Asked, name: str) -> dict[str, Changes]:
    """Return the change of a scale or an item to each later wave."""
    key = one.survey.name, name
    return {row.wave: row for row in report.rows(Changes) if (row.survey, row.item) == key}


def _changed(row: Changes) -> str:
    """Say how much something rose or fell, with its interval where there is one."""
    unit = UNITS[row.unit]
    ends = interval(row.conf_low, row.conf_high)
    sure = "usikkerheden kan ikke opgøres"
    if NOTHING not in ends:
        both = ", som rummer både fald og stigning" if row.conf_low < 0 < row.conf_high else ""
        sure = f"95 %-sikkerhedsinterval {ends}{both}"
    return f"{number(row.estimate)} {unit} ({sure})"


def _scale_sentence(report: Sheet, one: Asked, scale: str) -> str:
    name = report.label(f"scale:{scale}")
    means = {
        row.wave: row.estimate
        for row in report.rows(Levels)
        if (row.survey, row.scale) == (one.survey.name, scale) and isfinite(row.estimate)
    }
    if not means:
        return f"{name}: Grundlaget er for lille til, at svarene kan vises."
    told = listing(f"{number(mean)} i {wave}. måling" for wave, mean in means.items())
    row = _change(report, one, scale)
    change = "" if row is None else f" Ændringen er {_changed(row)}."
    return f"{name} er i gennemsnit {told} blandt {one.who}, på en skala fra 0 til 100 point.{change}"


def _most_changed(report: Sheet, one: Asked) -> str:
    found = [(item, row) for item in one.items if (row := _change(report, one, item))]
    if not found:
        return f"For {one.the} er grundlaget for lille til, at ændringer i andele kan vises."
    item, row = max(found, key=lambda pair: abs(pair[1].estimate))
    return (
        f"Blandt {one.the} har andelen, der svarer {one.answers}, ændret sig mest for »{report.label(item)}«: "
        f"{_changed(row)} fra {row.since:.0f}. til {row.wave}. måling."
    )


def _repeated(report: Sheet, one: Asked) -> list[Repeated]:
    return [row for row in report.rows(Repeated) if row.survey == one.survey.name]


def _same_persons(report: Sheet, one: Asked) -> str:
    """Say how many of a wave are in the next, as far as the keys tell."""
    told = []
    for row in _repeated(report, one):
        waves = f"{row.since:.0f}. og {row.wave}. måling"
        many = "Ingen" if row.n == 0 else report.count(row.n)
        if isinstance(row.n, Few):
            many = f"Færre end {report.min_cell}"
        elif isnan(row.n):
            told.append(f"Hvor mange der er med i både {waves}, er skjult.")
            continue
        told.append(f"{many} er ifølge nøglen i data med i både {waves}.")
    return f"{upper_first(one.the)}: {' '.join(told)}" if told else ""


def _who_changed(report: Sheet, surveys: Sequence[Asked]) -> list[str]:
    """Say where a change may be one of who answered."""
    moved = [one.the for one in surveys if _repeated(report, one)]
    if not moved:
        return []
    return [
        f"Det er ikke nødvendigvis de samme, der har svaret i hver måling blandt {listing(moved)}. En "
        "ændring kan derfor være en ændring i, hvem der svarer."
    ]


def who_answered(report: Sheet, labels: Mapping[str, str], told: str) -> str:
    """Return the table of who answered, of the surveys that have labels here."""
    own = [row for row in report.rows(Response) if row.survey in labels]
    is_known = all(report.table(name).asked in ("rows", "persons") for name in labels)
    rows = []
    for row in own:
        wave = f"{row.wave}. måling"
        name = f"{labels[row.survey]}, {wave}" if len(labels) > 1 else wave
        asked = [report.count(row.n_invited), number(row.share)] if is_known else []
        rows.append((name, report.count(row.n_answered), *asked))
    unknown = "" if is_known else " Hvor mange der blev spurgt, fremgår ikke af data."
    return table(
        report,
        "svarprocent",
        "Hvem der har svaret",
        ("Måling", "Har svaret", *(("Spurgt", "Pct.") if is_known else ())),
        rows,
        notes=f"{told}{unknown}",
    )


@piece("table", "levels", SURVEYS)
def levels(report: Sheet, one: Asked) -> str:
    """Return the mean of each scale in each wave, and how it changed."""
    found = {(row.scale, row.wave): row for row in report.rows(Levels)}
    first, *later = one.waves
    rows = []
    for scale in _scales(one):
        changes, name = _changes_of(report, one, scale), report.label(f"scale:{scale}")
        for wave in one.waves:
            change = [""] if wave == first else [estimate_of(changes.get(wave))]
            level = estimate_of(found.get((scale, wave)))
            rows.append((name, f"{wave}. måling", level, *(change if later else ())))
    change_head = f"Ændring fra {first}. måling{WITH_INTERVAL}"
    return table(
        report,
        f"niveau-{one.label}",
        f"Skalaernes gennemsnit blandt {one.who}, point",
        ("Skala", "Måling", f"Gennemsnit{WITH_INTERVAL}", *([change_head] if later else ())),
        rows,
        notes=NO_INTERVAL,
        left=2,
    )


@piece("table", "changes", SURVEYS)
def changes_table(report: Sheet, one: Asked) -> str:
    """Return how the answers changed, one by one; nothing of a single wave."""
    first, *later = one.waves
    if not later:
        return ""
    rows = []
    for item in one.items:
        found = _changes_of(report, one, item)
        rows.append((report.label(item), *(estimate_of(found.get(wave)) for wave in later)))
    return table(
        report,
        f"aendring-{one.label}",
        f"Ændring i andelen, der svarer {one.answers}, blandt {one.who}, procentpoint",
        ("Spørgsmål", *(f"Fra {first}. til {wave}. måling{WITH_INTERVAL}" for wave in later)),
        rows,
        notes=f"Intervallerne er ikke korrigeret for, at der er flere spørgsmål. {NO_INTERVAL}",
    )


def _uncertainty(report: Sheet, one: Asked) -> str:
    place = report.place_of(one.survey)
    if place is None:
        return "Usikkerheden er regnet på personniveau. Svar fra samme person i flere målinger er regnet som hørende sammen."
    too_few = (
        f" Er der for få {place.many}, når de regnes efter størrelse, vises ændringer uden interval."
        if "none" in _methods(report, one)
        else ""
    )
    return (
        f"De, der hører til samme {place.one}, deler vilkår. Derfor er usikkerheden regnet på {place.one}niveau og ikke på "
        f"personniveau; ellers ville den blive for lille.{too_few}"
    )


def _methods(report: Sheet, one: Asked) -> set[str]:
    return {row.method for row in report.rows(Changes) if row.survey == one.survey.name}


def _made(report: Sheet, one: Asked) -> str:
    place = report.place_of(one.survey)
    level = "person" if place is None else place.one
    single = "en person" if place is None else place.single
    left_out = (
        f" Intervaller om ændringer er fundet ved at regne dem igen uden {single} ad gangen (jackknife)."
        if "jackknife" in _methods(report, one)
        else ""
    )
    return (
        f"Gennemsnit og andele har intervaller med klyngerobuste standardfejl på {level}niveau (CR2) og Satterthwaites "
        f"frihedsgrader, for andele på logitskala.{left_out}"
    )
