"""Outcomes that are measured amounts, and the randomised benchmark where a study has one."""

from __future__ import annotations

from reports.danish import count, interval, lower_first, number, p_value
from reports.facts import Report
from reports.figures import benchmark_dots
from reports.markdown import Table, figure, heading, paragraphs
from reports.wording import difference_sentence


def chapter(report: Report) -> str:
    """Return the chapter, or nothing where no outcome is an amount."""
    outcomes = report.outcomes("value")
    if not outcomes:
        return ""
    title = str(report.text.get("value_chapter") or "Forskelle mellem grupperne")
    findings = [
        (entry, finding)
        for entry in outcomes
        if (finding := report.finding(entry["name"], entry["estimate"])) is not None
    ]
    rows = tuple(
        (
            f"{entry['label']} ({f.unit_word})",
            number(f.estimate, f.decimals),
            interval(f.conf_low, f.conf_high, f.decimals),
            p_value(f.p),
            f"{count(f.n_treated)} / {count(f.n_comparison)}",
        )
        for entry, f in findings
    )
    return "".join(
        [
            heading(title, 1, "vaerdier"),
            paragraphs(*(difference_sentence(f, str(entry["label"])) for entry, f in findings)),
            Table(
                label="vaerdier",
                caption="Forskelle i gennemsnit",
                header=(
                    "Udfald (enhed)",
                    "Forskel",
                    "95 %-interval",
                    "p-værdi",
                    "Antal i grupperne",
                ),
                rows=rows,
                widths=(36, 14, 24, 11, 18),
                source=report.source,
            ).markdown(),
            _benchmark(report),
        ]
    )


def _benchmark(report: Report) -> str:
    rows = report.frame("benchmark")
    if rows.empty:
        return ""
    labels = [report.label(f"benchmark:{name}") for name in rows["name"]]
    words = "; ".join(
        f"{label}: {number(row.estimate, 0)} ({interval(row.conf_low, row.conf_high, 0)})"
        for row, label in zip(rows.itertuples(), labels, strict=True)
    )
    entry = report.outcomes("value")[0]
    unit = f"Forskel, {lower_first(str(entry['unit']))}"
    return (
        heading("Sammenlignet med lodtrækningen", 2, "facit")
        + paragraphs(
            "I dette studie blev deltagerne oprindeligt fundet ved lodtrækning. Forskellen til de "
            "udloddede kontrolpersoner er derfor et facit, som den matchede sammenligning kan holdes "
            "op imod, jf. @fig-facit. Der er ikke justeret på analysen for at ramme det."
        )
        + figure(
            benchmark_dots(rows, labels, unit=unit, stamp=report.stamp),
            label="facit",
            caption="Den matchede sammenligning og lodtrækningen",
            alt=f"Punkter med sikkerhedsintervaller: {words}.",
            notes="Punktet er forskellen i gennemsnit, stregen er 95 %-sikkerhedsintervallet.",
            source=report.source,
        )
    )
