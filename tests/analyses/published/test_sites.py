"""Each cluster alone and without it, and no cluster of few."""

from __future__ import annotations

import pandas as pd
import pytest

from analyses import Estimates
from analyses.published.sites import sites
from tests.analyses.published.whole import nested


def test_each_site_and_the_rest_add_up_to_the_whole(estimates: Estimates) -> None:
    one = estimates.outcomes["employment"]
    frame = sites(one)
    assert frame["n_treated"].sum() == one.tested.n_treated
    total = float((frame["estimate"] * frame["n_treated"]).sum() / frame["n_treated"].sum())
    assert total == pytest.approx(one.tested.estimate, abs=1e-8)


def clusters(
    *n: int, outcome: str = "employment", effective: float = float("nan")
) -> pd.DataFrame:
    names = "abcdefg"[: len(n)]
    numbers = dict.fromkeys(("estimate", "loo_estimate", "loo_low", "loo_high"), 2.0)
    made = {"outcome": outcome, "term": "incidence", "cluster": list(names), **numbers}
    made["effective"] = effective
    return pd.DataFrame({**made, "n_treated": list(n)})


def test_few_participants_of_a_site_hide_it(publish) -> None:
    made = publish({"sites": clusters(2)})["sites"]
    assert made[["estimate", "n_treated"]].isna().all(axis=None)


def test_a_hidden_site_is_not_the_total_less_the_others(publish) -> None:
    shown = publish({"sites": clusters(3, 20, 30)})["sites"]
    assert shown["n_treated"].isna().tolist() == [True, True, False]
    assert shown["loo_estimate"].isna().tolist() == [True, True, False]


def test_hidden_sites_may_be_many_by_the_effective_number_that_is_told(publish) -> None:
    sizes = (12, 3, 3, 3, 3, 3, 3)
    # Three threes leave each any of 0 to 4.
    shown = publish({"sites": clusters(*sizes)})["sites"]["n_treated"]
    assert shown.notna().tolist() == [True, *[False] * 6]
    # 900 / 6 less 144 are 6 squares at most, and with 5 in one there are 25.
    shown = publish({"sites": clusters(*sizes, effective=6.2)})["sites"]["n_treated"]
    assert len(shown) == len(sizes)
    assert shown.isna().all()


def test_where_every_site_must_be_of_few_none_has_a_dash(publish) -> None:
    few = clusters(2, 2, 2, 2, 1, 1, effective=6.0)
    # 100 / 6 are 16 squares: none of six sites with 10 persons can have 5.
    assert publish({"sites": few})["sites"].empty
    # Without that number one might have 5, and the dashes stand.
    assert len(publish({"sites": few.assign(effective=float("nan"))})["sites"]) == 6


def test_sizes_whose_total_is_told_as_another_are_hidden(publish, effects) -> None:
    both = pd.concat([clusters(40), clusters(50, outcome="score")], ignore_index=True)
    both["n_treated_who"] = [nested(40), nested(50)]
    # 38 of the 40 stand in an effect of their own, and 40 are told as 38.
    rows = effects("employment", "score", "other").assign(n_treated=[40, 50, 38])
    shown = publish({"sites": both, "effects": rows})["sites"]
    assert shown["n_treated"].isna().tolist() == [True, False]
    assert shown["estimate"].notna().all()
