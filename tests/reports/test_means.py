"""Where scores and amounts stood in each group, in words and as a table."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analyses.outcomes.facts import ScoreFacts, ValueFacts
from evaluation.terms import SCORE_UNIT
from reports.chapters.means import levels, score_levels, value_levels
from reports.facts import Report
from tests.reports import minimal

SCORE = ScoreFacts(
    scale="trust", table="citizen", baseline=1, wave=2, baseline_column="trust_w1",
    reliability="none", reliability_source=None,
)  # fmt: skip


def report(mean: float = 61.5, kind: str = "score", *, is_share: bool = False) -> Report:
    """Return a report on one outcome that is a number, with its means."""
    estimate = "score_difference" if kind == "score" else "mean_difference"
    unit = SCORE_UNIT if kind == "score" else "kroner"
    one = replace(
        minimal.outcome("trust", time=None),
        **{"label": "Tillid", "kind": kind, "estimate": estimate, "unit": unit},
        score=SCORE if kind == "score" else None,
        value=ValueFacts(column="pay", is_share=is_share) if kind == "value" else None,
    )
    row = {"outcome": "trust", "term": estimate, "unit": "score", "estimate": 2.0}
    effects = minimal.effects({**row, "conf_low": 1.0, "conf_high": 3.0})
    arms = ["treated", "comparison"]
    periods = {"period": ["before"] * 2 + ["after"] * 2, "mean": [55.0, 54.0, mean, 56.5]}
    frame = pd.DataFrame({"outcome": "trust", "arm": arms * 2, "n": 400, **periods, "sd": 9.0})
    if kind == "value":
        frame = frame[frame["period"] == "after"]
    return minimal.report({"effects": effects, "means": frame}, outcomes=(one,))


def test_the_primary_score_is_followed_in_both_groups() -> None:
    assert levels(report()) == (
        "Scoren for tillid gik blandt deltagerne fra 55,0 til 61,5 point og blandt "
        "sammenligningspersonerne fra 54,0 til 56,5."
    )


def test_of_a_hidden_mean_nothing_is_said_and_a_dash_is_shown() -> None:
    hidden = report(float("nan"))
    assert levels(hidden) == ""
    text = score_levels(hidden)
    assert "| 55,0 | – | 54,0 | 56,5 | 400 / 400 |" in text
    assert "skjult af hensyn til fortrolighed" in text


def test_an_amount_has_one_column_a_group() -> None:
    text = value_levels(report(kind="value"))
    assert "| 61,5 | 56,5 | 400 / 400 |" in text
    assert "før" not in text.partition("Anm.")[0]
    assert score_levels(report(kind="value")) == ""


def test_a_share_is_told_in_per_cent() -> None:
    text = value_levels(report(0.615, kind="value", is_share=True))
    assert "| Tillid | 61,5 % | 5.650,0 % |" in text
