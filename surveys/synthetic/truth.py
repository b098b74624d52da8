"""The true effects, from both worlds, by short reference code of its own.

Nothing here is shared with the estimators or with the readers: statuses are composed again from
the codes, runs are found by looking at every window, and the Cox coefficient of one two-valued
covariate is found by Newton's method on counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from surveys.synthetic.timeline import HORIZON

COMPETING = {
    "education": (651, 652, 661),
    "flexjob": (771, 774),
    "early_retirement": (783,),
    "retirement": (611, 621, 622, 998),
    "death": (999,),
    "emigration": (997,),
}
JOB_CODES = (121, 122, 123)
CAUSES = ("employment", *COMPETING)
SCORES = ("relation", "goal_support", "who5")


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthEntry:
    """One true effect, as it stands in truth.json, with the error of drawing persons.

    Of ``participants`` or ``register_eligible`` (intention to treat), in this ``study`` or in
    the ``large`` draw of many studies alike.  `horizon` are weeks, or the survey wave for
    scores.
    """

    outcome: str
    term: str
    estimand: str
    unit: str
    population: str
    draw: str
    horizon: int
    value: float
    mc_error: float


def job_weeks(codes: NDArray[np.int16], works_in_month: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which weeks are employment: no code but an industry, or holiday from a job."""
    return np.asarray(((codes == 0) & works_in_month) | np.isin(codes, JOB_CODES))


def first_event(
    codes: NDArray[np.int16], jobs: NDArray[np.bool_], index: NDArray[np.int64], run: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return when each person first begins a run of `run` job weeks or meets another end.

    `codes` and `jobs` stand by person and week, `index` is each person's week 0. The cause is
    1 + its position in `CAUSES`, or 0 with the last week that could be seen.
    """
    # Codes of the register have three digits.
    meaning = np.zeros(1000, dtype=np.int64)
    for number, given in enumerate(COMPETING.values()):
        meaning[list(given)] = number + 2
    ends = meaning[codes]
    # Every window is looked at, unlike the reader's one pass: the two check each other.
    starts = np.logical_and.reduce(
        [jobs[:, k : jobs.shape[1] - run + 1 + k] for k in range(run)]
    )
    last = starts.shape[1] - 1 - index
    duration = np.maximum(last, 1)
    cause = np.zeros(index.size, dtype=np.int64)
    for person, week in enumerate(index):
        begun = np.flatnonzero(starts[person, week + 1 :])
        ended = np.flatnonzero(ends[person, week + 1 : starts.shape[1]])
        # In the same week it is no run: a week has one status.
        if begun.size and (not ended.size or begun[0] < ended[0]):
            duration[person], cause[person] = begun[0] + 1, 1
        elif ended.size:
            duration[person] = ended[0] + 1
            cause[person] = ends[person, week + duration[person]]
    return duration, cause


def weeks_employed(
    jobs: NDArray[np.bool_], index: NDArray[np.int64], horizon: int
) -> NDArray[np.int64]:
    """Return how many of the weeks from 1 to `horizon` after `index` are employment."""
    weeks = index[:, None] + np.arange(1, horizon + 1)
    return np.asarray(np.take_along_axis(jobs, weeks, axis=1).sum(axis=1), dtype=np.int64)


def marginal_log_hazard_ratio(
    time: NDArray[np.int64], event: NDArray[np.bool_], world: NDArray[np.bool_]
) -> float:
    """Return the Cox coefficient of `world` (Efron's ties), by Newton's method on counts."""
    weeks = np.arange(1, int(time.max()) + 1)
    risk = [np.array([(time[world == w] >= t).sum() for t in weeks]) for w in (False, True)]
    died = [
        np.bincount(time[event & (world == w)], minlength=weeks.size + 1)[1:]
        for w in (False, True)
    ]
    total = died[0] + died[1]
    at = np.repeat(np.arange(weeks.size), total)
    passed = (np.arange(at.size) - (np.cumsum(total) - total)[at]) / np.maximum(total[at], 1)
    without = risk[0][at] - passed * died[0][at]
    with_it = risk[1][at] - passed * died[1][at]
    beta = 0.0
    for _ in range(25):
        share = with_it * np.exp(beta) / (without + with_it * np.exp(beta))
        step = (died[1].sum() - share.sum()) / (share * (1.0 - share)).sum()
        beta += step
        if abs(step) < 1e-12:
            break
    return float(beta)


def entries(
    units: pd.DataFrame, part: NDArray[np.int64], *, population: str, draw: str, horizon: int
) -> list[TruthEntry]:
    """Return every true effect among these units, with its Monte Carlo error.

    A row of `units` holds both worlds of a person; the error is a jackknife that leaves out one
    `part` at a time.
    """
    estimand = "ATT" if population == "participants" else "ITT"
    found = []
    for outcome, term, unit, at in _terms(horizon):
        value, *without = (
            effect(units[kept], outcome=outcome, term=term, horizon=horizon)
            for kept in (part >= 0, *(part != left_out for left_out in np.unique(part)))
        )
        error = float(np.sqrt((len(without) - 1) * np.var(without)))
        found.append(
            TruthEntry(
                outcome=outcome,
                term=term,
                estimand=estimand,
                unit=unit,
                population=population,
                draw=draw,
                horizon=at,
                value=value,
                mc_error=error,
            )
        )
    return found


def effect(units: pd.DataFrame, *, outcome: str, term: str, horizon: int) -> float:
    """Return one true effect among `units`, which are rows of units.parquet.

    `outcome` is ``employment``, a competing cause or a scale.  ``hazard_ratio`` is on the ratio
    scale, with the study's administrative censoring; of ``subdistribution_hazard_ratio`` those
    who left by another cause are still at risk.
    """
    if term == "score_difference":
        return float((units[f"{outcome}_w3_1"] - units[f"{outcome}_w3_0"]).mean())
    if term == f"accumulated_weeks_{HORIZON}":
        return float((units[f"weeks_{outcome}1"] - units[f"weeks_{outcome}0"]).mean())
    # One row per world.
    duration = np.array([units["duration0"], units["duration1"]])
    cause = np.array([units[f"cause{world}"].fillna("") for world in (0, 1)], dtype=object)
    # Only the hazard ratio depends on censoring; shares are those at the horizon.
    limit = np.minimum(units["censor"], horizon) if term == "hazard_ratio" else horizon
    reached = (cause == outcome) & (duration <= np.asarray(limit))
    if term.endswith("hazard_ratio"):
        seen = np.minimum(duration, np.asarray(limit))
        time = seen if term == "hazard_ratio" else np.where(reached, duration, horizon)
        world = np.repeat([False, True], len(units))
        return float(np.exp(marginal_log_hazard_ratio(time.ravel(), reached.ravel(), world)))
    if term == "incidence":
        return float(100.0 * (reached[1].mean() - reached[0].mean()))
    since = np.where(reached, horizon - duration, 0).mean(axis=1)
    return float(since[1] - since[0])


def intraclass_correlation(value: NDArray[np.float64], group: NDArray[np.int64]) -> float:
    """Return the one-way analysis-of-variance ICC of `value` in `group`, at least 0."""
    _, code, size = np.unique(group, return_inverse=True, return_counts=True)
    mean = np.bincount(code, value) / size
    k, n = size.size, value.size
    between = (size * (mean - value.mean()) ** 2).sum() / (k - 1)
    within = ((value - mean[code]) ** 2).sum() / (n - k)
    typical = (n - (size**2).sum() / n) / (k - 1)
    return float(max(0.0, (between - within) / (between + (typical - 1) * within)))


def _terms(horizon: int) -> list[tuple[str, str, str, int]]:
    """Return outcome, term, unit and horizon of every entry."""
    scores = [(scale, "score_difference", "scale points (0-100)", 3) for scale in SCORES]
    return [
        ("employment", "incidence", "percentage points", horizon),
        ("employment", "weeks_since_employment", "weeks", horizon),
        ("employment", "hazard_ratio", "hazard ratio", horizon),
        ("employment", "subdistribution_hazard_ratio", "subdistribution hazard ratio", horizon),
        ("employment", f"accumulated_weeks_{HORIZON}", "weeks", HORIZON),
        *scores,
    ]
