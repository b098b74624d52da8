"""How the report says from when time counts, and how everybody's follow-up ended."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reports.chapters import follow_up
from reports.facts import Report

WEEKS: dict[str, Any] = {
    "name": "job", "kind": "time", "label": "Beskæftigelse", "event": "employment",
    "source": "dream", "weeks": 4, "time_scale": "index", "horizon": 52, "time_unit": "weeks",
}  # fmt: skip
HOURS = {**WEEKS, "source": "hours", "weeks": 13, "hours": 27.75, "months": 3}
CASE = {**WEEKS, "time_scale": "case", "case_type": "family"}
LATE = {**WEEKS, "landmark": 13}


def report(outcome: dict[str, Any]) -> Report:
    rows = [("lost", "employment", 5), ("lost", "", np.nan), ("followed", "", 100)]
    rows += [
        ("event", "employment", 60),
        ("competing", "death", np.nan),
        ("at_horizon", "", 30),
    ]
    frame = pd.DataFrame(rows, columns=["step", "cause", "n"])
    arms = [frame.assign(arm=arm, outcome="job") for arm in ("treated", "comparison")]
    manifest = {
        "study": {"synthetic": False},
        "outcomes": [outcome],
        "labels": {"death": {"label": "Død"}},
        "disclosure": {"min_cell": 5},
        "report": {"source": "Kilden"},
    }
    return Report(manifest=manifest, frames={"durations": pd.concat(arms, ignore_index=True)})


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
    assert follow_up.spell({**WEEKS, "source": "cases", "weeks": 1}) == ""


def test_the_rule_of_each_register_is_told_once() -> None:
    text = follow_up.body(report(WEEKS))
    assert text.count("måneden er den, ugens torsdag ligger i") == 1
    assert "gange 12/52" not in text
    assert "gange 12/52" in follow_up.body(report(HOURS))


def test_the_table_names_every_way_out_and_marks_what_is_hidden() -> None:
    text = follow_up.body(report(LATE))
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
    empty = Report(manifest={"disclosure": {"min_cell": 5}}, frames={})
    assert follow_up.body(empty) == ""


def test_a_study_without_a_register_is_told_nothing_of_one() -> None:
    text = follow_up.body(report({**WEEKS, "source": None}))
    assert "registeret" not in text
    assert "indeksdatoen" not in text
    assert "ikke kunne findes i registeret" in follow_up.body(report(WEEKS))
