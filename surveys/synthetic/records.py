"""The municipalities' case records, with the faults that such files have.

Rows registered twice, cases of one kind that overlap, cases never closed. A case that ends
before it starts is not among them: no cleaning can know which of the dates is wrong.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from surveys.synthetic import places, timeline
from surveys.synthetic.people import FAMILIES, People, hex_keys

TYPES = ("employment", "family", "social", "health")
_MEDIAN_WEEKS = np.array([70.0, 55.0, 80.0, 35.0])
_NOTES = (
    "Opfølgning aftalt",
    "Borgeren ønsker én indgang",
    "Afventer lægeerklæring",
    "Møde på rådhuset",
    "Støtte til børnene",
    "Sagen overført fra anden afdeling",
    "",
)
OBSERVED_UNTIL = np.datetime64("2020-12-31")


def draw_cases(rng: np.random.Generator, people: People) -> pd.DataFrame:
    """Return one row per registered case, in the order of registration."""
    person, kind = _kinds(rng, people)
    n = person.size
    days = rng.integers(
        0, int((np.datetime64("2019-06-30") - timeline.FIRST_WEEK).astype(int)), n
    )
    opened = timeline.FIRST_WEEK + days
    weeks = _MEDIAN_WEEKS[kind] * np.exp(0.7 * rng.standard_normal(n))
    closed = opened + np.maximum(7, np.round(7 * weeks)).astype(np.int64)
    closed = np.where(closed > OBSERVED_UNTIL, np.datetime64("NaT"), closed)
    rows = pd.DataFrame(
        {
            "person_id": people.person_id[person],
            "municipality": places.CODES[people.place[person]],
            "case_type": np.array(TYPES, dtype=object)[kind],
            "opened": opened,
            "closed": closed,
            "timer": np.round(rng.gamma(2.0, 2.0, n), 1),
            "bemærkning": np.array(_NOTES, dtype=object)[rng.integers(0, len(_NOTES), n)],
        }
    )
    rows = pd.concat([rows, _overlapping(rng, rows)], ignore_index=True)
    rows = rows.sort_values(["opened", "person_id"], kind="stable")
    rows.insert(0, "case_id", hex_keys(rng, len(rows)))
    twice = rng.random(len(rows)) < 0.01
    rows = rows.take(np.repeat(np.arange(len(rows)), 1 + twice)).reset_index(drop=True)
    return rows.astype({"opened": "datetime64[s]", "closed": "datetime64[s]"})


def _kinds(
    rng: np.random.Generator, people: People
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw which kinds of case each person has: several services are why they are here."""
    families = people.group == FAMILIES
    chance = np.column_stack(
        [
            np.full(len(people), 0.90),
            np.where(families, 0.85, 0.15),
            np.where(families, 0.35, 0.60),
            np.full(len(people), 0.40),
        ]
    )
    person, kind = np.nonzero(rng.random(chance.shape) < chance)
    return person, kind


def _overlapping(rng: np.random.Generator, rows: pd.DataFrame) -> pd.DataFrame:
    """Return second registrations of cases under way, which overlap the first."""
    again = rows[rng.random(len(rows)) < 0.04].copy()
    again["opened"] += pd.to_timedelta(rng.integers(5, 60, len(again)), unit="D")
    later = again["closed"] + pd.to_timedelta(rng.integers(10, 120, len(again)), unit="D")
    again["closed"] = later.where(later <= OBSERVED_UNTIL)
    return again[again["closed"].isna() | (again["opened"] <= again["closed"])]
