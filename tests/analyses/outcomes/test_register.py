"""What registers share: time since a case opened, and a landmark."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analyses import Study, Tables
from analyses.outcomes.weekly import Weekly
from tests.analyses.outcomes.of_kinds import estimated, steps


def test_weeks_since_the_case_opened_are_at_risk_from_the_index_date_only(
    study: Study, supplied: Tables, one: Weekly
) -> None:
    outcome = replace(one, time_scale="case", case_type="family", horizon=260)
    found = estimated(study, supplied, outcome).outcomes[one.name]
    used = found.matched.frame.loc[found.matched.used]
    entry, exits = used[f"{one.name}_entry"], used[f"{one.name}_exit"]
    assert (entry >= 0).all()
    assert (entry < exits).all()
    assert (exits <= 260).all()
    spells = supplied.case_records().frame.set_index("person_id")["start"]
    days = (used["index_date"] - used["person_id"].map(spells)).dt.days
    assert ((entry - days / 7).abs() < 1).all()


def test_a_landmark_keeps_those_at_risk_and_counts_who_was_lost(
    study: Study, tables: Tables, one: Weekly
) -> None:
    whole = estimated(study, tables, one).outcomes[one.name]
    late = estimated(study, tables, replace(one, landmark=13)).outcomes[one.name]
    before, after = (found.matched.frame[f"{one.name}_exit"] for found in (whole, late))
    kept = late.matched.used
    assert (kept == (whole.matched.used & (before > 13).to_numpy())).all()
    # Follow-up reaches 104 weeks after the landmark, so only those who left before agree.
    early = kept & (before < 104).to_numpy()
    assert (after[early] == before[early] - 13).all()
    table = late.beside["durations"]().groupby(["arm", "step"])["n"].sum()
    for arm, own in (
        ("treated", whole.matched.treated),
        ("comparison", ~whole.matched.treated),
    ):
        assert table[arm, "lost"] == (own & whole.matched.used & ~kept).sum()
        assert table[arm, "lost"] + table[arm, "followed"] == (own & whole.matched.used).sum()
    assert any("no effect on everybody matched" in note for note in late.tested.notes)


def test_who_has_no_open_case_or_too_old_a_one_is_counted(
    study: Study, supplied: Tables, one: Weekly
) -> None:
    outcome = replace(one, time_scale="case", case_type="family", horizon=60)
    people = supplied.case_records().frame["person_id"].to_numpy()
    after = pd.Series(pd.Timestamp("2016-06-01"), index=people)
    met = dict(outcome.conditions(study, supplied, after))
    elapsed = outcome.weeks_open(supplied, after)
    assert list(met) == ["open_case", "early_enough"]
    assert (met["open_case"] == ~np.isnan(elapsed)).all()
    assert (met["early_enough"] == ~(elapsed >= 60)).all()
    assert 0 < met["early_enough"].sum() < len(people)


def test_without_a_case_weekly_statuses_ask_for_none(
    study: Study, tables: Tables, one: Weekly
) -> None:
    assert "open_case" not in steps(estimated(study, tables, one))
