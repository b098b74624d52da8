from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from evaluation.survival import kaplan_meier


def test_six_people_by_hand() -> None:
    # Exits 1 2+ 3 4 4+ 5 (+ censored):  S = 5/6, 5/6 * 3/4 = 5/8, 5/8 * 2/3 = 5/12, 0.
    # Greenwood at 3: S^2 (1/(6*5) + 1/(4*3)) = S^2 * 7/60.
    curve = kaplan_meier.fit([1, 2, 3, 4, 4, 5], [1, 0, 1, 1, 0, 1])
    assert curve.survival == pytest.approx([5 / 6, 5 / 6, 5 / 8, 5 / 12, 0])
    assert curve.std_error[2] == pytest.approx(5 / 8 * np.sqrt(7 / 60))
    assert np.isnan(curve.std_error[-1])
    assert curve.at([0.5, 3.9, 9]).tolist() == pytest.approx([1, 5 / 8, 0])


def test_colon_equals_the_printed_digits(colon: pd.DataFrame, oracle: dict[str, Any]) -> None:
    for arm in ("Obs", "Lev", "Lev+5FU"):
        rows = colon[(colon["etype"] == 2) & (colon["rx"] == arm)]
        curve = kaplan_meier.fit(rows["time"], rows["status"])
        at = np.searchsorted(curve.time, 1825, side="right") - 1
        share, error = oracle["printed"]["colon_km_1825"][arm]
        assert round(float(curve.survival[at]), 4) == share
        assert round(float(curve.std_error[at]), 5) == error


@pytest.mark.parametrize("sex", ["F", "M"])
def test_left_truncated_mgus2_equals_survfit(
    mgus2: pd.DataFrame, oracle: dict[str, Any], sex: str
) -> None:
    # Age plus months of follow-up: exits that differ by rounding are one time in R and here.
    leaves = mgus2["age"] + mgus2["futime"] / 12
    own = (leaves > mgus2["age"]) & (mgus2["sex"] == sex)
    stored = oracle["left_truncation"]["km_by_sex"][f"sex={sex}"]
    curve = kaplan_meier.fit(leaves[own], mgus2["death"][own], entry=mgus2["age"][own])
    at = np.searchsorted(curve.time, np.array(stored["time"]) - 1e-9)
    np.testing.assert_allclose(curve.survival[at], stored["surv"], rtol=1e-12)
    np.testing.assert_allclose(curve.at_risk[at], stored["n_risk"])
    np.testing.assert_allclose(curve.n_events[at], stored["n_event"])
    # R prints null where S is 0.
    stored_error = np.array(stored["std_err_surv"], dtype=float)
    np.testing.assert_allclose(curve.std_error[at], stored_error, rtol=1e-12)
    for limit, name in zip(curve.interval(scale="log"), ("lower", "upper"), strict=True):
        np.testing.assert_allclose(limit[at], np.array(stored[name], dtype=float), rtol=1e-10)


def test_restricted_means_equal_survrm2(colon: pd.DataFrame, oracle: dict[str, Any]) -> None:
    from evaluation.survival.competing import aalen_johansen, area_to_horizon

    for arm in ("Obs", "Lev+5FU"):
        rows = colon[(colon["etype"] == 2) & (colon["rx"] == arm)]
        curve = aalen_johansen(rows["time"], rows["status"])
        area = area_to_horizon(curve.time, 1825.0)
        mean, error = oracle["printed"]["colon_rmst_1825"][arm]
        assert 1825 - area @ curve.incidence[:, 0] == pytest.approx(mean, abs=5e-7)
        # survRM2's error is Greenwood's, ours the infinitesimal jackknife: they agree to 1/n.
        ours = np.sqrt((curve.influence(1, area) ** 2).sum())
        assert ours == pytest.approx(error, rel=1 / len(rows))


def test_weights_make_the_error_robust() -> None:
    exits, event = np.arange(1, 41), np.tile([1, 1, 0, 1], 10)
    plain = kaplan_meier.fit(exits, event)
    weighted = kaplan_meier.fit(exits, event, weights=np.full(40, 3.0))
    np.testing.assert_allclose(weighted.survival, plain.survival, rtol=1e-12)
    # A weight of 3 is not three people.
    np.testing.assert_allclose(weighted.std_error[:30], plain.std_error[:30], rtol=0.06)


def test_log_log_limits_stay_within_zero_and_one() -> None:
    curve = kaplan_meier.fit([1, 2, 3, 4, 5, 6], [0, 1, 1, 1, 1, 0])
    low, high = curve.interval(0.99)
    known = ~np.isnan(low)
    assert known.tolist() == [False, True, True, True, True, True]
    assert (low[known] > 0).all()
    assert (high[known] < 1).all()
    plain_low, _ = curve.interval(0.99, scale="plain")
    assert plain_low[4] == 0.0


def test_an_unknown_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="'log-log', 'log' or 'plain'"):
        kaplan_meier.fit([1, 2], [1, 0]).interval(scale="arcsine")  # type: ignore[arg-type]
