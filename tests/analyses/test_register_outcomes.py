"""Outcomes from paid hours and case records, time scales, landmarks, and what is counted."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analyses import Study, Tables
from analyses.cohort.rows import cohort_rows
from analyses.findings.estimate import Estimates, estimate
from analyses.outcomes.cases import ClosedCase
from analyses.outcomes.hours import PaidHours
from analyses.outcomes.kind import Kind
from analyses.outcomes.weekly import Weekly
from analyses.study.derived import Recorded
from data_dictionary.errors import DesignError
from surveys import Hours, clean_cases
from surveys.dream.periods import Periods

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


def as_kind(kind: type[Kind], one: Weekly, **changes: object) -> Kind:
    """Return an outcome of another kind that shares what it can."""
    own = {field.name for field in fields(kind)} & {field.name for field in fields(one)}
    known = {name: getattr(one, name) for name in own - {"event"}}
    return kind(**known | changes)  # type: ignore[arg-type]


def estimated(study: Study, tables: Tables, outcome: Kind) -> Estimates:
    return estimate(replace(study, outcomes=(outcome,), itt=None, designs=()), tables)


def steps(found: Estimates, arm: str = "comparison") -> dict[str, int]:
    return {step.step: step.lost for step in found.steps if step.arm == arm}


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


def test_a_case_that_closes_ends_the_waiting_time_and_open_cases_are_censored(
    study: Study, supplied: Tables, one: Weekly
) -> None:
    outcome = as_kind(
        ClosedCase,
        one,
        name="closing",
        source="cases",
        case_type="family",
        competing=("death", "emigration"),
    )
    found = estimated(study, supplied, outcome)
    m = found.outcomes["closing"].matched
    causes = set(m.frame.loc[m.used, "closing_event"].dropna())
    assert "closed" in causes <= {"closed", "death", "emigration"}
    assert steps(found)["open_case"] > 0
    table = found.outcomes["closing"].beside["durations"]()
    treated = table[table["arm"] == "treated"].groupby("step")["n"].sum()
    assert treated["followed"] == (m.used & m.treated).sum()
    assert treated.drop("followed").sum() == treated["followed"]


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


def test_whoever_was_never_in_the_register_is_counted_and_not_taken_for_jobless(
    study: Study, tables: Tables, one: Weekly
) -> None:
    dream = tables.register()
    unknown = set(dream.persons[::4])
    fewer = replace(tables, dream=dream.select([p for p in dream.persons if p not in unknown]))
    plan = replace(study, outcomes=(one,), itt=None)
    rows, all_ = cohort_rows(plan, fewer), cohort_rows(plan, tables)
    assert not set(rows.frame["person_id"]) & unknown
    lost = [sum(s.lost for s in found.steps if s.step == "register") for found in (rows, all_)]
    assert lost[0] > lost[1]


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


def test_registers_that_the_study_lacks_are_named(
    study: Study, tables: Tables, one: Weekly
) -> None:
    lacking = replace(tables, cases=None)
    with pytest.raises(DesignError, match=r"name their file in \[\[data.hours\]\]"):
        estimated(study, lacking, as_kind(PaidHours, one, hours=27.75, months=3))
    with pytest.raises(DesignError, match=r"name their file in \[\[data.cases\]\]"):
        estimated(study, lacking, as_kind(ClosedCase, one, case_type="family"))
