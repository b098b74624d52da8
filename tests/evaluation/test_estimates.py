"""One effect, and several side by side."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

import matplotlib as mpl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import evaluation as ev
from data_dictionary.errors import DesignError
from evaluation.estimates import EFFECT_COLUMNS, Family

mpl.use("Agg")


def effect(outcome: str, p: float, **fields: object) -> ev.Effect:
    known = {
        "outcome": outcome, "term": "incidence", "estimate": 4.0, "std_error": 2.0,
        "conf_low": 1.0, "conf_high": 7.0, "p_value": p, "unit": "percentage points",
        "estimand": "ATT", "method": "nearest; jackknife", "n_treated": 50, "n_comparison": 50,
        "n_clusters": 18,
    }  # fmt: skip
    if math.isnan(p):
        known |= {"std_error": p, "conf_low": p, "conf_high": p}
    return ev.Effect(**(known | fields))


def test_holm_works_within_families_over_tested_terms() -> None:
    effects = [
        effect("employment", 0.01),
        effect("employment", 0.02, term="hazard_ratio", unit="hazard ratio"),
        effect("relation", 0.04, term="score_difference"),
        effect("wellbeing", 0.03, term="score_difference"),
        effect("explored", 0.001),
    ]
    families = {"employment": "main", "relation": "main", "wellbeing": "other"}
    tested = {"employment": "incidence", "relation": "score_difference"}
    tested |= {"wellbeing": "score_difference"}
    table = ev.table(effects).adjust("holm", families=families, tested=tested)
    found = table.tidy()["p_adjusted"].tolist()
    # main: 2 * .01 and max(.02, .04); other: one test alone; the rest is not tested.
    assert found[0] == pytest.approx(0.02)
    assert found[2:4] == pytest.approx([0.04, 0.03])
    assert math.isnan(found[1])
    assert math.isnan(found[4])
    assert [(f.name, f.n_tests) for f in table.families] == [("main", 2), ("other", 1)]


def test_a_refused_effect_counts_as_one_and_gets_no_adjusted_p() -> None:
    table = ev.table([effect("a", 0.02), effect("b", math.nan)]).adjust()
    assert table.tidy()["p_adjusted"].iloc[0] == pytest.approx(0.04)
    assert math.isnan(table.effects[1].p_adjusted)
    assert "2 test(s), 1 of them refused" in str(table.families[0])


def test_the_bootstraps_smallest_p_reaches_the_family() -> None:
    table = ev.table([effect("a", 0.02, smallest_p=2 / 512), effect("b", 0.3)]).adjust()
    assert table.families[0].smallest_p == 0.0
    table = ev.table([effect("a", 0.02, smallest_p=2 / 512)] * 3).adjust()
    assert table.families[0].smallest_p == pytest.approx(6 / 512)


def test_a_family_is_coarse_where_significance_is_only_just_in_reach() -> None:
    def family(smallest: float) -> Family:
        return Family(name="main", method="holm", n_tests=2, n_refused=0, smallest_p=smallest)

    assert [family(p).is_coarse(0.95) for p in (0.001, 0.02, 1.0)] == [False, True, False]
    assert family(0.03).is_coarse(0.9)
    assert not family(0.015).is_coarse(0.9)


def test_adjusting_leaves_the_table_as_it_was() -> None:
    table = ev.table([effect("a", 0.02)])
    table.adjust()
    assert math.isnan(table.effects[0].p_adjusted)


def test_a_table_takes_results_that_carry_an_effect() -> None:
    @dataclass(frozen=True)
    class Curves:
        effect: ev.Effect

    table = ev.table([Curves(effect=effect("a", 0.1)), effect("b", 0.2)])
    assert table.tidy()["outcome"].tolist() == ["a", "b"]
    assert tuple(table.tidy().columns) == EFFECT_COLUMNS
    assert tuple(ev.table([]).tidy().columns) == EFFECT_COLUMNS


def test_mixed_units_on_one_axis_are_refused() -> None:
    mixed = ev.table([effect("a", 0.1), effect("b", 0.1, unit="weeks")])
    with pytest.raises(DesignError, match=r"2 units \(percentage points, weeks\)"):
        mixed.plot()
    with pytest.raises(DesignError, match="no effect to draw"):
        ev.table([]).plot()


def test_the_forest_shows_every_interval_the_null_and_the_unit() -> None:
    ax = ev.table([effect("a", 0.1), effect("b", math.nan), effect("c", 0.2)]).plot()
    drawn = [line.get_xdata()[:] for line in ax.lines if len(line.get_xdata()) == 2]
    assert sum(list(x) == [1.0, 7.0] for x in drawn) == 2
    assert [0, 0] in [list(x) for x in drawn]
    assert ax.get_xlabel() == "percentage points"
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a", "b", "c"]
    mpl.pyplot.close(ax.figure)


def test_ratios_are_drawn_on_a_log_axis_around_one() -> None:
    ax = effect("a", 0.1, unit="hazard ratio", estimate=1.2, conf_low=0.9, conf_high=1.6).plot()
    assert ax.get_xscale() == "log"
    assert [1, 1] in [list(line.get_xdata()) for line in ax.lines]
    mpl.pyplot.close(ax.figure)


def test_a_refused_effect_says_so_and_shows_no_interval() -> None:
    refused = effect("a", math.nan, notes=("2 effective treated clusters",))
    assert "inference refused" in str(refused)
    assert "note: 2 effective treated clusters" in refused.summary()
    cells = refused._repr_markdown_().splitlines()[2].split("|")
    assert [cell.strip() for cell in cells[3:6]] == ["", "", ""]


def test_an_unknown_adjustment_is_named() -> None:
    with pytest.raises(DesignError, match="'holm'"):
        ev.table([effect("a", 0.1)]).adjust("bonferroni")


@given(
    unit=st.sampled_from(["weeks", "hazard ratio"]),
    low=st.floats(1e-8, 2.0),
    width=st.floats(1e-8, 3.0),
    sign=st.sampled_from([-1, 1]),
)
def test_no_limit_is_written_onto_no_effect(
    unit: str, low: float, width: float, sign: int
) -> None:
    null = 1.0 if unit == "hazard ratio" else 0.0
    ends = sorted((null + sign * low, null + sign * (low + width)))
    one = replace(
        effect("a", 0.02),
        unit=unit,
        estimate=sum(ends) / 2,
        conf_low=ends[0],
        conf_high=ends[1],
    )
    for text, between in ((str(one), ", "), (one._repr_markdown_(), " to ")):
        found = re.search(rf"(\S+){between}(\S+?)(?: \||\])", text)
        assert found is not None
        shown = [float(end.strip("[")) for end in found.groups()]
        assert all(math.copysign(1, end - null) == sign and end != null for end in shown)


def test_the_p_that_judges_is_the_one_that_is_told() -> None:
    one = replace(effect("a", 0.03), p_adjusted=0.06)
    assert str(one).endswith("p = 0.06 adjusted")
    assert str(replace(one, p_adjusted=0.03)).endswith("p = 0.03")
    assert str(replace(one, p_value=0.04996, p_adjusted=math.nan)).endswith("p = 0.04996")
    alone = replace(one, conf_low=math.nan, method="pairs; means; randomisation")
    assert str(alone).endswith("(no interval), p = 0.06 adjusted by randomisation")


def test_two_means_differ_by_the_estimate_or_by_its_factor() -> None:
    found = effect("employment", 0.01, treated_mean=42.0, estimate=6.0)
    assert found.means == (42.0, 36.0)
    assert "  means: 42.0 against 36.0" in found.summary().splitlines()
    risk = effect("employment", 0.01, treated_mean=42.0, estimate=1.25, unit="risk ratio")
    assert risk.means == pytest.approx((42.0, 33.6))
    amount = effect("earnings", 0.01, treated_mean=6349.1435, estimate=894.37, unit="dollars")
    assert "means: 6349 against 5455" in amount.summary()
    for without in (effect("a", 0.01), effect("a", 0.01, treated_mean=3.0, estimate=math.nan)):
        assert math.isnan(without.means[1])
        assert "means" not in without.summary()


def test_what_rounding_leaves_is_told_as_nothing() -> None:
    effect = ev.Effect(
        outcome="o",
        term="incidence",
        estimate=-1.1e-13,
        conf_low=-0.0,
        conf_high=5e-324,
        p_value=5e-324,
        unit="percentage points",
        estimand="ATT",
        method="m",
        n_treated=1,
        n_comparison=1,
    )
    assert str(effect) == "o incidence: 0 percentage points [0, 0], p < 1e-12"
    assert "| 0 | 0 to 0 | < 1e-12 |" in effect._repr_markdown_()


def test_one_result_alone_is_a_table_too() -> None:
    one = effect("o", 0.5)
    assert ev.table(one).effects == ev.table([one]).effects == (one,)
