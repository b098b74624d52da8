"""Stages on the way to participation, and the share who took the last one."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analyses import Study, Tables
from analyses.cohort.stages import in_reach, share_of, stands, uptake


def test_a_date_or_a_yes_is_a_stage_that_was_reached() -> None:
    dates = pd.Series([pd.Timestamp("2017-01-01"), pd.NaT])
    assert stands(dates).tolist() == [True, False]
    assert stands(pd.Series([True, None], dtype="boolean")).tolist() == [True, False]


def test_whoever_lives_where_somebody_is_treated_is_in_reach(
    study: Study, tables: Tables
) -> None:
    treated, reached = in_reach(study, tables)
    people = tables.frames["population"]
    assert reached[treated].all()
    assert set(people.loc[reached, "municipality"]) == set(people.loc[treated, "municipality"])
    alone = replace(study, cohort=replace(study.cohort, cluster=None))
    assert in_reach(alone, tables)[1].all()


def test_uptake_is_the_share_of_the_invited_who_consent(study: Study, tables: Tables) -> None:
    people = tables.frames["population"]
    trial = people.loc[people["en_plan"].astype(bool), "municipality"].unique()
    asked = people[people["municipality"].isin(trial) & people["invited"].astype(bool)]
    agreed = asked["consented"].astype(bool)
    found = uptake(study, tables)
    assert found is not None
    assert found.asked == set(asked["person_id"])
    assert found.agreed == set(asked.loc[agreed, "person_id"])
    assert share_of(found) == pytest.approx(agreed.mean())


def test_without_two_stages_or_anybody_who_refused_there_is_no_share(
    study: Study, tables: Tables
) -> None:
    one_stage = replace(study.cohort, stages={"invited": "invited"})
    assert uptake(replace(study, cohort=one_stage), tables) is None
    twice = replace(study.cohort, stages={"invited": "invited", "again": "invited"})
    assert uptake(replace(study, cohort=twice), tables) is None
