"""To sammenligninger: participants and the whole target group, and where controls come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reports.chapters.effects import READING, dot, event_words
from reports.danish import NOTHING, date, listing, lower_first, number, p_value, upper_first
from reports.facts import Report
from reports.figures import dot_panels
from reports.figures.trends import trend_lines
from reports.markdown import Table, figure, heading, paragraphs
from reports.wording import Certainty, Finding, certainty_sentence

FOLLOW_UP = 26  # weeks, of analyses.pre_period
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
        parts += [_beside(report, contrast), _cohorts(report, contrast), _assumes(report)]
    if has_places:
        parts += [_donors(report), _each_place(report)]
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
    rows = [
        (
            name,
            one.value,
            one.interval,
            p_value(one.p),
            f"{report.count(one.n_treated)} / {report.count(one.n_comparison)}",
        )
        for name, one in zip(names, (own, whole), strict=True)
    ]
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
                _detectable(contrast, whole),
                "De to forskelle fremgår af @fig-sammenligninger og @tbl-sammenligninger. Tallet for hele målgruppen kan "
                "ventes at være mindre end deltagernes, fordi det også omfatter dem, der aldrig fik tilbuddet eller sagde nej.",
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
                notes=READING,
                source=report.source,
            ),
            Table(
                label="sammenligninger",
                caption=title,
                header=("Hvem", "Forskel", "95 %-interval", "p-værdi", "Personer"),
                rows=tuple(rows),
                widths=(36, 12, 22, 12, 20),
                notes="For deltagerne er forskellen mellem de to matchede grupper. For hele målgruppen er den forskellen i "
                "ændring fra før til efter indsatsens start. Personer er gruppen med indsatsen / de andre, for hele "
                "målgruppen efter starten. Målgruppens tal er ikke korrigeret for, at flere udfald er testet.",
                source=report.source,
            ).markdown(),
            paragraphs(certainty_sentence(whole)),
        ]
    )


def _detectable(contrast: Mapping[str, Any], whole: Finding) -> str:
    mde = contrast.get("mde")
    if mde is None or whole.certainty in (Certainty.REFUSED, Certainty.HIDDEN):
        return ""
    return (
        f"Med den usikkerhed, der er, kan sammenligningen for hele målgruppen med 80 pct. sandsynlighed påvise en "
        f"forskel på {whole.amount_of(float(mde))}."
    )


def _cohorts(report: Report, contrast: Mapping[str, Any]) -> str:
    frame = report.frame("contrasts")
    cells = frame[frame["outcome"] == contrast["outcome"]].set_index(["arm", "period"])
    _, whole = _findings(report, contrast)
    names = _arm_names(report)
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
    rows.append(("Forskel i ændring", NOTHING, NOTHING, whole.value, NOTHING, NOTHING))
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


def _assumes(report: Report) -> str:
    place, places = report.place, report.places
    rows = (
        (
            "Spørgsmålet",
            "Hvad betød det at deltage for dem, der deltog?",
            "Hvad betød det for målgruppen, at indsatsen kom til stedet?",
        ),
        (
            "Sammenlignes med",
            f"Matchede personer {_from(report)}",
            f"Målgruppen i andre {places}, før og efter i de samme kalendermåneder",
        ),
        (
            "Forudsætter",
            "At deltagerne og de matchede er ens på alt, der har betydning, også det, der ikke er målt, såsom motivation",
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
    )
    return heading("Hvad de to forudsætter", 2, "forudsaetninger") + (
        paragraphs("De to sammenligninger bygger på hver deres antagelse, jf. @tbl-antagelser.")
        + Table(
            label="antagelser",
            caption="Hvad de to sammenligninger svarer på og forudsætter",
            header=("Emne", "Deltagerne", "Hele målgruppen"),
            rows=rows,
            widths=(22, 40, 40),
            left=3,
            notes="Peger de to i samme retning, er det vanskeligere at forklare resultatet med en enkelt af fejlkilderne.",
            source=report.source,
        ).markdown()
    )


def _from(report: Report) -> str:
    if report.manifest["donors"]["from"] == "own":
        return f"i samme {report.place}, der ikke deltog"
    return f"i andre {report.places}"


def _donors(report: Report) -> str:
    frame = report.frame("pretrends")
    names = _arm_names(report)
    arms = [arm for arm in names if arm in set(frame["arm"])]
    periods = list(dict.fromkeys(frame["period"]))
    table = frame.set_index(["arm", "period"])["estimate"]
    values = {
        arm: [float(table.get((arm, period), float("nan"))) for period in periods]
        for arm in arms
    }
    shown = "; ".join(
        f"{names[arm]}: {number(values[arm][0])} til {number(values[arm][-1])} procent"
        for arm in arms
    )
    sizes = frame.groupby("arm")["n_clusters"].max()
    return "".join(
        [
            heading("Hvor sammenligningsgruppen kommer fra", 2, "donorer"),
            paragraphs(_donor_words(report), _same_class(report)),
            paragraphs(
                "Udviklingen før indsatsen fremgår af @fig-foer-indsatsen og @tbl-foer-indsatsen. Jo mere ens "
                "linjerne forløber, desto rimeligere er det at antage, at de ville have fulgtes ad uden indsatsen."
            ),
            figure(
                trend_lines(
                    [_half_year(period) for period in periods],
                    [(names[arm], values[arm]) for arm in arms],
                    title="Procent",
                    stamp=report.stamp,
                ),
                label="foer-indsatsen",
                caption=f"Før indsatsen: procent, der er {_first_event(report)} inden for {FOLLOW_UP} uger",
                alt=f"En linje for hver gruppe over {len(periods)} halvår. {shown}.",
                notes="Alle, som registerets regel finder i halvårets første måned, fulgt til før indsatsen begyndte noget sted.",
                source=report.source,
            ),
            Table(
                label="foer-indsatsen",
                caption=f"Procent, der er {_first_event(report)} inden for {FOLLOW_UP} uger, halvår for halvår",
                header=("Gruppe", *(_half_year(period) for period in periods), "Antal"),
                rows=tuple(
                    (
                        names[arm],
                        *(number(value) for value in values[arm]),
                        report.count(sizes[arm]),
                    )
                    for arm in arms
                ),
                widths=(34, *(13 for _ in periods), 9),
                notes=f"Antal er antal {report.places}. {HIDDEN}",
                source=report.source,
            ).markdown(),
        ]
    )


def _donor_words(report: Report) -> str:
    donors = report.manifest["donors"]
    if donors["from"] == "own":
        return (
            f"Sammenligningsgruppen er ikke-deltagere i deltagernes egne {report.places}. Hvad indsatsen har betydet for "
            "dem, og hvorfor de ikke blev inviteret eller sagde nej, er der ikke taget højde for."
        )
    parts = [f"Sammenligningsgruppen bor i {report.places}, som indsatsen ikke nåede."]
    if donors["exclude"]:
        cluster = str(report.manifest["cluster"])
        names = listing(report.label(cluster, str(one)) for one in donors["exclude"])
        parts.append(f"{names} er holdt ude efter planen.")
    if donors["nearest"]:
        parts.append(
            f"For hver {report.place} med indsatsen er de {number(donors['nearest'], 0)} taget med, der lignede den mest "
            "i udfaldet, før indsatsen begyndte."
        )
    return " ".join(parts)


def _same_class(report: Report) -> str:
    donors = report.manifest["donors"]
    if not donors["cluster_class"]:
        return ""
    name = lower_first(report.label(donors["cluster_class"]))
    if donors["same_class"]:
        return f"Partnere hører til samme gruppe af {report.places} ({name})."
    return f"Hvilken gruppe hver {report.place} hører til ({name}), fremgår af @tbl-hvert-sted."


def _each_place(report: Report) -> str:
    frame = report.frame("municipalities")
    if frame.empty:
        return ""
    cluster = str(report.manifest["cluster"])
    of_class = report.manifest["donors"]["cluster_class"]
    names = _arm_names(report)
    periods = list(dict.fromkeys(frame["period"]))
    rows = []
    for (arm, code), own in frame.groupby(["arm", "cluster"], sort=False):
        values = own.set_index("period")["estimate"]
        kind = [report.label(of_class, own["class"].iloc[0])] if of_class else []
        cells = [number(values.get(period)) for period in periods]
        rows.append((report.label(cluster, str(code)), names[str(arm)], *kind, *cells))
    head = [report.label(of_class)] if of_class else []
    return Table(
        label="hvert-sted",
        caption=f"Før indsatsen: procent, der er {_first_event(report)} inden for {FOLLOW_UP} uger, sted for sted",
        header=(
            report.label(cluster),
            "Gruppe",
            *head,
            *(_half_year(period) for period in periods),
        ),
        rows=tuple(rows),
        widths=(24, 30, *(16 for _ in head), *(12 for _ in periods)),
        left=2 + len(head),
        notes=f"Tallene for et enkelt sted svinger meget, fordi de bygger på få personer. {HIDDEN}",
        source=report.source,
    ).markdown()


def _first_event(report: Report) -> str:
    """Return what happens in the first register outcome, which the pre-period counts."""
    return event_words(next(one for one in report.outcomes("time") if "weeks" in one))


def _arm_names(report: Report) -> dict[str, str]:
    places = report.places
    return {
        "treated": f"{upper_first(places)} med indsatsen",
        "comparison": f"Andre {places}",
        "left_out": f"{upper_first(places)}, der er holdt ude",
    }


def _half_year(period: str) -> str:
    """Return a half-year as a Danish reader knows it.

    Examples
    --------
    >>> _half_year("2015H1")
    '1. halvår 2015'
    """
    year, half = period.split("H")
    return f"{half}. halvår {year}"


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
