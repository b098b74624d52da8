"""Outcomes that are measured amounts, and the randomised benchmark where a study has one."""

from __future__ import annotations

from reports.chapters import designs
from reports.chapters.effects import detectable, effect_table, name_of
from reports.facts import Report, records
from reports.figures import Dot, dot_panels
from reports.markdown import figure, heading, paragraphs
from reports.words.danish import interval, lower_first, number
from reports.words.wording import certainty_sentence, conclusion


def chapter(report: Report) -> str:
    """Return the chapter, or nothing where no outcome is an amount."""
    outcomes = report.outcomes("value")
    if not outcomes:
        return ""
    title = str(report.text.get("value_chapter") or "Forskelle mellem grupperne")
    findings = report.tested("value")
    found = [
        f"{entry['label']} er {f.direction()} blandt {f.words.treated} end i sammenligningsgruppen, og "
        "forskellen er statistisk sikker."
        for entry, f in zip(outcomes, findings, strict=True)
    ]
    return "".join(
        [
            heading(title, 1, "vaerdier"),
            heading("Forskelle mellem grupperne", 2, "vaerdiforskelle"),
            paragraphs(detectable(report, outcomes), "Resultaterne fremgår af @tbl-vaerdier."),
            effect_table(
                report,
                findings,
                [name_of(report, f) for f in findings],
                label="vaerdier",
                caption="Forskelle i gennemsnit",
                notes=f"Forskellene er beregnet {report.words.group}.",
            ),
            paragraphs(*(certainty_sentence(f) for f in findings)),
            _benchmark(report),
            designs.section(report),
            heading("Delkonklusion", 2, "delkonklusion-vaerdier"),
            paragraphs(
                " ".join(
                    filter(
                        None,
                        [conclusion(findings, found), _beside(report), designs.spread(report)],
                    )
                )
            ),
        ]
    )


def _benchmark(report: Report) -> str:
    frame = report.frame("benchmark")
    if frame.empty:
        return ""
    entry = report.outcome(str(frame["outcome"].iloc[0]))
    finding = report.finding(entry["name"], entry["estimate"])
    assert finding is not None  # noqa: S101  (a benchmark stands beside an estimated outcome)
    way = report.words.way
    dots = [
        Dot(
            label=f"{way.made.capitalize()} sammenligning",
            estimate=finding.estimate,
            low=finding.conf_low,
            high=finding.conf_high,
            text=finding.with_interval,
        )
    ]
    for row in records(frame):
        ends = interval(row.conf_low, row.conf_high, finding.decimals)
        dots.append(
            Dot(
                label=report.label(f"benchmark:{row.name}"),
                estimate=row.estimate,
                low=row.conf_low,
                high=row.conf_high,
                text=f"{number(row.estimate, finding.decimals)} ({ends})",
            )
        )
    words = "; ".join(f"{dot.label}: {dot.text} {finding.unit_word}" for dot in dots)
    title = f"Forskel i {finding.label}, {finding.unit_word}"
    return (
        heading("Sammenlignet med lodtrækningen", 2, "facit")
        + paragraphs(
            "Deltagerne blev oprindeligt fundet ved lodtrækning. Forskellen til de udloddede "
            f"kontrolpersoner er derfor et facit, som den {way.plural} sammenligning kan holdes op imod, "
            "jf. @fig-facit. De udloddede kontrolpersoner indgår ikke i analysen."
        )
        + figure(
            dot_panels([(title, 0.0, dots)], stamp=report.stamp),
            label="facit",
            caption=f"Den {way.plural} sammenligning og lodtrækningen",
            alt=f"To punkter med 95 %-sikkerhedsintervaller. {words}.",
            notes="Punktet er forskellen i gennemsnit, stregen er 95 %-sikkerhedsintervallet; begge tal står til højre.",
            source=report.source,
        )
    )


def _beside(report: Report) -> str:
    frame = report.frame("benchmark")
    if frame.empty:
        return ""
    row = next(iter(records(frame)))
    entry = report.outcome(str(row.outcome))
    finding = report.finding(entry["name"], entry["estimate"])
    if finding is None:
        return ""
    inside = finding.conf_low <= row.estimate <= finding.conf_high
    where = "inden for" if inside else "uden for"
    value = finding.amount_of(row.estimate)
    return f"{lower_first(report.label(f'benchmark:{row.name}')).capitalize()} gav {value}, som ligger {where} sikkerhedsintervallet."
