"""Registers that are drawn have runs of declared codes, and open cases, at time zero."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_dictionary import load
from surveys import Dream
from surveys.dream.families import Family
from surveys.synthetic.like_records import cases_of, hours_of, weeks_of
from surveys.synthetic.spine import Aims, Spine

WORDS = load("enplan")
AIMS = Aims(
    span=(np.datetime64("2018-01-01"), np.datetime64("2018-12-31")),
    before=60,
    after=60,
    status="benefits",
    events=("work",),
    groups={"work": ("employment", "flexjob")},
    case_types=("employment", "family"),
    observed_until=np.datetime64("2020-06-30"),
)
SPINE = Spine.of(np.random.default_rng(1), 600, AIMS, WORDS["population"])
MONDAYS = np.arange(np.datetime64("2016-10-03"), np.datetime64("2020-06-29"), 7)
WEEKS = [Family("y_{YYWW}").name(monday) for monday in MONDAYS]
MONTHS = list(dict.fromkeys(map(Family("branche_{YYYY}_{MM}").name, MONDAYS)))


def test_everybody_is_on_the_status_at_zero_in_runs_of_one_code() -> None:
    made = weeks_of(
        np.random.default_rng(2), WORDS["dream"], [*WEEKS, *MONTHS], 600, SPINE, WORDS
    )
    codes = pd.DataFrame({name: made[name] for name in WEEKS}).fillna(0).to_numpy(int)
    listed = WORDS.code_lists["dream"].status_of()
    at_zero = ((SPINE.zero - MONDAYS[0]).astype(int) // 7).astype(int)
    assert {listed[code] for code in codes[np.arange(600), at_zero]} == {"benefits"}
    assert set(np.unique(codes)) <= {0, *listed}
    changes = (np.diff(codes, axis=1) != 0).mean()
    assert 1 / 60 < changes < 1 / 15
    # Nobody comes back from death.
    dead = np.isin(codes, [code for code, name in listed.items() if name == "death"])
    assert dead.any()
    assert (np.diff(dead.astype(int), axis=1) >= 0).all()
    # Who works has an industry in the month, and nobody else has one all the time.
    industry = pd.DataFrame({name: made[name] for name in MONTHS})
    assert 0.1 < industry.notna().to_numpy().mean() < 0.6
    assert isinstance(Dream, type)


def test_cases_of_every_type_asked_for_are_open_at_zero() -> None:
    made = pd.DataFrame(cases_of(np.random.default_rng(2), WORDS["cases"], 1_500, SPINE))
    zero = dict(zip(SPINE.key, SPINE.zero, strict=True))
    at = made["person_id"].map(zero)
    is_open = (made["opened"] <= at) & ~(made["closed"] < at)
    for kind in AIMS.case_types:
        assert made.loc[is_open & (made["case_type"] == kind), "person_id"].nunique() == 600
    assert (made["opened"] <= made["closed"]).sum() + made["closed"].isna().sum() == 1_500
    assert made["closed"].max() <= pd.Timestamp("2020-06-30")
    assert made["closed"].isna().any()


def test_every_month_has_work_and_few_work_at_zero() -> None:
    made = pd.DataFrame(hours_of(np.random.default_rng(2), WORDS["hours"], 8_000, SPINE))
    assert not made.duplicated(["person_id", "month"]).any()
    months = made["month"].drop_duplicates().sort_values()
    assert (months.diff().dropna().dt.days <= 31).all()
    assert made["hours"].between(60, 200).all()
    assert 5_000 < len(made) < 12_000
