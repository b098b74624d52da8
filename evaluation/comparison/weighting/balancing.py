"""Weights that balance moments exactly: by entropy, or as a propensity score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from data_dictionary.schema import Form, key
from evaluation.arrays import BoolArray, FloatArray
from evaluation.comparison.propensity import expit
from evaluation.comparison.weighting import entropy, ipw
from evaluation.comparison.weighting.cbps import balance_arms
from evaluation.comparison.weighting.influence import Equations
from evaluation.comparison.weighting.learners import Logistic
from evaluation.comparison.weighting.method import RawWeights, WeighMethod, WeighRows
from evaluation.notes import Note

# Whom weights stand for, in messages.
_WORDS = {"ATT": "the treated", "ATC": "the comparison arm", "ATE": "both arms together"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Balancing(WeighMethod):
    """Weights that meet the target's moments."""

    moments: int = key(
        "Powers 1 to `moments` of every number are balanced; 2 adds the variances.",
        1,
        form=Form("1, 2, 3 or 4", lambda moments: moments in (1, 2, 3, 4)),
    )

    @property
    def powers(self) -> int:
        """Powers of every number that are balanced."""
        return self.moments

    @property
    def balances_exactly(self) -> bool:
        """Whether no difference of means is left in any column."""
        return True

    def _what(self) -> str:
        return "means" if self.moments == 1 else f"moments 1 to {self.moments}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entropy(Balancing):
    """Entropy balancing: the most even weights that balance moments exactly."""

    name: ClassVar[str] = "entropy"

    def kind(self) -> str:
        """Return what the method does, in words."""
        return f"entropy balancing of {self._what()}"

    def weigh(self, rows: WeighRows, log_odds: FloatArray | None) -> RawWeights:
        """Return raw weights; `log_odds` are those of a logit that has been fitted already."""
        del log_odds
        return _tilted(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cbps(Balancing):
    """Covariate balancing propensity score, just identified (Imai and Ratkovic 2014).

    The logit whose inverse probability weights balance the covariates exactly.  For ATT and
    ATC its weights are those of entropy balancing on the same moments; for the ATE it balances
    the arms with each other.
    """

    name: ClassVar[str] = "cbps"

    def takes_logit(self, estimand: str) -> bool:
        """Whether a plain logit of the propensity is the first step."""
        return estimand == "ATE" and self.moments == 1

    def kind(self) -> str:
        """Return what the method does, in words."""
        return f"covariate balancing propensity score on {self._what()}"

    def weigh(self, rows: WeighRows, log_odds: FloatArray | None) -> RawWeights:
        """Return raw weights; `log_odds` are those of a logit that has been fitted already."""
        if rows.estimand != "ATE":
            return _tilted(rows, has_propensity=True)
        log_odds = rows.log_odds(Logistic(), log_odds)
        inside = np.isfinite(log_odds) & (rows.sampling > 0)
        rows.require_arms(inside)
        log_odds_inside, equations = balance_arms(
            rows.predictors.rows(inside),
            treated=rows.treated[inside],
            sampling=rows.sampling[inside],
        )
        log_odds = log_odds.copy()
        log_odds[inside] = log_odds_inside
        known = np.where(inside, log_odds, 0.0)
        weights, _ = ipw.balancing_weights(known, rows.treated, rows.estimand)
        return RawWeights(
            weights=np.where(inside, weights * rows.sampling, 0.0),
            equations=(_spread(equations, inside),),
            propensity=expit(log_odds),
        )


def _tilted(rows: WeighRows, *, has_propensity: bool = False) -> RawWeights:
    """Tilt each arm that does not itself define the target."""
    raw = rows.sampling.copy()
    equations = []
    notes: tuple[str, ...] = ()
    propensity = None
    for word, arm in rows.arms:
        if (arm == rows.target).all():
            continue
        found = entropy.balance(
            rows.predictors,
            arm=arm,
            target=rows.target,
            sampling=rows.sampling,
            words=(word, _WORDS[rows.estimand]),
        )
        raw[arm] = found.equations.slope[arm]
        equations.append(found.equations)
        if found.n_off:
            notes += (
                Note(
                    "weigh_nothing",
                    "{n} {arm} row(s) weigh {nothing}: they have a level that nobody in the "
                    "target has.",
                    {"n": found.n_off},
                    {"arm": word, "nothing": 0},
                ),
            )
        if has_propensity:
            propensity = expit(found.eta if word == "comparison" else -found.eta)
    return RawWeights(
        weights=raw, equations=tuple(equations), propensity=propensity, notes=notes
    )


def _spread(found: Equations, inside: BoolArray) -> Equations:
    """Return equations of some rows as equations of all; the others contribute nothing."""
    if inside.all():
        return found

    def rows(values: FloatArray) -> FloatArray:
        full = np.zeros((len(inside), *values.shape[1:]))
        full[inside] = values
        return full

    return Equations(
        Z=rows(found.Z),
        score=rows(found.score),
        information=rows(found.information),
        slope=rows(found.slope),
    )
