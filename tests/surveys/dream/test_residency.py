from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data_dictionary.errors import ColumnError, DataError
from surveys.dream.register import Dream
from surveys.dream.statuses import STATUSES

LETTERS = {"E": "employment", "b": "benefits", "s": "self_support", "d": "death"}
LETTERS |= {"x": "emigration", "n": "not_resident"}
# Mondays 1, 8, 15, 22 and 29 January 2018.
WEEKS = np.datetime64("2018-01-01") + 7 * np.arange(5)


@pytest.mark.parametrize(
    ("history", "resident_from", "resident_until", "expected"),
    [
        ("ssEEb", None, None, "ssEEb"),  # always resident
        ("sssss", "2018-01-14", None, "nssss"),  # arrives on a Sunday: that week is resident
        ("sssss", "2018-01-15", None, "nnsss"),
        ("sssss", None, "2018-01-15", "sssxx"),  # leaves on a Monday: that week is resident
        ("sEEEE", None, "2018-01-14", "sExxx"),  # a job after leaving is not counted
        ("ssbds", None, "2018-01-14", "ssbdx"),  # a code of the register stands
        ("sssss", "2019-01-01", None, "nnnnn"),  # arrives after the last week
        ("sssss", None, "2017-01-01", "xxxxx"),  # left before the first
        ("sssss", "1980-05-05", "2030-01-01", "sssss"),
    ],
)
def test_a_blank_week_outside_residency_is_not_self_support(
    history: str, resident_from: str | None, resident_until: str | None, expected: str
) -> None:
    status = np.array([[STATUSES.index(LETTERS[letter]) for letter in history]])
    population = pd.DataFrame(
        {
            "person_id": ["a1"],
            "resident_from": pd.to_datetime([resident_from]),
            "resident_until": pd.to_datetime([resident_until]),
        }
    )
    found = Dream.from_arrays(["a1"], WEEKS, status).with_residency(population)
    names = [STATUSES[value] for value in found.status[0]]
    assert names == [LETTERS[letter] for letter in expected]


def test_persons_without_residency_are_unchanged_and_counted() -> None:
    status = np.full((2, 5), STATUSES.index("self_support"))
    population = pd.DataFrame(
        {
            "person_id": ["b2"],
            "resident_from": pd.to_datetime(["2018-01-15"]),
            "resident_until": pd.to_datetime([None]),
        }
    )
    found = Dream.from_arrays(["a1", "b2"], WEEKS, status).with_residency(population)
    assert (found.status[0] == STATUSES.index("self_support")).all()
    assert found.notes == ("1 person(s) of the register have no residency.",)


def test_a_person_who_left_before_arriving_is_refused() -> None:
    population = pd.DataFrame(
        {
            "person_id": ["a1"],
            "resident_from": pd.to_datetime(["2018-01-15"]),
            "resident_until": pd.to_datetime(["2018-01-14"]),
        }
    )
    dream = Dream.from_arrays(["a1"], WEEKS, np.zeros((1, 5), dtype=np.uint8))
    with pytest.raises(DataError, match="1 left before they arrived"):
        dream.with_residency(population)


def test_a_population_without_residency_is_refused() -> None:
    dream = Dream.from_arrays(["a1"], WEEKS, np.zeros((1, 5), dtype=np.uint8))
    with pytest.raises(ColumnError, match="'resident_from'"):
        dream.with_residency(pd.DataFrame({"person_id": ["a1"]}))
