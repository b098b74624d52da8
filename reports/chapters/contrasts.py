"""To sammenligninger: the participants and the whole target group, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from evaluation.estimates import Certainty
from reports.chapters import donors
from reports.chapters.effects import READING, dot, event_words
from reports.facts import Report
from reports.figures import dot_panels
from reports.markdown import Table, figure, heading, paragraphs
from reports.words.danish import date, number, p_value
from reports.words.wording import Finding, certainty_sentence

HIDDEN = "En streg betyder, at tallet er skjult af hensyn til fortrolighed."


def chapter(report: Report) -> str:
    """Return the chapter, or nothing where a study has neither contrast nor donors."""
    contrasts = report.manifest.get("contrasts", [])
    has_places = not report.frame("pretrends").empty
    if not contrasts and not has_places:
        return ""
    title = "To sammenligninger" if contrasts else "Hvor sammenligningsgruppen kommer fra"
    parts = [heading(title, 1, "sammenligninger")]
    for contrast in contrasts:
        parts += [_beside(report, contrast), _cohorts(report, contrast)]
    parts.append(donors.body(report))
    conclusion = [_conclusion(report, contrast) for contrast in contrasts]
    if conclusion:
        parts.append(heading("Delkonklusion", 2, "delkonklusion-sammenligninger"))
        parts.append(paragraphs(*conclusion))
    return "".join(parts)


def _findings(report: Report, contrast: Mapping[str, Any]) -> tuple[Finding, Finding]:
    """Return the participants' effect and that on the whole target group."""
    own = report.finding(str(contrast["outcome"]), "incidence")
    whole = report.finding(str(contrast["outcome"]), str(contrast["term"]))
    assert own is not None  # noqa: S101  (a contrast stands beside a register outcome)
    assert whole is not None  # noqa: S101
    return own, replace(whole, label="ændringen for hele målgruppen")


def _happens(report: Report, contrast: Mapping[str, Any]) -> str:
    return event_words(report.outcome(str(contrast["outcome"])))


def _beside(report: Report, contrast: Mapping[str, Any]) -> str:
    own, whole = _findings(report, contrast)
    horizon = int(report.outcome(own.outcome)["horizon"])
    names = (
        f"Deltagerne ({horizon} uger)",
        f"Hele målgruppen ({int(contrast['horizon'])} uger)",
    )
    happens = _happens(report, contrast)
    words = "; ".join(
        f"{name}: {one.with_interval} {one.unit_word}"
        for name, one in zip(names, (own, whole), strict=True)
    )
    title = f"Forskel i andel, der er {happens}, {own.unit_word}"
    return "".join(
        [
            paragraphs(
                "Indsatsen er målt på to måder, som svarer på hver sit spørgsmål. Den første sammenligner deltagerne med "
                "borgere, der ligner dem. Den anden ser på hele målgruppen, uanset om den enkelte blev inviteret, sagde ja "
                "eller deltog, og sammenligner ændringen fra før til efter indsatsens start med ændringen andre steder."
                if report.place == "kommune"
                else "Indsatsen er målt på to måder: for deltagerne og for hele målgruppen."
            ),
            heading("Deltagerne og hele målgruppen", 2, "deltagere-og-maalgruppe"),
            paragraphs(
                "De to forskelle fremgår af @fig-sammenligninger, og hvad de bygger på, af @tbl-antagelser. Tallet for hele målgruppen "
                "kan ventes at være mindre end deltagernes, fordi det også omfatter dem, der aldrig fik tilbuddet eller sagde nej.",
            ),
            figure(
                dot_panels(
                    [
                        (
                            title,
                            0.0,
                            [dot(f, n) for f, n in zip((own, whole), names, strict=True)],
                        )
                    ],
                    stamp=report.stamp,
                ),
                label="sammenligninger",
                caption="Forskellen for deltagerne og for hele målgruppen",
                alt=f"To punkter med 95 %-sikkerhedsintervaller. {words}.",
                notes=f"{READING} For deltagerne er det forskellen til sammenligningsgruppen, for hele målgruppen forskellen i ændring "
                "fra før til efter indsatsens start. Den sidste er ikke korrigeret for, at flere udfald er testet.",
                source=report.source,
            ),
            paragraphs(f"{certainty_sentence(whole)} {_detectable(contrast, whole)}"),
            _assumes(report, own, whole),
        ]
    )


def _detectable(contrast: Mapping[str, Any], whole: Finding) -> str:
    mde = contrast.get("mde")
    if mde is None or whole.certainty in (Certainty.REFUSED, Certainty.HIDDEN):
        return ""
    return (
        f"Med den usikkerhed, der er, kan den sammenligning med 80 pct. sandsynlighed påvise en virkelig forskel, hvis den er på "
        f"mindst {whole.amount_of(float(mde))}."
    )


def _cohorts(report: Report, contrast: Mapping[str, Any]) -> str:
    frame = report.frame("contrasts")
    cells = frame[frame["outcome"] == contrast["outcome"]].set_index(["arm", "period"])
    _, whole = _findings(report, contrast)
    names = donors.arm_names(report)
    rows = []
    for arm in ("treated", "comparison"):
        before, after = cells.loc[(arm, "before")], cells.loc[(arm, "after")]
        rows.append(
            (
                names[arm],
                number(before["estimate"]),
                number(after["estimate"]),
                number(after["estimate"] - before["estimate"]),
                f"{report.count(before['n'])} / {report.count(after['n'])}",
                report.count(after["n_clusters"]),
            )
        )
    rows.append(("Forskel i ændring", "", "", whole.value, "", ""))
    spans = {
        period: " til ".join(
            date(str(cells.loc[("treated", period), end]))
            for end in ("first_date", "last_date")
        )
        for period in ("before", "after")
    }
    months = int(contrast["months"])
    horizon = int(contrast["horizon"])
    lost = report.frame("contrasts")["n_unobserved"].iloc[0]
    left_out = (
        f" {report.count(lost)} personer bor, hvor registeret ikke rækker til opfølgningen, og er ikke med."
        if lost
        else ""
    )
    return "".join(
        [
            heading("Målgruppen før og efter", 2, "foer-og-efter"),
            paragraphs(
                f"Målgruppen er dem, som registeret finder efter samme regel som deltagerne, i de første {months} måneder "
                f"efter, at indsatsen begyndte på stedet. De holdes op imod dem, der blev fundet på samme måde i {months} måneder, der ligger "
                f"så tidligt, at alle {horizon} ugers opfølgning var slut, før indsatsen begyndte.{left_out} Andelene fremgår af "
                "@tbl-foer-efter."
            ),
            Table(
                label="foer-efter",
                caption=f"Procent af målgruppen, der er {_happens(report, contrast)} inden for {horizon} uger",
                header=(
                    "Gruppe",
                    "Før",
                    "Efter",
                    "Ændring",
                    "Personer før / efter",
                    f"Antal {report.places}",
                ),
                rows=tuple(rows),
                widths=(34, 10, 10, 12, 20, 14),
                notes=f"Før er fundet {spans['before']}, efter {spans['after']}; datoerne afhænger af, hvornår indsatsen "
                f"begyndte det enkelte sted. De andre {report.places} er vægtet, så de fylder lige så meget som dem, de "
                f"sammenlignes med. {HIDDEN}",
                source=report.source,
            ).markdown(),
        ]
    )


def _assumes(report: Report, own: Finding, whole: Finding) -> str:
    """Return both comparisons side by side: what each asks, compares, assumes and counts."""
    place, places = report.place, report.places
    sizes = [
        f"{report.count(one.n_treated)} / {report.count(one.n_comparison)}"
        for one in (own, whole)
    ]
    rows = (
        (
            "Spørgsmålet",
            "Hvad betød det at deltage for dem, der deltog?",
            "Hvad betød det for målgruppen, at indsatsen kom til stedet?",
        ),
        (
            "Sammenlignes med",
            f"{report.words.persons} {_from(report)}",
            f"Målgruppen i andre {places}, før og efter i de samme kalendermåneder",
        ),
        (
            "Forudsætter",
            "At deltagerne og dem, de sammenlignes med, er ens på alt, der har betydning, også det, der ikke er målt, såsom motivation",
            f"At udviklingen ville have været ens i de to grupper af {places} uden indsatsen",
        ),
        (
            "Kan forstyrres af",
            f"Hvem der bliver inviteret og siger ja, og forhold, der er særlige for deltagernes {places}",
            f"Andre ændringer, der ramte {places} med indsatsen på samme tid, og ændringer i, hvem registeret finder",
        ),
        (
            "Omfatter afsmitning",
            "Nej, kun virkningen for deltagerne selv",
            f"Ja, også for ikke-deltagere i samme {place}",
        ),
        ("Personer", *sizes),
        ("p-værdi", p_value(own.p), p_value(whole.p)),
    )
    return Table(
        label="antagelser",
        caption="Hvad de to sammenligninger svarer på og forudsætter",
        header=("Emne", "Deltagerne", "Hele målgruppen"),
        rows=rows,
        widths=(22, 40, 40),
        left=3,
        notes="Personer er gruppen med indsatsen / de andre, for hele målgruppen efter starten. Peger de to i samme retning, er det "
        "vanskeligere at forklare resultatet med en enkelt af fejlkilderne.",
        source=report.source,
    ).markdown()


def _from(report: Report) -> str:
    if report.manifest["donors"]["from"] == "own":
        is_yet = report.manifest["comparison"]["method"] == "risk_sets"
        return f"i samme {report.place}, der {'endnu ikke' if is_yet else 'ikke'} deltog"
    return f"i andre {report.places}"


def _conclusion(report: Report, contrast: Mapping[str, Any]) -> str:
    own, whole = _findings(report, contrast)
    if Certainty.HIDDEN in (own.certainty, whole.certainty):
        return "De to sammenligninger kan ikke holdes op imod hinanden, fordi tal er skjult af hensyn til fortrolighed."
    if Certainty.REFUSED in (own.certainty, whole.certainty):
        return "Usikkerheden kan ikke opgøres for begge sammenligninger, og de kan derfor ikke støtte hinanden."
    way = "i samme retning" if own.direction() == whole.direction() else "hver sin vej"
    found = f"De to sammenligninger peger {way}"
    sure = [one.certainty is Certainty.CLEAR for one in (own, whole)]
    if all(sure):
        return f"{found}, og begge viser en statistisk sikker forskel."
    if not any(sure):
        return f"{found}, og ingen af dem viser en statistisk sikker forskel."
    return (
        f"{found}, men forskellen er kun statistisk sikker for {'deltagerne' if sure[0] else 'hele målgruppen'}. "
        "Det er ikke i sig selv en modstrid, for de to tal gælder ikke de samme personer."
    )
