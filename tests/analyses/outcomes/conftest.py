"""A study's register outcome, and its data with paid hours and cases added."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analyses import Study, Tables
from analyses.outcomes.weekly import Weekly
from surveys import Hours, clean_cases

END = date(2020, 12, 31)


@pytest.fixture(scope="module")
def one(study: Study) -> Weekly:
    outcome = study.outcomes[0]
    assert isinstance(outcome, Weekly)
    return outcome


@pytest.fixture(scope="module")
def supplied(tables: Tables) -> Tables:
    """Add paid hours where the register has a job, and a case of everybody on benefits."""
    dream = tables.register()
    employed = dream.status == dream.statuses.index("employment")
    months = (dream.weeks + np.timedelta64(3, "D")).astype("datetime64[M]")
    found = []
    for month in np.unique(months):
        share = employed[:, months == month].mean(axis=1)
        rows = np.flatnonzero(share > 0)
        found.append(
            pd.DataFrame(
                {
                    "person_id": dream.persons[rows],
                    "month": pd.Timestamp(month.astype("datetime64[D]")),
                    "hours": 160.33 * share[rows],
                }
            )
        )
    rng = np.random.default_rng(5)
    n = len(dream.index)
    opened = pd.Timestamp("2015-01-01") + pd.to_timedelta(rng.integers(0, 500, n), "D")
    length = pd.to_timedelta(rng.integers(300, 2_000, n), "D")
    records = pd.DataFrame(
        {
            "person_id": dream.persons,
            "municipality": 217,
            "case_type": "family",
            "opened": opened,
            "closed": opened + length,
        }
    )
    return replace(
        tables,
        hours=Hours.from_records(pd.concat(found, ignore_index=True)),
        cases=clean_cases(records, END),
    )
