"""Below every exhibit stands where its numbers come from."""

from __future__ import annotations

from dataclasses import replace

from reports.markdown import exhibit
from reports.origins import traced
from tests.reports import minimal

SHOWN = exhibit("tegning\n", "figur-x", [("Uge", "Andel"), ("1", "2,0")])


def test_an_outcomes_exhibit_names_its_lines_in_the_plan_and_its_estimate() -> None:
    report = minimal.report()
    (first, *others) = report.facts.outcomes
    facts = replace(report.facts, outcomes=(replace(first, lines=(82, 93)), *others))
    text = traced(SHOWN, replace(report, facts=facts), "figure", "incidence", first.name)
    assert f"Sporing: `figure` `incidence`, udfald `{first.name}`." in text
    assert f"{facts.study.file} (kontrolsum {facts.study.sha256[:12]}), linje 82–93." in text
    assert f"`{first.name}.{first.estimate}`" in text
    assert f"enplan {facts.enplan_version}" in text
    # A paragraph of its own, or a caption above would go on in it.
    assert "\n\n::: {.spor}\n" in text
    # Inside the exhibit, where a page folds it away.
    assert text.index(".tal") < text.index("Sporing") < text.rindex("::::")


def test_an_exhibit_of_the_whole_study_names_what_is_tested() -> None:
    report = minimal.report()
    text = traced(SHOWN, report, "table", "balance")
    assert all(f"`{one.name}.{one.estimate}`" in text for one in report.facts.outcomes)


def test_what_is_no_exhibit_has_no_origin() -> None:
    assert traced("", minimal.report(), "table", "balance") == ""
