"""Look an outcome in time up in its register: weekly statuses, paid hours or case records."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analyses.cohort.derive import units
from analyses.inputs.tables import Tables
from analyses.study.sections import RegisterTime, Study
from surveys.dream.weeks import WEEK, mondays_of

# Whoever fails an earlier step is counted there, and not at `observed`, which holds them all.
STEPS = ("at_risk", "open_case", "early_enough", "observed")


def runs_of(outcome: RegisterTime, tables: Tables, after: pd.Series) -> pd.DataFrame:
    """Return weeks until the outcome with their cause, as `surveys.Dream.first_run` does.

    Parameters
    ----------
    outcome : RegisterTime
        The plan.
    tables : Tables
        The data.
    after : pandas.Series
        Index dates by person; a person may stand several times.
    """
    if outcome.register == "weekly_register":
        return tables.register().first_run(
            outcome.event, outcome.weeks, after=after, competing=outcome.competing
        )
    dream = tables.register() if outcome.competing else None
    if outcome.register == "monthly_hours":
        return tables.paid_hours().first_run(
            float(outcome.hours or 0),
            int(outcome.months or 0),
            after=after,
            dream=dream,
            competing=outcome.competing,
        )
    return tables.case_records().first_closing(
        str(outcome.case_type), after=after, dream=dream, competing=outcome.competing
    )


def weeks_since_opening(
    outcome: RegisterTime, tables: Tables, after: pd.Series
) -> NDArray[np.float64]:
    """Return the weeks from the opening of the case that is open on a date, NaN without one."""
    spells = tables.case_records().open_at(str(outcome.case_type), after)
    opened = spells["start"].to_numpy("datetime64[D]")
    known = ~np.isnat(opened)
    weeks = np.full(len(spells), np.nan)
    days = pd.DatetimeIndex(after).to_numpy("datetime64[D]")
    weeks[known] = (mondays_of(days[known]) - mondays_of(opened[known])) / WEEK
    return weeks


def at_risk(
    study: Study,
    tables: Tables,
    persons: NDArray[np.int64],
    dates: NDArray[np.datetime64],
) -> list[tuple[str, NDArray[np.bool_]]]:
    """Return who can be followed to each outcome that weekly statuses alone do not define.

    Parameters
    ----------
    study, tables : Study, Tables
        The plan and the data.
    persons, dates : np.ndarray
        Position of each row's person in the cohort's table, and its index date.

    Notes
    -----
    Only the index date is looked at: whether the register covers it, whether employment is
    there already, whether a case is open.
    """
    conditions: dict[str, NDArray[np.bool_]] = {}

    def require(step: str, met: NDArray[np.bool_]) -> None:
        conditions[step] = conditions.get(step, True) & met

    keys = units(study, tables.frames[study.cohort.table]).to_numpy()[persons]
    after = pd.Series(dates, index=keys)
    for outcome in study.outcomes:
        if not isinstance(outcome, RegisterTime):
            continue
        if outcome.register == "monthly_hours":
            require(
                "at_risk", ~tables.paid_hours().reached_at(after, float(outcome.hours or 0))
            )
        if outcome.register == "spells" or outcome.time_scale == "case":
            elapsed = weeks_since_opening(outcome, tables, after)
            require("open_case", ~np.isnan(elapsed))
            if outcome.time_scale == "case":
                require("early_enough", ~(elapsed >= outcome.horizon))
        if outcome.register != "weekly_register":
            require("observed", runs_of(outcome, tables, after)["eligible"].to_numpy(bool))
    return [(step, conditions[step]) for step in STEPS if step in conditions]
