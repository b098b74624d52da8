"""How far a hazard ratio holds: tests of curves, and when parts of each group have left."""

from __future__ import annotations

from math import isfinite, nan

from analyses.outcomes.facts import TimeFacts
from analyses.results.facts import OutcomeFacts
from evaluation.grades import Grade
from reports.chapters.exhibits import WITH_INTERVAL, table
from reports.chapters.follow_up import DURATIONS
from reports.facts import Report
from reports.pieces import piece
from reports.rows import ARMS, Design, Quantiles, Tests
from reports.words.danish import NOTHING, interval, number, p_value, upper_first
from reports.words.terms import TESTS


def constancy(report: Report, outcome: OutcomeFacts, time: TimeFacts) -> str:
    """Say whether the hazard ratio may be read as one number, by the test that the table shows."""
    test = "proportional_hazards"
    p = next((row.p_value for row in _own(report, outcome, time) if row.test == test), nan)
    if not isfinite(p):
        return ""
    told = f"(p-værdi {p_value(p, report.facts.level)})"
    if report.grade(outcome.name, test, time.event) is Grade.INDICATION:
        return (
            f"Hasardratioen ændrer sig over tid {told}. Den er derfor et gennemsnit over hele opfølgningen og ikke "
            "et forhold, der gælder hele vejen; forløbet ses bedst af kurverne."
        )
    return f"Testen finder ikke, at hasardratioen ændrer sig over tid {told}. Den kan dog godt gøre det; forløbet ses af kurverne."


def _own(report: Report, outcome: OutcomeFacts, time: TimeFacts) -> list[Tests]:
    key = outcome.name, time.event
    return [row for row in report.rows(Tests) if (row.outcome, row.cause) == key]


@piece("table", "tests", DURATIONS)
def tests(report: Report, outcome: OutcomeFacts, time: TimeFacts) -> str:
    """Return the table of tests on the studied cause, or nothing where there are none."""
    shown = _own(report, outcome, time)
    if not any(isfinite(row.p_value) for row in shown):
        return ""
    bootstrap = (
        f" Bootstrap vender {report.place.each}s samlede bidrag tilfældigt under nulhypotesen og står ved siden af jackknifen til "
        "kontrol; hvor de to ikke er enige, følger teksten jackknifen."
        if any(row.test.endswith("hazard_ratio") for row in shown)
        else ""
    )
    return table(
        report,
        f"test-{outcome.name}",
        f"Test af forløbene for {report.within(outcome.name)}",
        ("Spørgsmål", "Teststørrelse", "Friheds\u00adgrader", "p-værdi", "Opgjort efter"),
        [
            (
                TESTS[row.test],
                number(row.statistic, 2),
                number(row.df, 0 if row.df == round(row.df, 0) else 1),
                p_value(row.p_value, report.facts.level),
                _judged(report, row.outcome),
            )
            for row in shown
        ],
        notes=f"Testene er ikke korrigeret for, at der er flere.{bootstrap}",
    )


def _judged(report: Report, outcome: str) -> str:
    """Return what counts as independent in the tests of an outcome."""
    method = next(row.method for row in report.rows(Design) if row.outcome == outcome)
    if report.has_places:
        return report.place.many
    return "matchede sæt" if method == "set" else "personer"


@piece("table", "quantiles", DURATIONS)
def quantiles(report: Report, outcome: OutcomeFacts, time: TimeFacts) -> str:
    """Return the times by which parts of each group have left, where any was reached."""
    own = [row for row in report.rows(Quantiles) if row.outcome == outcome.name]
    if not any(isfinite(row.estimate) for row in own):
        return ""
    found = {(row.arm, row.probability): row for row in own}
    shares = sorted({row.probability for row in own})
    any_way = " ad en hvilken som helst vej" if time.competing else ""
    endless = (
        " Et interval uden slutning har en øvre grænse efter opfølgningen."
        if any(isfinite(row.conf_low) and not isfinite(row.conf_high) for row in own)
        else ""
    )
    return table(
        report,
        f"kvantiler-{outcome.name}",
        f"{upper_first(report.time(time).many)}, til en del af gruppen er gået ud{any_way}",
        ("Gruppe", *(f"{number(100 * share, 0)} pct.{WITH_INTERVAL}" for share in shares)),
        [
            (report.words.arms[arm], *(_quantile(found[arm, share]) for share in shares))
            for arm in ARMS
        ],
        notes=f"Tidspunktet, hvor andelen er gået ud.{endless}",
        dash="En streg betyder, at tallet ikke nås inden for opfølgningen eller er skjult af hensyn til fortrolighed.",
    )


def _quantile(row: Quantiles) -> str:
    """Return a time with its interval, which may have no end."""
    numbers = row.estimate, row.conf_low, row.conf_high
    if not (isfinite(row.estimate) or isfinite(row.conf_low)):
        return NOTHING
    decimals = 0 if all(v == round(v) for v in numbers if isfinite(v)) else 1
    if not isfinite(row.conf_low):
        return number(row.estimate, decimals)
    ends = (
        interval(row.conf_low, row.conf_high, decimals)
        if isfinite(row.conf_high)
        else f"fra {number(row.conf_low, decimals)}"
    )
    reached = number(row.estimate, decimals) if isfinite(row.estimate) else "ikke nået"
    return f"{reached} ({ends})"
