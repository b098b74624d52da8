"""What two numbers of the flow give away is their difference, and it is of none or of many."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from analyses import Results
from analyses.published.flow import blocks
from analyses.published.gate import HIDDEN, SMALL, Gate


def flow(n: list[int], lost: list[int], steps: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"step": steps, "arm": "treated", "n": n, "lost": lost, "reason": ""})


def test_a_hidden_step_is_not_the_sum_of_what_a_survey_set_shows(publish) -> None:
    # 275 - 2 = 273 are eligible, of whom 173 answered: 173 + 100 would give the 273 back.
    steps = ["data", "status", "matched", "baseline:relation", "matched:relation"]
    made = flow([275, 273, 260, 173, 160], [0, 2, 13, 100, 13], steps)
    shown = publish({"flow": made})["flow"]
    assert shown["n"].isna().tolist() == [False, True, False, False, False]
    assert shown["lost"].isna()[3]


def test_the_small_one_of_two_merged_steps_is_told_only_where_both_stay_open() -> None:
    wide = flow([100, 98, 60], [0, 2, 38], ["data", "status", "matched"])
    found = Gate(5).publish({"flow": wide})["flow"]
    assert found.hidden["lost"] == {SMALL: (1,), HIDDEN: (2,)}
    assert found.hidden["n"] == {HIDDEN: (1,)}
    # 2 + 5 = 7 stands between the numbers: "below five" beside a dash would be the 2.
    narrow = flow([100, 98, 93], [0, 2, 5], ["data", "status", "matched"])
    assert Gate(5).publish({"flow": narrow})["flow"].hidden["lost"] == {HIDDEN: (1, 2)}


def test_what_lies_between_two_numbers_is_one_block() -> None:
    frame = flow([100, 98, 90, 80], [0, 2, 8, 10], list("abcd"))
    frame["n"] = frame["n"].astype("Int64").mask([False, True, False, False])
    assert blocks(frame).tolist() == [0, 1, 1, 2]


def test_losses_between_shown_steps_of_an_arm_are_of_none_or_of_many(results: Results) -> None:
    main = results.flow[~results.flow["step"].str.contains(":")]
    for _, rows in main.groupby("arm"):
        for before, after in pairwise(rows["n"].dropna()):
            assert not 0 < before - after < 5
