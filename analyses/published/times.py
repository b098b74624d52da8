"""tests.csv, quantiles.csv and differences.csv: what stands beside effects on a duration."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analyses.published.columns import words
from analyses.published.curves import incidences, merged, rare_causes
from analyses.published.digits import PER_CENT, ByError, PValues, Ruled, Significant
from analyses.published.effects import small_outcomes
from analyses.published.rules import without_figures
from analyses.published.table import Release, ResultTable, beside
from evaluation.comparison.arms import ARMS
from evaluation.survival.kaplan_meier import crossing

BANDS = ("conf_low", "conf_high", "band_low", "band_high")
TOLERANCE = 1e-9


def protect_tests(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Leave the numbers of tests on rare causes and small arms out."""
    rare, small = rare_causes(release), small_outcomes(release)
    pairs = zip(frame["outcome"], frame["cause"], strict=True)
    hidden = [pair in rare or pair[0] in small for pair in pairs]
    return without_figures(frame, pd.Series(hidden, index=frame.index))


def protect_quantiles(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Read the quantiles off the curves that are shown, their limits at the curves' times.

    A quantile of the exact curve is the time of one person's event.  Its limits are moved
    outward to the nearest times at which the curves are shown.
    """
    curves = release.shown["curves"]
    made = frame.copy()
    for (outcome, arm), rows in frame.groupby(["outcome", "arm"], sort=False):
        own = curves[(curves["outcome"] == outcome) & (curves["arm"] == arm)]
        shares = own.pivot_table(index="time", values="estimate", aggfunc="sum")
        time = shares.index.to_numpy(float)
        survival = 1.0 - shares["estimate"].to_numpy(float)
        for place, row in rows.iterrows():
            found = crossing(time, survival, 1.0 - float(row["probability"]))
            made.loc[place, "estimate"] = found if np.isfinite(found) else np.nan
            made.loc[place, ["conf_low", "conf_high"]] = _outward(
                time, float(row["conf_low"]), float(row["conf_high"])
            )
    return without_figures(made, frame["outcome"].isin(small_outcomes(release)))


def _outward(time: np.ndarray, low: float, high: float) -> tuple[float, float]:
    before, after = time[time <= low], time[time >= high]
    return (
        float(before[-1]) if len(before) else np.nan,
        float(after[0]) if len(after) else np.nan,
    )


def protect_differences(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Show the difference of the curves as they are shown, where both are up to date.

    The last time is that of the effect itself.  Intervals are those of the exact difference,
    widened where they do not hold the one that is shown.
    """
    curves = {"shown": release.shown["curves"], "made": release.made["curves"]}
    curves["merged"] = merged(release)
    effects = incidences(release)
    made = frame.copy()
    for (outcome, cause), rows in frame.groupby(["outcome", "cause"], sort=False):
        last = rows.index[-1]
        for place, time in rows["time"].items():
            if place == last:
                made.loc[place, "estimate"] = effects.get(str(outcome), np.nan)
            else:
                made.loc[place, "estimate"] = _shown_at(curves, outcome, cause, time)
    for low, high in (BANDS[:2], BANDS[2:]):
        # What is shown was rounded, the interval was not: it must hold it all the same.
        made[low] = made[[low, "estimate"]].min(axis=1, skipna=False)
        made[high] = made[[high, "estimate"]].max(axis=1, skipna=False)
    return without_figures(made, made["estimate"].isna())


def _shown_at(
    curves: Mapping[str, pd.DataFrame], outcome: object, cause: object, time: float
) -> float:
    """Return the difference of what is shown at a time; NaN where events were held back."""
    shown = []
    for arm in ARMS:
        value = {}
        for name, frame in curves.items():
            own = (frame["outcome"] == outcome) & (frame["cause"] == cause)
            own &= (frame["arm"] == arm) & (frame["time"] <= time)
            value[name] = float(frame.loc[own, "estimate"].iloc[-1]) if own.any() else np.nan
        # Events that wait for company would be missing from a difference that looks exact.
        if not abs(value["merged"] - value["made"]) < TOLERANCE:
            return np.nan
        shown.append(value["shown"])
    return round(PER_CENT * (shown[0] - shown[1]), 10)


TESTS = ResultTable(
    name="tests",
    meaning="Whether hazards and incidences differ, and whether ratios of hazards last.",
    columns=words("outcome cause test statistic df p_value method"),
    build=beside("tests"),
    protect=protect_tests,
    digits=(Significant(("statistic", "df")), PValues(("p_value",))),
)
QUANTILES = ResultTable(
    name="quantiles",
    meaning="When a quarter, half and three quarters of each arm have left by any cause.",
    columns=words("outcome cause arm probability estimate conf_low conf_high"),
    build=beside("quantiles"),
    protect=protect_quantiles,
    digits=(Ruled(("estimate", "conf_low", "conf_high"), "times of curves.csv"),),
    agrees_with=("curves",),
)
DIFFERENCES = ResultTable(
    name="differences",
    meaning="The difference in incidence at fixed times.",
    columns=words(
        "outcome cause time estimate std_error conf_low conf_high", "band_low band_high"
    ),
    build=beside("differences"),
    protect=protect_differences,
    digits=(
        Ruled(("estimate",), "what is left of the digits of curves.csv and effects.csv"),
        ByError(BANDS, error="std_error"),
    ),
    agrees_with=("curves", "effects"),
)
