"""4 Borgernes relation til kommunen: answers, scales and differences in score."""

from __future__ import annotations

from reports.danish import count, interval, listing, lower_first, number, p_value
from reports.facts import Report
from reports.figures import effect_panels
from reports.markdown import Table, figure, heading, paragraphs
from reports.wording import difference_sentence

ARMS = {"treated": "Deltagere", "comparison": "Sammenligning"}


def chapter(report: Report) -> str:
    """Return the whole chapter, or nothing where no outcome is a scale."""
    if not report.outcomes("score"):
        return ""
    title = str(report.text.get("score_chapter") or "Borgernes svar på spørgeskemaer")
    return "".join(
        [
            heading(title, 1, "relation"),
            heading("Svar og skalaer", 2, "svar"),
            _response(report),
            _scales(report),
            heading("Forskelle mellem grupperne", 2, "scoreforskelle"),
            _effects(report),
            heading("Delkonklusion", 2, "delkonklusion-relation"),
            _conclusion(report),
        ]
    )


def _response(report: Report) -> str:
    response = report.frame("response")
    if response.empty:
        return ""
    rows = tuple(
        (
            f"Runde {row.wave}",
            ARMS.get(row.arm, row.arm),
            count(row.n_invited, report.min_cell),
            count(row.n_answered, report.min_cell),
            number(row.share),
        )
        for row in response[response["table"] == "citizen"].itertuples()
    )
    return Table(
        label="svarprocent",
        caption="Svar på spørgeskemaet til borgerne",
        header=("Runde", "Gruppe", "Spurgt", "Svaret", "Svarprocent"),
        rows=rows,
        widths=(16, 24, 16, 16, 16),
        left=2,
        notes="Det er ikke tilfældigt, hvem der svarer. Svarprocenten er opgjort blandt dem, der fik skemaet.",
        source=report.source,
    ).markdown()


def _scales(report: Report) -> str:
    scales = report.frame("scales")
    names = {entry["scale"] for entry in report.outcomes("score")}
    chosen = scales[scales["scale"].isin(names)]
    if chosen.empty:
        return ""
    return scale_table(report, chosen, "skalaer-borgere", "Skalaernes pålidelighed, borgere")


def scale_table(report: Report, scales: object, label: str, caption: str) -> str:
    """Return the table of Cronbach's alpha by scale and wave."""
    rows = tuple(
        (
            report.label(f"scale:{row.scale}"),
            str(row.wave),
            number(row.items, 0),
            count(row.n, report.min_cell),
            number(row.alpha, 2),
            interval(row.conf_low, row.conf_high, 2),
        )
        for row in scales.itertuples()  # type: ignore[attr-defined]
    )
    return Table(
        label=label,
        caption=caption,
        header=("Skala", "Runde", "Spørgsmål", "Antal", "Alfa", "95 %-interval"),
        rows=rows,
        widths=(34, 10, 13, 11, 10, 20),
        notes="Alfa er Cronbachs alfa blandt personer med svar på alle skalaens spørgsmål. "
        "Spørgsmålene er eksempler og ikke VIVEs.",
        source=report.source,
    ).markdown()


def _effects(report: Report) -> str:
    findings = [
        finding
        for entry in report.outcomes("score")
        if (finding := report.finding(entry["name"], entry["estimate"])) is not None
    ]
    labels = [str(report.outcome(finding.outcome)["label"]) for finding in findings]
    words = "; ".join(
        f"{label} {number(f.estimate, f.decimals)}"
        + (f" ({f.interval})" if f.interval != "–" else "")
        for f, label in zip(findings, labels, strict=True)
    )
    rows = tuple(
        (
            label,
            number(f.estimate, f.decimals),
            f.interval,
            p_value(f.p),
            p_value(f.p_adjusted),
            f"{count(f.n_treated)} / {count(f.n_comparison)}",
        )
        for f, label in zip(findings, labels, strict=True)
    )
    waves = sorted({(entry["baseline"], entry["wave"]) for entry in report.outcomes("score")})
    between = listing(f"runde {first} til runde {last}" for first, last in waves)
    return (
        paragraphs(
            f"Borgerne er spurgt flere gange, og forskellene følger de samme personer fra {between}. "
            "Hvert udfald har sin egen matchede gruppe blandt dem, der svarede ved start, og "
            "startscoren indgår både i matching og i beregningen, jf. @fig-score og @tbl-score."
        )
        + figure(
            effect_panels(findings, labels, stamp=report.stamp),
            label="score",
            caption="Forskel i score mellem deltagere og sammenligningsgruppe",
            alt=f"Punkter med sikkerhedsintervaller, point på en skala fra 0 til 100: {words}.",
            notes="Skalaerne går fra 0 til 100, og højere er bedre.",
            source=report.source,
        )
        + Table(
            label="score",
            caption="Forskelle i score (point, 0–100)",
            header=(
                "Skala",
                "Forskel",
                "95 %-interval",
                "p-værdi",
                "Korrigeret p",
                "Antal i grupperne",
            ),
            rows=rows,
            widths=(32, 11, 20, 10, 13, 16),
            notes="Antal er deltagere / sammenligning med svar i begge runder.",
            source=report.source,
        ).markdown()
    )


def _conclusion(report: Report) -> str:
    sentences = [
        difference_sentence(finding, str(entry["label"]))
        for entry in report.outcomes("score")
        if (finding := report.finding(entry["name"], entry["estimate"])) is not None
    ]
    names = listing(lower_first(str(entry["label"])) for entry in report.outcomes("score"))
    return paragraphs(
        *sentences,
        f"Resultaterne for {names} gælder dem, der svarede begge gange.",
    )
