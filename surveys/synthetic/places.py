"""The municipalities: the nine of the trial, others in like conditions, and what each does.

Codes are real and the relative sizes roughly so. The start dates are invented, except that
Helsingør's and Fredensborg's follow what those municipalities announced.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from surveys.synthetic import timeline

CLUSTERS = ("familie", "voksen", "unge")
TRIAL_SHARE = 0.42
YEARS = np.arange(2012, 2022)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One municipality."""

    code: int
    name: str
    citizens: int  # in thousands, rounded
    conditions: int  # cluster of municipalities in like structural conditions, about 2015
    need: float = 1.0  # citizens with several services, relative to the size


TRIAL = (
    Place(code=151, name="Ballerup", citizens=48, conditions=8, need=1.1),
    Place(code=190, name="Furesø", citizens=41, conditions=8, need=0.9),
    Place(code=201, name="Allerød", citizens=25, conditions=10, need=1.0),
    Place(code=210, name="Fredensborg", citizens=40, conditions=8),
    Place(code=217, name="Helsingør", citizens=62, conditions=3),
    Place(code=219, name="Hillerød", citizens=50, conditions=8),
    Place(code=250, name="Frederikssund", citizens=45, conditions=8),
    Place(code=260, name="Halsnæs", citizens=31, conditions=7, need=1.3),
    Place(code=270, name="Gribskov", citizens=41, conditions=9),
)
COMPARISON = (
    Place(code=155, name="Dragør", citizens=14, conditions=10, need=0.9),
    Place(code=157, name="Gentofte", citizens=75, conditions=10, need=0.7),
    Place(code=159, name="Gladsaxe", citizens=69, conditions=8),
    Place(code=161, name="Glostrup", citizens=23, conditions=8, need=1.2),
    Place(code=163, name="Herlev", citizens=29, conditions=3, need=1.1),
    Place(code=167, name="Hvidovre", citizens=53, conditions=3, need=1.1),
    Place(code=173, name="Lyngby-Taarbæk", citizens=56, conditions=10, need=0.8),
    Place(code=175, name="Rødovre", citizens=40, conditions=3, need=1.1),
    Place(code=185, name="Tårnby", citizens=43, conditions=9),
    Place(code=187, name="Vallensbæk", citizens=16, conditions=10, need=0.9),
    Place(code=223, name="Hørsholm", citizens=25, conditions=10, need=0.8),
    Place(code=230, name="Rudersdal", citizens=56, conditions=10, need=0.7),
    Place(code=240, name="Egedal", citizens=43, conditions=10, need=0.8),
    Place(code=253, name="Greve", citizens=50, conditions=8),
    Place(code=265, name="Roskilde", citizens=87, conditions=8),
    Place(code=269, name="Solrød", citizens=23, conditions=10, need=0.8),
    Place(code=316, name="Holbæk", citizens=71, conditions=8, need=1.1),
    Place(code=340, name="Sorø", citizens=30, conditions=8),
    Place(code=350, name="Lejre", citizens=28, conditions=10, need=0.8),
    Place(code=410, name="Middelfart", citizens=38, conditions=7),
    Place(code=420, name="Assens", citizens=41, conditions=7),
    Place(code=430, name="Faaborg-Midtfyn", citizens=51, conditions=7),
    Place(code=440, name="Kerteminde", citizens=24, conditions=7),
    Place(code=480, name="Nordfyns", citizens=29, conditions=7),
    Place(code=615, name="Horsens", citizens=90, conditions=3),
    Place(code=621, name="Kolding", citizens=93, conditions=8),
    Place(code=657, name="Herning", citizens=89, conditions=8),
    Place(code=661, name="Holstebro", citizens=58, conditions=8),
    Place(code=746, name="Skanderborg", citizens=62, conditions=9, need=0.8),
    Place(code=791, name="Viborg", citizens=97, conditions=8),
)
PLACES = TRIAL + COMPARISON

# First month of the trial by municipality: familie, voksen, unge.
_STARTS = {
    151: ("2017-03", "2017-06", "2017-04"),
    190: ("2017-05", "2017-09", "2017-05"),
    201: ("2017-08", "2017-11", "2017-06"),
    210: ("2017-10", "2017-10", "2017-10"),
    217: ("2017-09", "2018-01", "2017-09"),
    219: ("2017-04", "2017-08", "2018-01"),
    250: ("2017-06", "2018-02", "2017-08"),
    260: ("2017-11", "2017-09", "2018-03"),
    270: ("2018-02", "2018-04", "2017-09"),
}


def codes() -> NDArray[np.int64]:
    """Return all kommunekoder in the order of `PLACES`."""
    return np.array([place.code for place in PLACES])


def conditions() -> NDArray[np.int64]:
    """Return the cluster of like conditions of every municipality, in the order of `PLACES`."""
    return np.array([place.conditions for place in PLACES])


def exposure() -> pd.DataFrame:
    """Return when each municipality's trial began in each service cluster."""
    rows = [
        (place.code, cluster, np.datetime64(month + "-01"))
        for place in TRIAL
        for cluster, month in zip(CLUSTERS, _STARTS[place.code], strict=True)
    ]
    return pd.DataFrame(rows, columns=["municipality", "service_cluster", "start_date"]).astype(
        {"start_date": "datetime64[s]"}
    )


def first_months() -> NDArray[np.datetime64]:
    """Return the trial's first month by place (row) and cluster (column), NaT where none."""
    months = np.full((len(PLACES), len(CLUSTERS)), "NaT", dtype="datetime64[M]")
    for row, place in enumerate(TRIAL):
        months[row] = _STARTS[place.code]
    return months


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlaceEffects:
    """What living in a municipality does, with or without the trial.

    Parameters
    ----------
    jobs : numpy.ndarray
        Added to the log hazard of job finding, shape (places, years): a lasting part and a
        shock of the year.
    scores : numpy.ndarray
        Added to the true scores in standard deviations, shape (places, waves).
    answering, inviting, consenting : numpy.ndarray
        Added to the logits of answering, being invited and consenting.
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
