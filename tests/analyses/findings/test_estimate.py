"""Every effect of a study from tables in memory, and refusal that keeps the estimate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analyses import Estimates, Results, Study, Tables, estimate
from analyses.published.gate import Gate
from analyses.published.table import Made
from analyses.published.tables import TABLES


def test_memory_and_files_give_the_same_effects(
    estimates: Estimates, results: Results, study: Study, tables: Tables
) -> None:
    ours = Gate(study.min_cell).publish(Made(TABLES, study, tables, estimates))["effects"]
    written = results.effects
    assert written["estimate"].notna().sum() > 10
    pd.testing.assert_frame_equal(ours.frame, written, rtol=1e-12)
    exact = estimates.effects.tidy()["estimate"].where(ours.frame["estimate"].notna())
    assert ours.exact["estimate"].to_numpy() == pytest.approx(exact, rel=1e-12, nan_ok=True)


def test_every_estimate_of_a_duration_is_there_once(estimates: Estimates, study: Study) -> None:
    effects = estimates.effects.tidy()
    assert not effects.duplicated(["outcome", "term"]).any()
    own = set(effects.loc[effects["outcome"] == "employment", "term"])
    durations = {"incidence", "weeks_since_employment", "hazard_ratio", "time_ratio"}
    durations |= {"subdistribution_hazard_ratio"}
    assert {term for term in own if "accumulated" not in term} == durations | {"itt_did"}
    for cause in study.outcomes[0].competing:  # type: ignore[attr-defined]
        assert "incidence" in set(effects.loc[effects["outcome"] == cause, "term"])


def test_causes_that_two_outcomes_share_carry_the_outcome_in_their_name(
    study: Study, tables: Tables
) -> None:
    first = study.outcomes[0]
    steady = replace(first, name="steady", weeks=13)  # type: ignore[call-arg]
    twice = replace(study, outcomes=(first, steady), itt=None, weekly=None)
    names = set(estimate(twice, tables).effects.tidy()["outcome"])
    assert {"employment", "steady", "employment:flexjob", "steady:flexjob"} <= names
    assert "flexjob" not in names


def test_the_kept_participants_are_those_with_a_partner(
    estimates: Estimates, tables: Tables
) -> None:
    people = tables.frames["population"].set_index("person_id")
    for name, one in estimates.outcomes.items():
        kept = estimates.kept(name)
        assert people.loc[kept, "en_plan"].astype(bool).all()
        assert len(kept) == int((one.matched.used & one.matched.treated).sum())


def test_a_score_has_a_set_of_its_own_among_those_who_answered_before(
    estimates: Estimates,
) -> None:
    one = estimates.outcomes["relation"]
    assert "relation_w1" in one.matched.roles.covariates
    assert one.matched.frame["relation_w1"].notna().all()
    assert len(estimates.kept("relation")) < len(estimates.kept("employment"))


def test_fewer_than_three_treated_clusters_refuse_inference_and_keep_the_estimate(
    study: Study, tables: Tables
) -> None:
    people = tables.frames["population"]
    kept = ~people["en_plan"].astype(bool) | people["municipality"].isin([217, 219])
    few = replace(
        tables, frames={**tables.frames, "population": people.loc[kept].reset_index(drop=True)}
    )
    one = replace(study, outcomes=study.outcomes[:1], itt=None, weekly=None)
    found = estimate(one, few)
    effect = found.effects.effects[0]
    assert np.isfinite(effect.estimate)
    assert np.isnan([effect.std_error, effect.conf_low, effect.p_value]).all()
    decision = found.outcomes["employment"].decision
    assert decision.method == "none"
    assert "refused" in decision.reason
    assert any("refused" in note for note in effect.notes)
