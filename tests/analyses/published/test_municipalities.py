"""The clusters before the programme: counted right, published without giving anybody away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analyses import Estimates, Results, Study, Tables, estimate
from analyses.cohort.pre_period import FOLLOW_UP, pre_period
from analyses.published.municipalities import municipalities, pretrends
from analyses.published.table import Made
from analyses.published.tables import TABLES
from evaluation.disclosure.digits import finest


@pytest.fixture(scope="module")
def found(study: Study, tables: Tables) -> Estimates:
    return estimate(replace(study, outcomes=study.outcomes[:1], itt=None), tables)


def test_counts_by_brute_force(study: Study, tables: Tables) -> None:
    before = pre_period(study, tables).set_index(["cluster", "period"])
    dream = tables.register()
    job, benefits = dream.value_of("employment"), dream.value_of("benefits")
    ends = {dream.value_of(name) for name in study.outcomes[0].competing}  # type: ignore[attr-defined]
    people = tables.frames["population"]
    week = int(dream.week_of(pd.Series([pd.Timestamp("2016-01-04")]))[0])
    members = people[people["municipality"] == 217]
    n = events = 0
    for row in members.itertuples():
        weeks = dream.status[dream.row_of([row.person_id])[0]]
        if weeks[week] != benefits or not row.resident_from <= pd.Timestamp("2016-01-04"):
            continue
        n += 1
        for later in range(week + 1, week + FOLLOW_UP + 1):
            if (weeks[later : later + 4] == job).all():
                events += 1
                break
            if weeks[later] in ends:
                break
    assert n > 10
    found = before.loc[(217, "2016H1")]
    assert found[["n", "events"]].tolist() == [n, events]
    assert len(found["who"]) == n


def test_only_half_years_that_are_over_before_the_first_start(
    study: Study, tables: Tables
) -> None:
    periods = pre_period(study, tables)["period"].unique().tolist()
    assert periods == ["2014H2", "2015H1", "2015H2", "2016H1", "2016H2"]


def test_an_arm_is_the_sum_of_its_clusters(
    found: Estimates, study: Study, tables: Tables
) -> None:
    made = Made(TABLES, study, tables, found)
    places = municipalities(made)
    arms = pretrends(made).set_index(["arm", "period"])
    own = places[(places["arm"] == "treated") & (places["period"] == "2015H1")]
    assert len(own) == 9
    assert arms.loc[("treated", "2015H1"), "n"] == own["n"].sum()
    weighted = np.average(own["estimate"], weights=own["n"])
    assert arms.loc[("treated", "2015H1"), "estimate"] == pytest.approx(weighted)


def test_clusters_kept_out_have_an_arm_of_their_own(
    found: Estimates, study: Study, tables: Tables
) -> None:
    plan = replace(study, cohort=replace(study.cohort, donors_exclude=(265, 316)))
    places = municipalities(Made(TABLES, plan, tables, found))
    assert set(places.loc[places["arm"] == "left_out", "cluster"]) == {"265", "316"}
    assert places.loc[places["cluster"] == "217", "class"].unique().tolist() == ["3"]


def test_a_study_without_a_register_has_no_such_table(
    found: Estimates, study: Study, tables: Tables
) -> None:
    plan = replace(study, cohort=replace(study.cohort, time_zero=None))
    made = Made(TABLES, plan, tables, found)
    assert municipalities(made).empty
    assert pretrends(made).empty


def cells(events: list[int], n: int = 50) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "cluster": [str(k) for k in range(len(events))],
            "arm": "comparison",
            "class": "",
            "period": "2015H1",
            "n": [n + k for k in range(len(events))],
            "estimate": [100 * e / (n + k) for k, e in enumerate(events)],
        }
    )


def test_one_hidden_cluster_takes_the_next_with_it(publish) -> None:
    made = publish({"municipalities": cells([10, 12, 3, 9])})
    assert made["municipalities"]["estimate"].isna().tolist() == [False, False, True, True]


def test_hidden_clusters_are_enough_where_each_may_still_be_anything_small(publish) -> None:
    made = publish({"municipalities": cells([10, 2, 1, 3, 9])})
    hidden = made["municipalities"]["estimate"].isna().tolist()
    assert hidden == [False, True, True, True, False]
    # 2 and 3 are 5, so that neither is nobody.
    made = publish({"municipalities": cells([10, 2, 3, 9])})
    assert made["municipalities"]["estimate"].isna().tolist() == [False, True, True, True]


def test_two_hidden_of_few_events_take_a_third_with_them(publish) -> None:
    frame = pd.DataFrame(
        {
            "cluster": list("abcd"),
            "arm": "treated",
            "period": "2015H1",
            "n": [30, 30, 40, 50],
            "estimate": [100 / 30, 200 / 30, 25.0, 20.0],
        }
    )
    shown = publish({"municipalities": frame})["municipalities"]["estimate"]
    assert shown.isna().tolist() == [True, True, True, False]


def test_what_is_written_shows_no_small_count(results: Results) -> None:
    for name in ("municipalities", "contrasts", "pretrends"):
        frame = getattr(results, name)
        assert len(frame)
        shown = frame.dropna(subset=["estimate"])
        n = shown["n"].astype(float)
        # A share may be as much as half its unit more.
        most = (shown["estimate"].astype(float) + finest(100, n) / 2) / 100 * n
        assert (most >= 5 - 1e-9).all()
        assert (n >= 5).all()
