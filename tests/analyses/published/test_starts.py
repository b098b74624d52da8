"""When the programme began, as its own file says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from analyses import Results, Study, Tables
from analyses.published.gate import Gate
from analyses.published.starts import build
from analyses.published.table import Made
from analyses.published.tables import TABLES


def starts_of(study: Study, tables: Tables, exposure: pd.DataFrame | None = None) -> Any:
    """Return the table of a study, with another file of starts where one is given."""
    if exposure is not None:
        tables = replace(tables, frames={**tables.frames, "exposure": exposure})
    return build(Made(TABLES, study, tables, None))


def test_each_start_is_that_of_the_file(results: Results, tables: Tables) -> None:
    exposure = tables.frames["exposure"]
    found = results.starts.set_index(["cluster", "part"])["first_date"]
    assert len(found) == len(exposure) == 27
    assert set(results.starts["divided_by"]) == {"service_cluster"}
    for row in exposure.itertuples():
        told = found[str(row.municipality), row.service_cluster]
        assert told == f"{row.start_date:%Y-%m-%d}"


def test_of_several_starts_the_first_is_told(study: Study, tables: Tables) -> None:
    exposure = tables.frames["exposure"]
    later = exposure.assign(start_date=exposure["start_date"] + pd.Timedelta(days=90))
    found = starts_of(study, tables, pd.concat([later, exposure], ignore_index=True))
    assert found.equals(starts_of(study, tables))


def test_starts_may_differ_by_place_alone(study: Study, tables: Tables) -> None:
    exposure = tables.frames["exposure"].drop(columns="service_cluster")
    found = starts_of(study, tables, exposure)
    assert len(found) == 9
    assert set(found["divided_by"]) == set(found["part"]) == {""}
    shown = Gate(5).publish({"starts": found})["starts"].frame
    assert shown["first_date"].notna().all()


def test_a_start_that_is_not_known_is_left_out(study: Study, tables: Tables) -> None:
    exposure = tables.frames["exposure"].copy()
    exposure.loc[0, "start_date"] = pd.NaT
    assert len(starts_of(study, tables, exposure)) == 26


def test_a_study_without_a_file_of_starts_has_none(study: Study, tables: Tables) -> None:
    without = replace(study, cohort=replace(study.cohort, time_zero=None))
    assert starts_of(without, tables).empty
    apart = replace(study, cohort=replace(study.cohort, cluster=None))
    assert starts_of(apart, tables).empty
