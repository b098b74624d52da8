"""The municipalities: the nine of the trial, others in like conditions, and what each does.

Codes are real and the relative sizes roughly so. The start dates are invented, except that
Helsingør's and Fredensborg's follow what those municipalities announced.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from surveys.synthetic import timeline

CLUSTERS = ("familie", "voksen", "unge")
TRIAL_SHARE = 0.42
YEARS = np.arange(2012, 2022)


class Place(NamedTuple):
    """One municipality, as its row in municipalities.toml has it."""

    code: int
    name: str
    citizens: int
    conditions: int
    need: float
    starts: tuple[str, ...] = ()


_FILE = tomllib.loads((files("surveys.synthetic") / "municipalities.toml").read_text("utf-8"))
TRIAL = tuple(Place(*row) for row in _FILE["trial"])
PLACES = TRIAL + tuple(Place(*row) for row in _FILE["comparison"])
CODES = np.array([place.code for place in PLACES])
CONDITIONS = np.array([place.conditions for place in PLACES])


def exposure() -> pd.DataFrame:
    """Return when each municipality's trial began in each service cluster."""
    rows = [
        (place.code, cluster, np.datetime64(month + "-01"))
        for place in TRIAL
        for cluster, month in zip(CLUSTERS, place.starts, strict=True)
    ]
    return pd.DataFrame(rows, columns=["municipality", "service_cluster", "start_date"]).astype(
        {"start_date": "datetime64[s]"}
    )


def first_months() -> NDArray[np.datetime64]:
    """Return the trial's first month by place (row) and cluster (column), NaT where none."""
    months = np.full((len(PLACES), len(CLUSTERS)), "NaT", dtype="datetime64[M]")
    for row, place in enumerate(TRIAL):
        months[row] = place.starts
    return months


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlaceEffects:
    """What living in a municipality does, with or without the trial.

    Added to the log hazard of job finding, shape (places, years): a lasting part and a shock of
    the year; to the true scores in standard deviations, shape (places, waves); to logits.
    """

    jobs: NDArray[np.float64]
    scores: NDArray[np.float64]
    answering: NDArray[np.float64]
    inviting: NDArray[np.float64]
    consenting: NDArray[np.float64]


def draw_effects(rng: np.random.Generator) -> PlaceEffects:
    """Draw the municipalities' effects and year shocks, independently of the trial."""
    n = len(PLACES)
    return PlaceEffects(
        jobs=0.20 * rng.standard_normal((n, 1)) + 0.16 * rng.standard_normal((n, YEARS.size)),
        scores=0.11 * rng.standard_normal((n, 1)) + 0.08 * rng.standard_normal((n, 3)),
        answering=0.15 * rng.standard_normal(n),
        inviting=0.25 * rng.standard_normal(n),
        consenting=0.20 * rng.standard_normal(n),
    )


def draw_places(rng: np.random.Generator, n: int) -> NDArray[np.int64]:
    """Return the place of each of `n` households: by fixed shares, none empty by luck."""
    size = np.array([place.citizens * place.need for place in PLACES])
    is_trial = np.arange(len(PLACES)) < len(TRIAL)
    share = np.where(
        is_trial,
        TRIAL_SHARE * size / size[is_trial].sum(),
        (1 - TRIAL_SHARE) * size / size[~is_trial].sum(),
    )
    edges = np.round(np.cumsum(share) * n).astype(np.int64)
    place = np.searchsorted(edges, np.arange(n), side="right")
    return np.asarray(rng.permutation(place))


def week_years() -> NDArray[np.int64]:
    """Return the position in `YEARS` of each simulated week (the year of its Thursday)."""
    years = (timeline.mondays() + 3).astype("datetime64[Y]").astype(np.int64) + 1970
    return np.asarray(years - YEARS[0])
