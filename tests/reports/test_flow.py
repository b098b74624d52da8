"""The way to the analysis: its bars are its counts, and what is hidden is not drawn."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import pandas as pd

from analyses.outcomes.facts import ScoreFacts
from reports.chapters import flow
from reports.facts import Report
from reports.figures import Stage
from tests.reports import minimal

NAN = float("nan")
STEPS = (("data", ""), ("register", "not in the register"), ("matched", "no partner"))


def rows(arm: str, *counts: float) -> list[dict[str, object]]:
    return [
        {"step": step, "arm": arm, "n": n, "lost": NAN, "reason": reason}
        for (step, reason), n in zip(STEPS, counts, strict=True)
    ]


def drawn(report: Report) -> dict[str, list[Stage]]:
    """Return the bars of each group, which are not drawn."""
    shown: dict[str, list[Stage]] = {}
    with (
        patch.object(flow, "funnels", shown.update),
        patch.object(flow, "drawn", lambda *_, alt, told, **__: f"{told}\n{alt}"),
    ):
        flow.flow(report)
    return shown


def report(*given: dict[str, object], **frames: pd.DataFrame) -> Report:
    return minimal.report({"flow": pd.DataFrame(given), **frames})


def test_a_hidden_step_is_one_with_the_next_and_so_are_their_reasons() -> None:
    made = report(*rows("treated", 40, NAN, 30), *rows("comparison", 900, 700, 30))
    stages = drawn(made)["Deltagere"]
    assert [stage.n for stage in stages] == [40, 30]
    assert stages[-1].lost.startswith("10 går ud: findes ikke i registeret i indeksugen eller ")
    assert [stage.n for stage in drawn(made)["Sammenligningspersoner"]] == [900, 700, 30]


def test_the_target_group_stands_before_the_treated_and_none_else() -> None:
    profile = pd.DataFrame(
        {
            "group": ["eligible", "henvist", "participants", "matched"],
            **{"variable": "age", "level": "", "n": [400.0, 90.0, 40.0, 30.0]},
            **{"mean": 40.0, "sd": 9.0},
        }
    )
    counts = (*rows("treated", 40, 35, 30), *rows("comparison", 900, 700, 30))
    stages = drawn(report(*counts, profile=profile))
    told = [(stage.title, stage.n) for stage in stages["Deltagere"]]
    assert told[:3] == [("Målgruppe", 400), ("Henvist", 90), ("I data", 40)]
    assert len(stages["Sammenligningspersoner"]) == 3


def test_those_who_answered_stand_apart_from_those_who_were_lost() -> None:
    score = ScoreFacts(
        scale="who5", table="citizen", baseline=1, wave=2, baseline_column="b",
        reliability="none", reliability_source="", response=(),
    )  # fmt: skip
    outcomes = (
        minimal.outcome(),
        replace(
            minimal.outcome("who5", None),
            score=score,
            estimate="score_difference",
            kind="score",
            unit="scale points (0-100)",
        ),
    )
    effects = minimal.effects(
        {"estimate": 1.0, "conf_low": 0.5, "conf_high": 1.5},
        {"outcome": "who5", "term": "score_difference", "unit": "scale points (0-100)"}
        | {"estimate": 1.0, "conf_low": 0.5, "conf_high": 1.5, "n_treated": 12.0},
    )
    counts = (*rows("treated", 40, 35, 30), *rows("comparison", 900, 700, 30))
    frames = {"flow": pd.DataFrame(counts), "effects": effects}
    last = drawn(minimal.report(frames, outcomes=outcomes))["Deltagere"][-1]
    assert (last.n, last.is_part, last.lost) == (12, True, "")
    # Where nothing is counted without answers they are the analysis itself.
    alone = minimal.report(frames, outcomes=outcomes[1:])
    assert not any(stage.is_part for stage in drawn(alone)["Deltagere"])


def test_a_group_whose_steps_are_all_hidden_is_not_drawn() -> None:
    made = report(*rows("treated", NAN, NAN, NAN), *rows("comparison", 900, 700, 30))
    assert list(drawn(made)) == ["Sammenligningspersoner"]
