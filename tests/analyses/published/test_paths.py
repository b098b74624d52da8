"""Paths are told in classes of persons, and their marks are read off what is told."""

from __future__ import annotations

import pandas as pd
import pytest

from analyses import Estimates
from analyses.outcomes.path import WeeklyPath
from analyses.published.gate import Gate
from analyses.published.paths import marks, on_few
from analyses.published.table import Release
from evaluation.disclosure import rare_statuses
from tests.analyses.published.whole import whole


@pytest.fixture(scope="module")
def found(estimates: Estimates) -> WeeklyPath:
    assert estimates.path is not None
    return estimates.path


def test_marks_are_read_off_the_published_path(found: WeeklyPath) -> None:
    table = found.table(rare_statuses(found.beside, min_cell=5))
    table["everybody"] = table.groupby("arm")["n"].transform("max")
    table["everybody_who"] = None
    shown = Gate(5).publish({"paths": whole("paths", table)})["paths"].frame
    lag, even = marks(found, shown, 5)
    gap = shown[(shown["status"] == "employment") & (shown["arm"] == "difference")]
    gap = gap.set_index("week")
    if lag is None:
        assert even is None
        assert (gap.loc[1:, "estimate"][gap.loc[1:, "conf_low"].notna()] >= 0).all()
    else:
        assert gap.loc[lag.week, "estimate"] == pytest.approx(lag.depth)
        assert lag.week >= 1


def test_weeks_that_few_were_ever_in_the_status_are_hidden(found: WeeklyPath) -> None:
    table = found.table()
    few = (table["status"] == "employment") & (table["arm"] == "treated")
    table.loc[few, "persons"] = table.loc[few, "persons"].clip(upper=9)
    effects = pd.DataFrame(
        {
            "outcome": ["employment", "employment", "flexjob"],
            "term": ["accumulated_weeks_26", "incidence", "accumulated_weeks_26"],
        }
    )

    def hidden(min_cell: int) -> list[bool]:
        release = Release(
            min_cell=min_cell, made={"paths": table}, shown={}, sizes={}, note=str
        )
        return list(on_few(effects, release))

    assert hidden(5) == [True, False, False]
    assert hidden(1) == [False] * 3
