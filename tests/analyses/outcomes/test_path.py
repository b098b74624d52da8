"""The weekly path in a run: counted from the register, never beyond it, and discreet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analyses import Study, Tables, load_study
from analyses.cohort.compare import compare
from analyses.cohort.rows import cohort_rows
from analyses.outcomes.path import WeeklyPath, weekly_path
from analyses.published.paths import PATHS
from analyses.results.folder import Results
from analyses.study.sections import PathPlan
from data_dictionary.errors import DesignError
from evaluation import Matched
from evaluation.disclosure import rare_statuses


@pytest.fixture(scope="module")
def matched(study: Study, tables: Tables) -> Matched:
    rows = cohort_rows(study, tables)
    return compare(rows.frame, rows.roles, study.comparison, study.cohort.index_date)


@pytest.fixture(scope="module")
def found(study: Study, tables: Tables, matched: Matched) -> WeeklyPath:
    made = weekly_path(study, tables, matched)
    assert made is not None
    return made


def planned(study: Study, **changes) -> Study:
    assert isinstance(study.weekly, PathPlan)
    return replace(study, weekly=replace(study.weekly, **changes))


def rare(path: WeeklyPath) -> tuple[str, ...]:
    return rare_statuses(path.beside, min_cell=5)


def share(table: pd.DataFrame, status: str, arm: str, week: int) -> float:
    own = (table["status"] == status) & (table["arm"] == arm) & (table["week"] == week)
    return float(table.loc[own, "estimate"].iloc[0])


def test_a_share_is_that_of_the_register_so_many_weeks_from_the_index_date(
    found: WeeklyPath, matched: Matched, tables: Tables, study: Study
) -> None:
    dream = tables.register()
    used = matched.used & matched.treated
    rows = dream.row_of(matched.frame.loc[used, "person_id"])
    weeks = dream.week_of(matched.frame.loc[used, "index_date"])
    table = found.table(rare(found))
    for week in (-60, 0, 33):
        inside = dream.value_at(rows, weeks + week) == dream.value_of("employment")
        expected = 100 * inside.mean()
        assert share(table, "employment", "treated", week) == pytest.approx(expected)


def test_accumulated_weeks_are_the_difference_in_weeks_counted_person_by_person(
    found: WeeklyPath, matched: Matched, tables: Tables
) -> None:
    dream = tables.register()
    means = []
    for own in (matched.treated, ~matched.treated):
        frame = matched.frame[matched.used & own]
        rows, weeks = dream.row_of(frame["person_id"]), dream.week_of(frame["index_date"])
        means.append(dream.count_weeks(rows, weeks, "employment", 1, 52).mean())
    effect = {one.term: one for one in found.effects}["accumulated_weeks_52"]
    assert effect.estimate == pytest.approx(means[0] - means[1])
    assert effect.unit == "weeks"


def test_statuses_and_what_is_put_together_add_up_to_everybody(found: WeeklyPath) -> None:
    few = rare(found)
    table = found.table(few)
    arms = table[table["arm"] != "difference"]
    sums = arms.groupby(["arm", "week"])[["estimate", "persons"]].sum()
    np.testing.assert_allclose(sums["estimate"], 100.0)
    n = arms.groupby(["arm", "week"])["n"].first()
    np.testing.assert_allclose(sums["persons"], n)
    shown = list(dict.fromkeys(table["status"]))
    assert (shown[0], shown[-1]) == ("employment", "other")
    assert set(found.put_together(shown)) == set(few)
    assert "death" in few


def test_no_status_is_put_together_with_others_unless_it_is_rare(found: WeeklyPath) -> None:
    some = found.counts[found.counts["status"].isin(["employment", "benefits"])]
    two = replace(found, counts=some).table()
    assert list(dict.fromkeys(two["status"])) == ["employment", "benefits"]
    alone = replace(found, counts=some).table(["benefits"])
    assert list(dict.fromkeys(alone["status"])) == ["employment", "other"]


def test_weeks_beyond_the_register_are_not_observed(
    study: Study, tables: Tables, matched: Matched
) -> None:
    dream = tables.register()
    shortest = int((dream.weeks.size - 1 - dream.week_of(matched.frame["index_date"])).min())
    late = planned(study, weeks=(-4, shortest + 20))
    made = weekly_path(late, tables, matched)
    assert made is not None
    n = made.counts[made.counts["arm"] == "treated"].groupby("week")["n"].first()
    full = int((matched.used & matched.treated).sum())
    assert n[0] == full
    assert n.iloc[-1] < full


def test_a_control_is_followed_until_its_own_start(
    study: Study, tables: Tables, matched: Matched
) -> None:
    until = pd.Series(np.nan, index=matched.frame.index)
    controls = np.flatnonzero(matched.used & ~matched.treated)
    until.iloc[controls[:10]] = 30.0
    frame = matched.frame.assign(until_start=until)
    m = replace(matched, frame=frame, method="risk_sets")
    made = weekly_path(study, tables, m)
    assert made is not None
    n = made.counts[made.counts["status"] == "employment"].set_index(["arm", "week"])["n"]
    assert n["comparison", 29] == len(controls)
    assert n["comparison", 30] == len(controls) - 10
    assert n["treated", 104] == (matched.used & matched.treated).sum()


def test_several_statuses_count_as_one(
    study: Study, tables: Tables, matched: Matched, found: WeeklyPath
) -> None:
    both = planned(study, status=("employment", "flexjob"), label=None)
    made = weekly_path(both, tables, matched)
    assert made is not None
    assert made.counts["status"].iloc[0] == "employment+flexjob"
    assert "flexjob" not in set(made.beside["status"])
    counts = found.followed.status_curves
    one = counts[(counts["arm"] == "treated") & (counts["time"] == 80)].set_index("cause")
    expected = 100 * one.loc[["employment", "flexjob"], "estimate"].sum()
    assert share(made.counts, "employment+flexjob", "treated", 80) == pytest.approx(expected)
    assert {effect.outcome for effect in made.effects} == {"employment+flexjob"}


def test_only_the_statuses_asked_for_have_a_path(
    study: Study, tables: Tables, matched: Matched
) -> None:
    made = weekly_path(planned(study, others=("benefits",)), tables, matched)
    assert made is not None
    shown = list(dict.fromkeys(made.table()["status"]))
    assert shown == ["employment", "benefits", "other"]
    assert "education" in made.put_together(shown)


def test_a_study_without_a_path_has_none(
    study: Study, tables: Tables, matched: Matched
) -> None:
    assert weekly_path(replace(study, weekly=None), tables, matched) is None


def test_a_run_writes_the_path_in_classes_of_persons(results: Results) -> None:
    paths = results.paths
    assert list(paths) == list(PATHS.columns)
    arms = paths[paths["arm"] != "difference"]
    size = arms.groupby("arm")["n"].transform("max")
    assert ((size - arms["n"]) % 5 == 0).all()
    # Each share is told on a unit of one per cent.
    np.testing.assert_allclose(arms.groupby(["arm", "week"])["estimate"].sum(), 100.0, atol=3)
    start = paths[(paths["status"] == "employment") & (paths["week"] == 0)]
    assert start["estimate"].eq(0).all()
    assert start["conf_low"].isna().all()
    terms = set(results.effects["term"])
    assert {f"accumulated_weeks_{weeks}" for weeks in (26, 52, 104)} <= terms
    path = results.effects[results.effects["term"].str.startswith("accumulated")]
    assert path["p_adjusted"].isna().all()
    assert results.manifest["path"]["name"] == "employment"


def study_with(folder: Path, section: str, made: Path) -> Path:
    """Return a study file whose path section is another."""
    text = (made / "study" / "study.toml").read_text(encoding="utf-8")
    before, after = text.split("[path]", 1)
    rest = after[after.index("\n[") :]
    file = folder / "study.toml"
    data = (made / "study" / "data").as_posix()
    file.write_text((before + section + rest).replace('"data/', f'"{data}/'), encoding="utf-8")
    return file


def test_every_mistake_in_the_section_is_named_at_once(tmp_path: Path, made: Path) -> None:
    section = """[path]
status = ["employment", "educaton"]
others = ["employment", "flexjob", "flexjob"]
weeks = [3, 20]
stauts = "x"
"""
    with pytest.raises(DesignError) as caught:
        load_study(study_with(tmp_path, section, made))
    message = str(caught.value)
    for part in (
        "'educaton' is not a status of the register. Did you mean 'education'?",
        "others: 'employment' is followed already",
        "'flexjob' is named 2 times",
        "weeks = [3, 20] must begin in week 0 or before and reach 26",
        "'stauts' is not a key",
    ):
        assert part in message


def test_the_first_register_outcome_is_followed_by_default(tmp_path: Path, made: Path) -> None:
    study = load_study(study_with(tmp_path, "[path]\n", made))
    assert study.weekly == PathPlan(
        source="dream",
        status=("employment",),
        others=None,
        weeks=(-104, 104),
        label="Beskæftigelse",
    )
