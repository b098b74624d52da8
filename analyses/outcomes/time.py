"""What every outcome in time shares: its columns, its estimates and other ways to them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import evaluation as ev
from analyses.follow import placed
from analyses.inputs.tables import Tables
from analyses.outcomes.facts import TimeFacts
from analyses.outcomes.kind import Estimated, Kind, Setting, Variants
from analyses.outcomes.time_fits import FineGray, Fits
from analyses.outcomes.time_tables import time_tables
from analyses.study.plan import Plan
from data_dictionary import Codebook
from data_dictionary.errors import DesignError
from data_dictionary.schema import key
from evaluation import Duration, Effect, Matched
from evaluation.robustness.checks import NotMade, Question
from evaluation.robustness.variants import Estimator
from evaluation.terms import NAMED_TERMS, TERMS, terms_of

# A study file names the term as the effect will; it is estimated under its general name.
TimeEstimate: TypeAlias = Literal[
    "incidence", "weeks_since_event", "weeks_since_employment", "hazard_ratio",
    "subdistribution_hazard_ratio", "time_ratio",
]  # fmt: skip
GENERAL = {named: term for (term, _), named in NAMED_TERMS.items()}
OtherSets = Mapping[Question, Callable[[], Matched]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeKind(Kind, ABC):
    """A duration until an event, with what competes with it."""

    kind: Literal["time"] = key("What is measured: a duration.")
    estimate: TimeEstimate = key(
        "The one estimate that is tested; the others carry an interval only. Weeks since the "
        "event are called after employment where that is the event.",
        "incidence",
    )
    fine_gray: FineGray = key(
        "Whose definition the subdistribution hazard ratio follows where times tie: that of "
        "`cmprsk::crr` or of `survival::finegray`.",
        "crr",
    )
    competing: tuple[str, ...] = ()
    horizon: float = 0
    unit: str = "weeks"

    def faults(self, at: Setting) -> Iterator[str]:  # noqa: ARG002
        """Yield what does not agree with the dictionary, the files or itself."""
        try:
            event = self.duration.outcome
        except DesignError as error:
            yield str(error)
            return
        since = f"weeks_since_{'employment' if event == 'employment' else 'event'}"
        if self.estimate.startswith("weeks_since") and self.estimate != since:
            yield f"estimate = '{self.estimate}' is '{since}' where '{event}' counts"
        least = None if self.smallest is None else self.smallest.value
        if least is not None and least <= 1 and TERMS[self.estimate].is_ratio:
            yield (
                f"smallest: value = {least:g} is of a ratio, of which 1 is no difference; give "
                "more than 1"
            )
        if self.estimate == "subdistribution_hazard_ratio" and not self.competing:
            yield f"estimate = '{self.estimate}' needs competing causes"

    @property
    def causes_beside(self) -> tuple[str, ...]:
        """What competes with it."""
        return self.competing

    @property
    @abstractmethod
    def duration(self) -> Duration:
        """The columns in which the duration stands once it is placed."""

    @property
    @abstractmethod
    def starts_at(self) -> float | None:
        """The landmark, where there is one."""

    @property
    def lost(self) -> str:
        """The column that says who was lost before the landmark."""
        return f"{self.name}_lost"

    def fits(self, m: Matched, plan: Plan) -> Fits:
        """Return the estimates on a comparison that holds the duration, none made yet."""
        return Fits(
            m=m,
            d=self.duration,
            horizon=self.horizon,
            fine_gray=self.fine_gray,
            level=plan.inference.level,
        )

    def placed_at(self, m: Matched, duration: NDArray[np.float64], cause: pd.Series) -> Matched:
        """Write exits and causes of the used rows; follow-up ends at the horizon."""
        landmark = self.starts_at
        made = placed(m, self.duration, duration, cause, end=self.horizon + (landmark or 0))
        if landmark is None:
            return made
        found = ev.landmark(made, self.duration, landmark).matched
        lost = {self.lost: made.used & ~found.used}
        return replace(found, frame=found.frame.assign(**lost))

    def require(self, m: Matched, plan: Plan, tables: Tables) -> None:  # noqa: ARG002
        """Refuse durations that make none, and a horizon that nobody is followed to."""
        ev.duration_flow(m, self.duration, self.horizon)
        ev.incidence(m, self.duration, self.horizon, level=plan.inference.level)

    def estimated(self, m: Matched, plan: Plan, tables: Tables) -> Estimated:  # noqa: ARG002
        """Run every estimate of a duration; the one that the plan names is tested."""
        fits = self.fits(m, plan)
        first = fits.incidence
        planned = GENERAL.get(self.estimate, self.estimate)
        tested, *competing = fits.effects(planned)
        others: list[Effect] = []
        notes: list[str] = []
        for term in terms_of("time", competing=bool(self.competing)):
            # What cannot be estimated beside the plan is said and stops nothing.
            if term != planned:
                try:
                    own, *rest = fits.effects(term)
                except DesignError as error:
                    notes.append(f"{term} cannot be estimated: {error}")
                else:
                    others.append(own.renamed(self.name))
                    competing += rest
        return Estimated(
            outcome=self,
            matched=m,
            tested=tested.renamed(self.name),
            others=(*others, *competing),
            decision=first.decision,
            observed=m.used,
            curves=first.curves.assign(outcome=self.name),
            notes=tuple(notes),
            re_estimate=lambda other: (
                self.fits(other, plan).effects(planned)[0].renamed(self.name)
            ),
            beside=time_tables(
                self.name, fits, plan, None if self.starts_at is None else self.lost
            ),
        )

    def facts(self, plan: Plan, words: Codebook) -> TimeFacts:  # noqa: ARG002
        """Return the event, what can come first, and where both are seen."""
        return TimeFacts(
            event=self.duration.outcome,
            competing=self.competing,
            horizon=self.horizon,
            unit=self.unit,
            fine_gray=self.fine_gray,
            register=self.register,
            landmark=self.starts_at,
        )

    def span(self, m: Matched, unit: str) -> float:
        """Return how far apart two persons can lie: the whole horizon, where it is time."""
        return self.horizon if unit == self.unit else Kind.span(self, m, unit)

    def other_sets(self, m: Matched, plan: Plan, tables: Tables) -> OtherSets:  # noqa: ARG002
        """Return the comparison under other definitions of the outcome, where it has any."""
        return {}

    def variants(self, one: Estimated, plan: Plan, tables: Tables) -> Variants:
        """Return other definitions of the outcome, and extremes for the censored."""
        d, m = self.duration, one.matched
        sets: dict[Question, Matched] = {}
        not_made: list[NotMade] = []
        for asked, make in self.other_sets(m, plan, tables).items():
            try:
                sets[asked] = make()
            except DesignError as error:
                not_made.append(NotMade(asked, str(error)))
        left = m.frame[d.event].isna() & (m.frame[d.exit] < self.horizon)
        bounds: Mapping[Question, Estimator] = {}
        # Without anybody lost before the horizon extremes are the estimate itself.
        if (left & m.used).any():
            bounds = ev.censoring_bounds(d, self.horizon, lambda m, _: one.re_estimate(m))
        events = {
            asked: _fewest(other, other.frame[d.event] == d.of) for asked, other in sets.items()
        }
        statistic = TERMS[one.tested.term].statistic
        return Variants(
            estimators={
                **{asked: partial(_on, one, other) for asked, other in sets.items()},
                **bounds,
            },
            fewest=events | dict.fromkeys(bounds, _fewest(m, left)),
            not_made=tuple(not_made),
            values=None
            if statistic is None
            else ev.person_values(m, d, statistic=statistic, horizon=self.horizon),
            competing={
                effect.outcome: effect
                for effect in one.others
                if effect.term == "incidence" and effect.outcome in self.competing
            },
        )


def _on(one: Estimated, other: Matched, _: Matched) -> Effect:
    """Estimate again on a set that is given; the one that is asked about is left alone."""
    return one.re_estimate(other)


def _fewest(m: Matched, counted: pd.Series) -> float:
    """Return the smaller arm's count."""
    mine = counted.fillna(value=False).to_numpy(bool) & m.used
    return float(min(int((mine & arm).sum()) for arm in (m.treated, ~m.treated)))
