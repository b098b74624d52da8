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


def test_sizes_that_differ_by_few_are_told_as_one_but_the_effects_are_shown(publish) -> None:
    made = publish({"designs": designs(90, 88, 70, 3)})["designs"]
    # The last row matters most.
    assert made["n_treated"].fillna(0).tolist() == [88, 88, 70, 0]
    assert made["estimate"].isna().tolist() == [False, False, False, True]


def test_an_effective_size_is_told_as_the_size_that_it_is(publish) -> None:
    rows = designs(90, 88, 70).assign(ess_treated=[90.0, 88.0, 61.7], ess_comparison=12.3)
    made = publish({"designs": rows})["designs"]
    assert made["ess_treated"].tolist() == [88, 88, 61]
    assert made["ess_comparison"].isna().tolist() == [True, False, False]


def test_sizes_that_differ_by_few_from_the_flow_are_told_as_there(publish) -> None:
    flow = pd.DataFrame(
        {
            "step": ["data", "matched"] * 2,
            "arm": ["treated", "treated", "comparison", "comparison"],
            "n": [200, 92, 900, 92],
            "lost": 0,
        }
    )
    made = publish({"designs": designs(90, 70), "flow": flow})["designs"]
    assert made["n_treated"].tolist() == [92, 70]


def test_few_events_in_a_cohort_hide_the_cell_and_few_left_out_the_totals(publish) -> None:
    cells = pd.DataFrame(
        {
            "outcome": "employment",
            "term": "itt_did",
            "arm": ["treated", "treated", "comparison", "comparison"],
            "period": ["before", "after"] * 2,
            "n_target": [200, 200, 300, 300],
            "n_unobserved": [3, 3, 0, 40],
            "n_followed": [197, 197, 300, 260],
            "n": 100,
            "estimate": [3.0, 20.0, 25.0, 30.0],
        }
    )
    made = publish({"contrasts": cells})["contrasts"]
    assert made["estimate"].isna().tolist() == [True, False, False, False]
    # Nobody left out and few look the same.
    assert made["n_target"].tolist() == [197, 197, 300, 300]
    assert made["n_unobserved"].fillna(-1).tolist() == [-1, -1, -1, 40]


def test_the_experiment_is_hidden_where_an_arm_is_small(publish) -> None:
    row = {"name": ["x"], "estimate": [1.0], "n_treated": [4], "n_comparison": [50]}
    made = publish({"benchmark": pd.DataFrame(row)})["benchmark"]
    assert made[["estimate", "n_treated"]].isna().all(axis=None)
