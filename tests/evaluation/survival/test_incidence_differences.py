from __future__ import annotations

from collections.abc import Callable

import matplotlib as mpl
import numpy as np
import pytest

import evaluation as ev
from data_dictionary.errors import DesignError

mpl.use("Agg")
Maker = Callable[..., ev.Matched]
LIMITS = ["conf_low", "conf_high", "band_low", "band_high"]


@pytest.mark.parametrize("options", [{}, {"cluster": False}])
def test_at_each_time_it_is_the_incidence_there(
    make: Maker, duration: ev.Duration, options: dict[str, bool]
) -> None:
    m = make(n=200, **options)
    found = ev.incidence_differences(m, duration, (0.5, 26, 52, 104), seed=1)
    for time in (26, 52, 104):
        alone = ev.incidence(m, duration, time)
        effect = found.effects[time]
        for part in ("estimate", "std_error", "conf_low", "conf_high", "p_value"):
            assert getattr(effect, part) == pytest.approx(getattr(alone, part))
        row = found.rows.query("curve == 'difference' and time == @time").iloc[0]
        assert row["conf_low"] == pytest.approx(alone.conf_low)
    assert found.effect is found.effects[104]
    # Nothing has happened yet at the first time.
    assert found.effects[0.5].estimate == 0.0
    assert found.effects[0.5].is_refused


def test_arms_have_the_bands_of_their_curves(make: Maker, duration: ev.Duration) -> None:
    m = make(n=200)
    found = ev.incidence_differences(m, duration, (26, 52), seed=1).rows
    curves = ev.incidence(m, duration, 104).curves.query("cause == 'employment'")
    for arm in ("treated", "comparison"):
        at = curves[(curves["arm"] == arm) & curves["time"].isin([26, 52])]
        own = found[found["curve"] == arm]
        for part in ("estimate", "conf_low", "conf_high"):
            np.testing.assert_allclose(own[part], 100 * at[part])


def test_the_band_is_wider_than_the_interval_and_at_one_time_the_same(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=200)
    rows = ev.incidence_differences(m, duration, range(4, 105, 4), seed=1).tidy()
    assert (rows["band_low"] < rows["conf_low"]).all()
    assert (rows["band_high"] > rows["conf_high"]).all()
    one = ev.incidence_differences(m, duration, (52,), seed=1).tidy()
    # The quantile of 9,999 draws is not exactly that of the t distribution.
    np.testing.assert_allclose(one["band_low"], one["conf_low"], atol=0.5)


def test_the_band_of_the_difference_reaches_equally_many_errors_everywhere(
    make: Maker, duration: ev.Duration
) -> None:
    rows = ev.incidence_differences(make(n=200), duration, (26, 52, 104), seed=1).tidy()
    rows = rows[rows["curve"] == "difference"]
    reach = (rows["band_high"] - rows["estimate"]) / rows["std_error"]
    np.testing.assert_allclose(reach, reach.iloc[0])


def test_the_seed_decides_the_band(make: Maker, duration: ev.Duration) -> None:
    m = make(n=100)
    first, again, other = (
        ev.incidence_differences(m, duration, (26, 52), seed=seed).tidy() for seed in (1, 1, 2)
    )
    assert first.equals(again)
    assert not first.equals(other)
    assert first["conf_low"].equals(other["conf_low"])


@pytest.mark.slow
def test_the_band_covers_the_whole_curve(make: Maker, duration: ev.Duration) -> None:
    # Times are exponential: employment at 1/110 a week, the others at 1/220, effect none.
    weeks, inside = range(8, 105, 8), 0
    for seed in range(200):
        m = make(seed=seed, n=300, effect=0.0)
        rows = ev.incidence_differences(m, duration, weeks, seed=seed, draws=2000).tidy()
        own = rows[rows["curve"] == "difference"]
        inside += ((own["band_low"] <= 0) & (own["band_high"] >= 0)).all()
    assert inside >= 182


def test_where_inference_is_refused_the_curves_stay(make: Maker, duration: ev.Duration) -> None:
    m = make(n=200)
    few = m.frame[~m.frame["plan"] | (m.frame["town"] < 2)].reset_index(drop=True)
    found = ev.incidence_differences(ev.unmatched(few, m.roles), duration, (26, 52), seed=1)
    assert found.rows["estimate"].notna().all()
    assert found.rows[LIMITS].isna().all(axis=None)
    assert found.effect.is_refused
    assert "refused" in found.summary()
    assert found.plot() is not None


def test_times_that_make_no_curve_are_refused(make: Maker, duration: ev.Duration) -> None:
    m = make(n=100)
    with pytest.raises(DesignError, match="at least one positive time"):
        ev.incidence_differences(m, duration, (), seed=1)
    with pytest.raises(DesignError, match="at least one positive time"):
        ev.incidence_differences(m, duration, (0, 26), seed=1)
    with pytest.raises(DesignError, match="times must ascend"):
        ev.incidence_differences(m, duration, (52, 26), seed=1)
    with pytest.raises(DesignError, match="before the horizon 900"):
        ev.incidence_differences(m, duration, (52, 900), seed=1)
