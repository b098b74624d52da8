"""Published curves: an attacker rebuilds the event counts and finds no small one."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary.errors import ColumnError, DesignError
from evaluation.disclosure import (
    coarsen_curves,
    is_few,
    rebuild_events,
    require_safe_curves,
)
from evaluation.survival import competing


def curves(seed: int, n: int, *, censored_from: int = 60, kinds: int = 3) -> pd.DataFrame:
    """Return Aalen-Johansen curves of two arms with `kinds` causes, two of them rare."""
    rng = np.random.default_rng(seed)
    parts = []
    for arm in ("treated", "comparison"):
        week = np.ceil(rng.exponential(80, n))
        cause = np.where(rng.random(n) < 0.8, 1, rng.integers(2, kinds + 1, n))
        stop = np.minimum(np.ceil(rng.uniform(censored_from, 200, n)), 104)
        exit_ = np.minimum(week, stop)
        found = competing.aalen_johansen(
            exit_, np.where(week <= stop, cause, 0), n_causes=kinds
        )
        for k in range(kinds):
            estimate = np.r_[0.0, found.incidence[:, k]]
            parts.append(
                pd.DataFrame(
                    {
                        "outcome": "employment", "curve": "incidence", "arm": arm,
                        "cause": f"cause {k}", "time": np.r_[0.0, found.time],
                        "estimate": estimate, "conf_low": 0.8 * estimate,
                        "conf_high": 1.2 * estimate, "at_risk": np.r_[n, found.at_risk],
                        "n_events": np.r_[0, found.n_events[:, k]],
                    }
                )
            )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def true_counts(raw: pd.DataFrame, shown: pd.DataFrame) -> list[float]:
    """Return the events between the steps of every published curve."""
    counts = []
    for key, rows in shown.groupby(["arm", "cause"]):
        own = raw[(raw["arm"] == key[0]) & (raw["cause"] == key[1])]
        steps = rows.loc[rows["estimate"].diff() > 1e-12, "time"].tolist()
        edges = [0.0, *steps]
        for low, high in itertools.pairwise(edges):
            between = (own["time"] > low) & (own["time"] <= high)
            counts.append(own.loc[between, "n_events"].sum())
    return counts


def test_the_audit_finds_the_small_counts_of_raw_curves() -> None:
    raw = curves(1, 300)
    rebuilt = rebuild_events(raw)
    first = rebuilt[(rebuilt["arm"] == "treated") & (rebuilt["cause"] == "cause 0")]
    own = raw[(raw["arm"] == "treated") & (raw["cause"] == "cause 0") & (raw["n_events"] > 0)]
    np.testing.assert_allclose(first["fewest"], own["n_events"], rtol=1e-9)
    with pytest.raises(DesignError, match="give away"):
        require_safe_curves(raw.drop(columns="n_events"))


@pytest.mark.parametrize("n", [150, 600, 3000])
def test_an_attacker_rebuilds_no_small_count(n) -> None:
    raw = curves(7, n)
    shown = coarsen_curves(raw)
    require_safe_curves(shown)
    rebuilt = rebuild_events(shown)
    assert len(rebuilt) > 10
    assert not is_few(np.rint(rebuilt["fewest"])).any()
    assert not is_few(np.rint(rebuilt["most"])).any()


@given(
    seed=st.integers(0, 2**32 - 1),
    n=st.integers(1, 200),
    censored_from=st.integers(1, 104),
    min_cell=st.integers(1, 10),
)
@settings(deadline=None, max_examples=40)
def test_every_step_stands_for_enough_events(seed, n, censored_from, min_cell) -> None:
    raw = curves(seed, n, censored_from=censored_from)
    shown = coarsen_curves(raw, min_cell=min_cell)
    require_safe_curves(shown, min_cell=min_cell)
    assert not is_few(true_counts(raw, shown), min_cell).any()
    both = shown.merge(raw, on=["arm", "cause", "time"], how="left", suffixes=("", "_raw"))
    # As many may be at risk at most.
    assert (both["at_risk"] >= both["at_risk_raw"].fillna(min_cell)).all()


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(20, 400))
@settings(deadline=None, max_examples=20)
def test_both_arms_step_at_the_same_times_and_where_they_are_compared(seed, n) -> None:
    raw = curves(seed, n)
    shown = coarsen_curves(raw, keep={"employment": [26.0, 52.0]})
    times = shown.groupby(["arm", "cause"])["time"].agg(tuple)
    assert len(set(times)) <= 1
    gone = shown.groupby("cause")["estimate"].agg(lambda own: own.isna().mean())
    assert set(gone) <= {0.0, 1.0}


def test_the_curves_step_where_the_arms_are_compared() -> None:
    raw = curves(4, 2000)
    shown = coarsen_curves(raw, keep={"employment": [26.0, 52.0]})
    for time in (26.0, 52.0):
        own = shown[(shown["time"] == time) & (shown["cause"] == "cause 0")]
        exact = raw[(raw["time"] == time) & (raw["cause"] == "cause 0")]
        np.testing.assert_allclose(own["estimate"], exact["estimate"])


def test_numbers_at_risk_tell_those_censored_in_classes() -> None:
    raw = curves(6, 500)
    shown = coarsen_curves(raw)
    for arm, rows in shown.groupby("arm"):
        own = raw[(raw["arm"] == arm) & raw["time"].isin(rows["time"])]
        over = rows.groupby("time")["at_risk"].first() - own.groupby("time")["at_risk"].first()
        assert (over.dropna() >= 0).all()
        assert over.max() > 0


def test_a_curve_ends_at_the_estimate_itself() -> None:
    raw = curves(3, 800)
    shown = coarsen_curves(raw)
    last = ["arm", "cause"]
    pd.testing.assert_series_equal(
        shown.groupby(last)["estimate"].last(), raw.groupby(last)["estimate"].last()
    )


def test_between_steps_the_earlier_value_holds() -> None:
    raw, shown = curves(3, 400), coarsen_curves(curves(3, 400))
    both = shown.merge(raw, on=["arm", "cause", "time"], suffixes=("", "_raw"))
    # The others are times of the other arm alone.
    assert len(both) > 0.9 * len(shown)
    assert (both["estimate"] <= both["estimate_raw"] + 1e-12).all()
    assert (both["conf_high"] == 1.2 * both["estimate"]).all()


def test_a_cause_with_a_small_count_in_all_is_not_shown() -> None:
    raw = curves(5, 12)
    events = raw.groupby(["arm", "cause"])["n_events"].sum()
    shown = coarsen_curves(raw)
    for (arm, cause), n in events.items():
        rows = shown[(shown["arm"] == arm) & (shown["cause"] == cause)]
        assert rows["estimate"].isna().all() or not is_few(n)
    assert is_few(events).any()


def test_a_curve_ends_where_too_few_are_left() -> None:
    # Eight persons leave one by one; from time 5 on fewer than five are at risk.
    rows = pd.DataFrame(
        {
            "curve": "survival", "arm": "treated", "cause": "employment",
            "time": np.arange(9.0), "estimate": 1 - np.arange(9) / 8, "conf_low": 0.0,
            "conf_high": 1.0, "at_risk": [8, 8, 7, 6, 5, 4, 3, 2, 1], "n_events": [0] + [1] * 8,
        }
    )  # fmt: skip
    shown = coarsen_curves(rows, min_cell=4)
    assert shown["time"].max() == 5.0
    assert shown["estimate"].tolist() == [1.0, 1 - 5 / 8]


def test_curves_that_come_in_are_not_changed() -> None:
    raw = curves(2, 100)
    before = raw.copy()
    coarsen_curves(raw)
    pd.testing.assert_frame_equal(raw, before)


def test_missing_columns_are_named() -> None:
    with pytest.raises(ColumnError, match="n_events"):
        coarsen_curves(curves(1, 20).drop(columns="n_events"))
