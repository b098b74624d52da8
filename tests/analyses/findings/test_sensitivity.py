"""The sensitivity part of a study: what it asks, where its numbers come from, what it hides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analyses import Estimates, Results, Study, Tables, estimate, load_study
from analyses.cohort.stages import uptake
from analyses.findings.sensitivity import OF_SELECTION, OF_UPTAKE, sensitivity
from analyses.outcomes.weekly import Weekly
from analyses.published.sites import sites
from data_dictionary.errors import DesignError
from evaluation.robustness.checks import Question
from evaluation.robustness.variants import effect_of


@pytest.fixture(scope="module")
def asked(study: Study) -> Study:
    """Return the study with its primary outcomes, and no other contrast."""
    primary = tuple(one for one in study.outcomes if one.role == "primary")
    return replace(study, outcomes=primary, itt=None)


@pytest.fixture(scope="module")
def found(asked: Study, tables: Tables) -> Estimates:
    return estimate(asked, tables)


@pytest.fixture(scope="module")
def rows(asked: Study, tables: Tables, found: Estimates) -> pd.DataFrame:
    own = pd.concat([sites(one) for one in found.outcomes.values()], ignore_index=True)
    return sensitivity(asked, tables, found, own)


def test_every_check_is_made_or_told_of(rows: pd.DataFrame, asked: Study) -> None:
    everywhere = {"main", "specification", "leave_one_out", "negative_control", "common_shock"}
    everywhere |= {"measured_covariate", "self_selection", "rosenbaum"}
    for _, own in rows.groupby("outcome"):
        told = set(own.loc[own["check"] == "not_made", "name"])
        assert everywhere <= set(own["check"]) | told
    assert set(rows["outcome"]) == {one.name for one in asked.outcomes}
    score = rows[(rows["outcome"] == "relation") & (rows["check"] == "not_made")]
    assert "e_values" in set(score["name"])
    assert score["note"].str.len().gt(0).all()


def test_the_finding_is_the_tested_effect_itself(rows: pd.DataFrame, found: Estimates) -> None:
    main = rows[rows["check"] == "main"].set_index("outcome")
    for name, one in found.outcomes.items():
        assert main.loc[name, "estimate"] == one.tested.estimate
        assert main.loc[name, "conf_low"] == one.tested.conf_low
        assert main.loc[name, "unit"] == one.tested.unit


def test_without_each_municipality_it_is_what_the_sites_say(
    rows: pd.DataFrame, found: Estimates
) -> None:
    own = sites(found.outcomes["employment"])
    left_out = rows[(rows["check"] == "leave_one_out") & (rows["outcome"] == "employment")]
    assert left_out["estimate"].tolist() == own["loo_estimate"].tolist()
    assert left_out["name"].tolist() == [f"without {name}" for name in own["cluster"]]
    assert left_out["n_treated"].isna().all()


def test_donors_can_be_left_out_too(asked: Study, tables: Tables, found: Estimates) -> None:
    assert asked.sensitivity is not None
    plan = replace(
        asked.sensitivity,
        outcomes=("employment",),
        leave_out="all",
        runs=(),
        negative_controls=(),
    )
    every = sensitivity(replace(asked, sensitivity=plan), tables, found, pd.DataFrame())
    left_out = every[every["check"] == "leave_one_out"]
    m = found.outcomes["employment"].matched
    assert len(left_out) == len(np.unique(m.cluster[m.used]))
    counts = left_out.groupby("arm")["fewest"].sum()
    assert counts["treated"] == (m.used & m.treated).sum()
    assert counts["comparison"] == (m.used & ~m.treated).sum()


def test_another_run_is_the_register_read_anew(
    rows: pd.DataFrame, asked: Study, tables: Tables, found: Estimates
) -> None:
    (outcome,) = [one for one in asked.outcomes if one.name == "employment"]
    other = replace(outcome, weeks=13)
    again = estimate(replace(asked, outcomes=(other,)), tables).outcomes["employment"].tested
    shown = rows.set_index(["outcome", "name"]).loc[("employment", "run of 13 weeks")]
    assert shown["estimate"] == pytest.approx(again.estimate, rel=1e-12)
    assert shown["conf_high"] == pytest.approx(again.conf_high, rel=1e-12)
    assert "run of 4 weeks" not in set(rows["name"])
    del found


def test_observed_until_is_a_register_that_ends_there(
    asked: Study, tables: Tables, found: Estimates
) -> None:
    one = found.outcomes["employment"]
    assert isinstance(one.outcome, Weekly)
    made = one.outcome.variants(one, asked, tables)
    until = Question("specification", "observed_until", "2020-03-08")
    effect = effect_of(made.estimators[until], one.matched)
    dream = tables.register()
    seen = dream.weeks + 6 <= np.datetime64("2020-03-08")
    shorter = replace(dream, weeks=dream.weeks[seen], status=dream.status[:, seen])
    m = one.outcome.placed(one.matched, asked, replace(tables, dream=shorter))
    again = one.re_estimate(m)
    assert effect.estimate == pytest.approx(again.estimate, rel=1e-12)
    assert effect.std_error == pytest.approx(again.std_error, rel=1e-12)
    exits = one.outcome.duration.exit
    assert (m.frame[exits] < one.matched.frame[exits]).any()


def test_a_day_before_the_index_dates_is_told_and_not_estimated(
    asked: Study, tables: Tables, found: Estimates
) -> None:
    assert asked.sensitivity is not None
    early = replace(
        asked.sensitivity, observed_until=date(2017, 6, 1), outcomes=("employment",)
    )
    made = sensitivity(replace(asked, sensitivity=early), tables, found, pd.DataFrame())
    told = made[made["check"] == "not_made"].set_index("name")["note"]
    assert "give a later day" in told["specification, observed until 2017-06-01"]


def test_who_was_asked_and_who_agreed_stand_behind_what_uptake_tells(
    asked: Study, tables: Tables, rows: pd.DataFrame
) -> None:
    found = uptake(asked, tables)
    assert found is not None
    told = rows[rows["asked"].isin(OF_UPTAKE)]
    assert len(told) == 2 * rows["outcome"].nunique()
    for name, who in found._asdict().items():
        assert [one == who for one in told[f"n_{name}_who"]] == [True] * len(told)


def test_where_lots_were_drawn_nobody_asks_who_chose_to_take_part(
    asked: Study, tables: Tables, found: Estimates
) -> None:
    plan = replace(asked.sensitivity, outcomes=("employment",), leave_out="none")  # type: ignore[type-var]
    drawn = replace(asked, sensitivity=plan, design="randomised")
    made = sensitivity(drawn, tables, found, pd.DataFrame())
    codes = {one.check for one in made["asked"]}
    assert {"main", "common_shock"} <= codes
    assert not codes & OF_SELECTION


def test_a_study_that_does_not_ask_gets_no_rows(
    asked: Study, tables: Tables, found: Estimates
) -> None:
    assert sensitivity(replace(asked, sensitivity=None), tables, found, pd.DataFrame()).empty


def test_the_written_table_is_the_asked_one_with_counts_hidden(results: Results) -> None:
    written = results.sensitivity
    assert {"employment", "relation"} == set(written["outcome"])
    assert (written["check"] == "main").sum() == 2
    assert "fewest" not in written
    left_out = written[written["check"] == "leave_one_out"]
    shown = results.sites.set_index(["outcome", "cluster"])["n_treated"]
    for row in left_out.itertuples():
        hidden = pd.isna(shown[row.outcome, row.name.removeprefix("without ")])
        assert pd.isna(row.estimate) == hidden


def test_mistakes_in_the_section_are_all_named(made: Path, tmp_path: Path) -> None:
    text = (made / "study" / "study.toml").read_text(encoding="utf-8")
    start, end = text.index("[sensitivity]"), text.index("[disclosure]")
    wrong = """[sensitivity]
outcomes = ["employmnt", "relation"]
runs = [8, 4]
observed_until = "2020"
negative_controls = ["age", "deth", "employed_weeks_befor"]
leave_out = "some"

"""
    folder = tmp_path / "study"
    folder.mkdir()
    text = text[:start] + wrong + text[end:]
    text = text.replace('"data/', f'"{made / "study" / "data"}/')
    (folder / "study.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DesignError) as error:
        load_study(folder)
    message = str(error.value)
    assert "outcomes: 'employmnt' is not an outcome of this study. Did you mean" in message
    assert "runs = [8, 4] is not a list of rising whole numbers" in message
    assert "observed_until = '2020' is not a date" in message
    assert "'age' is matched on" in message
    assert "'deth' is neither a column nor a competing status" in message
    assert "Did you mean 'employed_weeks_before'" in message
    assert "leave_out = 'some' is not allowed" in message
