"""Who takes part: the register's eligibility, the invitation by need, the consent, the start.

Given the study's covariates at the month of intake and the municipality, taking part does not
depend on what would happen later, except through motivation where the scenario says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surveys.synthetic import histories as h
from surveys.synthetic import places, timeline
from surveys.synthetic.people import BRAIN, FAMILIES, SUBSTANCE, YOUNG, People
from surveys.synthetic.scenarios import Scenario

_INTAKE_MONTHS = 11


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Register:
    """What the register says of each person and simulated week."""

    benefit: NDArray[np.bool_]
    elapsed: NDArray[np.int16]  # weeks of benefits in a row up to and including the week
    # Weeks with a benefit and with a job before each week, cumulated.
    benefit_sum: NDArray[np.int16]
    job_sum: NDArray[np.int16]

    def weeks_before(
        self, cumulated: NDArray[np.int16], week: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return how many of the 104 weeks before each person's `week` count."""
        rows = np.arange(week.size)
        now, then = cumulated[rows, week], cumulated[rows, np.maximum(week - 104, 0)]
        return np.asarray(now - then, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Enrolment:
    """Each person's way into the trial; NaT or False where there is none.

    The register first flags the person in `eligible_from`; in `asked_from`, time zero of the
    intention to treat, not before the trial began in the person's municipality and cluster.
    """

    eligible_from: NDArray[np.datetime64]
    asked_from: NDArray[np.datetime64]
    invited: NDArray[np.bool_]
    consented: NDArray[np.bool_]
    takes_part: NDArray[np.bool_]
    start_date: NDArray[np.datetime64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Effects:
    """What the programme would do for each person: jobs (log hazard) and scores (SD)."""

    jobs: NDArray[np.float64]
    scores: NDArray[np.float64]


def read_register(states: NDArray[np.uint8]) -> Register:
    """Summarise histories as the register would."""
    benefit = states <= h.REHABILITATION
    week = np.arange(states.shape[1], dtype=np.int16)
    last_without = np.maximum.accumulate(np.where(benefit, np.int16(-1), week), axis=1)
    before = np.zeros((states.shape[0], 1), dtype=np.int16)
    sums = [
        np.hstack([before, np.cumsum(what, axis=1, dtype=np.int16)[:, :-1]])
        for what in (benefit, states == h.JOB)
    ]
    return Register(
        benefit=benefit, elapsed=week - last_without, benefit_sum=sums[0], job_sum=sums[1]
    )


def enrol(
    rng: np.random.Generator,
    people: People,
    register: Register,
    effects: places.PlaceEffects,
    scenario: Scenario,
) -> Enrolment:
    """Draw who is taken up, when, who is invited by need and who consents."""
    n = len(people)
    opened = places.first_months()[people.place, people.cluster]
    in_trial = ~np.isnat(opened)
    intake_date = _intake_dates(rng, people, opened)
    week = np.maximum(timeline.position(intake_date), 0)
    on_benefit = register.benefit[np.arange(n), week]
    # A few come by another door than the register: referred by a caseworker.
    reached = in_trial & (on_benefit | (rng.random(n) < 0.02))
    need, wish = _need(people, register, week), _wish(people, register, week)
    need += effects.inviting[people.place]
    wish += effects.consenting[people.place] + scenario.motivation_consent * people.motivation
    invited = reached & (rng.random(n) < _logistic(need))
    consented = invited & (rng.random(n) < _logistic(wish))
    takes_part = consented & (rng.random(n) < 0.96)
    flagged = _first_flag(register, np.full(n, timeline.FIRST_MONTH))
    asked = _first_flag(register, np.where(in_trial, opened, timeline.FIRST_MONTH))
    flagged, asked = (
        np.where(takes_part, np.fmin(date, intake_date), date) for date in (flagged, asked)
    )
    return Enrolment(
        eligible_from=flagged,
        asked_from=np.where(in_trial, asked, np.datetime64("NaT")),
        invited=invited,
        consented=consented,
        takes_part=takes_part,
        start_date=np.where(takes_part, intake_date, np.datetime64("NaT")),
    )


def draw_gains(
    rng: np.random.Generator, people: People, enrolment: Enrolment, scenario: Scenario
) -> Effects:
    """Draw what the programme would do, varying with persons and municipalities."""
    n_places = len(places.PLACES)
    by_place = rng.standard_normal((2, n_places))
    by_person = rng.standard_normal((2, len(people)))
    if scenario.name == "null_mean":
        # Centred on the participants, so that the average effect is none in every study.
        members = np.bincount(people.place[enrolment.takes_part], minlength=n_places)
        by_place -= (by_place @ members / max(members.sum(), 1))[:, None]
    responsive = 0.5 * (people.age < 45.0) + 0.5 * (people.education >= 2) - 0.5
    jobs = scenario.effect + scenario.effect_places * by_place[0, people.place]
    jobs += scenario.effect_persons * (by_person[0] + responsive)
    scores = scenario.score + scenario.score_places * by_place[1, people.place]
    scores += scenario.score_persons * (by_person[1] + 0.5 * people.female - 0.25)
    return Effects(jobs=jobs, scores=scores)


def _intake_dates(
    rng: np.random.Generator, people: People, opened: NDArray[np.datetime64]
) -> NDArray[np.datetime64]:
    """Draw each household's intake: a month after the opening, by chance, and a weekday."""
    share = rng.random(len(people))[people.household]
    day = rng.integers(0, 26, len(people))[people.household]
    last = np.minimum(opened + _INTAKE_MONTHS, timeline.LAST_MONTH)
    span = np.where(np.isnat(opened), 0, (last - opened).astype(np.int64) + 1)
    date = (opened + np.floor(share * span).astype(np.int64)).astype("datetime64[D]") + day
    weekday = (date.astype(np.int64) + 3) % 7
    return np.asarray(np.where(weekday >= 5, date + 2, date))


def _first_flag(register: Register, earliest: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """Return the first Monday of the first month, from `earliest` on, that finds a benefit."""
    flag = np.full(earliest.size, "NaT", dtype="datetime64[D]")
    for month in timeline.months()[::-1]:
        day = timeline.first_monday(month)
        found = register.benefit[:, timeline.position(np.array([day]))[0]] & (month >= earliest)
        flag[found] = day
    return flag


def _need(people: People, register: Register, week: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the logit of being invited: those with the greatest need first."""
    benefit = register.weeks_before(register.benefit_sum, week) / 104.0
    job = register.weeks_before(register.job_sum, week) / 104.0
    elapsed = register.elapsed[np.arange(week.size), week]
    return np.asarray(
        0.55
        + 0.9 * (benefit - 0.7)
        - 0.8 * (benefit - 0.7) ** 2
        - 0.9 * job
        + 0.25 * (elapsed > 52)
        + 0.20 * (people.children >= 3)
        + 0.30 * (people.education == 1) * people.female
        - 0.15 * ((people.age - 38.0) / 10.0) ** 2 / 2.0
        + np.select([people.group == FAMILIES, people.group == BRAIN], [0.35, 0.20], 0.0)
    )


def _wish(people: People, register: Register, week: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the logit of consenting."""
    job = register.weeks_before(register.job_sum, week) / 104.0
    return np.asarray(
        0.45
        + 0.30 * people.female
        + 0.25 * (people.education >= 2)
        - 0.20 * ((people.age - 35.0) / 12.0) ** 2 / 2.0
        - 0.30 * (people.origin == 2) * (people.children == 0)
        + 0.4 * job
        - 0.35 * (people.group == SUBSTANCE)
        + 0.15 * (people.group == YOUNG) * people.female
    )


def _logistic(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the inverse logit."""
    return np.asarray(1.0 / (1.0 + np.exp(-x)), dtype=np.float64)
