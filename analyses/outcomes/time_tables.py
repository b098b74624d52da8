"""What stands beside the effects on a duration: tests, quantiles and differences over time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import evaluation as ev
from analyses.outcomes.time_fits import Fits
from analyses.study.plan import Plan
from data_dictionary.errors import DesignError
from evaluation.comparison.arms import ARMS
from evaluation.survival.durations import ends_of

WEEKS = (13, 26, 52, 78, 104)
QUARTERS = (0.25, 0.5, 0.75)


def fixed_times(horizon: float, unit: str) -> tuple[float, ...]:
    """Return when a difference is shown: fixed weeks, or quarters of the follow-up, to its end.

    Examples
    --------
    >>> fixed_times(60, "weeks"), fixed_times(26, "months")
    ((13.0, 26.0, 52.0, 60.0), (6.0, 13.0, 19.0, 26.0))
    """
    asked = WEEKS if unit == "weeks" else tuple(int(share * horizon) for share in QUARTERS)
    return (*(float(time) for time in asked if 0 < time < horizon), float(horizon))


def time_tables(
    name: str, fits: Fits, plan: Plan, lost: str | None
) -> dict[str, Callable[[], pd.DataFrame]]:
    """Return how to make ``tests``, ``quantiles``, ``differences`` and ``durations``.

    `lost` is the column that says who left before the landmark.  What cannot be had is left
    out of a table: the effects' own notes say why.
    """
    make: dict[str, Callable[[], pd.DataFrame]] = {
        "tests": lambda: _tests(fits, plan),
        "quantiles": lambda: _had(lambda: _quantiles(fits)),
        "differences": lambda: _had(lambda: _differences(fits, plan)),
        "durations": lambda: _durations(fits, lost),
    }
    return {table: partial(_assigned, own, name) for table, own in make.items()}


def _assigned(make: Callable[[], pd.DataFrame], name: str) -> pd.DataFrame:
    return make().assign(outcome=name)


def _had(table: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Return a table, an empty one where the data do not give it."""
    try:
        return table()
    except DesignError:
        return pd.DataFrame()


def _tests(fits: Fits, plan: Plan) -> pd.DataFrame:
    """Return whether hazards and incidences differ, and whether ratios of hazards last.

    Where there are clusters, the score bootstrap of both ratios stands beside the jackknife.
    """
    tests: list[Callable[..., ev.CurveTest]] = [ev.log_rank_test, ev.proportionality_test]
    if fits.d.competing:
        tests.insert(1, ev.gray_test)
    parts = [_had(partial(_rows_of, test, fits)) for test in tests]
    if fits.m.cluster is not None:
        parts.append(_had(lambda: _bootstrapped(fits.hazard, plan)))
        if fits.d.competing:
            parts.append(_had(lambda: _bootstrapped(fits.subdistribution, plan)))
    return pd.concat(parts, ignore_index=True)


def _rows_of(test: Callable[..., ev.CurveTest], fits: Fits) -> pd.DataFrame:
    return test(fits.m, fits.d, level=fits.level).tests


def _bootstrapped(ratio: ev.HazardRatio | ev.SubdistributionHazard, plan: Plan) -> pd.DataFrame:
    if ratio.decision.is_refused:
        return pd.DataFrame()
    effect = ev.score_bootstrap(ratio, **plan.drawn)
    row = {"cause": effect.outcome, "test": effect.term, "p_value": effect.p_value}
    return pd.DataFrame([{**row, "method": effect.test}])


def _quantiles(fits: Fits) -> pd.DataFrame:
    """Return when a quarter, half and three quarters of each arm have left by any cause."""
    curves = ev.survival_curves(fits.m, fits.d, level=fits.level)
    found = curves.quantiles(QUARTERS).rename(columns={"share": "probability"})
    # A curve that does not come down so far has no quantile to write.
    return found.replace([np.inf], np.nan).assign(cause=str(curves.curves["cause"].iloc[0]))


def _differences(fits: Fits, plan: Plan) -> pd.DataFrame:
    """Return the difference in the cause's incidence between the arms at fixed times."""
    d, times = fits.d, fixed_times(fits.horizon, fits.d.unit)
    found = ev.incidence_differences(fits.m, d, times, **plan.drawn).tidy()
    return found[found["curve"] == "difference"].assign(cause=d.outcome)


def _durations(fits: Fits, lost: str | None) -> pd.DataFrame:
    """Return what became of everybody who was followed, arm by arm, as in durations.csv.

    With a landmark first ``lost`` by cause (empty: left the data); then ``followed``,
    ``event``, ``competing``, ``censored`` and ``at_horizon``, which add up to those followed.
    ``rows`` are the positions of the rows that are counted.
    """
    parts = list(ends_of(fits.m, fits.d, fits.horizon))
    if lost is not None:
        parts = [*_lost(fits, lost), *parts]
    made = [
        {"arm": arm, "step": step, "cause": cause, "n": len(rows), "rows": rows}
        for arm, step, cause, rows in parts
    ]
    table = pd.DataFrame(made)
    return table.sort_values("arm", ascending=False, kind="stable", ignore_index=True)


def _lost(fits: Fits, column: str) -> Iterator[tuple[str, str, str, NDArray[np.int64]]]:
    """Yield who left before the landmark, by arm and cause."""
    frame, treated = fits.m.frame, fits.m.treated
    lost = frame[column].to_numpy(bool)
    cause = frame[fits.d.event].fillna("").to_numpy()
    for arm, own in zip(ARMS, (treated, ~treated), strict=True):
        for name in (*fits.d.causes, ""):
            yield arm, "lost", name, np.flatnonzero(lost & own & (cause == name))
