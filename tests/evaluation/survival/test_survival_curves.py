from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from data_dictionary.errors import DesignError

mpl.use("Agg")
Maker = Callable[..., ev.Matched]
D = ev.Duration(exit="etime", event="cause", of="pcm", competing=("death",), unit="months")
ARMS = ("comparison", "treated")


@pytest.mark.parametrize("scale", ["log-log", "log", "plain"])
def test_what_is_read_off_one_curve_is_that_of_r(
    scale: str, deaths: ev.Matched, one_arm: dict[str, Any]
) -> None:
    expected = one_arm["curves"][scale]
    curves = ev.survival_curves(deaths, D, conf_type=scale, level=0.95)
    found = curves.at((24, 120, 240)).set_index("arm").loc[list(ARMS)]
    np.testing.assert_allclose(found["estimate"], expected["survival"], rtol=1e-12)
    np.testing.assert_allclose(found["std_error"], expected["std_error"], rtol=1e-10)
    assert found["at_risk"].tolist() == expected["at_risk"]
    # R's limits are normal, these Student's t on some 600 rows an arm.
    np.testing.assert_allclose(found["conf_low"], expected["low"], rtol=2e-3)
    np.testing.assert_allclose(found["conf_high"], expected["high"], rtol=2e-3)
    quantiles = curves.quantiles().set_index("arm")
    for name, own in (("estimate", "quantile"), ("conf_low", "quantile_low")):
        for arm, values in zip(ARMS, expected[own], strict=True):
            np.testing.assert_allclose(quantiles.loc[arm, name], values, atol=1)


def test_restricted_means_have_the_errors_of_r(
    deaths: ev.Matched, one_arm: dict[str, Any]
) -> None:
    expected = one_arm["curves"]["log"]
    found = ev.survival_curves(deaths, D).restricted_mean(240).set_index("arm").loc[list(ARMS)]
    np.testing.assert_allclose(found["estimate"], expected["rmean"], rtol=1e-12)
    np.testing.assert_allclose(found["std_error"], expected["rmean_error"], rtol=1e-10)
    assert (found["conf_low"] < found["estimate"]).all()
    assert (found["estimate"] < found["conf_high"]).all()


@pytest.mark.parametrize("cluster", [True, False])
def test_arms_add_up_to_the_difference(
    cluster: bool, make: Maker, duration: ev.Duration
) -> None:
    m = make(n=400, cluster=cluster)
    for function, unit in ((ev.incidence, 100.0), (ev.time_since_event, 104.0)):
        effect = function(m, duration, 104)
        arms = effect.arms.set_index(["cause", "arm"])
        own = arms.loc["employment"]
        gap = own.loc["treated", "estimate"] - own.loc["comparison", "estimate"]
        assert effect.estimate == pytest.approx(gap)
        # Arms share no municipality, and no person: their variances add up, though with
        # municipalities that of a difference is at least what persons alone give.
        together = np.hypot(*own["std_error"])
        assert effect.std_error == pytest.approx(together, rel=0.2 if cluster else 1e-9)
        assert effect.std_error >= together * (1 - 1e-9)
        total = arms.groupby("arm")["estimate"].sum()
        curves = ev.survival_curves(m, duration)
        left = curves.at(104).set_index("arm")["estimate"]
        if function is ev.incidence:
            np.testing.assert_allclose(total / unit, (1.0 - left)[total.index], atol=1e-12)
        else:
            lost = unit - curves.restricted_mean(104).set_index("arm")["estimate"]
            np.testing.assert_allclose(total, lost[total.index], atol=1e-9)


def test_refused_inference_leaves_values_without_errors(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=100)
    few = ev.unmatched(m.frame[m.frame["town"] > 6].reset_index(drop=True), m.roles)
    shown = ["std_error", "conf_low", "conf_high"]
    curves = ev.survival_curves(few, duration)
    for found in (curves.restricted_mean(52), ev.incidence(few, duration, 52).arms):
        assert found["estimate"].notna().all()
        assert found[shown].isna().all(axis=None)


def test_what_lies_beyond_the_curves_is_refused(make: Maker, duration: ev.Duration) -> None:
    curves = ev.survival_curves(make(n=100), duration)
    for call in (lambda: curves.at((52, 900)), lambda: curves.restricted_mean(900)):
        with pytest.raises(DesignError, match=r"follow-up in the .* arm ends at .* weeks"):
            call()
    with pytest.raises(DesignError, match="horizon='52' must be a positive time in weeks"):
        curves.restricted_mean("52")
    with pytest.raises(DesignError, match="conf_type='arcsine' is not known; use one of log"):
        ev.survival_curves(make(n=100), duration, conf_type="arcsine")


def test_a_curve_that_has_come_down_is_told_without_a_sign(make: Maker) -> None:
    m = make(n=97, cluster=False)
    everybody = ev.unmatched(m.frame.assign(hit=True), m.roles)
    curves = ev.survival_curves(everybody, ev.Duration(exit="weeks", event="hit"))
    assert (curves.curves["estimate"] >= 0).all()
    assert "-0.000" not in curves.summary()


def test_curves_are_named_and_counted_as_they_are_asked_to_be(
    make: Maker, duration: ev.Duration
) -> None:
    curves = ev.survival_curves(make(n=100), duration)
    axes = curves.plot(arms=("Én plan", "Andre"), at_risk=True, censored=True, median=True)
    axes.figure.canvas.draw()
    texts = [text.get_text() for text in axes.texts]
    assert texts.count("Én plan") == 2
    rows = curves.at([tick for tick in axes.get_xticks() if tick > 0])
    assert {str(n) for n in rows["at_risk"]} <= set(texts)
    assert axes.get_xlabel() == "weeks, and rows at risk"
    assert any(line.get_ydata()[0] == 0.5 for line in axes.lines)
    marks = [line for line in axes.lines if line.get_marker() == "|"]
    assert len(marks) == 2
    # Nothing is cut off: everything stands inside the figure.
    box = axes.get_tightbbox()
    assert box.x0 >= 0
    assert box.y0 >= 0
    mpl.pyplot.close(axes.figure)


def test_names_stay_off_the_axis_and_off_each_other(make: Maker) -> None:
    m = make(n=60, cluster=False)
    everybody = ev.unmatched(m.frame.assign(hit=True), m.roles)
    axes = ev.survival_curves(everybody, ev.Duration(exit="weeks", event="hit")).plot()
    heights = sorted(text.xy[1] for text in axes.texts)
    assert heights[0] > 0.02
    assert heights[1] - heights[0] > 0.04
    mpl.pyplot.close(axes.figure)


def test_pieces_ratios_and_units_are_named(make: Maker, duration: ev.Duration) -> None:
    m = make(n=300)
    pieces = ev.piecewise_hazard_ratio(m, duration, 30)
    axes = pieces.plot()
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names[0] == "0 to 30 weeks"
    assert "0 to 30 weeks: employment" in pieces.summary()
    assert axes.get_xlabel() == "hazard ratio"
    ratio = ev.hazard_ratio(m, duration)
    for plotted in (axes, ratio.plot(), (curve := ratio.over_time().plot())):
        plotted.figure.canvas.draw()
        box = plotted.get_tightbbox()
        assert min(box.x0, box.y0) >= 0
        axis = plotted.xaxis if plotted is not curve else plotted.yaxis
        shown = [label.get_text() for label in axis.get_ticklabels()]
        assert not any("10^" in text or "times" in text for text in shown)
        mpl.pyplot.close(plotted.figure)
    assert curve.get_xlabel() == "weeks"


RESULTS: dict[str, Callable[[ev.Matched, ev.Duration], Any]] = {
    "incidence": lambda m, d: ev.incidence(m, d, 52),
    "curves": ev.survival_curves,
    "differences": lambda m, d: ev.incidence_differences(m, d, (26, 52), seed=1),
    "hazard ratio": ev.hazard_ratio,
    "coefficients": lambda m, d: ev.hazard_ratio(m, d).coefficients(),
    "proportionality": lambda m, d: ev.hazard_ratio(m, d).proportionality(),
    "over time": lambda m, d: ev.hazard_ratio(m, d).over_time(),
    "subdistribution": ev.subdistribution_hazard,
    "piecewise": lambda m, d: ev.piecewise_hazard_ratio(m, d, 26),
    "log-rank": ev.log_rank_test,
    "landmark": lambda m, d: ev.landmark(m, d, 10),
    "values": lambda m, d: ev.person_values(m, d, horizon=52),
    "randomisation": lambda m, d: ev.randomisation_test(m, d, horizon=52, draws=99, seed=1),
    "sensitivity": lambda m, d: ev.sensitivity(m, lambda m: ev.incidence(m, d, 52)),
}


@pytest.mark.parametrize("name", RESULTS)
def test_every_result_is_a_table_a_text_and_a_display(
    name: str, make: Maker, duration: ev.Duration
) -> None:
    found = RESULTS[name](make(n=150), duration)
    table = found.tidy()
    assert isinstance(table, pd.DataFrame)
    assert len(table)
    assert found.tidy() is not table
    assert isinstance(found.summary(), str)
    assert "\n" not in str(found)
    assert found._repr_markdown_().startswith(("```\n", "| "))


def test_draws_without_a_seed_are_refused_where_any_are_made(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=150)
    lags = np.arange(4)
    weekly = (m.frame["weeks"].to_numpy()[:, None] <= 20 * lags).astype(float)
    calls = {
        "band": lambda m: ev.incidence_differences(m, duration, (26, 52)),
        "bands": lambda m: ev.outcome_path(m, weekly[: len(m.frame)], lags),
        "test": lambda m: ev.randomisation_test(m, duration, horizon=52),
        "bootstrap": lambda m: ev.score_bootstrap(ev.hazard_ratio(m, duration)),
    }
    for call in calls.values():
        with pytest.raises(DesignError, match=r"seed=None, but the .* draws at random here"):
            call(m)
    # Where inference is refused nothing is drawn, and nothing is asked.
    few = ev.unmatched(m.frame[m.frame["town"] > 6].reset_index(drop=True), m.roles)
    assert calls["band"](few).decision.is_refused
    assert calls["bands"](few).decision.is_refused
