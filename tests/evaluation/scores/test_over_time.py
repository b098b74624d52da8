"""One group over time: means by hand, and intervals only where there are places enough."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from data_dictionary.errors import DesignError


def waves(towns: int, *, rise: float = 5.0, n: int = 20) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(2)
    town = np.repeat([f"t{i}" for i in range(towns)], n)
    place = np.repeat(rng.normal(0, 3, towns), n)
    made = [
        pd.DataFrame({"town": town, "score": 50 + shift + place + rng.normal(0, 10, town.size)})
        for shift in (0.0, rise)
    ]
    return made[0], made[1]


def test_a_change_is_the_difference_of_two_levels() -> None:
    before, after = waves(8)
    before.loc[:3, "score"] = np.nan
    levels = [ev.wave_level(wave, "score", cluster="town") for wave in (before, after)]
    change = ev.wave_change(before, after, "score", cluster="town")
    assert [one.n for one in levels] == [156, 160]
    assert levels[0].mean == pytest.approx(before["score"].mean(), rel=1e-12)
    assert change.estimate == pytest.approx(levels[1].mean - levels[0].mean, rel=1e-10)
    assert change.method == "jackknife"
    assert change.conf_low < change.estimate < change.conf_high


def test_a_weighted_level_is_that_of_rows_said_as_often() -> None:
    frame, _ = waves(8)
    frame["weight"] = np.tile([1.0, 2.0, 0.0, 1.0], len(frame) // 4)
    found = ev.wave_level(frame, "score", cluster="town", weight="weight")
    often = frame.loc[frame.index.repeat(frame["weight"].astype(int))]
    plain = ev.wave_level(often, "score", cluster="town")
    assert found.n == 120
    assert found.mean == pytest.approx(plain.mean, rel=1e-12)
    assert found.conf_low < found.mean < found.conf_high


def test_places_that_are_in_both_waves_do_not_blur_their_own_change() -> None:
    # What differs between places and stays is in both waves and cancels.
    before, after = waves(8)
    away = {name: 40.0 * i for i, name in enumerate(before["town"].unique())}
    moved = [one.assign(score=one["score"] + one["town"].map(away)) for one in (before, after)]
    plain, spread = (
        ev.wave_change(*pair, "score", cluster="town") for pair in ((before, after), moved)
    )
    assert spread.conf_high - spread.conf_low == pytest.approx(
        plain.conf_high - plain.conf_low, rel=0.05
    )


def test_few_places_have_no_interval() -> None:
    before, after = waves(5)
    change = ev.wave_change(before, after, "score", cluster="town")
    assert (change.method, math.isnan(change.conf_low)) == ("none", True)
    before, _ = waves(2)
    assert math.isnan(ev.wave_level(before, "score", cluster="town").conf_low)


def test_a_wave_without_answers_has_no_numbers() -> None:
    before, after = waves(8)
    nobody = after.assign(score=np.nan)
    level = ev.wave_level(nobody, "score", cluster="town")
    assert (level.n, math.isnan(level.mean)) == (0, True)
    assert math.isnan(ev.wave_change(before, nobody, "score", cluster="town").estimate)


def test_a_respondent_without_a_place_is_refused() -> None:
    before, after = waves(8)
    before.loc[0, "town"] = None
    for call in (
        lambda: ev.wave_level(before, "score", cluster="town"),
        lambda: ev.wave_change(before, after, "score", cluster="town"),
    ):
        with pytest.raises(DesignError, match="missing for 1 respondent"):
            call()
