from __future__ import annotations

import numpy as np
import pytest

from surveys.synthetic import histories, people, places, timeline


@pytest.fixture(scope="module")
def process() -> tuple[histories.Hazards, people.People, np.ndarray]:
    rng = np.random.default_rng(4)
    drawn = people.draw_people(rng, 1_500)
    hazards = histories.draw_hazards(rng, drawn, places.draw_effects(rng).jobs, 0.0)
    return hazards, drawn, rng.random((1_500, timeline.N_WEEKS), dtype=np.float32)


def test_a_programme_without_effect_changes_no_week(process) -> None:
    hazards, drawn, numbers = process
    rows = np.arange(0, 1_500, 3)
    same = histories.run(
        hazards,
        drawn.place,
        numbers,
        rows=rows,
        start=np.full(rows.size, 200),
        lift=np.zeros(rows.size),
        profile=np.zeros(5),
    )
    np.testing.assert_array_equal(same, histories.run(hazards, drawn.place, numbers)[rows])


def test_a_higher_hazard_never_delays_the_first_job(process) -> None:
    hazards, drawn, numbers = process
    start = np.full(1_500, 250)
    without = histories.run(hazards, drawn.place, numbers)
    lifted = histories.run(
        hazards,
        drawn.place,
        numbers,
        rows=np.arange(1_500),
        start=start,
        lift=np.full(1_500, 0.5),
        profile=np.zeros(1),
    )
    first = [(states[:, 251:] == histories.JOB).argmax(axis=1) for states in (without, lifted)]
    had = (without[:, 251:] == histories.JOB).any(axis=1)
    assert (first[1][had] <= first[0][had]).all()
    assert (first[1][had] < first[0][had]).any()


def test_death_and_folkepension_are_for_good(process) -> None:
    states = histories.run(process[0], process[1].place, process[2])
    dead = states == histories.DEAD
    assert (np.diff(dead.astype(int), axis=1) >= 0).all()
    retired = states == histories.RETIREMENT
    left = retired[:, :-1] & ~retired[:, 1:]
    assert np.isin(states[:, 1:][left], [histories.DEAD, histories.EMIGRATED]).all()


def test_everybody_in_the_population_is_alive_and_resident_when_it_is_drawn(process) -> None:
    states = histories.run(process[0], process[1].place, process[2])
    week = timeline.position(np.array([timeline.POPULATION_DATE]))[0]
    assert not np.isin(states[:, : week + 1], [histories.DEAD, histories.EMIGRATED]).any()


def test_uddannelseshjaelp_is_for_those_below_thirty(process) -> None:
    hazards, drawn, numbers = process
    states = histories.run(hazards, drawn.place, numbers)
    week = np.arange(timeline.N_WEEKS)[None, :]
    below = week < hazards.thirty[:, None]
    assert below[states == histories.EDUCATION_HELP].all()
    assert not below[states == histories.ASSISTANCE].any()


def test_fewer_find_jobs_in_spring_2020(process) -> None:
    hazards, _, _ = process
    monday = timeline.mondays()
    spring = (monday >= np.datetime64("2020-03-16")) & (monday < np.datetime64("2020-05-18"))
    before = (monday >= np.datetime64("2019-03-16")) & (monday < np.datetime64("2019-05-18"))
    assert hazards.climate[:, spring].mean() < 0.6 * hazards.climate[:, before].mean()
