from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from data_dictionary.errors import ColumnError, DesignError
from evaluation import match
from evaluation.comparison.balance.love_plot import draw, is_unlike


def test_each_row_has_its_point_before_and_after_at_its_own_height(
    lalonde, lalonde_roles
) -> None:
    balance = match(lalonde, lalonde_roles, caliper=0.2).balance()
    ax = balance.plot()
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert "race: hispan" in names
    points = {line.get_label(): line for line in ax.get_lines() if line.get_label() in _WHEN}
    for when, line in points.items():
        drawn = dict(zip(names, line.get_xdata(), strict=True))
        age = balance.table.set_index("covariate").loc["age", f"smd_{when}"]
        assert drawn["age"] == age
    # The largest difference before stands on top.
    assert names[-1] == "distance"
    assert "SD" in ax.get_xlabel()


_WHEN = ("before", "after")


def test_it_draws_where_it_is_told(lalonde, lalonde_roles) -> None:
    from matplotlib.figure import Figure

    ax = Figure().subplots()
    assert draw(match(lalonde, lalonde_roles).balance().table, ax=ax) is ax


def test_groups_are_alike_up_to_the_line_that_is_drawn() -> None:
    assert [is_unlike(value) for value in (0.1, -0.1, 0.11, -0.11, float("nan"))] == [
        *(False, False, True, True, False),
    ]
    assert is_unlike(0.06, 0.05)


def test_each_statistic_has_a_panel_with_its_limit(lalonde, lalonde_roles) -> None:
    m = match(lalonde, lalonde_roles, caliper=0.2)
    limits = {"smd": 0.1, "vr": 2.0, "ks": 0.05}
    first = m.plot(stats=("vr", "smd", "ks"), thresholds=limits)
    panels = first.figure.axes
    assert panels[0] is first
    assert [panel.get_xlabel().split(" (")[0] for panel in panels] == [
        *("variance ratio", "standardised mean difference", "KS distance"),
    ]
    upright = [
        sorted(line.get_xdata()[0] for line in panel.get_lines() if len(line.get_xdata()) == 2)
        for panel in panels
    ]
    assert upright == [[0.5, 1, 2], [-0.1, 0, 0.1], [0, 0.05]]
    # One height means one covariate in all panels.
    table = m.balance().table.set_index(["covariate", "level"])
    place = [label.get_text() for label in first.get_yticklabels()].index("age")
    for panel, name in zip(panels, ("vr", "smd", "ks"), strict=True):
        after = next(line for line in panel.get_lines() if line.get_label() == "after")
        assert np.asarray(after.get_xdata())[place] == table.loc[("age", ""), f"{name}_after"]


def test_labels_are_of_covariates_and_levels(lalonde, lalonde_roles) -> None:
    labels = {"age": "Alder", "race": "Herkomst", "race: white": "Hvid", "distance": "Score"}
    ax = match(lalonde, lalonde_roles).plot(labels=labels)
    shown = {label.get_text() for label in ax.get_yticklabels()}
    assert {"Alder", "Herkomst: black", "Hvid", "Score", "re74"} <= shown
    assert "age" not in shown


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"labels": {"agee": "x"}}, r"'agee' is no row of the balance.* 'age'"),
        ({"stats": "smd"}, r"stats='smd' is one text; write \('smd',\)"),
        ({"stats": ("sdm",)}, "stats='sdm' is not offered; allowed: 'smd', 'vr', 'ks'"),
        ({"stats": ()}, "name one statistic"),
        ({"stats": ("smd", "ks"), "ax": "given"}, "name one statistic for the panel"),
        ({"thresholds": {"vr": 0.5}}, "'vr' has 0.5; give a number above 1"),
        ({"thresholds": {"smd": "0.1"}}, "'smd' has '0.1'; give a number above 0"),
        ({"thresholds": {"m": 0.1}}, "thresholds='m' is not offered"),
        ({"thresholds": 0.1}, "thresholds is 0.1; say of what"),
        ({"labels": ["Age"]}, "labels is a list; give them by covariate"),
    ],
)
def test_what_a_love_plot_does_not_have(
    lalonde, lalonde_roles, said: dict[str, Any], told: str
) -> None:
    from matplotlib.figure import Figure

    if "ax" in said:
        said = {**said, "ax": Figure().subplots()}
    with pytest.raises((DesignError, ColumnError), match=told):
        match(lalonde, lalonde_roles).plot(**said)


def test_limits_are_counted_and_told(lalonde, lalonde_roles) -> None:
    m = match(lalonde, lalonde_roles, caliper=0.2)
    balance = m.balance(thresholds={"smd": 0.1, "vr": 2, "ks": 0.05})
    counts = balance.counts().set_index(["statistic", "when"])["n_over"]
    table = balance.tidy()
    ratios = table["vr_after"].dropna()
    assert counts["vr", "after"] == ((ratios > 2) | (ratios < 0.5)).sum() > 0
    assert counts["ks", "before"] == (table["ks_before"] > 0.05).sum()
    assert f"vr: {counts['vr', 'after']} beyond 2 after." in balance.summary()
    assert "vr:" not in m.balance().summary()
    only = m.balance(thresholds={"ks": 0.05})
    assert only.counts()["statistic"].unique().tolist() == ["ks"]
