"""A weighting that can be estimated again on fewer rows, and what its estimation gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.arms import ARMS
from evaluation.comparison.propensity import expit
from evaluation.comparison.weighting import entropy, ipw, learners
from evaluation.comparison.weighting.cbps import balance_arms
from evaluation.comparison.weighting.influence import Equations, WeightInfluence
from evaluation.comparison.weighting.learners import Learner, Logistic
from evaluation.comparison.weighting.options import (
    WORDS,
    Cbps,
    Entropy,
    InverseProbability,
    WeighEstimand,
    WeighOptions,
)
from evaluation.comparison.weighting.predictors import Predictors, standardised
from evaluation.notes import Note


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Estimated:
    """Weights with what is known about how they came about.

    Attributes
    ----------
    weights : np.ndarray
        Scaled within arms; 0 = left out.
    propensity : np.ndarray or None
        Probability of treatment, where the method has one.
    influence : WeightInfluence or None
        None where the learner has no estimating equations.
    notes : tuple of str
    """

    weights: FloatArray
    propensity: FloatArray | None
    influence: WeightInfluence | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightModel:
    """All that is needed to estimate a set of weights, on all rows or on some.

    Attributes
    ----------
    options, estimand
        As `evaluation.weigh` takes them.
    predictors : Predictors
        One row per row of the frame.
    treated, sampling : np.ndarray
        Arm and base weight of each row; base weight 0 leaves the row out.
    group : np.ndarray
        What stays together when a learner is cross-fitted.
    """

    options: WeighOptions
    estimand: WeighEstimand
    predictors: Predictors
    treated: BoolArray
    sampling: FloatArray
    group: IntArray

    def estimate(self, log_odds: FloatArray | None = None) -> Estimated:
        """Estimate the weights of all rows.

        Parameters
        ----------
        log_odds : np.ndarray, optional
            Of a logit that has been fitted already.

        Raises
        ------
        DesignError
            If balance cannot be reached or an arm is left empty.
        """
        match self.options:
            case Entropy():
                parts = self._entropy()
            case Cbps() if self.estimand != "ATE":
                parts = self._entropy(has_propensity=True)
            case Cbps():
                parts = self._cbps(log_odds)
            case _:
                parts = self._propensity(log_odds)
        return self._normalised(parts)

    def reweigh(self, keep: BoolArray) -> FloatArray:
        """Return weights estimated among the rows kept; 0 for all others.

        Parameters
        ----------
        keep : np.ndarray
            Rows that stay, such as all but one municipality.
        """
        smaller = WeightModel(
            options=self.options,
            estimand=self.estimand,
            predictors=self.predictors.rows(keep),
            treated=self.treated[keep],
            sampling=self.sampling[keep],
            group=np.unique(self.group[keep], return_inverse=True)[1].astype(np.int64),
        )
        weights = np.zeros(len(keep))
        weights[keep] = smaller.estimate().weights
        return weights

    def _entropy(self, *, has_propensity: bool = False) -> _Parts:
        """Tilt each arm that does not itself define the target."""
        target = {"ATT": self.treated, "ATC": ~self.treated}.get(
            self.estimand, np.ones(len(self.treated), dtype=bool)
        )
        raw = self.sampling.copy()
        equations = []
        notes: tuple[str, ...] = ()
        propensity = None
        for word, arm in zip(ARMS, (self.treated, ~self.treated), strict=True):
            if (arm == target).all():
                continue
            found = entropy.balance(
                self.predictors,
                arm=arm,
                target=target,
                sampling=self.sampling,
                words=(word, WORDS[self.estimand]),
            )
            raw[arm] = found.equations.slope[arm]
            equations.append(found.equations)
            if found.n_off:
                notes += (
                    Note(
                        "weigh_nothing",
                        "{n} {arm} row(s) weigh {nothing}: they have a level that nobody in "
                        "the target has.",
                        {"n": found.n_off},
                        {"arm": word, "nothing": 0},
                    ),
                )
            if has_propensity:
                log_odds = found.eta if word == "comparison" else -found.eta
                propensity = expit(log_odds)
        return _Parts(raw=raw, equations=tuple(equations), propensity=propensity, notes=notes)

    def _cbps(self, log_odds: FloatArray | None) -> _Parts:
        log_odds = self._log_odds(Logistic(), log_odds)
        inside = np.isfinite(log_odds) & (self.sampling > 0)
        self._require_arms(inside)
        found = balance_arms(
            self.predictors.rows(inside),
            treated=self.treated[inside],
            sampling=self.sampling[inside],
        )
        log_odds = log_odds.copy()
        log_odds[inside] = found.eta
        weights, _ = ipw.balancing_weights(
            np.where(inside, log_odds, 0.0), self.treated, self.estimand
        )
        return _Parts(
            raw=np.where(inside, weights * self.sampling, 0.0),
            equations=(_spread(found.equations, inside),),
            propensity=expit(log_odds),
            notes=(),
        )

    def _propensity(self, log_odds: FloatArray | None) -> _Parts:
        learner = self.options.learner  # type: ignore[union-attr]
        log_odds = self._log_odds(learner, log_odds)
        propensity = expit(log_odds)
        fitted = np.isfinite(log_odds) & (self.sampling > 0)
        inside, notes = self._trimmed(fitted, propensity)
        self._require_arms(inside)
        base = np.where(inside, self.sampling, 0.0)
        raw, slope = (
            part * base
            for part in ipw.balancing_weights(
                np.where(inside, log_odds, 0.0), self.treated, self.estimand
            )
        )
        if isinstance(self.options, InverseProbability) and self.options.cap is not None:
            raw, slope, n_cut = ipw.capped(raw, slope, self.treated, self.options.cap)
            notes += (
                Note(
                    "weights_cut",
                    "{n} weight(s) cut; the imbalance that this leaves is bias.",
                    {"n": n_cut},
                ),
            )
        equations = None
        if isinstance(learner, Logistic):
            known = np.where(fitted, self.sampling, 0.0)
            equations = (
                Equations(
                    Z=standardised(self.predictors.X),
                    score=known * (self.treated - propensity),
                    information=known * propensity * (1 - propensity),
                    slope=slope,
                ),
            )
        return _Parts(raw=raw, equations=equations, propensity=propensity, notes=notes)

    def _log_odds(self, learner: Learner, log_odds: FloatArray | None) -> FloatArray:
        """Return the log-odds of all rows, fitted on those in the design; 0 elsewhere."""
        if log_odds is not None:
            return log_odds
        used = self.sampling > 0
        fitted = np.zeros(len(used))
        fitted[used] = learners.log_odds(
            learner,
            self.predictors.X[used],
            self.treated[used],
            sampling=self.sampling[used],
            group=np.unique(self.group[used], return_inverse=True)[1].astype(np.int64),
        )
        return fitted

    def _trimmed(
        self, fitted: BoolArray, propensity: FloatArray
    ) -> tuple[BoolArray, tuple[str, ...]]:
        """Return the rows whose propensity is within the bounds, and a note on the others."""
        trim = self.options.trim if isinstance(self.options, InverseProbability) else None
        if trim is None:
            return fitted, ()
        inside = fitted & (propensity >= trim) & (propensity <= 1 - trim)
        lost = fitted & ~inside
        return inside, (
            Note(
                "trimmed",
                "{treated} treated and {comparison} comparison row(s) with a propensity "
                "outside {low} to {high} are left out; the effect is that of the others.",
                {
                    "treated": int((lost & self.treated).sum()),
                    "comparison": int((lost & ~self.treated).sum()),
                },
                {"low": f"{trim:g}", "high": f"{1 - trim:g}"},
            ),
        )

    def _require_arms(self, inside: BoolArray) -> None:
        for word, arm in zip(ARMS, (self.treated, ~self.treated), strict=True):
            if not (inside & arm).any():
                raise DesignError(f"no {word} row is left to weigh; the arms do not overlap.")

    def _normalised(self, parts: _Parts) -> Estimated:
        """Scale each arm's weights to its size, or both to the size of the target."""
        stabilised = not (
            isinstance(self.options, InverseProbability) and not self.options.stabilised
        )
        in_design = np.where(parts.raw > 0, self.sampling, 0.0)
        target = {"ATT": self.treated, "ATC": ~self.treated}.get(
            self.estimand, np.ones(len(in_design), dtype=bool)
        )
        weights = np.zeros(len(in_design))
        for arm in (self.treated, ~self.treated):
            size = in_design[arm if stabilised else target].sum()
            weights[arm] = parts.raw[arm] * (size / parts.raw[arm].sum())
        influence = None
        if parts.equations is not None:
            influence = WeightInfluence(
                equations=parts.equations,
                raw=parts.raw,
                weights=weights,
                sampling=in_design,
                treated=self.treated,
                is_stabilised=stabilised,
            )
        return Estimated(
            weights=weights,
            propensity=parts.propensity,
            influence=influence,
            notes=parts.notes,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weighting:
    """A model of weights together with what it gave on all rows."""

    model: WeightModel
    estimated: Estimated


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Parts:
    """Raw weights, base weights included, and the equations that they solve."""

    raw: FloatArray
    equations: tuple[Equations, ...] | None
    propensity: FloatArray | None
    notes: tuple[str, ...]


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
