"""What may be said of the uncertainty of one effect, whoever estimated it and by which test."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from evaluation.estimates import Effect
from evaluation.inference.jackknife import Uncertainty
from evaluation.inference.variation import is_still, only_rounding
from evaluation.notes import Note

REFUSED = "inference refused"
# What docs/few-clusters.md has been made for.
LARGEST_RATIO, MOST_SKEW = 2.5, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Error, limits and p-value of one effect, NaN where they may not be had; see `Effect`."""

    test: str
    std_error: float = math.nan
    conf_low: float = math.nan
    conf_high: float = math.nan
    p_value: float = math.nan
    smallest_p: float = 0.0
    dof: float = math.nan
    notes: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        found: Uncertainty | str,
        estimate: float,
        *,
        level: float,
        test: str,
        is_log: bool = False,
        notes: tuple[str, ...] = (),
    ) -> Judgement:
        """Return what an error and its t distribution say; limits of a log are its ratio's.

        Refused for the reason given in place of an error, and where an interval would not hold
        its own estimate.
        """
        if isinstance(found, str):
            return cls.refused(*notes, found)
        low, high = found.interval(estimate, level) if found.std_error > 0 else (1.0, -1.0)
        if not low <= estimate <= high:
            return cls.refused(*notes, only_rounding())
        return cls(
            test=test,
            std_error=found.std_error,
            conf_low=ratio_of(low) if is_log else low,
            conf_high=ratio_of(high) if is_log else high,
            p_value=found.p_value(estimate),
            dof=found.dof,
            notes=(*notes, *_dispersion(found)),
        )

    @classmethod
    def refused(cls, *notes: str) -> Judgement:
        """Return that nothing may be said."""
        return cls(test=REFUSED, notes=notes)

    def beside(self, largest: float) -> Judgement:
        """Return what may be said beside the largest absolute outcome: no error of rounding."""
        if is_still(np.array(self.std_error), largest):
            return self.refused(*self.notes, only_rounding())
        return self

    def on(self, effect: Effect) -> Effect:
        """Return an effect with its uncertainty; method and notes are added to."""
        return replace(
            effect,
            std_error=self.std_error,
            conf_low=self.conf_low,
            conf_high=self.conf_high,
            p_value=self.p_value,
            smallest_p=self.smallest_p,
            dof=self.dof,
            method=f"{effect.method}; {self.test}",
            notes=(*effect.notes, *self.notes),
        )


def _dispersion(found: Uncertainty) -> tuple[Note, ...]:
    """Return how the arms' clusters differ, and for which the test's size is known."""
    if math.isnan(found.dispersion):
        return ()
    return (
        Note(
            "dispersion",
            "treated clusters scatter {ratio:.2g} times as widely as the others; the size of "
            "the test is known up to {largest} times, and for shocks of skewness up to {skew}",
            facts={"ratio": found.dispersion, "largest": LARGEST_RATIO, "skew": MOST_SKEW},
        ),
    )


def ratio_of(log: float) -> float:
    """Return the ratio of a log, infinite where it is beyond every number."""
    try:
        return math.exp(log)
    except OverflowError:
        return math.inf
