from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import evaluation as ev
from evaluation.survival import kaplan_meier
from evaluation.survival.kaplan_meier import crossing

Maker = Callable[..., ev.Matched]


def test_without_censoring_the_median_is_that_of_the_times() -> None:
    times = np.random.default_rng(0).exponential(size=41)
    assert kaplan_meier.fit(times, np.ones(41)).quantile()[0] == np.median(times)
    even = np.append(times, 100.0)
    assert kaplan_meier.fit(even, np.ones(42)).quantile()[0] == pytest.approx(np.median(even))


@pytest.mark.parametrize(
    ("curve", "expected"),
    [
        ([0.8, 0.5, 0.2], 2.5),  # on the level from 2 to 3
        ([0.8, 0.4, 0.2], 2.0),
        ([0.8, 0.5, 0.5], 2.5),  # on the level until follow-up ends
        ([0.8, 0.7, 0.6], np.inf),
        ([np.nan, 0.5 - 1e-12, 0.2], 2.5),  # rounding
    ],
)
def test_the_rule_for_flat_pieces(curve, expected) -> None:
    assert crossing(np.array([1.0, 2.0, 3.0]), np.array(curve), 0.5) == expected


def test_the_interval_holds_the_estimate_and_grows_with_its_level() -> None:
    rng = np.random.default_rng(3)
    curve = kaplan_meier.fit(np.ceil(rng.exponential(30, 400)), rng.random(400) < 0.7)
    estimate, low, high = curve.quantile(0.5)
    assert low <= estimate <= high
    _, lower, higher = curve.quantile(0.5, 0.99)
    assert lower <= low <= high <= higher
    with pytest.raises(ValueError, match="share=50 must lie between 0 and 1"):
        curve.quantile(50)


def test_arms_have_quantiles_with_the_limits_of_their_bands(make: Maker) -> None:
    m = make(n=300)
    m = ev.unmatched(m.frame.assign(left=m.frame["status"].notna()), m.roles)
    curves = ev.survival_curves(m, ev.Duration(exit="weeks", event="left"))
    found = curves.quantiles().set_index(["arm", "share"])
    assert len(found) == 6
    assert (found["conf_low"] <= found["estimate"]).all()
    assert found.loc[("treated", 0.5), "estimate"] < found.loc[("comparison", 0.5), "estimate"]
    own = m.frame[m.frame["plan"]]
    direct = kaplan_meier.fit(own["weeks"], own["left"]).quantile()
    assert found.loc[("treated", 0.5), "estimate"] == direct[0]


def test_where_inference_is_refused_quantiles_have_no_limits(make: Maker) -> None:
    m = make(n=300)
    few = m.frame[~m.frame["plan"] | (m.frame["town"] < 2)]
    few = few.assign(left=few["status"].notna()).reset_index(drop=True)
    curves = ev.survival_curves(
        ev.unmatched(few, m.roles), ev.Duration(exit="weeks", event="left")
    )
    found = curves.quantiles((0.5,))
    assert found["estimate"].notna().all()
    assert found[["conf_low", "conf_high"]].isna().all(axis=None)


# R 4.2.2, survival 3.5-3: quantile(survfit(Surv(exit, event) ~ 1, conf.type = "log-log")); NA
# stands for what is not reached as well, where a limit that is known not to come down is
# infinite here.
@pytest.mark.parametrize(
    ("exits", "events", "share", "expected"),
    [
        ([1, 2, 3, 4], [1, 1, 0, 0], 0.5, (3.0, 1.0, np.inf)),
        ([9, 1, 1, 6, 6, 8, 10], [1, 1, 0, 1, 1, 0, 0], 1 - 9 / 35, (9.5, 6.0, np.inf)),
        ([5] * 6, [1] * 6, 0.5, (5.0, np.nan, np.nan)),
        ([1, 2, 3, 5, 5], [1] * 5, 0.3, (2.0, 1.0, np.nan)),
        ([1, 2, 3, 5, 5], [1] * 5, 0.9, (5.0, 3.0, np.nan)),
    ],
)
def test_plateaus_and_unknown_limits_are_those_of_r(exits, events, share, expected) -> None:
    found = kaplan_meier.fit(exits, events).quantile(share)
    np.testing.assert_array_equal(found, expected)


def test_a_limit_that_is_not_known_never_lies_below_the_estimate(make: Maker) -> None:
    m = make(n=60, cluster=False)
    tied = m.frame.assign(weeks=5.0, left=True)
    curves = ev.survival_curves(
        ev.unmatched(tied, m.roles), ev.Duration(exit="weeks", event="left")
    )
    found = curves.quantiles(0.5)
    assert found["estimate"].tolist() == [5.0, 5.0]
    assert found[["conf_low", "conf_high"]].isna().all(axis=None)
