"""Columns are made as of the index date, whatever the register says later."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyses import Study, Tables
from analyses.cohort.derive import keys_of, whole_years
from analyses.cohort.rows import cohort_rows
from analyses.study.derived import Recorded
from data_dictionary.errors import DesignError
from surveys.dream.periods import Periods

DATES = st.dates(pd.Timestamp("1950-01-01").date(), pd.Timestamp("2020-12-31").date())


def test_municipality_and_match_group_stand_as_of_the_index_date(
    study: Study, tables: Tables
) -> None:
    dream = tables.register()
    n = len(dream.index)
    years = np.array(["2016-01", "2017-01", "2018-01"], dtype="datetime64[M]")
    place = Periods(
        starts=years,
        months=12,
        values=np.tile(np.array([0, 0, 1], dtype=np.uint8), (n, 1)),
        levels=pd.array([217, 151], dtype="Int64"),
    )
    quarters = np.arange(np.datetime64("2017-01"), np.datetime64("2019-01"), 3)
    match = Periods(
        starts=quarters,
        months=3,
        values=np.tile(np.arange(8, dtype=np.uint8) // 4, (n, 1)),
        levels=pd.array(["2", "3"], dtype="string"),
    )
    recorded = replace(tables, dream=replace(dream, municipality=place, match_group=match))
    derived = (
        Recorded(name="lives_in", source="dream", column="nykom"),
        Recorded(name="group", source="dream", column="visit"),
    )
    plan = replace(study, derived=(*study.derived, *derived), outcomes=study.outcomes[:1])
    frame = cohort_rows(plan, recorded).frame
    year = frame["index_date"].dt.year
    assert set(year) == {2017, 2018}
    assert (frame["lives_in"].astype(str) == year.map({2017: "217", 2018: "151"})).all()
    assert (frame["group"].astype(str) == year.map({2017: "2", 2018: "3"})).all()


def test_a_move_after_the_index_date_changes_nothing(study: Study, tables: Tables) -> None:
    # Movers stay where they were at the index date, as in an intention to treat.
    dream = tables.register()
    n = len(dream.index)
    years = np.array(["2017-01", "2018-01", "2019-01"], dtype="datetime64[M]")
    stays, moves = np.zeros((n, 3), dtype=np.uint8), np.zeros((n, 3), dtype=np.uint8)
    moves[:, 2] = 1
    found = []
    for values in (stays, moves):
        levels = pd.array([217, 151], dtype="Int64")
        place = Periods(starts=years, months=12, values=values, levels=levels)
        recorded = replace(tables, dream=replace(dream, municipality=place))
        derived = (Recorded(name="lives_in", source="dream", column="nykom"),)
        plan = replace(study, derived=(*study.derived, *derived), outcomes=study.outcomes[:1])
        found.append(cohort_rows(plan, recorded).frame["lives_in"].astype(str))
    assert (found[0] == found[1]).all()


@given(birth=DATES, until=DATES)
@settings(deadline=None, max_examples=50)
def test_whole_years_are_counted_at_birthdays(birth: object, until: object) -> None:
    born, at = (np.array([day], dtype="datetime64[D]") for day in (birth, until))
    if at < born:
        with pytest.raises(DesignError, match=r"1 index date\(s\) lie before"):
            whole_years(born, at)
        return
    years = int(whole_years(born, at)[0])
    one, other = pd.Timestamp(birth), pd.Timestamp(until)
    assert years == other.year - one.year - ((other.month, other.day) < (one.month, one.day))


def test_without_a_key_the_row_is_the_person(study: Study, tables: Tables) -> None:
    n = len(tables.frames["population"])
    numbered = keys_of(replace(study.cohort, unit=None), tables)
    assert numbered.tolist() == list(range(n))
    assert keys_of(study.cohort, tables).is_unique
