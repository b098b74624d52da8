"""Other designs and contrasts beside the plan's own give away no few persons."""

from __future__ import annotations

import pandas as pd

from analyses.published.designs import DESIGNS


def designs(*n: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            **dict.fromkeys(DESIGNS.columns, [1.0] * len(n)),
            "outcome": "earnings",
            "design": [f"d{k}" for k in range(len(n))],
            "n_treated": list(n),
            "n_comparison": list(n),
        }
    )


def test_sizes_that_differ_by_few_are_hidden_but_the_effects_are_shown(publish) -> None:
    made = publish({"designs": designs(90, 88, 70, 3)})["designs"]
    assert made["n_treated"].isna().tolist() == [False, True, False, True]
    assert made["ess_comparison"].isna().tolist() == [False, True, False, True]
    assert made["estimate"].isna().tolist() == [False, False, False, True]


def test_sizes_that_differ_by_few_from_the_flow_are_hidden(publish) -> None:
    flow = pd.DataFrame(
        {"step": "matched", "arm": ["treated", "comparison"], "n": 92, "lost": 0, "reason": ""}
    )
    made = publish({"designs": designs(90, 70), "flow": flow})["designs"]
    assert made["n_treated"].isna().tolist() == [True, False]


def test_few_events_in_a_cohort_hide_the_cell_and_few_left_out_the_totals(publish) -> None:
    cells = pd.DataFrame(
        {
            "outcome": "employment",
            "term": "itt_did",
            "arm": ["treated", "treated", "comparison", "comparison"],
            "period": ["before", "after"] * 2,
            "n_target": 200,
            "n_unobserved": [3, 3, 0, 0],
            "n": 100,
            "estimate": [3.0, 20.0, 25.0, 30.0],
        }
    )
    made = publish({"contrasts": cells})["contrasts"]
    assert made["estimate"].isna().tolist() == [True, False, False, False]
    assert made["n_target"].isna().tolist() == [True, True, False, False]


def test_the_experiment_is_hidden_where_an_arm_is_small(publish) -> None:
    row = {"name": ["x"], "estimate": [1.0], "n_treated": [4], "n_comparison": [50]}
    made = publish({"benchmark": pd.DataFrame(row)})["benchmark"]
    assert made[["estimate", "n_treated"]].isna().all(axis=None)
