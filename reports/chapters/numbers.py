"""Bilag: the numbers behind the figures, for those who look a number up."""

from __future__ import annotations

from reports.chapters import donors, groups, hazards, staff
from reports.chapters.effects import effect_table, name_of
from reports.facts import Report
from reports.markdown import paragraphs
from reports.words.danish import p_value, small_number, upper_first

LABEL = "bilag-tal"


def body(report: Report) -> str:
    """Return the tables without the appendix's heading."""
    tables = [
        _tested(report),
        groups.flow_table(report),
        staff.shares_table(report),
        *(hazards.causes_table(report, outcome) for outcome in report.outcomes("time")),
        donors.tables(report),
    ]
    shown = "".join(tables)
    if not shown:
        return ""
    return paragraphs("Her står de tal, som figurerne er tegnet efter.") + shown


def tested_label(report: Report) -> str:
    """Return the label of the table that holds every tested outcome."""
    kinds = {report.outcome(finding.outcome)["kind"] for finding in report.tested()}
    return "vaerdier" if kinds == {"value"} else "hovedtal"


def _tested(report: Report) -> str:
    """Return the table of tests, unless a chapter shows just that."""
    if tested_label(report) != "hovedtal":
        return ""
    tested = report.tested()
    return effect_table(
        report,
        tested,
        [name_of(report, finding) for finding in tested],
        label="hovedtal",
        caption="De testede udfald",
        notes=tests_words(report),
    )


def tests_words(report: Report) -> str:
    """Say how many tests there are and how they are adjusted."""
    families = [f for f in report.manifest["families"] if f["n_tests"]]
    total = sum(family["n_tests"] for family in families)
    # Only where it limits what could be found is it worth a sentence.
    limit = 1.0 - float(report.manifest["level"])
    smallest = [p for f in families if limit / 5 <= (p := f["smallest_p"] or 0.0) < 1]
    attainable = (
        f" Den mindste korrigerede p-værdi, der kan opnås, er {p_value(max(smallest))}."
        if smallest
        else ""
    )
    tests = f"{upper_first(small_number(total))} test" if total > 1 else "Én test"
    several = (
        f", i {small_number(len(families))} grupper; p-værdierne er korrigeret efter Holm inden for hver gruppe."
        if len(families) > 1
        else "."
    )
    refused = sum(family["n_refused"] for family in families)
    absent = (
        f" {upper_first(small_number(refused))} test kunne ikke udføres og tæller som en p-værdi på 1."
        if refused
        else ""
    )
    return f"{tests}, valgt på forhånd{several}{attainable}{absent}"
