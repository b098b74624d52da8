"""Durations that stand in the cohort's table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from analyses import Study, Tables
from analyses.outcomes.columns import Columns
from data_dictionary.errors import DesignError
from data_dictionary.mistakes import Mistakes
from evaluation import Matched

OUTCOME = Columns(
    name="job",
    kind="time",
    exit="spell",
    event={"full": "censor1", "part": "censor2"},
    of="full",
    competing=("part",),
    horizon=10.0,
    unit="months",
)


def compared(**columns: list[object]) -> Matched:
    frame = pd.DataFrame({"person": range(4), "plan": [True, True, False, False], **columns})
    return ev.unmatched(frame, ev.Roles(unit="person", treatment="plan"))


def test_each_exit_has_the_cause_of_its_column_and_ends_at_the_horizon(
    study: Study, tables: Tables
) -> None:
    m = compared(spell=[3, 12, 5, 10], censor1=[1, 1, 0, 0], censor2=[0, 0, 1, 0])
    frame = OUTCOME.placed(m, study, tables).frame
    assert frame["job_exit"].tolist() == [3, 10, 5, 10]
    assert frame["job_event"].fillna("").tolist() == ["full", "", "part", ""]
    assert OUTCOME.columns == ("spell", "censor1", "censor2")


def test_two_causes_of_one_exit_are_refused_with_their_number(
    study: Study, tables: Tables
) -> None:
    m = compared(spell=[3, 4, 5, 6], censor1=[1, 1, 0, 0], censor2=[1, 1, 1, 0])
    with pytest.raises(
        DesignError, match=r"\[\[outcome\]\] job: 2 row\(s\) have more than one"
    ):
        OUTCOME.placed(m, study, tables)


def test_one_column_may_hold_the_causes_or_zero_and_one(study: Study, tables: Tables) -> None:
    m = compared(spell=[1, 2, 3, 4], why=["full", "part", None, "full"], happened=[1, 0, 0, 1])
    causes = replace(OUTCOME, event="why").placed(m, study, tables).frame["job_event"]
    assert causes.fillna("").tolist() == ["full", "part", "", "full"]
    alone = replace(OUTCOME, event="happened", of=None, competing=())
    made = alone.placed(m, study, tables)
    assert made.frame[alone.duration.event].fillna("").tolist() == ["job", "", "", "job"]


def test_what_is_left_out_follows_from_the_causes_and_the_horizon() -> None:
    mistakes = Mistakes()
    given = replace(OUTCOME, competing=None, horizon=None, horizon_weeks=26)  # type: ignore[arg-type]
    made = given.completed(mistakes, "[[outcome]] job")
    assert (made.competing, made.horizon) == (("part",), 26.0)
    assert not mistakes.found
    replace(OUTCOME, horizon_weeks=26).completed(mistakes, "[[outcome]] job")
    assert "exactly one of horizon_weeks and horizon" in str(mistakes.found[0])


def test_late_entry_is_kept_and_a_landmark_beside_it_refused(
    study: Study, tables: Tables
) -> None:
    late = replace(OUTCOME, entry="since")
    m = compared(
        spell=[3, 4, 5, 6], since=[0, 1, 0, 2], censor1=[1, 0, 0, 1], censor2=[0, 0, 0, 0]
    )
    made = late.placed(m, study, tables)
    assert late.duration.entry == "since"
    assert np.array_equal(made.frame["since"], m.frame["since"])
    assert late.starts_at is None
