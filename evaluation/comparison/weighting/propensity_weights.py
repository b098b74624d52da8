"""Weights that follow from a propensity: inverse probability, overlap and matching weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from data_dictionary.schema import key
from evaluation.arrays import BoolArray, FloatArray
from evaluation.comparison.method import is_number
from evaluation.comparison.propensity import expit
from evaluation.comparison.weighting import ipw
from evaluation.comparison.weighting.influence import Equations
from evaluation.comparison.weighting.learners import IS_LEARNER, Learner, Logistic
from evaluation.comparison.weighting.method import RawWeights, WeighMethod, WeighRows
from evaluation.comparison.weighting.predictors import standardised
from evaluation.notes import Note


@dataclass(frozen=True, slots=True, kw_only=True)
class FromPropensity(WeighMethod):
    """Weights that a learner's propensity decides."""

    learner: Learner = key("Of the propensity.", Logistic(), form=IS_LEARNER)

    def takes_logit(self, estimand: str) -> bool:
        """Whether a plain logit of the propensity is the first step."""
        del estimand
        return isinstance(self.learner, Logistic)

    def weigh(self, rows: WeighRows, log_odds: FloatArray | None) -> RawWeights:
        """Return raw weights; `log_odds` are those of a logit that has been fitted already."""
        log_odds = rows.log_odds(self.learner, log_odds)
        propensity = expit(log_odds)
        fitted = np.isfinite(log_odds) & (rows.sampling > 0)
        inside, trim_notes = self._trimmed(rows, fitted, propensity)
        rows.require_arms(inside)
        base = np.where(inside, rows.sampling, 0.0)
        known = np.where(inside, log_odds, 0.0)
        raw, slope = (
            part * base for part in ipw.balancing_weights(known, rows.treated, rows.estimand)
        )
        raw, slope, cap_notes = self._capped(rows, raw, slope)
        equations = None
        if isinstance(self.learner, Logistic):
            weight = np.where(fitted, rows.sampling, 0.0)
            equations = (
                Equations(
                    Z=standardised(rows.predictors.X),
                    score=weight * (rows.treated - propensity),
                    information=weight * propensity * (1 - propensity),
                    slope=slope,
                ),
            )
        return RawWeights(
            weights=raw,
            equations=equations,
            propensity=propensity,
            notes=trim_notes + cap_notes,
        )

    def _trimmed(
        self, rows: WeighRows, fitted: BoolArray, propensity: FloatArray
    ) -> tuple[BoolArray, tuple[str, ...]]:
        """Return the rows whose propensity is within bounds, and a note on the others."""
        del rows, propensity
        return fitted, ()

    def _capped(
        self, rows: WeighRows, raw: FloatArray, slope: FloatArray
    ) -> tuple[FloatArray, FloatArray, tuple[str, ...]]:
        """Return the weights, their slopes, and a note on those that were cut."""
        del rows
        return raw, slope, ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InverseProbability(FromPropensity):
    """Inverse probability weighting.

    Trimming moves the effect to those who stay (Crump, Hotz, Imbens and Mitnik 2009).

    Examples
    --------
    >>> InverseProbability(cap=0.99).describe()
    'inverse probability weights (logit), cut at their 99th percentile'
    """

    name: ClassVar[str] = "ipw"

    stabilised: bool = key(
        "Whether each arm's weights are scaled to the arm's size. If not, both arms are scaled "
        "to the size of the population they stand for; weighted means are the same, "
        "regressions with covariates weigh the arms differently.",
        True,
    )
    trim: float | None = key(
        "Rows with a propensity below it, or above 1 less it, are left out; the effect is then "
        "that of those who stay.",
        None,
    )
    cap: float | None = key(
        "Quantile of each arm's weights to which larger ones are cut, such as 0.99.", None
    )

    @property
    def is_stabilised(self) -> bool:
        """Whether each arm is scaled to its own size, not both to the target's."""
        return self.stabilised

    def faults(self) -> list[str]:
        """Return what is wrong with the keywords, whatever the data."""
        told = FromPropensity.faults(self)
        if self.trim is not None and not (is_number(self.trim) and 0 < self.trim < 0.5):
            told.append(f"trim={self.trim!r} must lie between 0 and 0.5.")
        if self.cap is not None and not (is_number(self.cap) and 0.5 <= self.cap < 1):
            told.append(f"cap={self.cap!r} must be a quantile from 0.5 to below 1.")
        return told

    def kind(self) -> str:
        """Return what the method does, in words."""
        words = [f"inverse probability weights ({self.learner.describe()})"]
        words += [] if self.stabilised else ["not stabilised"]
        if self.trim is not None:
            words.append(f"propensities {self.trim:g} to {1 - self.trim:g}")
        if self.cap is not None:
            words.append(f"cut at their {100 * self.cap:g}th percentile")
        return ", ".join(words)

    def _trimmed(
        self, rows: WeighRows, fitted: BoolArray, propensity: FloatArray
    ) -> tuple[BoolArray, tuple[str, ...]]:
        """Return the rows whose propensity is within bounds, and a note on the others."""
        if self.trim is None:
            return fitted, ()
        low, high = self.trim, 1 - self.trim
        inside = fitted & (propensity >= low) & (propensity <= high)
        own, other = (int((fitted & ~inside & arm).sum()) for _, arm in rows.arms)
        note = Note(
            "trimmed",
            "{treated} treated and {comparison} comparison row(s) with a propensity outside "
            "{low:g} to {high:g} are left out; the effect is that of the others.",
            {"treated": own, "comparison": other},
            {"low": low, "high": high},
        )
        return inside, (note,)

    def _capped(
        self, rows: WeighRows, raw: FloatArray, slope: FloatArray
    ) -> tuple[FloatArray, FloatArray, tuple[str, ...]]:
        """Return the weights, their slopes, and a note on those that were cut."""
        if self.cap is None:
            return raw, slope, ()
        raw, slope, n_cut = ipw.capped(raw, slope, rows.treated, self.cap)
        said = "{n} weight(s) cut; the imbalance that this leaves is bias."
        return raw, slope, (Note("weights_cut", said, {"n": n_cut}),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap(FromPropensity):
    """Overlap weights: 1 - e among the treated, e in the comparison arm.

    With the logit, means are balanced exactly (Li, Morgan and Zaslavsky 2018, theorem 3).
    """

    name: ClassVar[str] = "overlap"
    estimands: ClassVar[tuple[str, ...]] = ("ATO",)

    @property
    def balances_exactly(self) -> bool:
        """Whether no difference of means is left in any column."""
        return isinstance(self.learner, Logistic)

    def kind(self) -> str:
        """Return what the method does, in words."""
        return f"overlap weights ({self.learner.describe()})"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingWeights(FromPropensity):
    """Matching weights: the weighting counterpart of 1:1 matching (Li and Greene 2013)."""

    name: ClassVar[str] = "matching"
    estimands: ClassVar[tuple[str, ...]] = ("ATM",)

    def kind(self) -> str:
        """Return what the method does, in words."""
        return f"matching weights ({self.learner.describe()})"
