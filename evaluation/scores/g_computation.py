"""G-computation: outcome models on a comparison, standardised over its target."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arguments import choice_faults, each_named, names_of
from evaluation.arrays import FloatArray, IntArray
from evaluation.columns import require_columns
from evaluation.comparison.arms import ARMS, TILTED, refuse_missing, target_share
from evaluation.comparison.covariates import design_matrix
from evaluation.comparison.data import require_comparison
from evaluation.comparison.matched import Matched
from evaluation.estimates import Effect
from evaluation.inference.gatekeeper import Decision, decide
from evaluation.inference.jackknife import Uncertainty
from evaluation.inference.judgement import Judgement, ratio_of
from evaluation.inference.variation import no_replicate
from evaluation.notes import Note
from evaluation.scores.linear_design import (
    LinearDesign,
    effect_of,
    linear_design,
    refuse_explained,
)
from evaluation.scores.linear_inference import (
    by_person,
    carried,
    held_fixed,
    no_variation,
    without_clusters,
)
from evaluation.scores.standardisation import Standardised, standardise
from evaluation.terms import RATIO_UNITS

Model = Literal["linear", "logit"]
Contrast = Literal["difference", "ratio"]
# Largest share of the target that a logit with an interval may predict at its limit.
MOST_AT_LIMIT = 0.1


def g_computation(
    m: Matched,
    outcome: str,
    *,
    covariates: tuple[str, ...] | Literal["roles"] = "roles",
    model: Model = "linear",
    contrast: Contrast = "difference",
    unit: str = "outcome units",
    level: float = 0.95,
) -> Effect:
    """Return what the target's mean outcome would be with and without treatment, compared.

    Parameters
    ----------
    m : Matched
        The comparison; its estimand names the target: the treated (ATT), the comparison arm
        (ATC), or all (ATE) whom the design kept, with their base weights; for overlap and
        matching weights (ATO, ATM) all as they are weighed.
    outcome : str
        Numeric column, 0/1 for a logit.  Models are fitted on the rows that have it, and means
        taken over the whole target.
    covariates : tuple of str or "roles"
        Columns of the outcome models, each with its own slope in each arm; ``roles``: those
        that the comparison was made on.
    model : {"linear", "logit"}
        Linear in means, or logit for a 0/1 outcome.
    contrast : {"difference", "ratio"}
        Difference (of shares in percentage points under a logit) or ratio of the two means.
    unit : str
        The outcome's own unit; used for differences of a linear model.
    level : float
        Coverage of the interval.

    Returns
    -------
    Effect
        Interval and p-value are empty where the gatekeeper refuses.  `Effect.means` has both
        means; for the ATT the treated's is the one observed.

    Raises
    ------
    ColumnError, DesignError
        If a column is missing, an outcome is not 0/1 under a logit, or a model cannot be made.

    Notes
    -----
    With clusters, error, interval and p-value come from one delete-one-cluster jackknife (CV3):
    models are fitted, and weights estimated, again in each replicate, matches held fixed; the
    error by matched set is in the notes as a diagnostic.  In a study without clusters pairs and
    full sets have the delta method on CR1S errors by set, subclasses and coarsened or exact
    sets on HC3 errors, as MatchIt's documentation has it (CR3 where a person has several rows);
    both hold sets, score and target fixed.  Where one person alone decides a coefficient there
    is no HC3 error, and inference is refused by the column's name.  Weighted designs have
    stacked influence functions, the target's composition included.

    A logit of which covariates tell outcomes apart without error has no maximum; its limit
    predicts shares of 0 and 1 there.  They add nothing to the error, so where they are more
    than a tenth of the target in an arm the logit has no interval, and the p-value is that of
    the linear model or, where that has none, of the weighted difference.
    """
    faults = choice_faults(model, "model", get_args(Model))
    if faults := [*faults, *choice_faults(contrast, "contrast", get_args(Contrast))]:
        raise DesignError("\n".join(faults))
    require_comparison(m)
    names = m.roles.covariates
    if covariates != "roles":
        names = names_of(covariates, "covariates")
    each_named({"outcome": outcome})
    require_columns(m.frame, {"outcome": outcome, "covariates": names})
    design = linear_design(m, outcome)
    refuse_explained(outcome, names)
    if model == "logit" and not np.isin(design.y, (0.0, 1.0)).all():
        raise DesignError(f"outcome '{outcome}' must be 0/1 for model='logit'")
    rows = np.flatnonzero(m.used)
    refuse_missing(m.frame.iloc[rows], {"covariates": m.roles.must_be_known(names)})
    matrix, columns = design_matrix(m.frame.iloc[rows], names, indicators=True)
    y = np.full(len(m.frame), np.nan)
    y[design.rows] = design.y
    task = _Task(
        m=m,
        outcome=outcome,
        design=design,
        rows=rows,
        y=y[rows],
        C=np.column_stack([np.ones(len(matrix)), matrix]),
        labels=("the constant", *(column.label for column in columns)),
        is_logit=model == "logit",
        is_ratio=contrast == "ratio",
    )
    found = task.standardised(m.weights)
    decision = decide(design.cluster, design.treated, design.weights, sets=design.sets)
    estimate = task.value(found.means)
    shown = _unit(model, contrast, unit)
    is_log = shown in RATIO_UNITS
    effect = effect_of(
        m,
        design,
        decision,
        outcome=outcome,
        term="g_computation",
        estimate=ratio_of(estimate) if is_log else estimate,
        treated_mean=task.treated_mean(found),
        unit=shown,
        method=f"g-computation ({model}, {len(columns)} columns per arm)",
        level=level,
        notes=task.notes(found),
    )
    why = no_variation(m, design, decision)
    if why is not None:
        return Judgement.refused(decision.reason, why).on(effect)
    if found.at_limit.max() > MOST_AT_LIMIT and not decision.is_refused:
        others = (
            (name, g_computation(m, outcome, covariates=own, contrast=contrast, level=level))
            for name, own in (("linear model", names), ("weighted difference", ()))
        )
        return _tested_by(others).on(effect)
    error, test, notes = _judge(task, found, decision)
    judged = Judgement.of(error, estimate, level=level, test=test, is_log=is_log, notes=notes)
    return judged.beside(1.0 if is_log else design.largest).on(effect)


def _unit(model: Model, contrast: Contrast, unit: str) -> str:
    if contrast == "ratio":
        return "risk ratio" if model == "logit" else "ratio of means"
    return "percentage points" if model == "logit" else unit


def _tested_by(others: Iterable[tuple[str, Effect]]) -> Judgement:
    """Return the p-value of the first other model that has one; the logit is at its limit."""
    why = "the logit has no interval: over {most:.0%} of the target is predicted without error"
    for name, other in others:
        if not math.isnan(other.p_value):
            said = f"{why}; tested is the {{model}}, whose estimate is {{estimate:.4g}}"
            facts = {"most": MOST_AT_LIMIT, "model": name, "estimate": other.estimate}
            return Judgement(
                test=f"{name}, {other.test}",
                p_value=other.p_value,
                smallest_p=other.smallest_p,
                dof=other.dof,
                notes=(Note("at_limit", said, facts=facts),),
            )
    return Judgement.refused(Note("at_limit", why, facts={"most": MOST_AT_LIMIT}))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Task:
    """One g-computation that can be run again with other weights.

    `rows` are those of the frame that the design kept, in whose order `y` (NaN where there is
    no outcome) and `C` stand.
    """

    m: Matched
    outcome: str
    design: LinearDesign
    rows: IntArray
    y: FloatArray
    C: FloatArray
    labels: tuple[str, ...]
    is_logit: bool
    is_ratio: bool

    def share(self, weights: FloatArray) -> FloatArray:
        """Return what each row counts for in the target under these weights of the rows."""
        base = self.m.base_weights[self.rows]
        return target_share(self.m.treated[self.rows], self.m.estimand, base, weights)

    def standardised(self, weights: FloatArray, person: IntArray | None = None) -> Standardised:
        """Return both means with these weights of the frame's rows."""
        weights = weights[self.rows]
        used = weights > 0
        y, treated = self.y[used], self.m.treated[self.rows][used]
        if len(np.unique(treated[~np.isnan(y)])) < 2:
            raise DesignError("an arm has no row with an outcome left")
        arrays = self.C[used], y, treated, weights[used], self.share(weights)[used]
        return standardise(*arrays, logit=self.is_logit, person=person)

    @property
    def scale(self) -> float:
        """How shares are shown: in per cent."""
        return 100.0 if self.is_logit else 1.0

    def treated_mean(self, found: Standardised) -> float:
        """Return the target's mean with treatment: for the ATT that which was observed."""
        if self.m.estimand != "ATT":
            return self.scale * float(found.means[0])
        share = np.where(np.isnan(self.y), 0.0, self.share(self.m.weights[self.rows]))
        return self.scale * float(share @ np.nan_to_num(self.y) / share.sum())

    def value(self, means: FloatArray) -> float:
        """Return the contrast, on the log scale for a ratio."""
        if not self.is_ratio:
            return self.scale * float(means[0] - means[1])
        if not (means > 0).all():
            raise DesignError(
                "a ratio needs means above 0 in both arms; use contrast='difference'"
            )
        return float(np.log(means[0] / means[1]))

    def gradient(self, means: FloatArray) -> FloatArray:
        """Return the contrast's derivative with respect to the two means."""
        signs = np.array([1.0, -1.0])
        return signs / means if self.is_ratio else signs * self.scale

    def influence(self, found: Standardised) -> FloatArray:
        """Return the influence of each row of the frame, target and weights included."""
        gradient = self.gradient(found.means)
        direction, spread = found.direction @ gradient, found.spread @ gradient
        composed: FloatArray = np.zeros(len(self.m.frame))
        if self.m.estimand in TILTED:
            direction = direction + spread / self.m.weights[self.rows]
        else:
            composed[self.rows] = spread
        return composed + carried(self.m, self.rows, direction)

    def notes(self, found: Standardised) -> tuple[str, ...]:
        """Return what to say of the models and of whom they are averaged over."""
        told = [
            f"left out of the {arm} arm's model, because other columns imply them there: "
            + ", ".join(self.labels[position] for position in missing)
            for arm, missing in zip(ARMS, found.left_out, strict=True)
            if len(missing)
        ]
        if np.isnan(self.y).any():
            said = "persons without '{outcome}' stay in the target, and out of the models only"
            told.append(Note("target_kept", said, facts={"outcome": self.outcome}))
        if found.at_limit.any():
            said = (
                "of the target {treated:.3g} % as treated and {comparison:.3g} % as comparison "
                "are predicted without error, the logit's limit, which adds nothing to its own"
            )
            shares = dict(zip(ARMS, 100.0 * found.at_limit, strict=True))
            told.append(Note("logit_limits", said, facts=shares))
        return tuple(told)


def _judge(
    task: _Task, found: Standardised, decision: Decision
) -> tuple[Uncertainty | str, str, tuple[str, ...]]:
    """Return the uncertainty or why there is none, the test's name, and notes."""
    m, design = task.m, task.design
    diagnostic = _by_set(task, found)
    shown: tuple[str, ...] = ()
    if decision.n_clusters is not None and diagnostic is not None:
        shown = (
            f"diagnostic: clustered by matched set (CR1S) the error would be "
            f"{diagnostic.std_error:.4g}; treatment was decided by cluster",
        )
    if decision.is_refused:
        return decision.reason, "", shown
    if decision.method == "jackknife":
        try:
            by_cluster = without_clusters(
                m,
                design,
                lambda weights: task.value(task.standardised(weights).means),
                influence=task.influence(found),
            )
        except DesignError as error:
            return no_replicate(error), "", (decision.reason,)
        again = "" if m.weighting is None else ", weights re-estimated"
        test = f"delete-one-cluster jackknife (CV3){again}, t({by_cluster.dof:.1f})"
        return by_cluster, test, (decision.reason, *shown)
    if diagnostic is not None:
        return diagnostic, "CR1S by matched set, delta method", (decision.reason,)
    if m.is_strata:
        found = task.standardised(m.weights, m.persons[task.rows])
        alone = [
            f"{task.labels[position]} ({arm} arm)"
            for arm, columns in zip(ARMS, found.pinned, strict=True)
            for position in columns
        ]
        return *held_fixed(m, task.influence(found), alone), (decision.reason,)
    by_row = by_person(m, task.influence(found))
    fixed = m.weighting is not None and m.influence is None
    note = "the weights are taken as fixed; the error may be too long or too short"
    return by_row, f"influence by person, t({by_row.dof:.1f})", (note,) if fixed else ()


def _by_set(task: _Task, found: Standardised) -> Uncertainty | None:
    """Return the delta method on CR1S errors by set, target held fixed; None without sets."""
    sets = task.design.sets
    if sets is None or (sets < 0).any():
        return None
    direction = found.direction[~np.isnan(task.y)]
    rows = (direction * task.design.weights[:, None]) @ task.gradient(found.means)
    sums = np.bincount(pd.factorize(sets)[0], rows)
    n, n_sets = len(rows), len(sums)
    factor = n_sets / (n_sets - 1) * (n - 1) / (n - found.n_coefficients)
    error = float(np.sqrt(factor * (sums**2).sum()))
    return Uncertainty(std_error=error, dof=n_sets - 1.0)
