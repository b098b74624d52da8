"""The flow of durations: small counts are hidden, and what tells nothing more is told."""

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
    ("min_cell", "shown"), [(5, [61, None, 22, 15, 102]), (1, [61, 3, 22, 16, 102])]
)
def test_a_small_count_is_hidden_and_those_still_waiting_are_told_as_what_is_left(
    publish, min_cell: int, shown: list[int | None]
) -> None:
    made = flow(event=61, competing=3, censored=22, at_horizon=16)
    found = publish({"durations": made}, min_cell)["durations"]["n"]
    assert [None if pd.isna(n) else n for n in found] == shown


def test_hidden_parts_stay_open_where_little_is_left(publish) -> None:
    made = flow(event=61, competing=3, censored=2, at_horizon=6)
    shown = publish({"durations": made})["durations"]["n"]
    # 72 less 61 are 11, of which the two hidden could be 8: what is left tells of them.
    assert [None if pd.isna(n) else n for n in shown] == [61, None, None, None, 72]


def test_those_lost_have_a_sum_of_their_own(publish) -> None:
    made = flow(lost=3, event=61, censored=22)
    shown = publish({"durations": made})["durations"]
    assert shown["n"].isna().tolist() == [True, False, False, False]
