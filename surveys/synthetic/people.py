"""The citizens: households, ages, families and education, believable for their target group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surveys.synthetic import places, timeline

TARGET_GROUPS = ("families", "long_term_benefit", "brain_injury", "substance_use", "young")
FAMILIES, LONG_TERM, BRAIN, SUBSTANCE, YOUNG = range(len(TARGET_GROUPS))
_GROUP_SHARE = (0.26, 0.36, 0.06, 0.09, 0.23)
# Position in places.CLUSTERS of each target group.
_CLUSTER_OF = np.array([0, 1, 1, 1, 2])
_WOMEN = np.array([0.72, 0.52, 0.44, 0.33, 0.46])
# Mean and spread of age in January 2017, and the limits.
_AGE = np.array([[34, 7, 20, 54], [46, 9, 30, 62], [45, 10, 24, 62], [41, 9, 22, 60]])
# Grundskole, erhvervsfaglig, gymnasial, videregående, uoplyst.
EDUCATION = np.array([1, 2, 3, 4, 9])
_EDUCATION_SHARE = np.array([
    [0.48, 0.30, 0.08, 0.10, 0.04],
    [0.42, 0.37, 0.06, 0.11, 0.04],
    [0.35, 0.38, 0.08, 0.15, 0.04],
    [0.58, 0.28, 0.06, 0.04, 0.04],
    [0.70, 0.09, 0.15, 0.01, 0.05],
])  # fmt: skip
_CHILDREN = np.array([2.1, 0.6, 0.5, 0.3, 0.15])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class People:
    """Who the citizens are: one entry per person in every array.

    `frailty` and `motivation` are what no register knows.
    """

    person_id: NDArray[np.object_]
    household_id: NDArray[np.object_]
    household: NDArray[np.int64]
    place: NDArray[np.int64]
    group: NDArray[np.int64]
    cluster: NDArray[np.int64]
    female: NDArray[np.bool_]
    birth_date: NDArray[np.datetime64]
    age: NDArray[np.float64]
    education: NDArray[np.int64]
    children: NDArray[np.int64]
    origin: NDArray[np.int64]
    resident_from: NDArray[np.datetime64]
    frailty: NDArray[np.float64]
    motivation: NDArray[np.float64]

    def __len__(self) -> int:
        return self.place.size


def draw_people(rng: np.random.Generator, n: int) -> People:
    """Draw `n` citizens known to several services of their municipality."""
    group = np.searchsorted(np.cumsum(_GROUP_SHARE), rng.random(n) * 0.999999, side="right")
    group = np.sort(group)  # families first: couples are then neighbours
    household = _households(rng, group)
    place = places.draw_places(rng, int(household[-1]) + 1)[household]
    second = np.r_[False, household[1:] == household[:-1]]
    female = rng.random(n) < _WOMEN[group]
    female[second] = ~female[np.flatnonzero(second) - 1]
    age = _ages(rng, group)
    older = np.flatnonzero(second)
    age[older] = np.clip(age[older - 1] + rng.normal(0.0, 3.0, older.size), 20.0, 54.0)
    birth_date = timeline.POPULATION_DATE - np.round(age * 365.25).astype(np.int64)
    cumulative = np.cumsum(_EDUCATION_SHARE, axis=1)[group]
    level = (rng.random((n, 1)) * 0.999999 > cumulative).sum(axis=1)
    origin = np.searchsorted([0.80, 0.95], rng.random(n), side="right") + 1
    origin[older] = origin[older - 1]
    arrival = birth_date + np.round(rng.uniform(0.2, 0.85, n) * age * 365.25).astype(np.int64)
    arrival = np.minimum(arrival, np.datetime64("2012-06-01"))
    shared = rng.standard_normal(int(household[-1]) + 1)[household]
    return People(
        person_id=hex_keys(rng, n),
        household_id=hex_keys(rng, int(household[-1]) + 1)[household],
        household=household,
        place=place,
        group=group,
        cluster=_CLUSTER_OF[group],
        female=female,
        birth_date=birth_date,
        age=age,
        education=EDUCATION[level],
        children=_children(rng, group, second),
        origin=origin,
        resident_from=np.where(origin == 2, arrival, birth_date),
        frailty=0.40 * rng.standard_normal(n) + 0.20 * shared,
        motivation=rng.standard_normal(n),
    )


def hex_keys(rng: np.random.Generator, n: int) -> NDArray[np.object_]:
    """Return `n` different pseudonymous keys: 16 hexadecimal digits, the first a letter.

    A key of digits only would look like a number, or like a civil registration number.
    """
    letters = rng.integers(10, 16, n, dtype=np.uint64) << np.uint64(60)
    keys = letters | rng.integers(0, 2**60, n, dtype=np.uint64)
    return np.array([f"{key:016x}" for key in keys.tolist()], dtype=object)


def _households(rng: np.random.Generator, group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each person's household; a quarter of those in families live with another."""
    joins = (group == FAMILIES) & (rng.random(group.size) < 0.15)
    joins[0] = False
    joins[1:] &= ~joins[:-1]
    return np.cumsum(~joins) - 1


def _ages(rng: np.random.Generator, group: NDArray[np.int64]) -> NDArray[np.float64]:
    """Draw ages in January 2017 within the limits of each target group."""
    young = group == YOUNG
    mean, spread, low, high = _AGE[np.where(young, 0, group)].T
    age = np.clip(rng.normal(mean, spread), low + rng.random(group.size), high)
    return np.where(young, 18.0 + 10.5 * rng.beta(1.6, 1.6, group.size), age)


def _children(
    rng: np.random.Generator, group: NDArray[np.int64], second: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Draw the children at home; a couple has the same ones, a family at least one."""
    children = np.minimum(rng.poisson(_CHILDREN[group] - (group == FAMILIES)), 7)
    children[group == FAMILIES] += 1
    later = np.flatnonzero(second)
    children[later] = children[later - 1]
    return np.asarray(children)
