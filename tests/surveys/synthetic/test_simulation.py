from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data_dictionary.errors import DesignError
from surveys.synthetic import SyntheticStudy, places, simulate, timeline, truth
from surveys.synthetic.scenarios import scenario_named
from surveys.synthetic.simulation import draw_world, measure

TRIAL = {place.code for place in places.TRIAL}


@pytest.fixture(scope="module")
def study() -> SyntheticStudy:
    """Return the study of the size that the demo uses."""
    return simulate(seed=7, persons=12_000, scenario="measured")


def participants(made: SyntheticStudy) -> pd.DataFrame:
    return made.units[(made.units["population"] == "participants") & made.units["eligible"]]


def incidence(units: pd.DataFrame, world: int, horizon: int) -> float:
    found = units[f"cause{world}"].fillna("").eq("employment")
    return 100 * (found & (units[f"duration{world}"] <= horizon)).mean()


def test_a_seed_gives_one_study_and_another_seed_another() -> None:
    first, second, other = (
        simulate(seed=s, persons=600, scenario="measured") for s in (3, 3, 4)
    )
    for name in ("population", "exposure", "cases", "units"):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(second, name))
    for wave in (1, 2, 3):
        pd.testing.assert_frame_equal(first.citizen[wave], second.citizen[wave])
    np.testing.assert_array_equal(first.dream.codes, second.dream.codes)
    assert not first.population["birth_date"].equals(other.population["birth_date"])


def test_the_worlds_differ_only_for_participants_and_only_after_their_start(
    study: SyntheticStudy,
) -> None:
    differs = study.dream.codes != study.dream.codes_without
    takes_part = study.population["en_plan"].to_numpy()
    assert not differs[~takes_part].any()
    assert differs[takes_part].any(axis=1).mean() > 0.1
    start = study.population["start_date"].to_numpy()[:, None]
    assert not differs[study.dream.weeks[None, :] <= start].any()


def test_nobody_is_affected_under_the_sharp_null() -> None:
    made = simulate(seed=5, persons=2_000, scenario="null_sharp")
    np.testing.assert_array_equal(made.dream.codes, made.dream.codes_without)
    np.testing.assert_array_equal(made.dream.industries, made.dream.industries_without)
    units = made.units
    for name in ("duration", "cause", "relation_w3_", "goal_support_w3_", "who5_w3_"):
        pd.testing.assert_series_equal(units[f"{name}0"], units[f"{name}1"], check_names=False)


def test_municipality_effects_average_zero_under_the_mean_null() -> None:
    made = simulate(seed=5, persons=12_000, scenario="null_mean")
    units = participants(made)
    by_place = units["relation_w3_1"].sub(units["relation_w3_0"]).groupby(units["municipality"])
    assert by_place.mean().std() > 0.8
    assert (
        abs(truth.effect(units, outcome="relation", term="score_difference", horizon=104)) < 0.3
    )
    assert (units["cause0"].fillna("") != units["cause1"].fillna("")).any()


def test_lock_in_makes_the_incidences_cross() -> None:
    units = participants(simulate(seed=5, persons=12_000, scenario="lock_in"))
    early, late = (incidence(units, 1, h) - incidence(units, 0, h) for h in (20, 104))
    assert early < -1.0
    assert late > 2.0


@pytest.mark.slow
def test_the_effects_are_believable() -> None:
    rngs = np.random.default_rng(11).spawn(4)
    drawn = [measure(draw_world(rng, 12_000, scenario_named("measured"))) for rng in rngs]
    units = pd.concat([units for _, units, _ in drawn])
    units = units[(units["population"] == "participants") & units["eligible"]]
    assert 24 < incidence(units, 0, 104) < 31
    gain = truth.effect(units, outcome="employment", term="incidence", horizon=104)
    assert 5 < gain < 7.5
    assert 4 < truth.effect(units, outcome="relation", term="score_difference", horizon=0) < 5.5
    assert 17 < units["relation_w3_0"].std() < 23
    for outcome in ("employment", "relation"):
        assert 0.01 < np.mean([icc[outcome] for *_, icc in drawn]) < 0.05


def test_every_trial_municipality_has_all_kinds_of_citizens_and_the_others_none_invited(
    study: SyntheticStudy,
) -> None:
    population = study.population
    in_trial = population["municipality"].isin(TRIAL)
    eligible = population["eligible_from"].notna()
    asked = population[in_trial]
    groups = asked.groupby("municipality")
    assert set(groups.groups) == TRIAL
    assert (groups["en_plan"].sum() >= 40).all()
    refused = asked["invited"] & ~asked["consented"]
    not_invited = eligible[in_trial] & ~asked["invited"]
    for some in (refused, not_invited):
        assert some.groupby(asked["municipality"]).any().all()
    others = population[~in_trial]
    assert others["municipality"].nunique() == 30
    assert eligible[~in_trial].groupby(others["municipality"]).sum().min() > 20
    assert not others[["invited", "consented", "en_plan"]].any(axis=None)


def test_participants_are_as_many_as_planned_and_start_within_the_trial(
    study: SyntheticStudy,
) -> None:
    members = study.population[study.population["en_plan"]]
    assert 900 <= len(members) <= 1_400
    assert (members["consented"] & members["invited"]).all()
    began = members.merge(
        study.exposure, on=["municipality", "service_cluster"], suffixes=("", "_cell")
    )
    assert (began["start_date"] >= began["start_date_cell"]).all()
    assert began["start_date"].between("2017-03-01", "2018-12-31").all()
    assert (began["eligible_from"] <= began["start_date"]).all()
    assert study.exposure["start_date"].nunique() > 8


def test_most_participants_are_followed_to_the_horizon_and_some_are_censored(
    study: SyntheticStudy,
) -> None:
    censored = (participants(study)["censor"] < timeline.HORIZON).mean()
    assert 0 < censored < 0.10


def test_response_is_as_in_such_surveys_and_differs_between_waves(
    study: SyntheticStudy,
) -> None:
    for wave, asked in study.citizen.items():
        answered = asked["answer_status"] < 3
        assert len(asked) == len(study.population)
        arm = asked["person_id"].isin(study.population.query("en_plan")["person_id"])
        for share in answered.groupby(arm).mean():
            assert 0.55 < share < 0.75, wave
        assert asked.loc[~answered, "relation_1"].isna().all()
        assert asked["answer_date"].notna().equals(answered)


def test_baseline_answers_precede_the_trial_but_for_a_few_late_ones(
    study: SyntheticStudy,
) -> None:
    date = study.citizen[1]["answer_date"].dropna()
    late = date >= "2017-03-01"
    assert 0 < late.sum() < 0.01 * len(date)
    assert date[~late].between("2016-11-01", "2017-02-28").all()


def test_motivation_drives_consent_only_where_it_is_hidden() -> None:
    for name, low, high in (("measured", -0.15, 0.15), ("hidden_motivation", 0.8, 2.0)):
        world = draw_world(np.random.default_rng(2), 4_000, scenario_named(name))
        asked = world.enrolment.invited
        says_yes = world.enrolment.consented[asked]
        motivation = world.people.motivation[asked]
        assert low < motivation[says_yes].mean() - motivation[~says_yes].mean() < high


def test_answering_follows_the_change_in_opposite_ways_only_where_told() -> None:
    for name in ("measured", "informative_nonresponse"):
        made = simulate(seed=9, persons=12_000, scenario=name)
        status = made.citizen[3].set_index("person_id")["answer_status"]
        units = participants(made).set_index("person_id")
        answered = status.reindex(units.index) < 3
        score = units["relation_w3_1"]
        gap = score[answered].mean() - score[~answered].mean()
        assert abs(gap) < 3 if name == "measured" else gap > 5


def test_an_unknown_scenario_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(DesignError, match="Did you mean 'lock_in'"):
        simulate(seed=1, persons=600, scenario="lock-in")


def test_too_few_persons_are_refused() -> None:
    with pytest.raises(DesignError, match="at least 500"):
        simulate(seed=1, persons=100, scenario="measured")
