"""Employment by paid hours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analyses import Study, Tables
from analyses.outcomes.hours import PaidHours
from analyses.outcomes.weekly import Weekly
from data_dictionary.errors import DesignError
from tests.analyses.outcomes.of_kinds import as_kind, estimated, steps


def test_employment_by_hours_is_found_later_than_by_weeks_and_its_workers_left_out(
    study: Study, supplied: Tables, one: Weekly
) -> None:
    outcome = as_kind(
        PaidHours, one, name="job", source="hours", hours=27.75, months=3, label=None
    )
    found = estimated(study, supplied, outcome)
    m = found.outcomes["job"].matched
    after = pd.Series(
        m.frame.loc[m.used, "index_date"].to_numpy(), index=m.frame.loc[m.used, "person_id"]
    )
    runs = supplied.paid_hours().first_run(
        after=after, dream=supplied.dream, competing=outcome.competing
    )
    assert runs["eligible"].all()
    kept = m.frame.loc[m.used, "job_exit"].to_numpy()
    assert (kept == np.minimum(runs["duration"].to_numpy(float), 104)).all()
    assert "at_risk" in steps(found)
    effects = found.effects.tidy().set_index(["outcome", "term"])
    assert np.isfinite(effects.loc[("job", "incidence"), "estimate"])
    weekly = estimated(study, supplied, one).curves
    hourly = found.curves
    shares = [
        frame.loc[
            (frame["cause"] == "employment") & (frame["arm"] == "treated"), "estimate"
        ].max()
        for frame in (weekly, hourly)
    ]
    assert shares[1] < shares[0]


def test_hours_that_the_study_lacks_are_named(
    study: Study, tables: Tables, one: Weekly
) -> None:
    with pytest.raises(DesignError, match=r"name their file in \[\[data.hours\]\]"):
        estimated(study, tables, as_kind(PaidHours, one, hours=27.75, months=3))


def test_months_in_a_row_are_told_in_weeks(one: Weekly) -> None:
    outcome = as_kind(PaidHours, one, hours=27.75, months=3)
    assert isinstance(outcome, PaidHours)
    assert (outcome.weeks, replace(outcome, months=12).weeks) == (13, 52)
    assert not outcome.is_weekly
