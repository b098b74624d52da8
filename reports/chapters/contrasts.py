"""The participants and the whole target group, side by side."""

from __future__ import annotations

from dataclasses import replace
from math import isnan

from analyses.results.facts import ContrastFacts
from evaluation.grades import Grade
from reports.chapters import donors
from reports.chapters.exhibits import CONFIDENTIAL, dot, dots, table
from reports.facts import Report
from reports.pieces import Of, piece
from reports.rows import ARMS, Contrasts
from reports.words.danish import date, number, p_value, upper_first
from reports.words.titles import differences_title
from reports.words.wording import Finding, certainty_sentence, headline


def _by_outcome(report: Report) -> dict[str, tuple[object, ...]]:
    return {one.outcome: (one,) for one in report.facts.contrasts}


CONTRASTS = Of("outcome", _by_outcome)


def _findings(report: Report, contrast: ContrastFacts) -> tuple[Finding, Finding]:
    """Return the participants' effect and that on the whole target group."""
    own = report.finding(contrast.outcome, "incidence")
    whole = report.finding(contrast.outcome, contrast.term)
    assert own is not None  # noqa: S101  (a contrast stands beside a register outcome)
    assert whole is not None  # noqa: S101
    return own, replace(whole, label="ændringen for hele målgruppen")


def sentence(report: Report, contrast: ContrastFacts) -> str:
    """Return the effect on the whole target group for the summary, under its own grade."""
    _, whole = _findings(report, contrast)
    if not whole.is_told:
        return ""
    change = f"i hele målgruppen er udviklingen i andelen, der {_happens(report, contrast)}"
    word = whole.direction()
    apart = f"{whole.amount} {word} end" if word else "den samme som"
    return headline(
        whole,
        f"{change} inden for {contrast.horizon} uger, {apart} i andre {report.place.many}",
    )


def _happens(report: Report, contrast: ContrastFacts) -> str:
    outcome = report.outcome(contrast.outcome)
    return "" if outcome is None else report.happens(outcome)


@piece("figure", "contrast", CONTRASTS)
def contrast_figure(report: Report, contrast: ContrastFacts) -> str:
    """Return the participants' difference and that of the whole target group, side by side."""
    own, whole = _findings(report, contrast)
    outcome = report.outcome(own.outcome)
    horizon = number(outcome.time.horizon if outcome and outcome.time else None, 0)
    treated = report.words.nouns.treated.definite
    shown = [
        dot(own, f"{upper_first(treated)} ({horizon} uger)"),
        dot(whole, f"Hele målgruppen ({contrast.horizon} uger)"),
    ]
    title = f"Forskel i andel, der {_happens(report, contrast)}, {own.unit_word}"
    return dots(
        report,
        "sammenligninger",
        f"Forskellen for {treated} og for hele målgruppen",
        [(title, 0.0, shown)],
        units=[own.unit_word],
        told=differences_title(
            [own, whole], [treated, "hele målgruppen"], "grupper", among="for"
        ),
        notes=f"For {treated} er det forskellen til {report.words.comparison}, for hele målgruppen forskellen i ændring "
        "fra før til efter indsatsens start. Den sidste er ikke korrigeret for, at flere udfald er testet.",
    )


@piece("sentence", "contrast", CONTRASTS)
def certainty(report: Report, contrast: ContrastFacts) -> str:
    """Say how sure the difference of the whole target group is, and what could be found."""
    _, whole = _findings(report, contrast)
    return f"{certainty_sentence(whole)} {_detectable(contrast, whole)}"


def _detectable(contrast: ContrastFacts, whole: Finding) -> str:
    if isnan(contrast.mde) or not whole.is_told:
        return ""
    return (
        f"Med den usikkerhed, der er, kan den sammenligning med 80 pct. sandsynlighed påvise en virkelig forskel, hvis den er på "
        f"mindst {whole.amount_of(contrast.mde)}."
    )


@piece("sentence", "target_group", CONTRASTS)
def target_group(report: Report, contrast: ContrastFacts) -> str:
    """Say who the target group is, before and after."""
    rows = [row for row in report.rows(Contrasts) if row.outcome == contrast.outcome]
    months, horizon, lost = contrast.months, contrast.horizon, rows[0].n_unobserved
    left_out = (
        f" {report.count(lost)} personer bor, hvor registeret ikke rækker til opfølgningen, og er ikke med."
        if lost > 0
        else ""
    )
    return (
        f"Målgruppen er dem, som registeret finder efter samme regel som {report.words.nouns.treated.definite}, i de første {months} måneder "
        f"efter, at indsatsen begyndte på stedet. De holdes op imod dem, der blev fundet på samme måde i {months} måneder, der ligger "
        f"så tidligt, at alle {horizon} ugers opfølgning var slut, før indsatsen begyndte.{left_out}"
    )


@piece("table", "before_after", CONTRASTS)
def before_after(report: Report, contrast: ContrastFacts) -> str:
    """Return the shares of the target group before and after, and how they changed."""
    rows = [row for row in report.rows(Contrasts) if row.outcome == contrast.outcome]
    cells = {(row.arm, row.period): row for row in rows}
    _, whole = _findings(report, contrast)
    names, many = donors.arm_names(report), report.place.many
    body = []
    for arm in ARMS:
        before, after = cells[arm, "before"], cells[arm, "after"]
        body.append(
            (
                names[arm],
                number(before.estimate),
                number(after.estimate),
                number(after.estimate - before.estimate),
                report.of_persons(before.n, after.n),
                report.count(after.n_clusters),
            )
        )
    body.append(("Forskel i ændring", "", "", whole.value, "", ""))
    first, second = (
        f"{date(cells['treated', period].first_date)} til {date(cells['treated', period].last_date)}"
        for period in ("before", "after")
    )
    return table(
        report,
        "foer-efter",
        f"Procent af målgruppen, der {_happens(report, contrast)} inden for {contrast.horizon} uger",
        ("Gruppe", "Før", "Efter", "Ændring", "Personer før / efter", f"Antal {many}"),
        body,
        notes=f"Før er fundet {first}, efter {second}; datoerne afhænger af, hvornår indsatsen "
        f"begyndte det enkelte sted. De andre {many} er vægtet, så de fylder lige så meget som dem, de "
        "sammenlignes med.",
        dash=CONFIDENTIAL,
    )


@piece("table", "assumptions", CONTRASTS)
def assumes(report: Report, contrast: ContrastFacts) -> str:
    """Return both comparisons side by side: what each asks, compares, assumes and counts."""
    own, whole = _findings(report, contrast)
    words, one, many = report.words, report.place.one, report.place.many
    treated = words.nouns.treated.definite
    made = f"{words.way.plural} " if words.is_made else ""
    rows = (
        (
            "Spørgsmålet",
            "Hvad betød indsatsen for dem, der fik den?",
            "Hvad betød det for målgruppen, at indsatsen kom til stedet?",
        ),
        (
            "Sammenlignes med",
            upper_first(f"{made}{words.units} {_from(report)}"),
            f"Målgruppen i andre {many}, før og efter i de samme kalendermåneder",
        ),
        (
            "Forudsætter",
            f"At {treated} og dem, de sammenlignes med, er ens på alt, der har betydning, også det, der ikke er målt, for eksempel motivation",
            f"At udviklingen ville have været ens i de to grupper af {many} uden indsatsen",
        ),
        (
            "Kan forstyrres af",
            f"Hvem der bliver inviteret og siger ja, og forhold, der er særlige for de {many}, hvor indsatsen blev givet",
            f"Andre ændringer, der ramte {many} med indsatsen på samme tid, og ændringer i, hvem registeret finder",
        ),
        (
            "Omfatter afsmitning",
            f"Nej, kun virkningen for {treated} selv",
            f"Ja, også for de øvrige i samme {one}",
        ),
        ("Personer", *(report.of_persons(f.n_treated, f.n_comparison) for f in (own, whole))),
        (
            "p-værdi, ikke korrigeret",
            *(p_value(one.p_value, one.conf_level) for one in (own, whole)),
        ),
    )
    return table(
        report,
        "antagelser",
        "Hvad de to sammenligninger svarer på og forudsætter",
        ("Emne", upper_first(treated), "Hele målgruppen"),
        rows,
        left=3,
        notes="Personer er gruppen med indsatsen / de andre, for hele målgruppen efter starten.",
        dash=CONFIDENTIAL,
    )


def _from(report: Report) -> str:
    if report.facts.donors.source == "own":
        is_yet = report.facts.comparison.method == "risk_sets"
        return f"i samme {report.place.one}, der {'endnu ikke' if is_yet else 'ikke'} fik indsatsen"
    return f"i andre {report.place.many}"


@piece("sentence", "contrast_conclusion", CONTRASTS)
def conclusion(report: Report, contrast: ContrastFacts) -> str:
    """Say whether the two comparisons support each other."""
    own, whole = _findings(report, contrast)
    if Grade.HIDDEN in (own.grade, whole.grade):
        return "De to sammenligninger kan ikke holdes op imod hinanden, fordi tal er skjult af hensyn til fortrolighed."
    if not (own.is_told and whole.is_told):
        return "Usikkerheden kan ikke opgøres for begge sammenligninger, og de kan derfor ikke støtte hinanden."
    way = "i samme retning" if own.direction() == whole.direction() else "hver sin vej"
    found = f"De to sammenligninger peger {way}"
    first = (
        f"Forskellen for {report.words.nouns.treated.definite} er "
        f"{'' if own.grade is Grade.CERTAIN else 'ikke '}statistisk sikker"
    )
    if whole.is_told_apart:
        second = (
            "tallene for hele målgruppen tyder på en forskel, men analyseplanen tester den ikke"
        )
    else:
        second = "for hele målgruppen er den ikke statistisk sikker"
    told = f"{found}. {first}, og {second}."
    # Only where one is sure and the other is not would a reader see a contradiction.
    if (own.grade is Grade.CERTAIN) == whole.is_told_apart:
        return told
    return f"{told} Det er ikke i sig selv en modstrid, for de to tal gælder ikke de samme personer."
