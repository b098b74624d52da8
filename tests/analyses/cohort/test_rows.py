"""Who may be compared: supplied index dates, late answers, derived columns, donors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analyses import Study, Tables, load_study
from analyses.cohort.derive import answers
from analyses.cohort.rows import cohort_rows
from analyses.inputs.read import read_inputs
from data_dictionary.errors import DesignError
from tests.small_study import COHORT, COMPARISON, DATA, VALUE, small_data, write_study


@pytest.fixture
def supplied(study: Study, tables: Tables) -> tuple[Study, Tables]:
    """Return the study with index dates in the data: the first flag of each person."""
    people = tables.frames["population"]
    dates = people["start_date"].where(people["en_plan"].astype(bool), people["eligible_from"])
    plan = replace(
        study,
        cohort=replace(study.cohort, time_zero=None),
        comparison=replace(
            study.comparison, exact=("target_group",), covariates=("age", "female")
        ),
        outcomes=study.outcomes[:1],
    )
    return plan, with_people(tables, people.assign(index_date=dates))


def with_people(tables: Tables, people: pd.DataFrame) -> Tables:
    return replace(tables, frames={**tables.frames, "population": people})


def test_index_dates_in_the_data_are_taken(supplied: tuple[Study, Tables]) -> None:
    study, tables = supplied
    frame = cohort_rows(study, tables).frame
    assert not frame["person_id"].duplicated().any()
    dates = tables.frames["population"].set_index("person_id")["index_date"]
    assert (dates.loc[frame["person_id"]].to_numpy() == frame["index_date"].to_numpy()).all()


def test_a_control_dated_before_eligibility_is_refused_with_counts(
    supplied: tuple[Study, Tables],
) -> None:
    study, tables = supplied
    people = tables.frames["population"].copy()
    controls = people.index[~people["en_plan"].astype(bool) & people["index_date"].notna()]
    people.loc[controls[:4], "index_date"] -= pd.Timedelta(days=30)
    key = str(people.loc[controls[0], "person_id"])
    with pytest.raises(DesignError) as caught:
        cohort_rows(study, with_people(tables, people))
    assert "4 comparison row(s) have an index_date before eligible_from" in str(caught.value)
    assert f"rows {controls[0] + 1}, " in str(caught.value)
    assert key not in str(caught.value)


def test_whoever_works_in_the_index_week_is_left_out_and_counted(
    supplied: tuple[Study, Tables],
) -> None:
    study, tables = supplied
    rows = cohort_rows(study, tables)
    at_zero = tables.register().status_at(rows.frame["person_id"], rows.frame["index_date"])
    assert (at_zero != "employment").all()
    assert "at_risk" in {step.step for step in rows.steps}


def test_controls_live_where_the_programme_never_came(study: Study, tables: Tables) -> None:
    frame = cohort_rows(study, tables).frame
    trial = set(tables.frames["exposure"]["municipality"])
    assert set(frame.loc[frame["en_plan"], "municipality"]) <= trial
    assert not set(frame.loc[~frame["en_plan"], "municipality"]) & trial


def test_baseline_answers_after_the_index_date_are_not_used(
    study: Study, tables: Tables
) -> None:
    rows = cohort_rows(study, tables)
    people = tables.frames["population"]["person_id"]
    dates = answers("relation", 1, tables, people).date[rows.persons]
    used = rows.frame["relation_w1"].notna().to_numpy()
    index = rows.frame["index_date"].to_numpy("datetime64[D]")
    assert (dates[used] <= index[used]).all()
    assert rows.late["relation_w1"].any()
    assert (dates[rows.late["relation_w1"]] > index[rows.late["relation_w1"]]).all()


def test_an_arm_without_anybody_is_refused_with_what_to_look_at(
    study: Study, tables: Tables
) -> None:
    plan = replace(study, cohort=replace(study.cohort, treated="yes"))
    with pytest.raises(DesignError, match=r"treated arm is empty.*look at `treatment`"):
        cohort_rows(plan, tables)


def test_inputs_are_not_changed(study: Study, tables: Tables) -> None:
    before = tables.frames["population"].copy()
    cohort_rows(study, tables)
    pd.testing.assert_frame_equal(tables.frames["population"], before)


def test_own_donors_with_supplied_dates_live_where_participants_do(
    supplied: tuple[Study, Tables],
) -> None:
    study, tables = supplied
    own = replace(study, cohort=replace(study.cohort, donors="own"))
    rows = cohort_rows(own, tables)
    home = rows.frame.groupby("en_plan")["municipality"].unique()
    assert set(home[False]) <= set(home[True])
    assert {step.step for step in rows.steps if step.lost} >= {"donor_own"}


def test_rows_with_a_declared_blank_stay_and_others_are_left_out(
    supplied: tuple[Study, Tables],
) -> None:
    study, tables = supplied
    people = tables.frames["population"]
    gone = people["person_id"].str.endswith("7")
    told = with_people(tables, people.assign(birth_date=people["birth_date"].mask(gone)))
    whole, left = cohort_rows(study, tables), cohort_rows(study, told)
    declared = replace(study, comparison=replace(study.comparison, missing="indicator"))
    kept = cohort_rows(declared, told)
    assert len(left.frame) < len(kept.frame) == len(whole.frame)
    assert "covariates" in {step.step for step in left.steps if step.lost}
    assert kept.roles.missing == "indicator"
    assert kept.frame["age"].isna().sum() == len(kept.frame) - len(left.frame)


def test_codes_with_a_blank_among_them_stay_codes(tmp_path: Path) -> None:
    people = small_data()["people"].astype({"school": "float64", "region": "float64"})
    people.loc[:9, ["school", "region"]] = None
    named = COMPARISON.replace('["age", "female"]', '["age", "school", "region"]')
    cohort = COHORT.replace('cluster = "town"', 'cluster = "region"\ndonors = "own"')
    folder = write_study(tmp_path, DATA, cohort, named, VALUE, people=people)
    study = load_study(folder)
    frame = cohort_rows(study, read_inputs(study, lambda _: None)).frame
    assert len(frame) > 100
    assert frame["school"].cat.categories.tolist() == ["1", "2", "3"]
    assert set(frame["region"]) <= {str(town // 3) for town in range(101, 113)}
