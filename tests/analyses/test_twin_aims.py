"""What a twin must have follows from the study file: windows, waves, events and columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from analyses import load_study
from analyses.twin_aims import aims_of, members
from data_dictionary import load
from tests.small_study import (
    CASES,
    CLOSED,
    COHORT,
    COMPARISON,
    DATA,
    SCORE,
    TIME,
    WAVES,
    before_after,
    write_study,
)


def test_the_aims_of_a_shipped_study() -> None:
    study = load_study("enplan", needs_files=False)
    words = load("enplan")
    aims = aims_of(study, words, ())
    assert aims.span == (np.datetime64("2017-03-01"), np.datetime64("2018-12-31"))
    assert (aims.people, aims.unit, aims.start) == ("population", "person_id", "start_date")
    assert (aims.status, aims.events, aims.baseline) == ("benefits", ("employment",), 1)
    assert aims.stages == ("eligible_from", "invited", "consented")
    weeks = [name for name in members(words["dream"], study, aims) if name.startswith("y_")]
    # As far back as a covariate looks, as far ahead as the outcome.
    assert weeks[0] < "y_1435"
    assert weeks[-1] > "y_2052"


def test_a_register_says_how_far_time_goes() -> None:
    study = load_study("enplan", needs_files=False)
    aims = aims_of(study, load("enplan"), ("y_1401", "y_2140", "branche_2014_01"))
    assert aims.observed_until == np.datetime64("2021-10-10")


def test_cases_follow_persons_to_the_last_day_of_their_records(tmp_path: Path) -> None:
    folder = write_study(tmp_path, DATA, WAVES, CASES, COHORT, COMPARISON, SCORE, CLOSED, TIME)
    study = load_study(folder)
    aims = aims_of(study, load(study.dictionary), ())
    assert aims.observed_until == np.datetime64("2021-12-31")
    assert aims.span[1] + np.timedelta64(7 * 52, "D") < aims.observed_until
    assert aims.limits["weeks"] == (1.0, 75.0)
    assert aims.case_types == ("a",)


def test_one_group_has_persons_and_places_but_no_arms(tmp_path: Path) -> None:
    study = load_study(write_study(tmp_path, before_after()))
    aims = aims_of(study, load(study.dictionary), ())
    assert (aims.people, aims.unit, aims.cluster) == ("people", "person_id", "town")
    assert aims.treatment is None
