"""Weekly histories: a multi-state process run on given random numbers, week by week.

Hazards depend on who a person is, how long the benefits have lasted, how much the person has
worked lately, the calendar, and the municipality's year. Given the same numbers, the world with
the programme differs from the world without it only after the start.
"""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from surveys.synthetic import places, timeline
from surveys.synthetic.people import BRAIN, LONG_TERM, SUBSTANCE, YOUNG, People

STATES = (
    "assistance", "education_help", "resource", "sick", "flex_benefit", "unemployment",
    "rehabilitation", "maternity", "job", "education", "flexjob", "early_retirement",
    "retirement", "emigrated", "dead", "self_support",
)  # fmt: skip
(
    ASSISTANCE, EDUCATION_HELP, RESOURCE, SICK, FLEX_BENEFIT, UNEMPLOYMENT, REHABILITATION,
    MATERNITY, JOB, EDUCATION, FLEXJOB, EARLY_RETIREMENT, RETIREMENT, EMIGRATED, DEAD,
    SELF_SUPPORT,
) = range(len(STATES))  # fmt: skip
_N = len(STATES)
_LAST_BENEFIT = REHABILITATION
_LONGEST = 260

_START_SHARE = np.array(
    [0.46, 0.0, 0.12, 0.10, 0.03, 0.05, 0.03, 0.02, 0.10, 0.03, 0.0, 0.0, 0.0, 0.0, 0.0, 0.06]
)


class Hazards(NamedTuple):
    """All that drives the process except the random numbers and the programme.

    Weekly hazards of an average person by state (row) and destination (column), and factors:
    per person and destination; per person on job finding from the population date on (a
    motivation that earlier history does not tell of); per place and week on job finding
    (season, spring 2020, municipality and year); by weeks of benefits in a row.  `thirty` and
    `pension` are the weeks in which each person turns 30 and reaches the age of folkepension.
    """

    rates: NDArray[np.float64]
    multipliers: NDArray[np.float64]
    drive: NDArray[np.float64]
    climate: NDArray[np.float64]
    duration: NDArray[np.float64]
    thirty: NDArray[np.int64]
    pension: NDArray[np.int64]
    initial: NDArray[np.uint8]


def draw_hazards(
    rng: np.random.Generator, people: People, place_jobs: NDArray[np.float64], motivation: float
) -> Hazards:
    """Return the hazards of these people; `motivation` is its effect on job finding."""
    text = (files("surveys.synthetic") / "transitions.toml").read_text("utf-8")
    per_thousand = tomllib.loads(text)
    rates = np.zeros((_N, _N))
    for state, destinations in per_thousand["from"].items():
        for destination, rate in {**destinations, **per_thousand["anywhere"]}.items():
            rates[STATES.index(state), STATES.index(destination)] = rate / 1000.0
    # Kontanthjælp replaces uddannelseshjælp at 30; folkepension was due at 65 for most years.
    week_of_age = [
        timeline.position(people.birth_date + round(age * 365.25)) for age in (30.0, 65.0)
    ]
    edges = np.cumsum(_START_SHARE)
    initial = np.searchsorted(edges, rng.random(len(people)) * edges[-1] * 0.999999, "right")
    return Hazards(
        rates=rates,
        multipliers=_multipliers(people),
        drive=np.exp(motivation * people.motivation),
        climate=_calendar_factor() * np.exp(place_jobs[:, places.week_years()]),
        # Job finding falls with time on benefits, fast in the first year and then hardly.
        duration=0.55 + 0.75 * np.exp(-np.arange(_LONGEST) / 40.0),
        thirty=week_of_age[0],
        pension=week_of_age[1],
        initial=initial.astype(np.uint8),
    )


def run(
    hazards: Hazards,
    place: NDArray[np.int64],
    numbers: NDArray[np.float32],
    *,
    rows: NDArray[np.int64] | None = None,
    start: NDArray[np.int64] | None = None,
    lift: NDArray[np.float64] | None = None,
    profile: NDArray[np.float64] | None = None,
    other: float = 0.0,
) -> NDArray[np.uint8]:
    """Return the state of each person in each week, as positions in `STATES`.

    `numbers` are uniform, one per person and week. Per person of `rows` the programme begins in
    the week `start` and adds `lift` to the log hazard of job finding, and `profile` by week
    since; `other` is its effect on education and flexjob. Without these it is the world without
    the programme, of everybody.
    """
    chosen = np.arange(place.size) if rows is None else rows
    if start is None or lift is None or profile is None:
        start = np.full(chosen.size, numbers.shape[1], dtype=np.int64)
        lift, profile = np.zeros(chosen.size), np.zeros(1)
    open_week = int(timeline.position(np.array([timeline.POPULATION_DATE]))[0])
    found = _run(
        chosen, hazards, place, numbers, start, lift, profile, np.exp(other), open_week
    )
    return np.asarray(found)


@numba.njit(cache=True)
def _run(
    rows: NDArray[np.int64],
    hazards: Hazards,
    place: NDArray[np.int64],
    numbers: NDArray[np.float32],
    start: NDArray[np.int64],
    lift: NDArray[np.float64],
    profile: NDArray[np.float64],
    other: float,
    open_week: int,
) -> NDArray[np.uint8]:
    """Run the process: jobs take the top of [0, 1), the other destinations the bottom.

    So a larger hazard of job finding only ever adds moves into jobs, and leaves the others.
    """
    n_weeks = numbers.shape[1]
    rates, multipliers, duration = hazards.rates, hazards.multipliers, hazards.duration
    n_states = rates.shape[0]
    out = np.empty((rows.size, n_weeks), dtype=np.uint8)
    bottom = np.empty((n_states, n_states))
    for i in range(rows.size):
        person = rows[i]
        bottom[:] = rates * multipliers[person]
        bottom[:, JOB] = 0.0
        state = int(hazards.initial[person])
        spell, tenure, worked = 0, 100, 0.3
        for week in range(n_weeks):
            state = _aged(
                state, week >= hazards.thirty[person], week >= hazards.pension[person]
            )
            out[i, week] = state
            spell = spell + 1 if state <= _LAST_BENEFIT else 0
            tenure = tenure + 1 if state == JOB else 0
            worked = 0.985 * worked + (0.015 if state == JOB else 0.0)
            began = week - start[i]
            job = (
                rates[state, JOB]
                * multipliers[person, JOB]
                * hazards.climate[place[person], week]
            )
            job *= 0.8 + 0.9 * worked
            if week >= open_week:
                job *= hazards.drive[person]
            if state <= _LAST_BENEFIT:
                job *= duration[min(spell, duration.size - 1)]
            if began >= 0:
                job *= np.exp(lift[i] + profile[min(began, profile.size - 1)])
            u = numbers[person, week]
            if u >= 1.0 - job:
                state = JOB
                continue
            # Jobs end most often in the first weeks.
            hasty = 2.5 if state == JOB and tenure < 10 else 1.0
            found = _destination(u / hasty, bottom[state], other if began >= 0 else 1.0)
            settles = EARLY_RETIREMENT <= found <= DEAD
            if found >= 0 and (week >= open_week or not settles):
                state = found
    return out


@numba.njit(cache=True)
def _aged(state: int, is_thirty: bool, is_pensioner: bool) -> int:
    """Return the state that age makes of a state."""
    # The order matters: a pensioner of 65 gets neither of the other two.
    if is_pensioner and state not in (DEAD, EMIGRATED):
        return RETIREMENT
    if state == EDUCATION_HELP and is_thirty:
        return ASSISTANCE
    if state == ASSISTANCE and not is_thirty:
        return EDUCATION_HELP
    return state


@numba.njit(cache=True)
def _destination(u: float, hazards: NDArray[np.float64], other: float) -> int:
    """Return the state whose share of [0, 1) holds `u`, or -1 to stay."""
    reached = 0.0
    for state in range(hazards.size):
        step = hazards[state]
        reached += step * other if state in (EDUCATION, FLEXJOB) else step
        if u < reached:
            return state
    return -1


def _calendar_factor() -> NDArray[np.float64]:
    """Return the season of job finding, and the stop of spring 2020 with a slow return."""
    monday = timeline.mondays()
    month = monday.astype("datetime64[M]").astype(np.int64) % 12
    season = 1.0 + 0.12 * np.cos(2.0 * np.pi * (month - 7) / 12.0)
    # Job search was suspended in March 2020, and obligations came back by the end of May.
    stop = (monday >= np.datetime64("2020-03-09")) & (monday < np.datetime64("2020-05-25"))
    after = monday >= np.datetime64("2020-05-25")
    return np.asarray(season * np.where(stop, 0.45, np.where(after, 0.85, 1.0)))


def _multipliers(people: People) -> NDArray[np.float64]:
    """Return the factor on each person's hazard of each destination."""
    age, group, education = people.age, people.group, people.education
    log = np.zeros((len(people), _N))
    log[:, JOB] = (
        -0.020 * np.maximum(age - 35.0, 0.0)
        - 0.10 * people.female
        + np.select([education == 2, education == 3, education == 4], [0.25, 0.15, 0.40], 0.0)
        - 0.25 * (people.origin == 2)
        - 0.06 * np.minimum(people.children, 4)
        - 0.70 * (group == BRAIN)
        - 0.55 * (group == SUBSTANCE)
        - 0.15 * (group == LONG_TERM)
        + 0.10 * (group == YOUNG)
        + people.frailty
    )
    log[:, EDUCATION] = -0.11 * (age - 24.0) + 0.5 * (education == 3) - 3.0 * (age > 45.0)
    log[:, FLEXJOB] = 0.03 * (age - 42.0) + 0.7 * (group == BRAIN) - 1.0 * (group == YOUNG)
    log[:, EARLY_RETIREMENT] = (
        0.05 * (age - 47.0) + 0.9 * (group == BRAIN) - 1.0 * (group == YOUNG)
    )
    log[:, RESOURCE] = 0.3 * (age > 40.0) - 0.3 * people.frailty
    log[:, SICK] = 0.02 * (age - 40.0)
    log[:, EMIGRATED] = 1.2 * (people.origin == 2)
    log[:, DEAD] = 0.07 * (age - 45.0) + 1.2 * (group == SUBSTANCE)
    factor = np.exp(log)
    factor[:, MATERNITY] = people.female & (age < 41.0)
    return factor
