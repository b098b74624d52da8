"""The numbers that drawings know."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd

from reports.figures import Dot, dot_panels, incidence_curves, weekly_path
from reports.figures.picture import Numbers, numbers_of, over_time
from reports.words.danish import NOTHING

NAMES = {"treated": "Deltagere", "comparison": "Andre"}


def test_numbers_over_time_have_a_row_per_time_and_a_dash_where_nothing_is_told() -> None:
    first = pd.Series([1.26, 2.0], index=[0, 4])
    second = pd.Series([-3.0, float("nan")], index=[4, 5])
    assert [tuple(row) for row in over_time("Uge", {"a": first, "b": second})] == [
        ("Uge", "a", "b"),
        ("0", "1,3", NOTHING),
        ("4", "2,0", "−3,0"),
        ("5", NOTHING, NOTHING),
    ]


def numbers(drawing: plt.Figure) -> Numbers:
    plt.close(drawing)
    return [tuple(row) for row in numbers_of(drawing)]


def test_dots_tell_what_stands_beside_them_and_not_what_is_hidden() -> None:
    rows = [Dot(label="Job", estimate=1.0, text="1,0"), Dot(label="Hjem", estimate=3.0)]
    assert numbers(dot_panels([("Point", 0.0, rows)])) == [
        ("Navn", "Måles i", "Tal"),
        ("Job", "Point", "1,0"),
        ("Hjem", "Point", NOTHING),
    ]


def test_curves_tell_percentages_with_their_limits() -> None:
    curves = pd.DataFrame(
        {
            "arm": ["treated", "treated", "comparison"],
            "time": [0.0, 13.0, 0.0],
            "estimate": [0.0, 0.25, 0.0],
            "conf_low": [0.0, 0.2, 0.0],
            "conf_high": [0.0, 0.3, 0.0],
        }
    )
    drawn = incidence_curves(curves, names=NAMES, horizon=26, unit="Procent", time="uger")
    heads, _, last = numbers(drawn)
    assert heads[:3] == ("Uger", "Deltagere", "Deltagere, nedre grænse")
    assert last == ("13", "25,0", "20,0", "30,0", NOTHING, NOTHING, NOTHING)


def test_a_path_tells_both_shares_and_the_difference() -> None:
    ends = dict.fromkeys(("conf_low", "conf_high", "band_low", "band_high"), 1.0)
    arms = {"treated": 4.0, "comparison": 3.0, "difference": 1.0}
    rows = [
        {"arm": arm, "week": week, "estimate": share, **ends}
        for arm, share in arms.items()
        for week in (2, 3)
    ]
    drawn = weekly_path(pd.DataFrame(rows), names=NAMES, unit="Procent")
    heads, row, _ = numbers(drawn)
    assert heads[:4] == ("Uge", "Deltagere", "Andre", "Forskel")
    assert row[:4] == ("2", "4,0", "3,0", "1,0")


def test_a_figure_of_somebody_else_tells_nothing() -> None:
    assert numbers(plt.figure()) == []
