"""What stands beside the effects on a duration: tests, quantiles and differences over time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

import evaluation as ev
from analyses.outcomes.outcomes import Estimated, duration_of
from analyses.study.sections import Study, TimeOutcome
from data_dictionary.errors import DesignError
from evaluation.comparison.arms import ARMS

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


def time_tables(one: Estimated, study: Study) -> dict[str, pd.DataFrame]:
    """Return ``tests``, ``quantiles`` and ``differences`` of one outcome.

    Parameters
    ----------
    one : Estimated
        The outcome with its comparison; an outcome that is no duration has empty tables.
    study : Study
        For level, draws and seed.

    Returns
    -------
    dict of str to pandas.DataFrame
        With the counts that disclosure control needs.  What cannot be had is left out: the
        effects' own notes say why.
    """
    if not isinstance(one.outcome, TimeOutcome):
        return {}
    made = {
        "tests": _tests(one.outcome, one, study),
        "quantiles": _had(partial(_quantiles, one.outcome, one, study)),
        "differences": _had(partial(_differences, one.outcome, one, study)),
    }
    return {name: frame.assign(outcome=one.outcome.name) for name, frame in made.items()}


def _had(table: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Return a table, an empty one where the data do not give it."""
    try:
        return table()
    except DesignError:
        return pd.DataFrame()


def _tests(outcome: TimeOutcome, one: Estimated, study: Study) -> pd.DataFrame:
    """Return whether hazards and incidences differ, and whether ratios of hazards last.

    Where there are clusters, the score bootstrap of both ratios stands beside the jackknife.
    """
    m, d, level = one.matched, duration_of(outcome), study.inference.level
    tests: list[Callable[..., ev.CurveTest]] = [ev.log_rank_test, ev.proportionality_test]
    ratios: list[Callable[..., ev.HazardRatio | ev.SubdistributionHazard]] = [ev.hazard_ratio]
    if d.competing:
        tests.insert(1, ev.gray_test)
        ratios.append(partial(ev.subdistribution_hazard, definition=outcome.fine_gray))
    parts = [_had(partial(_rows_of, test, m, d, level)) for test in tests]
    if m.cluster is not None:
        parts += [_had(partial(_bootstrapped, ratio, m, d, study)) for ratio in ratios]
    return pd.concat(parts, ignore_index=True)


def _rows_of(
    test: Callable[..., ev.CurveTest], m: ev.Matched, d: ev.Duration, level: float
) -> pd.DataFrame:
    return test(m, d, level=level).tests


def _bootstrapped(
    ratio: Callable[..., ev.HazardRatio | ev.SubdistributionHazard],
    m: ev.Matched,
    d: ev.Duration,
    study: Study,
) -> pd.DataFrame:
    found = ratio(m, d, level=study.inference.level)
    if found.decision.is_refused:
        return pd.DataFrame()
    level, draws = study.inference.level, study.inference.draws
    effect = ev.score_bootstrap(found, draws=draws, seed=study.seed, level=level)
    row = {"cause": effect.outcome, "test": effect.term, "p_value": effect.p_value}
    return pd.DataFrame([{**row, "method": effect.test}])


def _quantiles(outcome: TimeOutcome, one: Estimated, study: Study) -> pd.DataFrame:
    """Return when a quarter, half and three quarters of each arm have left by any cause.

    Beside each time stand the rows that have left by then and those still there.
    """
    curves = ev.survival_curves(one.matched, duration_of(outcome), level=study.inference.level)
    found = curves.quantiles(QUARTERS).rename(columns={"share": "probability"})
    cause = str(curves.curves["cause"].iloc[0])
    for place, row in found.iterrows():
        steps = curves.curves[curves.curves["arm"] == row["arm"]]
        past = steps["time"] <= row["estimate"]
        left = float(steps.loc[past, "n_events"].sum())
        found.loc[place, "n_events"] = left
        found.loc[place, "n_left"] = float(steps["at_risk"].iloc[0]) - left
    # A curve that does not come down so far has no quantile to write.
    return found.replace([np.inf], np.nan).assign(cause=cause)


def _differences(outcome: TimeOutcome, one: Estimated, study: Study) -> pd.DataFrame:
    """Return the studied cause's incidence in the arms and its difference at fixed times.

    Beside each time stand the events of both arms until then.
    """
    d, times = duration_of(outcome), fixed_times(outcome.horizon, outcome.unit)
    found = ev.incidence_differences(
        one.matched,
        d,
        times,
        level=study.inference.level,
        draws=study.inference.draws,
        seed=study.seed,
    ).tidy()
    found = found[found["curve"] == "difference"].assign(cause=d.outcome)
    mine = one.curves[one.curves["cause"] == d.outcome]
    for arm in ARMS:
        steps = mine[mine["arm"] == arm]
        found[f"n_events_{arm}"] = [
            float(steps.loc[steps["time"] <= time, "n_events"].sum()) for time in times
        ]
    return found
