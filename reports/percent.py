"""A share is read in per cent: an amount that is no or yes is shown in percentage points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analyses.published.tables import TABLES
from analyses.results.facts import RunFacts

POINTS = "percentage points"


def in_percent(
    facts: RunFacts, frames: Mapping[str, pd.DataFrame]
) -> tuple[RunFacts, dict[str, pd.DataFrame]]:
    """Return facts and tables with the outcomes that are shares times a hundred.

    In a result table such an outcome has the unit that the study file gives it; rows in another
    unit stand as they are.
    """
    units = {one.name: one.unit for one in facts.outcomes if one.value and one.value.is_share}
    if not units:
        return facts, dict(frames)
    outcomes = tuple(
        replace(one, unit=POINTS) if one.name in units else one for one in facts.outcomes
    )
    made = {name: _scaled(name, frame, units) for name, frame in frames.items()}
    return replace(facts, outcomes=outcomes), made


def _scaled(name: str, frame: pd.DataFrame, units: Mapping[str, str]) -> pd.DataFrame:
    if name not in TABLES or "outcome" not in frame:
        return frame
    rows = frame["outcome"].isin(list(units))
    if "unit" in frame:
        rows &= frame["unit"] == frame["outcome"].map(units)
    told = TABLES[name].of("estimate", "error", "limit") + ["mde"] * ("mde" in frame)
    if not rows.any() or not told:
        return frame
    made = frame.copy()
    made.loc[rows, told] = 100 * made.loc[rows, told].astype(float)
    if "unit" in frame:
        made.loc[rows, "unit"] = POINTS
    return made
