"""spells.csv: how long the matched persons' cases last."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyses.cohort.who import people
from analyses.published.columns import words
from analyses.published.digits import UNIT, OfPersons
from analyses.published.table import WHO, Made, Release, ResultTable
from evaluation.comparison.arms import ARMS
from evaluation.disclosure import is_few, suppress_shares
from evaluation.disclosure.digits import finest

DAYS_PER_WEEK = 7


def build(made: Made) -> pd.DataFrame:
    """Return one row per type of case and arm.

    The quartiles are those of the spells as observed; where many are open they are lower
    limits, which is why the share of open ones stands beside them.
    """
    if made.data.cases is None:
        return pd.DataFrame()
    m = made.estimates.main.matched
    frame = made.data.cases.frame
    # Both days are included: a case that closes as it opens lasts a day.
    weeks = ((frame["stop"] - frame["start"]).dt.days + 1) / DAYS_PER_WEEK
    rows = []
    for arm, own in zip(ARMS, (m.treated, ~m.treated), strict=True):
        mine = frame["person_id"].isin(set(m.frame.loc[own & m.used, m.roles.unit]))
        for case_type, found in frame.loc[mine].groupby("case_type", observed=True):
            own_weeks = weeks.loc[found.index]
            quartiles = own_weeks.quantile([0.25, 0.5, 0.75]).to_numpy()
            rows.append(
                {
                    "case_type": case_type,
                    "arm": arm,
                    "n": len(found),
                    f"n{WHO}": people(found["person_id"]),
                    f"median_weeks{UNIT}": float(finest(np.ptp(own_weeks), len(found))),
                    "median_weeks": quartiles[1],
                    "p25_weeks": quartiles[0],
                    "p75_weeks": quartiles[2],
                    "open_share": 100 * float((~found["closed"]).mean()),
                }
            )
    return pd.DataFrame(rows)


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide types on few, and quartiles with few persons' cases on one side."""
    made = suppress_shares(frame, share="open_share", base="n", min_cell=release.min_cell)
    persons = np.array([len(who) for who in frame[f"n{WHO}"]])
    # One person's many cases are one person's days.
    cases = np.minimum(persons, frame["n"].to_numpy(float))
    # A half lies beyond the median, a quarter beyond a quartile: those must be enough.
    for column, side in zip(QUARTILES, (2, 4, 4), strict=True):
        made[column] = made[column].mask(is_few(cases // side, release.min_cell))
    few = is_few(cases, release.min_cell)
    return made.assign(n=made["n"].mask(few), open_share=made["open_share"].mask(few))


QUARTILES = ("median_weeks", "p25_weeks", "p75_weeks")
SPELLS = ResultTable(
    name="spells",
    meaning="How long the cases of those in the comparison last, as observed.",
    columns=words("case_type arm n median_weeks p25_weeks p75_weeks open_share"),
    build=build,
    protect=protect,
    digits=(OfPersons(QUARTILES), OfPersons(("open_share",), base="n")),
)
