"""Controls have not started when the participant does, and are followed until they do."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from analyses import Study, Tables, estimate, load_study
from analyses.cohort.compare import compare
from analyses.cohort.donors import OWN_RISK_SETS_NOTE
from analyses.cohort.risk_periods import risk_periods
from analyses.cohort.risk_sets import AFTER, STARTS, UNTIL, weeks_to_start
from analyses.cohort.rows import cohort_rows
from analyses.study.sections import TimeZero
from data_dictionary import Codebook
from data_dictionary.errors import DesignError
from surveys import STATUSES
from tests.analyses.one_place import one_place

BENEFITS, JOB = (STATUSES.index(status) for status in ("benefits", "employment"))
MONDAYS = np.arange(np.datetime64("2016-01-04"), np.datetime64("2019-01-01"), 7)
ZERO = TimeZero(
    source="dream",
    status="benefits",
    start="start_date",
    months=None,
    exposure="exposure",
    resident=None,
    elapsed_bands=(26, 52),
)
OWN, RISK_SETS = 'donors = "own"', 'method = "risk_sets"'


def world(people: list[dict[str, object]], words: Codebook) -> Tables:
    """Return citizens on benefits, but in a job in the weeks of `jobs` (first, last Monday)."""
    status = np.full((len(people), MONDAYS.size), BENEFITS)
    for row, person in enumerate(people):
        for first, last in person.get("jobs", []):  # type: ignore[attr-defined]
            status[
                row, (np.datetime64(first) <= MONDAYS) & (np.datetime64(last) >= MONDAYS)
            ] = JOB
    frame = pd.DataFrame(
        {
            "person_id": [f"{row:016x}" for row in range(len(people))],
            "municipality": [person.get("place", 217) for person in people],
            "service_cluster": "unge",
            "en_plan": [person.get("takes_part", "start" in person) for person in people],
            "start_date": pd.to_datetime([person.get("start") for person in people]),
        }
    )
    return one_place(frame, MONDAYS, status, "2017-05-03", words)


@pytest.fixture
def plan(study: Study) -> Study:
    """Return a plan with own donors that matches on the elapsed weeks alone."""
    return replace(
        study,
        cohort=replace(study.cohort, donors="own", time_zero=ZERO),
        comparison=replace(
            study.comparison,
            method="risk_sets",
            options=ev.RiskSets(distance="mahalanobis"),
            exact=("municipality",),
            covariates=("elapsed_weeks",),
        ),
        derived=(),
        outcomes=(replace(study.outcomes[0], horizon=52.0),),  # type: ignore[call-arg]
        itt=None,
        weekly=None,
    )


def periods(plan: Study, tables: Tables) -> list[tuple[int, str, str, bool, bool]]:
    """Return person, first and last week, and the two arms that each period may stand in."""
    treated = tables.frames["population"]["en_plan"].to_numpy(bool)
    found, _ = risk_periods(plan, ZERO, tables, treated)
    found = found.sort_values(["person", "first"])
    return [
        (
            row.person,
            str(row.first)[:10],
            str(getattr(row, UNTIL))[:10],
            row.treated,
            row.candidate,
        )
        for row in found.itertuples()
    ]


def test_a_period_is_a_run_of_eligible_weeks_inside_a_month_until_the_own_start(
    plan: Study, words: Codebook
) -> None:
    people = [
        {"start": "2017-05-17"},  # a Wednesday: the week of Monday the 15th
        {"start": "2017-06-28"},
        {"jobs": [("2017-05-15", "2017-05-15"), ("2017-06-05", "2018-12-31")]},
        {"place": 316},
    ]
    assert periods(plan, world(people, words)) == [
        (0, "2017-05-15", "2017-05-15", True, False),
        (1, "2017-05-15", "2017-05-29", False, True),
        (1, "2017-06-05", "2017-06-26", True, True),
        (2, "2017-05-22", "2017-05-29", False, True),
    ]


def test_nobody_is_at_risk_before_the_programme_began(plan: Study, words: Codebook) -> None:
    people = [{"start": "2017-05-04"}, {"start": "2017-05-10"}, {}]
    found = periods(plan, world(people, words))
    # The programme began on Wednesday the 3rd, so that one could start in that week.
    assert min(first for _, first, *_ in found) == "2017-05-01"


def test_a_starter_who_is_no_participant_to_match_is_a_control_until_the_start(
    plan: Study, words: Codebook
) -> None:
    in_job = [("2017-06-19", "2017-06-25")]
    people = [
        {"start": "2017-05-17"},
        {"start": "2017-06-19", "jobs": in_job},
        {"start": "2017-06-12", "takes_part": False},
        {"start": "2017-06-28"},
    ]
    found = periods(plan, world(people, words))
    assert [row for row in found if row[0] in (1, 2)] == [
        (1, "2017-05-15", "2017-05-29", False, True),
        (1, "2017-06-05", "2017-06-12", False, True),
        (2, "2017-05-15", "2017-05-29", False, True),
        (2, "2017-06-05", "2017-06-05", False, True),
    ]


def test_participants_are_no_controls_where_those_come_from_other_clusters(
    plan: Study, words: Codebook
) -> None:
    plan = replace(plan, cohort=replace(plan.cohort, donors="other"))
    tables = world([{"start": "2017-05-31"}, {"start": "2017-06-28"}, {"place": 316}], words)
    treated = tables.frames["population"]["en_plan"].to_numpy(bool)
    found, _ = risk_periods(plan, ZERO, tables, treated)
    own = found[found["treated"]]
    assert not own["candidate"].any()
    # At risk on the day of the own start alone, but described as of the month's first week.
    assert ((own[UNTIL] - own[AFTER]).dt.days == 1).all()
    assert own["first"].astype(str).tolist() == ["2017-05-29", "2017-06-05"]
    assert found.loc[~found["treated"], "person"].unique().tolist() == [2]


def test_the_control_gets_the_partners_week_and_is_censored_at_its_own_start(
    plan: Study, words: Codebook
) -> None:
    jobs = [("2017-09-04", "2018-12-31")]
    people = [
        {"start": "2017-05-17", "jobs": jobs},
        {"start": "2017-07-10", "jobs": [("2017-10-02", "2018-12-31")]},
        {"start": "2018-02-28"},
        {"place": 316},
    ]
    tables = world(people, words)
    m = estimate_plan(plan, tables)
    used = m.frame.loc[m.used].sort_values(["index_date", "en_plan"], ascending=[True, False])
    assert used["person_id"].str[-1].tolist()[:2] == ["0", "1"]
    first = used.iloc[:2]
    assert first["index_date"].astype(str).tolist() == ["2017-05-15"] * 2
    assert first["until_start"].tolist()[1] == 8
    # The participant finds a job in week 16; its control is followed for the 8 weeks.
    assert first["employment_exit"].tolist() == [16, 8]
    assert first["employment_event"].isna().tolist() == [False, True]
    assert set(m.frame.columns).isdisjoint({STARTS, AFTER, UNTIL, "follow_up"})
    assert any("start later themselves" in note for note in m.notes)


def estimate_plan(plan: Study, tables: Tables):
    rows = cohort_rows(plan, tables)
    m = compare(rows.frame, rows.roles, plan.comparison, plan.cohort.index_date)
    return plan.outcomes[0].placed(m, plan, tables)


def waiting_at_home(words: Codebook, seed: int) -> Tables:
    """Nobody is affected; those still on benefits in the week of their intake mostly start."""
    rng = np.random.default_rng(seed)
    n, first = 1_200, int(np.searchsorted(MONDAYS, np.datetime64("2017-05-08")))
    found_job = first - 20 + rng.geometric(0.03, n)
    intake = first + rng.integers(0, 30, n)
    starts = (intake < found_job) & (rng.random(n) < 0.9)
    people: list[dict[str, object]] = []
    for row in range(n):
        jobs = [(MONDAYS[min(found_job[row], MONDAYS.size - 1)], MONDAYS[-1])]
        start = {"start": str(MONDAYS[intake[row]])} if starts[row] else {}
        people.append({"jobs": jobs, "place": 217, **start})
    return world(people, words)


def test_those_known_never_to_start_are_biased_and_those_not_yet_started_are_not(
    plan: Study, words: Codebook
) -> None:
    outcome = replace(plan.outcomes[0], horizon=20.0)  # type: ignore[call-arg]
    plan = replace(plan, outcomes=(outcome,))
    nearest = replace(
        plan,
        comparison=replace(
            plan.comparison,
            method="nearest",
            options=ev.Nearest(distance="mahalanobis", order="data"),
            exact=("index_quarter",),
        ),
    )
    found: dict[str, list[float]] = {"risk_sets": [], "nearest": []}
    for seed in range(3):
        tables = waiting_at_home(words, seed)
        for one in (plan, nearest):
            rows = cohort_rows(one, tables)
            m = compare(rows.frame, rows.roles, one.comparison, one.cohort.index_date)
            effect = outcome.estimated(outcome.placed(m, one, tables), one, tables).tested
            found[one.comparison.method].append(effect.estimate)
    # Over 24 worlds the means are -37.8 (1.0) and -0.3 (1.1) percentage points; true is 0.
    assert np.mean(found["nearest"]) < -30
    assert abs(np.mean(found["risk_sets"])) < 10


def planned(made: Path, *changes: tuple[str, str]) -> Study:
    """Return the synthetic study with changed lines; of its outcomes only the first."""
    text = (made / "study" / "study.toml").read_text(encoding="utf-8")
    for old, new in (('method = "nearest"', RISK_SETS), *changes):
        assert old in text
        text = text.replace(old, new)
    path = made / "study" / "risk_sets.toml"
    path.write_text(text, encoding="utf-8")
    return load_study(path)


def test_a_study_runs_with_risk_sets_at_home_and_away(made: Path, tables: Tables) -> None:
    for donors in ("own", "other"):
        study = planned(made, ('donors = "other"', f'donors = "{donors}"'))
        one = replace(study, itt=None, weekly=None, outcomes=study.outcomes[:2])
        found = estimate(one, tables)
        at_home = donors == "own"
        m = found.outcomes["employment"].matched
        used = m.frame.loc[m.used].assign(set=m.subclass[m.used])
        assert m.method == "risk_sets"
        assert (used.groupby("set")["municipality"].nunique() == (1 if at_home else 2)).all()
        assert used.groupby("set")["index_date"].nunique().max() == 1
        assert (OWN_RISK_SETS_NOTE in found.outcomes["employment"].notes) == at_home
        later = weeks_to_start(m)[m.used & ~m.treated]
        assert (~np.isnan(later)).any() == at_home
        # Nobody whose own start came first has an event, or is followed for longer.
        assert (used["employment_exit"] <= used["until_start"].fillna(np.inf)).all()
        matched = [step for step in found.steps if step.step == "matched" and not step.outcome]
        assert [step.n for step in matched] == [int((m.used & m.treated).sum())] * 2
        for arm in ("treated", "comparison"):
            mine = [step for step in found.steps if step.arm == arm and not step.outcome]
            for before, after in pairwise(mine):
                assert after.n + after.lost == before.n


def test_an_answer_from_after_the_own_start_is_no_outcome_of_a_control(
    made: Path, tables: Tables
) -> None:
    study = planned(made, ('donors = "other"', OWN))
    one = replace(study, itt=None, weekly=None, outcomes=study.outcomes[1:2])
    m = estimate(one, tables).outcomes["relation"].matched
    wave = tables.waves["citizen"][3].frame.set_index("person_id")["answer_date"]
    answered = m.frame["person_id"].map(wave)
    started = m.frame["index_date"] + pd.to_timedelta(7 * m.frame["until_start"], unit="D")
    late = m.used & (answered >= started).to_numpy()
    assert late.any()
    assert m.frame.loc[late, "relation"].isna().all()
    known = m.used & ~m.treated & m.frame["relation"].notna().to_numpy()
    assert (answered[known] < started[known].fillna(pd.Timestamp.max)).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ('distance = "robust_mahalanobis"', "allowed: 'logit', 'ps', 'mahalanobis'"),
        ('order = "largest"\ndistance = "logit"', "order is not used by method='risk_sets'"),
        ('estimand = "ATC"\ndistance = "logit"', "it offers 'ATT'"),
        ('options = { n = 5 }\ndistance = "logit"', "'n' is no option of method='risk_sets'"),
    ],
)
def test_what_risk_sets_do_not_use_is_refused_by_name(
    made: Path, change: str, message: str
) -> None:
    changes = [('distance = "logit"', change)]
    if "estimand" in change:
        changes.append(('\nestimand = "ATT"', ""))
    with pytest.raises(DesignError) as caught:
        planned(made, *changes)
    assert message in str(caught.value)


def test_a_ratio_of_parts_is_refused(made: Path) -> None:
    with pytest.raises(DesignError, match=r"ratio = 1\.5 is not a whole number"):
        planned(made, ("ratio = 1\n", "ratio = 1.5\n"))


def test_an_outcome_without_a_date_is_refused_where_controls_may_start(made: Path) -> None:
    value = (
        '[[outcome]]\nname = "children"\nkind = "value"\ncolumn = "children"\nunit = "x"\n\n'
    )
    changes = (('"children", ', ""), ("[inference]", f"{value}[inference]"))
    with pytest.raises(DesignError, match="no date to tell what came before"):
        planned(made, *changes, ('donors = "other"', OWN))
    planned(made, *changes)


def test_risk_sets_and_other_methods_do_not_stand_beside_each_other(made: Path) -> None:
    design = '[[design]]\nname = "d"\nlabel = "D"\nmethod = "optimal"\n\n[inference]'
    with pytest.raises(DesignError, match="a study file of their own"):
        planned(made, ("[inference]", design))
