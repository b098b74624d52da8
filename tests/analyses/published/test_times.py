"""Tests, quantiles and differences tell of no few events, nor of few between two times."""

from __future__ import annotations

import pandas as pd

from tests.analyses.published.test_effects import curves

NUMBERS = ("estimate", "std_error", "conf_low", "conf_high", "band_low", "band_high")


def test_tests_on_rare_causes_and_small_arms_are_hidden(publish, effects) -> None:
    events = {
        (arm, cause): 30 for arm in ("treated", "comparison") for cause in ("full", "part")
    }
    made = curves(events | {("treated", "part"): 3})
    tests = pd.DataFrame(
        {"outcome": "employment", "cause": ["full", "part"], "statistic": 1.0, "df": 1.0}
    ).assign(p_value=0.5)
    shown = publish({"tests": tests, "curves": made})["tests"]
    assert shown["p_value"].isna().tolist() == [False, True]
    few = {"tests": tests, "effects": effects("employment", n_treated=3)}
    assert publish(few)["tests"]["p_value"].isna().all()


def test_quantiles_among_few_are_hidden(publish) -> None:
    quantiles = pd.DataFrame(
        {
            "outcome": "job",
            "estimate": [1.0, 2.0, 3.0],
            "conf_low": 0.0,
            "conf_high": 9.0,
            "n_events": [4, 10, 20],
            "n_left": [20, 14, 4],
        }
    )
    shown = publish({"quantiles": quantiles})["quantiles"]["estimate"].notna()
    assert shown.tolist() == [False, True, False]


def test_a_difference_is_hidden_where_few_of_an_arm_came_since_or_are_to_come(
    publish, effects
) -> None:
    rows = pd.DataFrame(
        {
            "outcome": "job",
            "time": [13.0, 26.0, 52.0, 104.0],
            **dict.fromkeys(NUMBERS, 1.0),
            "n_events_treated": [10, 13, 20, 40],
            "n_events_comparison": [10, 30, 36, 40],
        }
    )
    shown = publish({"differences": rows})["differences"]["estimate"].notna()
    # 13 less 10 are three; 40 less 36 are four.
    assert shown.tolist() == [True, False, False, True]
    small = {"differences": rows, "effects": effects("job", n_treated=3)}
    assert publish(small)["differences"]["estimate"].isna().all()
    few = rows.assign(n_events_treated=[1, 2, 3, 4])
    assert publish({"differences": few})["differences"]["estimate"].isna().all()
