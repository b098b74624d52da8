"""The estimates of a duration on one comparison, each of them made once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import evaluation as ev
from evaluation import Duration, Effect, Matched

FineGray: TypeAlias = Literal["crr", "finegray"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Fits:
    """Every estimate of a duration on one comparison: made when first asked for, and kept."""

    m: Matched
    d: Duration
    horizon: float
    fine_gray: FineGray
    level: float

    @cached_property
    def incidence(self) -> ev.TimeEffect:
        """Who has had the event first by the horizon, with the curves."""
        return ev.incidence(self.m, self.d, self.horizon, level=self.level)

    @cached_property
    def hazard(self) -> ev.HazardRatio:
        """The cause-specific hazard ratio of every cause."""
        return ev.hazard_ratio(self.m, self.d, level=self.level)

    @cached_property
    def subdistribution(self) -> ev.SubdistributionHazard:
        """The subdistribution hazard ratio of every cause."""
        return ev.subdistribution_hazard(
            self.m,
            self.d,
            definition=self.fine_gray,
            level=self.level,
            cause_specific=self.hazard,
        )

    def effects(self, term: str) -> tuple[Effect, ...]:
        """Return the effect on the outcome's own event, then those on competing causes."""
        if term == "time_ratio":
            return (ev.time_ratio(self.m, self.d, level=self.level),)
        if term == "weeks_since_event":
            since = ev.time_since_event(self.m, self.d, self.horizon, level=self.level)
            return tuple(since.causes.values())
        kept = {
            "incidence": lambda: self.incidence.causes,
            "hazard_ratio": lambda: self.hazard.causes,
            "subdistribution_hazard_ratio": lambda: self.subdistribution.causes,
        }
        return tuple(kept[term]().values())
