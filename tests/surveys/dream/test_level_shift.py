"""The change of source in July 2017, told apart from summer."""

from __future__ import annotations

import numpy as np
import pytest

from data_dictionary.errors import DesignError
from surveys.dream.level_shift import level_shift
from surveys.dream.register import Dream
from surveys.dream.statuses import STATUSES
from surveys.dream.weeks import months_of

EMPLOYED, BENEFITS = STATUSES.index("employment"), STATUSES.index("benefits")
PERSONS = [f"{number:04x}" for number in range(1000)]


def register(shift: float, *, first: str = "2013-01-07", weeks: int = 400) -> Dream:
    """Return shares that fall each July, drift, differ a little by year, and jump in 2017."""
    mondays = np.datetime64(first) + 7 * np.arange(weeks)
    month = months_of(mondays).astype(np.int64)
    year = month // 12
    is_late = month % 12 >= 6
    wobble = np.random.default_rng(3).normal(0, 0.004, size=80)[year]
    share = 0.40 + 0.0001 * np.arange(weeks) + is_late * (wobble - 0.05)
    share += shift * (months_of(mondays) >= np.datetime64("2017-07"))
    employed = np.arange(1000)[:, None] < 1000 * share[None, :]
    return Dream.from_arrays(PERSONS, mondays, np.where(employed, EMPLOYED, BENEFITS))


def test_a_jump_is_found_and_summer_is_not_taken_for_one() -> None:
    found = level_shift(register(0.05), PERSONS)
    assert found.conf_low < 0.05 < found.conf_high
    assert found.is_seen
    assert found.years["change"].loc[found.years["year"] == 2015].iloc[0] < -0.03
    assert "1000 persons" in str(found)


def test_without_a_jump_the_interval_holds_zero() -> None:
    found = level_shift(register(0.0), PERSONS)
    assert found.conf_low < 0 < found.conf_high
    assert not found.is_seen


def test_only_the_persons_asked_for_count() -> None:
    found = level_shift(register(0.05), [*PERSONS[-300:], "stranger"])
    assert found.n == 300
    assert found.estimate == 0  # these never work


def test_years_that_are_not_wholly_seen_are_left_out() -> None:
    # From 3 June 2013: of 2013, May is not seen.
    found = level_shift(register(0.0, first="2013-06-03"), PERSONS)
    assert found.years["year"].tolist() == [2014, 2015, 2016, 2017, 2018, 2019, 2020]


@pytest.mark.parametrize("weeks", [120, 190])
def test_too_few_years_are_refused(weeks: int) -> None:
    with pytest.raises(DesignError, match="at least 3 other years"):
        level_shift(register(0.0, first="2015-01-05", weeks=weeks), PERSONS)


def test_strangers_alone_are_refused() -> None:
    with pytest.raises(DesignError, match="none of the persons"):
        level_shift(register(0.0), ["stranger"])
