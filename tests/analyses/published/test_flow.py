"""What two numbers of the flow give away is their difference, and it is of none or of many."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyses import Results
from analyses.published.gate import Gate
from tests.analyses.published.whole import whole


def flow(n: list[int], steps: list[str]) -> pd.DataFrame:
    """Return the flow of the treated, beside others of whom none is lost."""
    lost = [0, *(before - after for before, after in pairwise(n))]
    own = pd.DataFrame({"step": steps, "arm": "treated", "n": n, "lost": lost, "reason": ""})
    who = frozenset(("other", one) for one in range(903))
    others = pd.DataFrame({"step": ["data"], "arm": "comparison", "n": 903, "lost": 0})
    made = pd.concat([whole("flow", own), others.assign(n_who=[who])], ignore_index=True)
    return whole("flow", made)


def shown(n: list[int], steps: list[str]) -> pd.DataFrame:
    made = Gate(5).publish({"flow": flow(n, steps)})["flow"].frame
    return made[made["arm"] == "treated"].set_index("step")


def test_a_step_that_loses_few_is_left_out_and_told_with_the_next() -> None:
    found = shown([275, 273, 260], ["data", "status", "matched"])
    assert found["n"].to_dict() == {"data": 273, "matched": 260}
    assert found["lost"].fillna(0).to_dict() == {"data": 0, "matched": 13}


def test_an_outcome_begins_with_whom_the_cohort_is_told_to_have() -> None:
    # Were 273 + 2 told as 275, 173 + 102 would give the 273 back.
    steps = ["data", "status", "matched", "baseline:relation", "matched:relation"]
    found = shown([275, 273, 260, 173, 160], steps)
    assert found.loc["baseline:relation", "lost"] == 273 - 173


def test_who_began_untreated_is_what_is_left_of_all() -> None:
    frame = flow([275, 273, 260], ["data", "status", "matched"])
    made = Gate(5).publish({"flow": frame})["flow"].frame
    # 275 and 903 are 1,178, told as 1,175.
    assert made.loc[made["arm"] == "comparison", "n"].tolist() == [1175 - 273]


@pytest.mark.parametrize("examples", [10, pytest.param(200, marks=pytest.mark.slow)])
def test_no_two_numbers_of_a_flow_differ_by_few(examples: int) -> None:
    few_or_more = st.one_of(st.integers(0, 8), st.integers(0, 60))
    drawn = given(lost=st.lists(few_or_more, min_size=1, max_size=7), spare=st.integers(5, 50))
    settings(deadline=None, max_examples=examples)(drawn(differs_by_none_or_many))()


def differs_by_none_or_many(lost: list[int], spare: int) -> None:
    n = [sum(lost) + spare]
    for one in lost:
        n.append(n[-1] - one)
    found = shown(n, ["data", *"abcdefg"[: len(lost)]])
    told = found["n"].dropna().astype(int).tolist()
    assert all(before - after >= 5 for before, after in pairwise(told))
    assert told[-1] == n[-1]
    assert found["lost"].dropna().tolist() == [a - b for a, b in pairwise(told)]


def test_losses_between_shown_steps_of_an_arm_are_of_none_or_of_many(results: Results) -> None:
    main = results.flow[~results.flow["step"].str.contains(":")]
    for _, rows in main.groupby("arm"):
        for before, after in pairwise(rows["n"].dropna()):
            assert not 0 < before - after < 5
