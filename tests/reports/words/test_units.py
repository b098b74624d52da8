"""Units in Danish: every unit that an effect can have, and every unit of time."""

from __future__ import annotations

import pytest

from evaluation import terms
from reports.words.units import TIME_UNITS, UNITS, time_unit, unit_word


def test_every_unit_of_the_closed_list_has_a_word() -> None:
    of_the_study = {terms.OF_DURATION, terms.OF_OUTCOME}
    assert set(terms.UNITS) - of_the_study <= set(UNITS)
    assert not any(unit_word(unit) for unit in terms.RATIO_UNITS)


@pytest.mark.parametrize(
    ("amount", "text"), [(1, "1 uge"), (104, "104 uger"), (2.5, "2,5 uger")]
)
def test_an_amount_of_time_is_in_the_singular_or_the_plural(amount: float, text: str) -> None:
    assert TIME_UNITS["weeks"].of(amount) == text


def test_a_studys_own_unit_stands_as_it_is() -> None:
    assert unit_word("1.000 dollar") == "1.000 dollar"
    assert time_unit("fortnights").of(2) == "2 fortnights"
