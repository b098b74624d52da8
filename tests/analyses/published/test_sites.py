"""Each cluster alone and without it, and no cluster of few."""

from __future__ import annotations

import pandas as pd
import pytest

from analyses import Estimates
from analyses.published.sites import sites


def test_each_site_and_the_rest_add_up_to_the_whole(estimates: Estimates) -> None:
    one = estimates.outcomes["employment"]
    frame = sites(one)
    assert frame["n_treated"].sum() == one.tested.n_treated
    total = float((frame["estimate"] * frame["n_treated"]).sum() / frame["n_treated"].sum())
    assert total == pytest.approx(one.tested.estimate, abs=1e-8)


def clusters(*n: int, outcome: str = "employment") -> pd.DataFrame:
    names = "abcdef"[: len(n)]
    numbers = dict.fromkeys(("estimate", "loo_estimate", "loo_low", "loo_high"), 2.0)
    made = {"outcome": outcome, "term": "incidence", "cluster": list(names), **numbers}
    return pd.DataFrame({**made, "n_treated": list(n)})


def test_few_participants_of_a_site_hide_it(publish) -> None:
    made = publish({"sites": clusters(2)})["sites"]
    assert made[["estimate", "n_treated"]].isna().all(axis=None)


def test_a_hidden_site_is_not_the_total_less_the_others(publish) -> None:
    shown = publish({"sites": clusters(3, 20, 30)})["sites"]
    assert shown["n_treated"].isna().tolist() == [True, True, False]
    assert shown["loo_estimate"].isna().tolist() == [True, True, False]


def test_sizes_that_tell_how_few_a_landmark_lost_are_hidden(publish) -> None:
    lost = [("employment", "treated", "lost", "", 4)]
    durations = pd.DataFrame(lost, columns=["outcome", "arm", "step", "cause", "n"])
    both = pd.concat([clusters(40), clusters(40, outcome="score")], ignore_index=True)
    shown = publish({"sites": both, "durations": durations})["sites"]
    assert shown["n_treated"].isna().tolist() == [True, False]
