from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

import evaluation as ev
from data_dictionary.errors import ColumnError, DesignError


def test_the_overlap_plot_shows_each_arm_with_area_one(lalonde, lalonde_roles) -> None:
    m = ev.weigh(lalonde, lalonde_roles, estimand="ATE")
    ax = m.plot_overlap()
    areas = []
    for patch in ax.patches:
        values, edges, _ = patch.get_data()
        areas.append(float(np.sum(values * np.diff(edges))))
    # Treated before and after upwards, comparison rows downwards.
    assert areas == pytest.approx([1, 1, -1, -1])
    # The outline of all rows is drawn over the bars, and stays to be seen.
    assert [patch.get_fill() for patch in ax.patches] == [True, False, True, False]
    assert ax.get_xlabel().startswith("propensity")


def test_shares_of_a_category_are_drawn_as_they_are(lalonde, lalonde_roles) -> None:
    m = ev.weigh(lalonde, lalonde_roles)
    ax = m.plot_distribution("race", Figure().subplots())
    drawn = {line.get_label(): line.get_ydata() for line in ax.get_lines()}
    assert [label.get_text() for label in ax.get_xticklabels()] == ["black", "hispan", "white"]
    own = m.treated
    assert drawn["treated, after"][0] == pytest.approx((lalonde["race"][own] == "black").mean())
    weighted = np.average(lalonde["race"][~own] == "black", weights=m.weights[~own])
    assert drawn["comparison, after"][0] == pytest.approx(weighted)
    highest = max(max(shares) for shares in drawn.values())
    assert ax.get_ylim()[1] == pytest.approx(min(1, 1.15 * highest))


def test_a_rare_level_has_an_axis_of_its_own_and_blanks_are_a_level(
    lalonde, lalonde_roles
) -> None:
    frame = lalonde.assign(race=lalonde["race"].mask(lalonde["race"] == "hispan"))
    frame["rare"] = np.arange(len(frame)) % 40 == 0
    m = ev.unmatched(frame, lalonde_roles)
    assert m.plot_distribution("rare").get_ylim()[1] < 0.05
    ax = m.plot_distribution("race")
    assert [label.get_text() for label in ax.get_xticklabels()] == ["black", "white", "missing"]
    for line in ax.get_lines():
        assert sum(line.get_ydata()) == pytest.approx(1)


def test_crowded_propensities_stand_on_an_axis_of_log_odds(psid, psid_roles) -> None:
    m = ev.weigh(psid, psid_roles)
    ax = m.plot_overlap()
    assert [label.get_text() for label in ax.get_xticklabels()][-2:] == ["0.5", "0.9"]
    assert ax.get_xlim()[0] < -10
    for patch in ax.patches:
        values, edges, _ = patch.get_data()
        assert abs(np.sum(values * np.diff(edges))) == pytest.approx(1)
    assert m.plot_overlap(scale="ps").get_xlim() == (0, 1)
    with pytest.raises(DesignError, match="scale='log' is not offered"):
        m.plot_overlap(scale="log")


def test_densities_of_a_number_have_area_one(lalonde, lalonde_roles) -> None:
    ax = ev.weigh(lalonde, lalonde_roles).plot_distribution("age")
    assert len(ax.get_lines()) == 4
    for line in ax.get_lines():
        assert np.trapezoid(line.get_ydata(), line.get_xdata()) == pytest.approx(1, abs=0.01)


def test_plots_refuse_what_is_not_there(lalonde, lalonde_roles) -> None:
    m = ev.weigh(lalonde, lalonde_roles, method="entropy")
    with pytest.raises(DesignError, match="no propensity"):
        m.plot_overlap()
    with pytest.raises(ColumnError, match=r"'agee' is not a column.*'age'"):
        m.plot_distribution("agee")
