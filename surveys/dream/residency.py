"""Residency as weeks: in which weeks of a register a person lives in the country.

A week counts as resident if the person is resident on at least one of its days, the rule by
which DREAM itself sets a code. Outside residency a week of self-support or employment is
neither: it is ``not_resident`` before `resident_from` and ``emigration`` after
`resident_until`, since somebody who has left cannot be waited for. A code that the register did
set (a benefit, death) stands: it is evidence of its own. Employment after leaving, such as a
commuter's from Sweden, is not counted.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.columns import ColumnRole
from data_dictionary.days import read_days
from data_dictionary.errors import DataError, refuse_lacking
from surveys.dream.weeks import week_positions

# Columns of a population that are needed, and the roles of the columns that a file has them in.
ROLES: Mapping[str, ColumnRole] = {
    "person_id": "key",
    "resident_from": "resident_from",
    "resident_until": "resident_until",
}


def resident_weeks(
    persons: pd.Index, weeks: NDArray[np.datetime64], population: pd.DataFrame
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return the first and last resident week of each person, and who is in the population.

    `persons` and `weeks` are those of the register, `population` has the columns of `ROLES`; a
    missing date leaves its side open.
    """
    refuse_lacking(ROLES, population.columns, "the population lacks")
    dates = {name: role for name, role in ROLES.items() if role != "key"}
    spine = read_days(population, dates, "the population").set_index("person_id")[list(dates)]
    twice = int(spine.index.duplicated().sum())
    reversed_ = int((spine["resident_until"] < spine["resident_from"]).sum())
    if twice or reversed_:
        raise DataError(
            f"residency: {twice} person(s) stand twice in the population, "
            f"{reversed_} left before they arrived."
        )
    known = spine.reindex(persons)
    first = _week_or(known["resident_from"], weeks[0], 0)
    last = _week_or(known["resident_until"], weeks[0], weeks.size - 1)
    return first, last, persons.isin(spine.index)


def _week_or(dates: pd.Series, start: np.datetime64, otherwise: int) -> NDArray[np.int64]:
    """Return the week of each date, `otherwise` where it is missing."""
    weeks = np.full(len(dates), otherwise, dtype=np.int64)
    given = dates.notna().to_numpy()
    weeks[given] = week_positions(dates[given], start)
    return weeks
