"""Everybody flagged counts, and no follow-up before the start reaches into it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analyses import Results, Study, Tables, load_study
from analyses.outcomes.intention_to_treat import Contrast, intention_to_treat
from data_dictionary import Codebook
from data_dictionary.errors import DesignError
from surveys import STATUSES, Dream
from tests.analyses.one_place import one_place

BENEFITS, JOB, OWN = (STATUSES.index(s) for s in ("benefits", "employment", "self_support"))
MONDAYS = np.arange(np.datetime64("2016-01-04"), np.datetime64("2018-06-01"), 7)


def world(people: list[tuple[int, str, dict[str, int]]], words: Codebook) -> Tables:
    """Make a register; each person has a municipality, a service and statuses from Mondays."""
    status = np.full((len(people), MONDAYS.size), OWN)
    for row, (_, _, weeks) in enumerate(people):
        for monday, value in weeks.items():
            status[row, np.datetime64(monday) <= MONDAYS] = value
    frame = pd.DataFrame(
        {
            "person_id": [f"{row:016x}" for row in range(len(people))],
            "municipality": [place for place, _, _ in people],
            "service_cluster": [service for _, service, _ in people],
            "resident_from": pd.Timestamp("2000-01-01"),
            "resident_until": pd.NaT,
        }
    )
    return one_place(frame, MONDAYS, status, "2017-05-15", words)


@pytest.fixture
def plan(study: Study) -> Study:
    """Return the study with a short contrast: two months of flags, half a year after them."""
    assert study.itt is not None
    return replace(study, itt=replace(study.itt, months=2, horizon=26))


@pytest.fixture(scope="module")
def found(study: Study, tables: Tables) -> Contrast:
    contrast = intention_to_treat(study, tables)
    assert contrast is not None
    return contrast


ALWAYS = {"2016-01-04": BENEFITS}


def test_cohorts_and_effect_by_hand(plan: Study, words: Codebook) -> None:
    # The start is 15 May 2017, so the first flag after it falls on 5 June.  A follow-up of 26
    # weeks and a run of 4 end before it if the flag is no later than 17 October 2016.
    people = [
        (217, "unge", ALWAYS),  # 0: flagged before and after, never a job
        (217, "unge", {"2017-05-29": BENEFITS, "2017-07-10": JOB}),  # 1: after only, job
        (217, "unge", {"2016-09-12": BENEFITS, "2017-01-02": JOB}),  # 2: in October, job
        (217, "unge", {"2016-01-04": BENEFITS, "2016-08-29": JOB}),  # 3: never flagged
        (217, "voksen", ALWAYS),  # 4: the programme did not come to this service here
        (316, "unge", ALWAYS),  # 5
        (316, "unge", {"2016-01-04": BENEFITS, "2016-12-05": JOB}),  # 6: before, job
        (316, "voksen", ALWAYS),  # 7: another service
    ]
    contrast = intention_to_treat(plan, world(people, words))
    assert contrast is not None
    rows = contrast.rows
    shown = {
        (int(str(unit), 16), "after" if after else "before", str(date)[:10], value)
        for unit, after, date, value in rows[["unit", "after", "date", "employment"]].to_numpy()
    }
    assert shown == {
        (0, "before", "2016-09-05", 0.0),
        (2, "before", "2016-10-03", 100.0),
        (0, "after", "2017-06-05", 0.0),
        (1, "after", "2017-06-05", 100.0),
        (5, "before", "2016-09-05", 0.0),
        (6, "before", "2016-09-05", 100.0),
        (5, "after", "2017-06-05", 0.0),
    }
    assert contrast.effect.estimate == pytest.approx((50 - 50) - (0 - 50))
    assert contrast.effect.is_refused
    cells = contrast.cells.set_index(["arm", "period"])
    assert cells.loc[("treated", "before"), "n"] == 2
    assert cells["n_target"].to_dict() == {
        **dict.fromkeys([("treated", "before"), ("treated", "after")], 4),
        **dict.fromkeys([("comparison", "before"), ("comparison", "after")], 2),
    }


def test_no_follow_up_before_the_start_reaches_into_it(found: Contrast, tables: Tables) -> None:
    people = tables.frames["population"].set_index("person_id")
    own = found.rows[found.rows["treated"]].join(people["service_cluster"], on="unit")
    own = own.merge(
        tables.frames["exposure"],
        left_on=["cluster", "service_cluster"],
        right_on=["municipality", "service_cluster"],
    )
    run = found.plan.outcome.weeks
    followed = own["date"] + pd.to_timedelta(7 * (found.plan.horizon + run), "D")
    is_after = own["after"].astype(bool)
    assert (followed[~is_after] <= own.loc[~is_after, "start_date"]).all()
    assert (own.loc[is_after, "date"] >= own.loc[is_after, "start_date"]).all()


def test_both_arms_of_a_stack_are_met_in_the_same_months(found: Contrast) -> None:
    months = found.rows.assign(month=found.rows["date"].dt.to_period("M"))
    keys = ["stack", "after"]
    per_arm = months.groupby([*keys, "treated"])["month"].agg(["min", "max"]).reset_index()
    span = per_arm.groupby(keys)[["min", "max"]].agg(["min", "max"])
    assert ((span["max"]["max"] - span["min"]["min"]).map(lambda d: d.n) < 6).all()


def test_consent_and_taking_part_change_nobody(
    found: Contrast, study: Study, tables: Tables
) -> None:
    people = tables.frames["population"]
    nobody = people.assign(
        invited=False, consented=False, en_plan=False, start_date=pd.NaT, eligible_from=pd.NaT
    )
    other = replace(tables, frames={**tables.frames, "population": nobody})
    again = intention_to_treat(study, other)
    assert again is not None
    assert again.effect == found.effect


def test_a_person_stands_once_in_a_cohort(found: Contrast) -> None:
    assert not found.rows.duplicated(["unit", "stack", "after"]).any()
    own = found.rows[found.rows["treated"]]
    assert not own.duplicated(["unit", "after"]).any()


def test_starts_that_the_register_does_not_follow_are_left_out_and_counted(
    found: Contrast, study: Study, tables: Tables
) -> None:
    dream = tables.register()
    late = int(np.searchsorted(dream.weeks, np.datetime64("2015-02-01")))
    short = Dream.from_arrays(
        dream.persons, dream.weeks[late:], dream.status[:, late:], statuses=dream.statuses
    )
    less = intention_to_treat(study, replace(tables, dream=short))
    assert less is not None
    assert any("starts left out" in note for note in less.effect.notes)
    cells = less.cells.set_index(["arm", "period"])
    assert cells.loc[("treated", "after"), "n_unobserved"] > 0
    assert cells.loc[("treated", "after"), "n"] < found.cells["n"].iloc[1]
    assert less.rows["date"].min() >= pd.Timestamp("2015-02-01")


def test_a_register_that_reaches_no_cohort_is_refused_with_what_to_do(
    study: Study, tables: Tables
) -> None:
    assert study.itt is not None
    long = replace(study, itt=replace(study.itt, horizon=400))
    with pytest.raises(DesignError, match="shorten horizon_weeks or months"):
        intention_to_treat(long, tables)


def test_a_study_without_the_section_has_no_contrast(study: Study, tables: Tables) -> None:
    assert intention_to_treat(replace(study, itt=None), tables) is None


def test_the_results_hold_the_contrast_beside_the_participants_effect(results: Results) -> None:
    effects = results.effects.set_index(["outcome", "term"])
    row = effects.loc[("employment", "itt_did")]
    assert row["estimand"] == "ITT"
    assert row["unit"] == "percentage points"
    assert pd.isna(row["p_adjusted"])
    mean = results.contrasts.set_index(["arm", "period"])["estimate"]
    change = {
        arm: mean[arm, "after"] - mean[arm, "before"] for arm in ("treated", "comparison")
    }
    assert row["estimate"] == pytest.approx(change["treated"] - change["comparison"])
    (entry,) = results.manifest["contrasts"]
    assert (entry["outcome"], entry["term"], entry["horizon"]) == ("employment", "itt_did", 104)


def with_section(made: Path, lines: str) -> Study:
    text = (made / "study" / "study.toml").read_text(encoding="utf-8")
    old = '[contrast.itt]\noutcome = "employment"\nmonths = 6\n'
    assert old in text
    (made / "study" / "itt.toml").write_text(text.replace(old, lines), encoding="utf-8")
    return load_study(made / "study" / "itt.toml")


def test_the_section_takes_the_first_register_outcome_and_its_horizon(made: Path) -> None:
    itt = with_section(made, "[contrast.itt]\n").itt
    assert itt is not None
    assert (itt.outcome.name, itt.months, itt.horizon) == ("employment", 6, 104)
    assert with_section(made, "").itt is None


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('[contrast.itt]\noutcome = "relation"\n', "weekly statuses .* 'relation' is none"),
        ("[contrast.itt]\nmonth = 6\n", "Did you mean 'months'"),
        ("[contrast.iit]\nmonths = 6\n", "Did you mean 'itt'"),
        ("[contrast.itt]\nmonths = 30\n", "the most is 24"),
    ],
)
def test_mistakes_in_the_section_are_named(made: Path, lines: str, message: str) -> None:
    with pytest.raises(DesignError, match=message):
        with_section(made, lines)
