"""spells.csv: how long the matched persons' cases last."""

from __future__ import annotations

import pandas as pd

from analyses.published.columns import words
from analyses.published.rules import share_of_few
from analyses.published.table import Made, ResultTable
from evaluation.comparison.arms import ARMS

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
    weeks = ((frame["stop"] - frame["start"]).dt.days + 1) / DAYS_PER_WEEK
    rows = []
    for arm, own in zip(ARMS, (m.treated, ~m.treated), strict=True):
        mine = frame["person_id"].isin(set(m.frame.loc[own & m.used, m.roles.unit]))
        for case_type, found in frame.loc[mine].groupby("case_type", observed=True):
            quartiles = weeks.loc[found.index].quantile([0.25, 0.5, 0.75]).to_numpy()
            rows.append(
                {
                    "case_type": case_type,
                    "arm": arm,
                    "n": len(found),
                    "median_weeks": quartiles[1],
                    "p25_weeks": quartiles[0],
                    "p75_weeks": quartiles[2],
                    "open_share": 100 * float((~found["closed"]).mean()),
                }
            )
    return pd.DataFrame(rows)


SPELLS = ResultTable(
    name="spells",
    meaning="How long the cases of those in the comparison last, as observed.",
    columns=words("case_type arm n median_weeks p25_weeks p75_weeks open_share"),
    build=build,
    protect=share_of_few("open_share", "n", "median_weeks", "p25_weeks", "p75_weeks"),
)
