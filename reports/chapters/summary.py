"""Sammenfatning: what was found, for whom, and how sure it is."""

from __future__ import annotations

from reports.chapters.durations import main_sentence
from reports.danish import count, interval, listing, number, p_value, small_number
from reports.facts import Report
from reports.figures import effect_panels
from reports.markdown import Table, box, bullets, figure, heading, paragraphs
from reports.wording import Certainty, Finding, difference_sentence


def chapter(report: Report) -> str:
    """Return the whole chapter."""
    tested = report.tested()
    return "".join(
        [
            heading("Sammenfatning", 1, "sammenfatning", numbered=False),
            box(_main_finding(report)),
            paragraphs(_about(report)),
            bullets([_sentence(report, f) for f in tested if _role(report, f) != "primary"]),
            _drawing(report, tested),
            _table(report, tested),
            paragraphs(_reading(report)),
        ]
    )


def _role(report: Report, finding: Finding) -> str:
    return str(report.outcome(finding.outcome)["role"])


def _sentence(report: Report, finding: Finding) -> str:
    if finding.term == "incidence":
        return main_sentence(report, report.outcome(finding.outcome))
    label = str(report.outcome(finding.outcome)["label"])
    return difference_sentence(finding, label)


def _main_finding(report: Report) -> str:
    primary = [f for f in report.tested() if _role(report, f) == "primary"]
    sentences = [_sentence(report, finding) for finding in primary]
    return "\n\n".join([f"**Hovedfund.** {sentences[0]}", *sentences[1:]]) if sentences else ""


def _about(report: Report) -> str:
    tested = report.tested()
    if not tested:
        return ""
    first = tested[0]
    clusters = report.frame("design")
    row = clusters[clusters["outcome"] == first.outcome] if len(clusters) else clusters
    if len(row) and number(row["n_treated_clusters"].iloc[0], 0) != "–":
        treated = small_number(int(row["n_treated_clusters"].iloc[0]))
        others = small_number(int(row["n_comparison_clusters"].iloc[0]))
        where = f" i {treated} kommuner", f" fra {others} andre kommuner"
    else:
        where = "", ""
    return (
        f"Analysen af det første udfald sammenligner {number(first.n_treated, 0)} deltagere{where[0]} "
        f"med {number(first.n_comparison, 0)} borgere{where[1]}, som ligner deltagerne på de "
        "forhold, der er målt før start. Resultaterne gælder de deltagere, der kunne findes en "
        "sammenlignelig borger til, jf. @sec-grupper."
    )


def _drawing(report: Report, tested: list[Finding]) -> str:
    if not tested:
        return ""
    labels = [str(report.outcome(f.outcome)["label"]) for f in tested]
    words = "; ".join(f"{label}: {_words(f)}" for f, label in zip(tested, labels, strict=True))
    return figure(
        effect_panels(tested, labels, stamp=report.stamp),
        label="hovedtal",
        caption="Forskel mellem deltagere og sammenligningsgruppe",
        alt=f"Punkter med sikkerhedsintervaller om en lodret linje ved ingen forskel. {words}.",
        notes="Punktet er den beregnede forskel, stregen er 95 %-sikkerhedsintervallet. "
        "Et åbent punkt betyder, at usikkerheden ikke kan opgøres.",
        source=report.source,
    )


def _words(finding: Finding) -> str:
    if finding.certainty is Certainty.REFUSED:
        return f"{number(finding.estimate, finding.decimals)} uden interval"
    return f"{number(finding.estimate, finding.decimals)} ({finding.interval})"


def _table(report: Report, tested: list[Finding]) -> str:
    rows = tuple(
        (
            f"{report.outcome(f.outcome)['label']} ({f.unit_word or 'ratio'})",
            number(f.estimate, f.decimals),
            interval(f.conf_low, f.conf_high, f.decimals),
            p_value(f.p),
            p_value(f.p_adjusted),
            f"{count(f.n_treated)} / {count(f.n_comparison)}",
        )
        for f in tested
    )
    families = {report.outcome(f.outcome).get("family") for f in tested}
    tests = sum(1 for f in tested if _role(report, f) != "exploratory")
    return Table(
        label="hovedtal",
        caption="De testede udfald",
        header=(
            "Udfald (enhed)",
            "Forskel",
            "95 %-interval",
            "p-værdi",
            "Korrigeret p",
            "Antal i grupperne",
        ),
        rows=rows,
        widths=(34, 11, 20, 10, 12, 15),
        notes=f"Antal er deltagere / sammenligning. {number(tests, 0)} forhåndsvalgte test i "
        f"{number(len(families), 0)} familie{'r' if len(families) != 1 else ''}; p-værdierne er korrigeret "
        "efter Holm inden for hver familie. En streg betyder, at tallet ikke kan opgøres.",
        source=report.source,
    ).markdown()


def _reading(report: Report) -> str:
    unclear = [
        report.outcome_label(f.outcome)
        for f in report.tested()
        if f.certainty in (Certainty.UNCLEAR, Certainty.LOST)
    ]
    what = (
        f"For {listing(unclear)} er der ingen statistisk sikker forskel. Det er ikke det samme "
        "som, at der ingen effekt er. "
        if unclear
        else ""
    )
    return (
        f"{what}Sammenligningen bygger på registeroplysninger og svar fra før start. Forhold, der "
        "ikke er målt, for eksempel motivation for at deltage, kan have betydning for forskellene."
    )
