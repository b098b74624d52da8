"""The table of every tested outcome, and how the tests are adjusted."""

from __future__ import annotations

from reports.chapters.effects import effect_table
from reports.facts import Report
from reports.pieces import piece
from reports.words.danish import p_value, small_number, upper_first


def tested_label(report: Report) -> str:
    """Return the label of the table that holds every tested outcome."""
    amounts_only = len(report.outcomes("value")) == len(report.facts.outcomes)
    return "vaerdier" if amounts_only else "hovedtal"


@piece("table", "findings")
def tested(report: Report) -> str:
    """Return the table of tests, unless a chapter shows just that."""
    if tested_label(report) != "hovedtal":
        return ""
    return effect_table(
        report,
        report.tested(),
        label="hovedtal",
        caption="De testede udfald",
        notes=tests_words(report),
    )


def tests_words(report: Report) -> str:
    """Say how many tests there are and how they are adjusted."""
    families = [family for family in report.facts.families if family.n_tests]
    total = sum(family.n_tests for family in families) or len(report.facts.outcomes)
    # Only where it limits what could be found is it worth a sentence.
    level = report.facts.level
    smallest = [family.smallest_p for family in families if family.is_coarse(level)]
    attainable = (
        f" Den mindste korrigerede p-værdi, der kan opnås, er {p_value(max(smallest), level)}."
        if smallest
        else ""
    )
    tests = f"{upper_first(small_number(total))} test" if total > 1 else "Én test"
    several = "."
    if not families and total > 1:
        several = "; p-værdierne er ikke korrigeret for, at der er flere."
    elif len(families) > 1:
        several = f", i {small_number(len(families))} grupper; p-værdierne er korrigeret efter Holm inden for hver gruppe."
    elif total > 1:
        several = "; p-værdierne er korrigeret efter Holm."
    refused = sum(family.n_refused for family in families)
    many = upper_first(small_number(refused)) if refused > 1 else "Én"
    absent = (
        f" {many} test kunne ikke udføres og tæller som en p-værdi på 1." if refused else ""
    )
    if refused == total == 1:
        absent = " Den kunne ikke udføres."
    return f"{tests}, valgt i studiefilen{several}{attainable}{absent}"
