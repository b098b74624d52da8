"""How the report says from when time counts, and how everybody's follow-up ended."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analyses.outcomes.facts import TimeFacts
from reports.chapters import follow_up
from reports.facts import Report
from reports.pieces import made
from tests.reports import minimal

WEEKS = replace(minimal.WEEKS, horizon=52)
HOURS = replace(WEEKS, register="monthly_hours", weeks=13, hours=27.75, months=3)
CASE = replace(WEEKS, register="spells", counts_from="case", case_type="family")
LATE = replace(WEEKS, landmark=13)


def report(time: TimeFacts, *steps: str) -> Report:
    """Return a report on how follow-up ended, after some steps of the flow."""
    rows = [("lost", "employment", 5), ("lost", "", np.nan), ("followed", "", 100)]
    rows += [
        ("event", "employment", 60),
        ("competing", "death", np.nan),
        ("at_horizon", "", 30),
    ]
    frame = pd.DataFrame(rows, columns=["step", "cause", "n"])
    arms = [frame.assign(arm=arm, outcome="job") for arm in ("treated", "comparison")]
    flow = pd.DataFrame({"step": steps, "arm": "treated", "n": 9.0, "lost": 0.0, "reason": ""})
    return minimal.report(
        {"durations": pd.concat(arms, ignore_index=True), "flow": flow},
        outcomes=(minimal.outcome("job", time),),
        labels={"death": "Død"},
    )


def test_time_counts_from_what_the_study_says() -> None:
    assert follow_up.since(WEEKS) == "start"
    assert follow_up.since(CASE) == "sagens oprettelse"
    assert follow_up.since(LATE) == "uge 13"
    assert follow_up.sentence(WEEKS) == ""
    assert "stadig kan følges uge 13 efter start" in follow_up.sentence(LATE)


def test_employment_by_hours_is_told_in_hours_and_months() -> None:
    assert follow_up.spell(WEEKS) == " i mindst 4 uger i træk"
    hours = " med mindst 27,75 løntimer om ugen i mindst 3 måneder i træk"
    assert follow_up.spell(HOURS) == hours
    assert follow_up.spell(replace(WEEKS, register="spells", weeks=1)) == ""
    assert follow_up.spell(replace(WEEKS, weeks=1)) == ""


def test_the_rule_of_each_register_is_told_once() -> None:
    text = follow_up.rules(report(WEEKS))
    assert text.count("måneden er den, ugens torsdag ligger i") == 1
    assert "gange 12/52" not in text
    assert "gange 12/52" in follow_up.rules(report(HOURS))


def test_the_table_names_every_way_out_and_marks_what_is_hidden() -> None:
    text = made(report(LATE), "table", "endings", outcome="job")
    for words in (
        "Ude før uge 13: beskæftigelse",
        "Ude før uge 13: ude af data",
        "Hændelse: beskæftigelse",
        "Anden afgang: død",
        "Uden hændelse ved slut",
        "afrundet til nærmeste 5",
    ):
        assert words in text
    assert "nan" not in text
    assert made(minimal.report(), "table", "endings", outcome="employment") == ""


def test_only_who_fell_away_for_it_is_said_to_be_in_the_flow() -> None:
    assert not follow_up.fell_away(report(WEEKS, "data", "matched"))
    assert follow_up.fell_away(report(WEEKS, "data", "at_risk", "matched"))
