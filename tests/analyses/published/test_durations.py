"""The flow of durations: small counts and those beside them are hidden, the others rounded."""

from __future__ import annotations

import pandas as pd
import pytest


def flow(**n: int) -> pd.DataFrame:
    rows = [
        ("treated", step, "death" if step in ("lost", "competing") else "", count)
        for step, count in n.items()
    ]
    followed = sum(count for step, count in n.items() if step != "lost")
    rows.append(("treated", "followed", "", followed))
    made = pd.DataFrame(rows, columns=["arm", "step", "cause", "n"])
    return made.assign(outcome="job")


@pytest.mark.parametrize(
    ("min_cell", "shown"), [(5, [60, None, 20, None, 100]), (1, [61, 3, 22, 16, 102])]
)
def test_a_small_count_and_the_next_are_hidden_and_the_others_rounded(
    publish, min_cell: int, shown: list[int | None]
) -> None:
    made = flow(event=61, competing=3, censored=22, at_horizon=16)
    found = publish({"durations": made}, min_cell)["durations"]["n"]
    assert [None if pd.isna(n) else n for n in found] == shown


def test_those_lost_have_a_sum_of_their_own(publish) -> None:
    made = flow(lost=3, event=61, censored=22)
    shown = publish({"durations": made})["durations"]
    assert shown["n"].isna().tolist() == [True, False, False, False]
