"""Tests, quantiles and differences tell of no few events, nor of few between two times."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.analyses.published.test_effects import curves

NUMBERS = ("estimate", "std_error", "conf_low", "conf_high", "band_low", "band_high")


def test_tests_on_rare_causes_and_small_arms_are_hidden(publish, effects) -> None:
    events = {
        (arm, cause): 30 for arm in ("treated", "comparison") for cause in ("full", "part")
    }
    made = curves(events | {("treated", "part"): 3})
    tests = pd.DataFrame(
        {"outcome": "employment", "cause": ["full", "part"], "statistic": 1.0, "df": 1.0}
    ).assign(p_value=0.5)
    shown = publish({"tests": tests, "curves": made})["tests"]
    assert shown["p_value"].isna().tolist() == [False, True]
    few = {"tests": tests, "effects": effects("employment", n_treated=3)}
    assert publish(few)["tests"]["p_value"].isna().all()


@pytest.fixture
def weekly() -> pd.DataFrame:
    """Return curves of two arms of 200, of whom one or two leave in each of 60 weeks."""
    parts = []
    for arm, left in (("treated", 2), ("comparison", 1)):
        gone = np.arange(61) * left
        made = {"time": np.arange(61.0), "estimate": gone / 200, "at_risk": 200 - gone + left}
        parts.append(pd.DataFrame({"arm": arm, **made, "n_events": np.diff(gone, prepend=0)}))
    rows = pd.concat(parts, ignore_index=True)
    rows["at_risk"] = rows["at_risk"].clip(upper=200)
    about = {"outcome": "job", "curve": "incidence", "cause": "job"}
    return rows.assign(**about, conf_low=0.0, conf_high=1.0)


def test_quantiles_are_read_off_the_curves_that_are_shown(publish, effects, weekly) -> None:
    quantiles = pd.DataFrame(
        {"outcome": "job", "arm": ["treated", "comparison"], "probability": 0.21}
    ).assign(estimate=[20.0, 40.0], conf_low=[16.5, 31.0], conf_high=[24.0, np.nan])
    made = publish({"quantiles": quantiles, "curves": weekly, "effects": effects("job")})
    times = set(made["curves"]["time"])
    for row in made["quantiles"].itertuples():
        assert {row.estimate, row.conf_low} <= times
    # A curve that is held back reaches a share later, and its limits move outward.
    assert (made["quantiles"]["estimate"] >= quantiles["estimate"]).all()
    assert (made["quantiles"]["conf_low"] <= quantiles["conf_low"]).all()
    assert made["quantiles"]["conf_high"].isna().tolist() == [False, True]


def test_differences_are_those_of_the_curves_that_are_shown(publish, effects, weekly) -> None:
    exact = {13.0: 6.5, 26.0: 13.0, 60.0: 30.0}
    rows = pd.DataFrame({"outcome": "job", "cause": "job", "time": list(exact)}).assign(
        **dict.fromkeys(NUMBERS, 1.0) | {"estimate": list(exact.values())}
    )
    tables = {"differences": rows, "curves": weekly}
    made = publish({**tables, "effects": effects("job", estimate=30.0)})
    shown = made["differences"]["estimate"]
    wide = made["curves"].pivot_table(index="time", columns="arm", values="estimate").ffill()
    for time, value in zip(rows["time"], shown, strict=True):
        own = wide.loc[:time].iloc[-1]
        assert value == pytest.approx(100 * (own["treated"] - own["comparison"]))
    assert shown.notna().all()
    assert shown.tolist()[-1] == 30.0
    small = {**tables, "effects": effects("job", n_treated=3)}
    assert publish(small)["differences"]["estimate"].isna().tolist()[-1]


def test_a_difference_is_hidden_where_few_of_an_arm_came_since(
    publish, effects, weekly
) -> None:
    # By week 3 three of the comparison have left, by week 13 ten more.
    rows = pd.DataFrame({"outcome": "job", "cause": "job", "time": [3.0, 13.0, 60.0]}).assign(
        **dict.fromkeys(NUMBERS, 1.0)
    )
    tables = {"differences": rows, "curves": weekly, "effects": effects("job")}
    shown = publish(tables)["differences"]
    assert shown["estimate"].notna().tolist() == [False, True, True]
    assert shown["conf_low"].notna().tolist() == [False, True, True]
