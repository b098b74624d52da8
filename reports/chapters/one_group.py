"""The report of one group over time: what was answered, how it changed, and nothing of why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite, isnan

from reports.chapters.appendix import computed, files, hidden, lettered, missing
from reports.chapters.exhibits import WITH_INTERVAL, estimate_of, table
from reports.chapters.introduction import opening
from reports.chapters.methods import files_read, sources
from reports.chapters.scores import scale_table
from reports.chapters.shares import Asked, chapter_heading, figure, share_tables, surveys_of
from reports.facts import Sheet
from reports.markdown import box, bullets, heading, joined, paragraphs
from reports.rows import Changes, Few, Levels, Repeated, Response, Scales
from reports.words.danish import NOTHING, interval, listing, number, upper_first
from reports.words.units import UNITS

WHY = "Tallene viser, hvad der blev svaret, og hvordan svarene har ændret sig. De viser ikke, hvad ændringerne skyldes"
NO_INTERVAL = "Et tal uden interval betyder, at usikkerheden ikke kan opgøres."


def summary(report: Sheet) -> str:
    """Return what was found, in the first person's minute."""
    surveys = surveys_of(report)
    found = [_scale_sentence(report, one, scale) for one in surveys for scale in _scales(one)]
    return joined(
        heading("Sammenfatning", 1, "sammenfatning", numbered=False),
        box("\n\n".join([f"**Hovedresultat.** {found[0]}", *found[1:]]))
        if found
        else paragraphs("Grundlaget er for lille til, at svarene kan vises."),
        bullets([_most_changed(report, one) for one in surveys if len(one.waves) > 1]),
        heading("Sådan skal tallene læses", 2, "laesning", numbered=False),
        bullets([f"{WHY}, jf. @sec-begraensninger.", *_who_changed(report, surveys)]),
    )


def introduction(report: Sheet) -> str:
    """Return what the report is about, and where what stands."""
    surveys = surveys_of(report)
    asked = [
        f"{one.who} i {listing(f'{wave}.' for wave in one.waves)} måling: "
        + listing(f"**{report.label(f'scale:{scale}')}**" for scale in _scales(one))
        for one in surveys
    ]
    where = ["Data og metode er beskrevet i @sec-metode"]
    where += [f"svarene fra {one.the} i @sec-{one.label}" for one in surveys]
    return joined(
        opening(report),
        heading("Hvad rapporten beskriver", 2, "spoergsmaal"),
        paragraphs("Rapporten beskriver én gruppe over tid. Den viser svarene fra:"),
        bullets(asked),
        heading("Læsevejledning", 2, "laesevejledning"),
        paragraphs(
            f"{listing(where)}. Bilagene viser tallene bag "
            "figurerne, datagrundlaget og metoden."
        ),
    )


def methods(report: Sheet) -> str:
    """Return the data, who answered, how sure the numbers are, and what limits them."""
    surveys = surveys_of(report)
    return joined(
        heading("Data og metode", 1, "metode"),
        heading("Data", 2, "data"),
        paragraphs(files_read(report)),
        sources(report),
        heading("Hvem der har svaret", 2, "svar"),
        paragraphs(
            "Hvor mange der indgår, fremgår af @tbl-svarprocent.",
            *(_same_persons(report, one) for one in surveys),
        ),
        who_answered(
            report,
            {one.survey.name: one.survey.label for one in surveys},
            "Har svaret er dem, der har svaret på mindst ét af skalaernes spørgsmål.",
        ),
        heading("Usikkerhed", 2, "usikkerhed"),
        paragraphs(*dict.fromkeys(_uncertainty(report, one) for one in surveys)),
        heading("Begrænsninger", 2, "begraensninger"),
        bullets(
            [
                f"{WHY}; alt, hvad der er sket mellem målingerne, kan have haft betydning.",
                *_who_changed(report, surveys),
                "Det behøver ikke at være tilfældigt, hvem der svarer.",
                *report.facts.report.limits,
            ]
        ),
    )


def answers(report: Sheet) -> str:
    """Return a chapter for each survey."""
    return "".join(_survey(report, one) for one in surveys_of(report))


def appendix(report: Sheet) -> str:
    """Return the numbers behind the figures, the files and the method."""
    surveys = surveys_of(report)
    made = dict.fromkeys(_made(report, one) for one in surveys)
    numbers = joined(
        paragraphs("Her står tal bag figurerne."),
        share_tables(report),
        *(_changes(report, one) for one in surveys),
    )
    return lettered(
        {
            "bilag-tal": ("Tallene bag figurerne", numbers),
            "bilag-data": ("Datagrundlag", files(report) + missing(report)),
            "bilag-metode": ("Metode", paragraphs(*made, hidden(report), computed(report))),
        }
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
        f"Det er ikke nødvendigvis de samme, der har svaret i hver måling blandt {listing(moved)}, jf. "
        "@sec-svar. En ændring kan derfor være en ændring i, hvem der svarer."
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


def _survey(report: Sheet, one: Asked) -> str:
    scales = [row for row in report.rows(Scales) if row.scale in one.plan.scales]
    several = len(one.waves) > 1
    return joined(
        chapter_heading(report, one),
        heading("Skalaer", 2, f"{one.label}-skalaer"),
        paragraphs(
            "En skala er gennemsnittet af svar på flere spørgsmål, omregnet til point fra 0 til 100. Gennemsnittene "
            f"fremgår af @tbl-niveau-{one.label}, og skalaernes pålidelighed af @tbl-skalaer-{one.label}."
        ),
        _levels(report, one),
        scale_table(report, scales, one.label, [one.survey]),
        heading("Enkelte spørgsmål", 2, f"{one.label}-svar"),
        paragraphs(
            f"Andelen, der svarer {one.answers}, fremgår af @fig-{one.label} med alle tal i @tbl-{one.label}"
            + (f" og ændringerne i @tbl-aendring-{one.label}." if several else ".")
        ),
        figure(report, one),
        heading("Delkonklusion", 2, f"delkonklusion-{one.label}"),
        paragraphs(
            *(_scale_sentence(report, one, scale) for scale in _scales(one)),
            f"{_most_changed(report, one) if several else ''} {WHY}.".strip(),
        ),
    )


def _levels(report: Sheet, one: Asked) -> str:
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


def _changes(report: Sheet, one: Asked) -> str:
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
