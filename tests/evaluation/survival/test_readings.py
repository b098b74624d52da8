"""What is read off a curve has one name and one unit, whoever reads it."""

from __future__ import annotations

import numpy as np
import pytest

import evaluation as ev
from data_dictionary.errors import DesignError
from evaluation.survival.readings import READINGS, reading_of


def test_a_curve_is_read_at_the_horizon_or_to_it() -> None:
    # A curve that steps to 0.2 at time 2 and to 0.5 at time 4.
    times, curve = np.array([2.0, 4.0]), np.array([0.2, 0.5])
    values = {name: one.functional(times, 5.0) @ curve for name, one in READINGS.items()}
    assert values["incidence"] == pytest.approx(0.5)
    assert values["weeks"] == pytest.approx(0.2 * 2 + 0.5 * 1)


def test_terms_and_units_are_those_of_the_effects(make, duration) -> None:
    m = make(n=150)
    for name, estimate in (("incidence", ev.incidence), ("weeks", ev.time_since_event)):
        effects = estimate(m, duration, 104).causes
        assert [one.term for one in effects.values()] == [
            READINGS[name].term(cause) for cause in duration.causes
        ]
        assert {one.unit for one in effects.values()} == {READINGS[name].unit(duration)}
    assert READINGS["weeks"].term("employment") == "weeks_since_employment"


def test_an_unknown_statistic_and_a_missing_horizon_are_refused() -> None:
    with pytest.raises(DesignError, match="use incidence, weeks or hazard"):
        reading_of("median", 52, beside="hazard")
    with pytest.raises(DesignError, match="statistic='weeks' needs a horizon"):
        reading_of("weeks", None, beside="hazard")
