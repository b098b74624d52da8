"""What is read off an incidence curve: the share at a horizon, or the time since the event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from data_dictionary.errors import DesignError
from evaluation.arguments import number_of
from evaluation.arrays import FloatArray
from evaluation.survival.competing import area_to_horizon, at_horizon
from evaluation.survival.durations import Duration
from evaluation.terms import NAMED_TERMS, OF_DURATION, TERMS

Functional: TypeAlias = Callable[[FloatArray, float], FloatArray]
Kind: TypeAlias = Literal["incidence", "weeks"]


class Reading(NamedTuple):
    """A sum over a curve's times, weighted by `functional`, and the term of its effects."""

    functional: Functional
    scale: float
    name: str

    def at(self, horizon: float) -> Callable[[FloatArray], FloatArray]:
        """Return the weights of a curve's times up to a horizon."""
        return lambda times: self.functional(times, horizon)

    def largest(self, horizon: float, origin: float) -> float:
        """Return the largest that it can be, that of an event when the curve begins."""
        return self.scale * float(self.functional(np.array([origin]), horizon)[0])

    def term(self, cause: str) -> str:
        """Return the term of the effect on a cause."""
        return NAMED_TERMS.get((self.name, cause), self.name)

    def unit(self, d: Duration) -> str:
        """Return the unit of a difference."""
        unit = TERMS[self.name].unit
        return d.unit if unit == OF_DURATION else unit


READINGS: dict[str, Reading] = {
    "incidence": Reading(at_horizon, 100.0, "incidence"),
    "weeks": Reading(area_to_horizon, 1.0, "weeks_since_event"),
}


def reading_of(statistic: str, horizon: float | None, *, beside: str) -> tuple[Reading, float]:
    """Return what a statistic reads off a curve, and the horizon that it needs.

    `beside` is the statistic that reads no curve, for the message that refuses another.
    """
    if statistic not in READINGS:
        listed = f"{', '.join(READINGS)} or {beside}"
        raise DesignError(f"statistic='{statistic}' is not known; use {listed}")
    if horizon is None:
        raise DesignError(f"statistic='{statistic}' needs a horizon; it has no default")
    return READINGS[statistic], number_of(horizon, "horizon", "one time")
