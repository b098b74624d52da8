"""A whole study in memory: people, both worlds, the tables, and the unit-level truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.errors import DesignError
from surveys.dream.weeks import months_of
from surveys.synthetic import (
    citizens,
    histories,
    places,
    programme,
    records,
    register,
    staff,
    timeline,
    truth,
)
from surveys.synthetic.people import TARGET_GROUPS, People, draw_people
from surveys.synthetic.register import Weekly
from surveys.synthetic.scenarios import Scenario, ScenarioName, scenario_named

LEAST_PERSONS = 500


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SyntheticStudy:
    """All tables of a synthetic study, and what would have happened otherwise.

    `units` are potential outcomes, one row per person and ``population``: ``participants`` from
    their start, ``register_eligible`` (everybody whom the register flags in the trial's
    municipalities and clusters) from the month of the flag. ``duration0 cause0 duration1
    cause1`` in weeks (cause missing = none seen), ``weeks_employment0 weeks_employment1``:
    weeks employed of the 104 after the index week, ``censor``: the last week that the study
    observes, scores of wave 3, and ``eligible``: on a benefit in the index week.  `icc` are
    intraclass correlations between municipalities in the world without the programme.
    """

    seed: int
    persons: int
    scenario: ScenarioName
    population: pd.DataFrame
    exposure: pd.DataFrame
    cases: pd.DataFrame
    dream: Weekly
    citizen: dict[int, pd.DataFrame]
    staff: dict[int, pd.DataFrame]
    units: pd.DataFrame
    icc: dict[str, float]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables without waves, by their names in the ``enplan`` edition."""
        return {
            "population": self.population, "exposure": self.exposure, "cases": self.cases,
        }  # fmt: skip

    @property
    def waves(self) -> dict[str, dict[int, pd.DataFrame]]:
        """The survey waves, by their tables' names in the ``enplan`` edition."""
        return {"citizen": self.citizen, "staff": self.staff}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class World:
    """One draw of everything random that both worlds and all tables share."""

    people: People
    effects: places.PlaceEffects
    scenario: Scenario
    enrolment: programme.Enrolment
    without: NDArray[np.uint8]
    realised: NDArray[np.uint8]
    habits: register.Habits
    answers: citizens.Answers


def simulate(*, seed: int, persons: int = 12_000, scenario: str = "measured") -> SyntheticStudy:
    """Return a synthetic study in memory, with both worlds; equal for equal arguments.

    Parameters
    ----------
    seed : int
        Decides everything that is drawn, municipality effects included.
    persons : int
        Citizens in the register population, at least 500.
    scenario : str
        ``measured``, ``null_sharp``, ``null_mean``, ``hidden_motivation``,
        ``informative_nonresponse`` or ``lock_in``.

    Examples
    --------
    >>> made = simulate(seed=1, persons=600)
    >>> len(made.population), sorted(made.citizen), made.scenario
    (600, [1, 2, 3], 'measured')
    """
    if persons < LEAST_PERSONS:
        raise DesignError(
            f"persons={persons}: a study of 39 municipalities needs at least {LEAST_PERSONS}."
        )
    # A stream each: a change of one table leaves every other as it was.
    world_rng, case_rng, staff_rng, answer_rng = np.random.default_rng(seed).spawn(4)
    world = draw_world(world_rng, persons, scenario_named(scenario))
    dream, units, icc = measure(world)
    return SyntheticStudy(
        seed=seed,
        persons=persons,
        scenario=world.scenario.name,
        population=_population(world),
        exposure=places.exposure(),
        cases=records.draw_cases(case_rng, world.people),
        dream=dream,
        citizen=citizens.citizen_waves(
            answer_rng,
            world.people,
            world.effects,
            world.scenario,
            world.answers,
            world.enrolment.takes_part,
        ),
        staff=staff.draw_staff(staff_rng),
        units=units,
        icc=icc,
    )


def draw_world(rng: np.random.Generator, persons: int, scenario: Scenario) -> World:
    """Draw the people, their histories in both worlds and their full answers."""
    streams = rng.spawn(8)
    people = draw_people(streams[0], persons)
    effects = places.draw_effects(streams[1])
    hazards = histories.draw_hazards(streams[2], people, effects.jobs, scenario.motivation_jobs)
    # The same numbers in both worlds, so that they differ by the programme alone.
    numbers = streams[3].random((persons, timeline.N_WEEKS), dtype=np.float32)
    without = histories.run(hazards, people.place, numbers)
    enrolment = programme.enrol(
        streams[4], people, programme.read_register(without), effects, scenario
    )
    gains = programme.draw_gains(streams[5], people, enrolment, scenario)
    rows = np.flatnonzero(enrolment.takes_part)
    # Nobody else is touched: no spillover is simulated.
    realised = without.copy()
    realised[rows] = histories.run(
        hazards,
        people.place,
        numbers,
        rows=rows,
        start=timeline.position(enrolment.start_date[rows]),
        lift=gains.jobs[rows],
        profile=scenario.profile(),
        other=scenario.other,
    )
    return World(
        people=people,
        effects=effects,
        scenario=scenario,
        enrolment=enrolment,
        without=without,
        realised=realised,
        habits=register.draw_habits(streams[6], persons),
        answers=citizens.draw_answers(
            streams[7], people, effects, scenario, enrolment.start_date, gains.scores
        ),
    )


def measure(world: World) -> tuple[Weekly, pd.DataFrame, dict[str, float]]:
    """Return the register, the potential outcomes, and the intraclass correlations."""
    rows = np.arange(len(world.people))
    # The years before have only made histories plausible.
    observed = slice(timeline.BURN_IN, timeline.LAST_OBSERVED + 1)
    codes, jobs, industries = {}, {}, {}
    for number, states in enumerate((world.without, world.realised)):
        codes[number] = register.week_codes(states, world.habits, rows)
        months, industry = register.month_industries(states, world.habits, rows)
        month = np.searchsorted(months, months_of(timeline.mondays()))
        jobs[number] = truth.job_weeks(codes[number], (industry > 0)[:, month])
        kept = slice(month[timeline.BURN_IN], month[timeline.LAST_OBSERVED] + 1)
        industries[number] = industry[:, kept]
    dream = Weekly(
        persons=world.people.person_id,
        weeks=timeline.mondays()[observed],
        months=months[kept],
        codes=codes[1][:, observed],
        industries=industries[1],
        codes_without=codes[0][:, observed],
        industries_without=industries[0],
    )
    units = pd.concat(
        [
            _units(world, codes, jobs, "participants", world.enrolment.start_date),
            _units(world, codes, jobs, "register_eligible", world.enrolment.asked_from),
        ],
        ignore_index=True,
    )
    return dream, units, _icc(world, codes[0], jobs[0])


def _units(
    world: World,
    codes: dict[int, NDArray[np.int16]],
    jobs: dict[int, NDArray[np.bool_]],
    population: str,
    index_date: NDArray[np.datetime64],
) -> pd.DataFrame:
    """Return the potential outcomes of those with an index date."""
    rows = np.flatnonzero(~np.isnat(index_date))
    index = timeline.position(index_date[rows])
    columns: dict[str, object] = {
        "population": population,
        "person_id": world.people.person_id[rows],
        "municipality": places.CODES[world.people.place[rows]],
        "takes_part": world.enrolment.takes_part[rows],
        "index_date": index_date[rows].astype("datetime64[s]"),
        "eligible": world.without[rows, index] <= histories.REHABILITATION,
        # A run of the last weeks cannot be seen whole; the truth is judged as a study could.
        "censor": np.maximum(timeline.LAST_OBSERVED - (timeline.RUN - 1) - index, 1),
    }
    names = np.array([None, *truth.CAUSES], dtype=object)
    for number in (0, 1):
        duration, cause = truth.first_event(
            codes[number][rows], jobs[number][rows], index, timeline.RUN
        )
        columns[f"duration{number}"] = duration
        columns[f"cause{number}"] = pd.Series(names[cause], dtype="string")
        columns[f"weeks_employment{number}"] = truth.weeks_employed(
            jobs[number][rows], index, timeline.HORIZON
        )
    for scale in truth.SCORES:
        for number, answers in enumerate((world.answers.without, world.answers.with_programme)):
            columns[f"{scale}_w3_{number}"] = citizens.full_score(answers, scale, 3)[rows]
    return pd.DataFrame(columns)


def _icc(world: World, codes: NDArray[np.int16], jobs: NDArray[np.bool_]) -> dict[str, float]:
    """Return how alike citizens of one municipality are without the programme."""
    date = world.enrolment.eligible_from
    rows = np.flatnonzero(~np.isnat(date))
    duration, cause = truth.first_event(
        codes[rows], jobs[rows], timeline.position(date[rows]), timeline.RUN
    )
    found = ((cause == 1) & (duration <= timeline.HORIZON)).astype(np.float64)
    place = world.people.place[rows]
    score = citizens.full_score(world.answers.without, "relation", 3)[rows]
    return {
        "employment": truth.intraclass_correlation(found, place),
        "relation": truth.intraclass_correlation(score, place),
    }


def _population(world: World) -> pd.DataFrame:
    """Return the population table of the world that came about."""
    people, enrolment = world.people, world.enrolment
    # Residence ends with the week before, by the world that came about.
    gone = np.isin(world.realised, (histories.EMIGRATED, histories.DEAD))
    week = timeline.mondays()[gone.argmax(axis=1)]
    left = gone.any(axis=1) & (week <= timeline.LAST_WEEK)
    clusters = np.array(places.CLUSTERS, dtype=object)
    groups = np.array(TARGET_GROUPS, dtype=object)
    until = np.where(left, week - 1, np.datetime64("NaT"))
    return pd.DataFrame(
        {
            "person_id": people.person_id,
            "household_id": people.household_id,
            "municipality": places.CODES[people.place],
            "municipality_class": places.CONDITIONS[people.place],
            "service_cluster": clusters[people.cluster],
            "target_group": groups[people.group],
            "female": people.female,
            "birth_date": people.birth_date.astype("datetime64[s]"),
            "education": people.education,
            "children": people.children,
            "origin": people.origin,
            "resident_from": people.resident_from.astype("datetime64[s]"),
            "resident_until": until.astype("datetime64[s]"),
            "eligible_from": enrolment.eligible_from.astype("datetime64[s]"),
            "invited": enrolment.invited,
            "consented": enrolment.consented,
            "en_plan": enrolment.takes_part,
            "start_date": enrolment.start_date.astype("datetime64[s]"),
        }
    )
