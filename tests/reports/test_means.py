"""Where scores and amounts stood in each group, in words and as a table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analyses.outcomes.facts import ScoreFacts, ValueFacts
from evaluation.terms import SCORE_UNIT
from reports.chapters.means import levels, levels_figure, score_levels, value_levels
from reports.facts import Report
from reports.variables import variables
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
    values = np.array([55.0, 54.0, mean, 56.5])
    frame = pd.DataFrame(
        {
            **{"outcome": "trust", "wave": [1, 1, 2, 2], "arm": ["treated", "comparison"] * 2},
            **{"mean": values, "conf_low": values - 2, "conf_high": values + 2, "n": 400},
        }
    )
    if kind == "value":
        frame = frame[frame["wave"] == 2].assign(wave=pd.NA)
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
    assert cells(text)[:2] == [
        ["Tillid: deltagere", "55,0 (53,0 til 57,0)", "–", "400"],
        [
            "Tillid: sammenligningspersoner",
            "54,0 (52,0 til 56,0)",
            "56,5 (54,5 til 58,5)",
            "400",
        ],
    ]
    assert len(cells(text)) == 2
    assert levels_figure(hidden) == ""
    assert "skjult af hensyn til fortrolighed" in text


def cells(markdown: str) -> list[list[str]]:
    """Return the body of the one table in a text."""
    lines = [line for line in markdown.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_what_is_told_without_the_programme_is_the_difference_below_the_treated() -> None:
    text = score_levels(report())
    (_, _, after, n), _, (name, before, without, _) = cells(text)
    assert (name, before, n) == ("Tillid: deltagere uden indsatsen, beregnet", "", "400")
    treated = float(after.partition(" ")[0].replace(",", "."))
    assert treated - float(without.replace(",", ".")) == pytest.approx(2.0)
    assert "minus den beregnede forskel" in text


@pytest.mark.parametrize(
    "changed", [{"estimand": "ATE"}, {"family": "none"}], ids=["everybody", "as they are"]
)
def test_only_the_treated_as_they_are_have_a_mean_without(changed: dict[str, str]) -> None:
    usual = report()
    made = replace(usual.facts.comparison, **changed)
    text = score_levels(replace(usual, facts=replace(usual.facts, comparison=made)))
    assert len(cells(text)) == 2
    assert "beregnet" not in text


def test_the_drawing_says_how_far_both_groups_went() -> None:
    text = levels_figure(report())
    assert (
        "Scoren for tillid gik fra 55,0 til 61,5 point blandt deltagerne og fra 54,0 til 56,5 "
        "point blandt sammenligningspersonerne" in text
    )
    assert "Tillid, blandt sammenligningspersonerne: fra 54,0 til 56,5" in text
    assert levels_figure(report(kind="value")) == ""


def test_several_scores_are_counted_by_how_many_rose() -> None:
    one = report()
    other, row = replace(one.facts.outcomes[0], name="hope"), one.frame("means")
    fallen = row.assign(outcome="hope", mean=[50.0, 50.0, 51.0, 49.0])
    means = pd.concat([row, fallen], ignore_index=True)
    both = minimal.report(
        {"effects": one.frame("effects"), "means": means},
        outcomes=(*one.facts.outcomes, other),
    )
    assert (
        "Scoren er fra før til efter steget blandt deltagerne i alle to og blandt "
        "sammenligningspersonerne i en af to udfald" in levels_figure(both)
    )


def test_results_from_before_there_were_means_have_no_place_for_them() -> None:
    usual = report()
    without = minimal.report({"effects": usual.frame("effects")}, outcomes=usual.facts.outcomes)
    assert (score_levels(without), levels_figure(without), levels(without)) == ("", "", "")
    known = variables(without)
    assert (known["levels"], known["levels_drawn"]) == (False, False)
    assert (variables(usual)["levels"], variables(usual)["levels_drawn"]) == (True, True)


def test_an_amount_has_one_column_a_group() -> None:
    text = value_levels(report(kind="value"))
    ((_, *means, persons),) = cells(text)
    assert means == ["61,5 (59,5 til 63,5)", "56,5 (54,5 til 58,5)"]
    assert persons == "400 / 400"
    assert "før" not in text.partition("Anm.")[0]
    assert score_levels(report(kind="value")) == ""


def test_a_share_is_told_in_per_cent() -> None:
    text = value_levels(report(61.5, kind="value", is_share=True))
    assert cells(text)[0][1] == "61,5 (59,5 til 63,5) %"
