"""Risk-set matching as a method: what it may be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from data_dictionary.schema import key
from evaluation.comparison.matching.distance import distance_words
from evaluation.comparison.method import Family, Method, caliper_faults, value_faults
from evaluation.roles import Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskSets(Method):
    """Partners among those at risk, and not yet started, when a participant starts."""

    name: ClassVar[str] = "risk_sets"
    makes: ClassVar[Family] = "pairs"
    takes_months: ClassVar[bool] = True
    takes_exact: ClassVar[bool] = True

    distance: Literal["logit", "ps", "mahalanobis"] = key(
        "Propensity of starting at t given at risk at t, on the log-odds scale (`logit`) or as "
        "a probability (`ps`); or Mahalanobis distance (covariance pooled within arms).",
        "logit",
    )
    caliper: float | None = key(
        "Largest distance accepted: in standard deviations (n - 1) of the propensity's scale "
        "over participants and rows at risk; Mahalanobis distances as they are.",
        None,
        least=1e-9,
        most=np.inf,
    )
    ratio: int = key(
        "Partners wanted by each participant; all are taken when it is served.", 1, least=1
    )
    replace: bool = key("Whether somebody may be control of several participants.", False)
    seed: int | None = key(
        "Order among participants who start at the same time; left out, data order.",
        None,
        least=0,
    )

    @property
    def has_spread(self) -> bool:
        """Whether rows are compared in several dimensions and no score is made."""
        return self.distance == "mahalanobis"

    @property
    def drawn_from(self) -> int | None:
        """Seed of what the method draws; None where nothing is random."""
        return self.seed

    def faults(self) -> list[str]:
        """Return what is wrong with the keywords, whatever the data."""
        return [*value_faults(self), *caliper_faults(self.caliper)]

    def describe(self, roles: Roles) -> str:
        """Return the design in words, for tables and notes."""
        measure = distance_words(self.distance) + ("" if self.has_spread else " of starting")
        words = [f"risk sets 1:{self.ratio} on {measure}"]
        words += ["with replacement"] if self.replace else []
        unit = "" if self.has_spread else " SD"
        words += [f"caliper {self.caliper:g}{unit}"] if self.caliper is not None else []
        words += [f"exact on {', '.join(roles.exact)}"] if roles.exact else []
        return ", ".join(words)
