"""Everybody gets a time zero by one rule, and immortal time does not slip in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analyses import Estimates, Study, Tables, estimate, load_study
from analyses.cohort.rows import cohort_rows
from analyses.cohort.time_zero import index_rows
from analyses.study.sections import TimeZero
from data_dictionary import Codebook
from data_dictionary.errors import DesignError
from evaluation.comparison.unmatched import Unmatched
from surveys import STATUSES, Dream

BENEFITS, JOB, OWN = (STATUSES.index(s) for s in ("benefits", "employment", "self_support"))
MONDAYS = np.arange(np.datetime64("2016-01-04"), np.datetime64("2019-01-01"), 7)
ZERO = TimeZero(
    source="dream",
    status="benefits",
    start="start_date",
    months=("2017-05", "2017-07"),
    exposure="exposure",
    resident=("resident_from", "resident_until"),
    elapsed_bands=(26, 52),
)


def world(people: list[dict[str, object]], words: Codebook) -> Tables:
    """Make a register and a population; ``weeks`` says from which Monday a status holds."""
    status = np.full((len(people), MONDAYS.size), OWN)
    for row, person in enumerate(people):
        for monday, value in person.pop("weeks").items():  # type: ignore[attr-defined]
            status[row, np.datetime64(monday) <= MONDAYS] = value
    frame = pd.DataFrame(people)
    frame.insert(0, "person_id", [f"{row:016x}" for row in range(len(people))])
    for name in ("start_date", "resident_from", "resident_until"):
        frame[name] = pd.to_datetime(frame[name])
    exposure = pd.DataFrame(
        {
            "municipality": [217, 217],
            "service_cluster": ["unge", "voksen"],
            "start_date": pd.to_datetime(["2017-05-01", "2017-07-01"]),
        }
    )
    return Tables(
        words=words,
        frames={"population": frame, "exposure": exposure},
        dream=Dream.from_arrays(frame["person_id"], MONDAYS, status),
    )


def person(**given: object) -> dict[str, object]:
    """Return an adult on benefits all along, in a municipality without the programme."""
    usual: dict[str, object] = {
        "municipality": 316,
        "service_cluster": "unge",
        "en_plan": False,
        "start_date": None,
        "resident_from": "2000-01-01",
        "resident_until": None,
        "weeks": {"2016-01-04": BENEFITS},
    }
    return usual | given


def participant(start: str, **given: object) -> dict[str, object]:
    return person(municipality=217, en_plan=True, start_date=start) | given


@pytest.fixture
def plan(study: Study) -> Study:
    return replace(study, cohort=replace(study.cohort, time_zero=ZERO))


def rows(plan: Study, tables: Tables) -> list[tuple[int, str]]:
    """Return person and index date of every row."""
    treated = tables.frames["population"]["en_plan"].to_numpy(bool)
    (persons, dates), _ = index_rows(plan.cohort, ZERO, tables, treated)
    return [(int(p), str(d)) for p, d in zip(persons, dates, strict=True)]


def test_controls_stand_in_every_month_in_which_they_meet_the_rule(
    plan: Study, words: Codebook
) -> None:
    tables = world(
        [
            participant("2017-05-17"),
            person(),
            person(weeks={"2016-01-04": BENEFITS, "2017-06-05": JOB}),
            person(weeks={"2016-01-04": JOB}),
            person(resident_from="2017-06-20"),
            person(resident_until="2017-06-05"),
            person(municipality=217),
        ],
        words,
    )
    assert sorted(rows(plan, tables)) == [
        (0, "2017-05-17"),
        (1, "2017-05-01"),
        (1, "2017-06-05"),
        (1, "2017-07-03"),
        (2, "2017-05-01"),
        (4, "2017-07-03"),
        (5, "2017-05-01"),
        (5, "2017-06-05"),
    ]


def test_participants_who_fail_the_rule_are_counted_and_left_out(
    plan: Study, words: Codebook
) -> None:
    tables = world(
        [
            participant("2017-05-17"),
            participant("2017-05-17", weeks={"2016-01-04": JOB}),
            participant("2017-05-17", resident_until="2017-05-16"),
            participant("2017-05-17", service_cluster="voksen"),
            person(municipality=217, en_plan=True),
            participant("2030-05-17"),
            person(),
        ],
        words,
    )
    treated = tables.frames["population"]["en_plan"].to_numpy(bool)
    (persons, _), steps = index_rows(plan.cohort, ZERO, tables, treated)
    assert persons[treated[persons]].tolist() == [0]
    lost = {step.step: step.lost for step in steps if step.arm == "treated"}
    assert lost == {
        "data": 0,
        "start": 1,
        "exposed": 1,
        "resident": 1,
        "register": 1,
        "status": 1,
    }


def test_rows_come_in_the_order_of_index_dates(plan: Study, words: Codebook) -> None:
    tables = world([participant("2017-06-17"), person(), person()], words)
    dates = [date for _, date in rows(plan, tables)]
    assert dates == sorted(dates)


def test_nobody_eligible_is_refused_with_the_reason(plan: Study, words: Codebook) -> None:
    tables = world([participant("2017-05-17"), person(weeks={"2016-01-04": JOB})], words)
    with pytest.raises(DesignError, match=r"comparison arm is eligible.*1 not on the status"):
        rows(plan, tables)


def test_covariates_stand_as_of_each_row(study: Study, tables: Tables) -> None:
    cohort = cohort_rows(study, tables)
    frame, dream = cohort.frame, tables.register()
    chosen = frame.groupby("en_plan").head(40)
    for row in chosen.itertuples():
        history = dream.status[dream.row_of([row.person_id])[0]] == BENEFITS
        week = int(dream.week_of([row.index_date])[0])
        assert history[week]
        assert row.benefit_weeks_2y == history[week - 104 : week].sum()
        run = int(np.argmin(history[: week + 1][::-1])) or week + 1
        assert row.elapsed_weeks == run
        low, _, high = str(row.elapsed_band).rstrip("+").partition("-")
        assert int(low) <= run <= int(high or 10_000)
    person = frame["person_id"]
    assert not person[frame["en_plan"]].duplicated().any()
    assert person[~frame["en_plan"]].duplicated().any()


def test_a_person_is_used_once_and_agrees_on_quarter_group_and_band(
    study: Study, estimates: Estimates
) -> None:
    m = estimates.outcomes["employment"].matched
    used = m.frame.loc[m.used]
    assert not used["person_id"].duplicated().any()
    for name in study.comparison.exact:
        per_set = used.groupby(m.subclass[m.used])[name].nunique()
        assert (per_set == 1).all()


@pytest.mark.slow
def test_indexing_at_case_opening_is_biased_and_person_months_are_not(
    study: Study, words: Codebook
) -> None:
    """Nobody is affected; participants start long after their case opens, still on benefits."""
    plan = replace(
        study,
        outcomes=(replace(study.outcomes[0], competing=(), horizon=52.0),),  # type: ignore[call-arg]
        derived=(),
        itt=None,
        weekly=None,
        cohort=replace(study.cohort, time_zero=replace(ZERO, months=("2017-01", "2017-12"))),
        comparison=replace(
            study.comparison,
            exact=("index_quarter", "elapsed_band"),
            covariates=("elapsed_weeks",),
        ),
    )
    at_opening = replace(
        plan,
        cohort=replace(plan.cohort, time_zero=None, eligible_from=None),
        comparison=replace(
            plan.comparison,
            method="unmatched",
            options=Unmatched(),
            exact=(),
            covariates=("age",),
        ),
    )
    ours, theirs = [], []
    for seed in range(6):
        tables, opened = waiting_for_a_plan(words, seed)
        people = tables.frames["population"]
        dates = people["start_date"].fillna(pd.Series(opened))
        indexed = {**tables.frames, "population": people.assign(index_date=dates)}
        ours.append(estimate(plan, tables).effects.effects[0])
        theirs.append(estimate(at_opening, replace(tables, frames=indexed)).effects.effects[0])
    assert np.mean([effect.estimate for effect in theirs]) < -12
    assert max(effect.conf_high for effect in theirs) < 0
    # Six studies with a standard error of about 3 points each.
    assert abs(np.mean([effect.estimate for effect in ours])) < 3
    assert sum(effect.conf_low < 0 < effect.conf_high for effect in ours) >= 5


def waiting_for_a_plan(words: Codebook, seed: int) -> tuple[Tables, np.ndarray]:
    """Simulate cases whose chance of a job differs by person; the programme does nothing."""
    rng = np.random.default_rng(seed)
    n = 8_000
    opening = rng.integers(10, 80, n)
    hazard = 0.025 * rng.gamma(0.7, 1 / 0.7, n)
    job = opening + 1 + rng.geometric(np.clip(hazard, 1e-4, 0.9))
    week = np.arange(MONDAYS.size)
    status = np.select([week < opening[:, None], week < job[:, None]], [OWN, BENEFITS], JOB)
    code = np.array([151, 190, 201, 210, 217, 219, 250, 260, 270, *range(300, 330)])
    in_trial = rng.random(n) < 0.4
    town = np.where(in_trial, rng.choice(code[:9], n), rng.choice(code[9:], n))
    wait = opening + rng.integers(5, 70, n)
    start = np.where(wait < MONDAYS.size, MONDAYS[np.minimum(wait, MONDAYS.size - 1)], None)
    start = pd.to_datetime(pd.Series(start))
    within = start.between("2017-01-01", "2017-12-24").to_numpy()
    joins = in_trial & (wait < job) & within & (rng.random(n) < 0.9)
    people = pd.DataFrame(
        {
            "person_id": [f"{k:016x}" for k in range(n)],
            "municipality": town,
            "service_cluster": "voksen",
            "en_plan": joins,
            "start_date": start.where(joins),
            "resident_from": pd.Timestamp("2000-01-01"),
            "resident_until": pd.NaT,
            "age": rng.integers(20, 60, n),
        }
    )
    exposure = pd.DataFrame(
        {
            "municipality": code[:9],
            "service_cluster": "voksen",
            "start_date": pd.Timestamp("2016-12-01"),
        }
    )
    tables = Tables(
        words=words,
        frames={"population": people, "exposure": exposure},
        dream=Dream.from_arrays(people["person_id"], MONDAYS, status),
    )
    return tables, pd.to_datetime(MONDAYS[opening]).to_numpy()


def test_the_study_file_with_months_left_out_takes_those_of_the_participants(
    plan: Study, words: Codebook
) -> None:
    tables = world([participant("2017-06-17"), person()], words)
    zero = replace(ZERO, months=None)
    treated = tables.frames["population"]["en_plan"].to_numpy(bool)
    (persons, dates), _ = index_rows(plan.cohort, zero, tables, treated)
    assert dates[persons == 1].astype(str).tolist() == ["2017-06-05"]


def test_the_template_is_what_the_fixture_runs(made: Path) -> None:
    assert load_study(made / "study").cohort.time_zero == TimeZero(
        source="dream",
        status="benefits",
        start="start_date",
        months=("2017-03", "2018-12"),
        exposure="exposure",
        resident=("resident_from", "resident_until"),
        elapsed_bands=(26, 52, 104),
    )


def test_whoever_was_never_in_the_register_is_counted_and_not_taken_for_jobless(
    study: Study, tables: Tables
) -> None:
    dream = tables.register()
    unknown = set(dream.persons[::4])
    fewer = replace(tables, dream=dream.select([p for p in dream.persons if p not in unknown]))
    plan = replace(study, outcomes=study.outcomes[:1], itt=None)
    rows, all_ = cohort_rows(plan, fewer), cohort_rows(plan, tables)
    assert not set(rows.frame["person_id"]) & unknown
    lost = [sum(s.lost for s in found.steps if s.step == "register") for found in (rows, all_)]
    assert lost[0] > lost[1]
