"""Risk-set matching as a method: what it may be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from data_dictionary.schema import key
from evaluation.comparison.method import PARTNERS, WIDTH, Family, Method


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
        form=WIDTH,
    )
    ratio: int = key(
        "Partners wanted by each participant; all are taken when it is served.",
        1,
        form=PARTNERS,
    )
    replace: bool = key("Whether somebody may be control of several participants.", False)
    seed: int | None = key(
        "Order among participants who start at the same time; left out, data order.",
        None,
        least=0,
    )

    def kind(self) -> str:
        """Return what the method does, in words."""
        starting = "" if self.has_spread else " of starting"
        return f"risk sets 1:{self.ratio} on {self.measure_words()}{starting}"
