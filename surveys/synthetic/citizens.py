"""The citizens' answers: true scores in both worlds, items with error, and silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from surveys.synthetic import timeline
from surveys.synthetic.people import People
from surveys.synthetic.places import PlaceEffects
from surveys.synthetic.scenarios import Scenario

WAVES = (1, 2, 3)
# First day and length in days of each wave's field period.
_FIELD = (
    (np.datetime64("2016-11-07"), 100),
    (np.datetime64("2018-09-03"), 85),
    (np.datetime64("2019-10-21"), 110),
)
_LATE = 0.004
_EXPOSED_WEEKS = 26


@dataclass(frozen=True, slots=True)
class Battery:
    """A set of items on one scale of answers; items are ``name_1``, ``name_2``, ..."""

    name: str
    items: int
    reversed: tuple[int, ...]  # items worded the other way round
    low: int
    high: int
    # Where the answers lie, and what a standard deviation of true score and of error move.
    mean: float
    slope: float
    noise: float
    gain: float  # the programme's effect relative to that on the relation

    def columns(self) -> list[str]:
        """Return the names of the items."""
        if self.items == 1:
            return [self.name]
        return [f"{self.name}_{k}" for k in range(1, self.items + 1)]


BATTERIES = (
    # name, items, reversed, low, high, mean, slope, noise, gain
    Battery("relation", 6, (3, 6), 1, 5, 3.35, 0.78, 0.80, 1.0),
    Battery("goal_support", 4, (4,), 1, 5, 3.1, 0.80, 0.85, 0.9),
    Battery("accessibility", 4, (), 1, 5, 3.0, 0.75, 0.90, 1.1),
    Battery("who5", 5, (), 0, 5, 2.1, 0.95, 0.80, 0.3),
    Battery("satisfaction", 1, (), 0, 10, 5.8, 1.9, 1.2, 0.9),
)
# Not asked, do not know, refused, technical: chance and code, by the width of the answers.
_UNANSWERED = (0.006, 0.025, 0.008, 0.001)
_KIND_CODES = {False: (7, 8, 9, 99), True: (97, 98, 99, 99)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """What everybody would answer in full, in each world, and the change in the true relation.

    By battery, integers of shape (persons, waves, items) as printed in the questionnaire:
    reversed items are not yet turned.
    """

    without: dict[str, NDArray[np.int8]]
    with_programme: dict[str, NDArray[np.int8]]
    change: NDArray[np.float64]


def draw_answers(
    rng: np.random.Generator,
    people: People,
    effects: PlaceEffects,
    scenario: Scenario,
    start: NDArray[np.datetime64],
    gains: NDArray[np.float64],
) -> Answers:
    """Draw true scores and answers in both worlds with the same random numbers."""
    n, waves = len(people), len(WAVES)
    days = np.array([day + length // 2 for day, length in _FIELD])[None, :] - start[:, None]
    weeks = np.where(np.isnat(start)[:, None], 0, days.astype(np.int64) / 7.0)
    exposed = np.clip(weeks / _EXPOSED_WEEKS, 0.0, 1.0)
    general = rng.standard_normal((n, 1))
    shared = _known(people)[:, None] + effects.scores[people.place]
    shared = shared + scenario.motivation_scores * people.motivation[:, None] * (
        np.arange(waves) > 0
    )
    without, with_programme = {}, {}
    change = np.zeros((n, waves))
    for battery in BATTERIES:
        lasting = 0.6 * general + 0.8 * rng.standard_normal((n, 1))
        true = np.sqrt(0.7) * lasting + np.sqrt(0.3) * rng.standard_normal((n, waves)) + shared
        error = rng.standard_normal((n, waves, battery.items), dtype=np.float32)
        gain = battery.gain * gains[:, None] * exposed
        without[battery.name] = _items(battery, true, error)
        with_programme[battery.name] = _items(battery, true + gain, error)
        if battery.name == "relation":
            change = (true + gain) - (true + gain)[:, :1]
    return Answers(without=without, with_programme=with_programme, change=change)


def full_score(
    answers: dict[str, NDArray[np.int8]], name: str, wave: int
) -> NDArray[np.float64]:
    """Return the score from 0 to 100 of everybody, had all items been answered."""
    battery = next(battery for battery in BATTERIES if battery.name == name)
    items = answers[name][:, WAVES.index(wave)].astype(np.float64)
    for number in battery.reversed:
        items[:, number - 1] = battery.low + battery.high - items[:, number - 1]
    return np.asarray(100.0 * (items.mean(axis=1) - battery.low) / (battery.high - battery.low))


def citizen_waves(
    rng: np.random.Generator,
    people: People,
    effects: PlaceEffects,
    scenario: Scenario,
    answers: Answers,
    takes_part: NDArray[np.bool_],
) -> dict[int, pd.DataFrame]:
    """Return one frame per wave: everybody asked, with the answers of those who answered."""
    lean = 0.50 + 0.25 * people.female + 0.02 * (people.age - 38.0)
    lean = lean + 0.20 * (people.education >= 3) - 0.35 * (people.origin == 2)
    lean = lean + effects.answering[people.place]
    before = np.zeros(len(people))
    frames = {}
    for position, wave in enumerate(WAVES):
        logit = lean + before
        if wave > 1:
            sign = np.where(takes_part, 1.0, -0.6)
            logit = logit + 0.15 * takes_part - 0.1 * (wave - 1)
            logit = logit + scenario.nonresponse * sign * answers.change[:, position]
        answered = rng.random(len(people)) < 1.0 / (1.0 + np.exp(-logit))
        before = np.where(answered, 0.5, -0.6)
        frames[wave] = _wave(rng, people, answers, position, answered)
    return frames


def _wave(
    rng: np.random.Generator,
    people: People,
    answers: Answers,
    position: int,
    answered: NDArray[np.bool_],
) -> pd.DataFrame:
    """Return one wave's file: key, date, status and items with their missing codes."""
    n = len(people)
    day, length = _FIELD[position]
    date = day + np.floor(length * rng.beta(1.2, 2.5, n)).astype(np.int64)
    late = (rng.random(n) < _LATE) & (position == 0)
    date = np.where(late, timeline.POPULATION_DATE + rng.integers(90, 170, n), date)
    partly = answered & (rng.random(n) < 0.05)
    n_items = sum(battery.items for battery in BATTERIES)
    reached = np.where(partly, rng.integers(4, n_items, n), n_items)
    columns: dict[str, object] = {
        "person_id": people.person_id,
        "answer_date": np.where(answered, date, np.datetime64("NaT")).astype("datetime64[s]"),
        "answer_status": np.where(answered, np.where(partly, 2, 1), 3),
    }
    place_in_form = 0
    for battery in BATTERIES:
        given = answers.with_programme[battery.name][:, position]
        for k, column in enumerate(battery.columns()):
            kinds = _KIND_CODES[battery.high > 7]
            value = some_unanswered(rng, given[:, k], _UNANSWERED, kinds).astype(np.float64)
            value[~answered | (reached <= place_in_form)] = np.nan
            columns[column] = value
            place_in_form += 1
    order = rng.permutation(n)
    return pd.DataFrame(columns).take(order).reset_index(drop=True)


def some_unanswered(
    rng: np.random.Generator,
    given: NDArray[Any],
    chances: Sequence[float],
    codes: Sequence[int],
) -> NDArray[Any]:
    """Return answers, some of them turned into codes for no answer, each by its chance."""
    kind = np.searchsorted(np.cumsum(chances), rng.random(given.size), side="right")
    return np.where(kind < len(chances), np.array([*codes, 0])[kind], given)


def _known(people: People) -> NDArray[np.float64]:
    """Return what registers would tell of the true scores."""
    return np.asarray(
        0.10 * people.female
        + 0.10 * (people.age - 38.0) / 10.0
        + 0.12 * (people.education >= 2)
        - 0.12 * (people.origin == 2)
        - 0.05 * np.minimum(people.children, 4)
        + 0.15 * people.frailty
    )


def _items(
    battery: Battery, true: NDArray[np.float64], error: NDArray[np.float32]
) -> NDArray[np.int8]:
    """Return the answers that a true score and an error give on this battery."""
    raw = battery.mean + battery.slope * true[:, :, None] + battery.noise * error
    items = np.clip(np.rint(raw), battery.low, battery.high)
    for number in battery.reversed:
        items[:, :, number - 1] = battery.low + battery.high - items[:, :, number - 1]
    return items.astype(np.int8)
