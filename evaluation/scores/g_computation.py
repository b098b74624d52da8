"""G-computation: outcome models on a comparison, standardised over its target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arguments import names_of
from evaluation.arrays import BoolArray, FloatArray, summed
from evaluation.columns import require_columns
from evaluation.comparison.arms import ARMS, refuse_missing, target_of
from evaluation.comparison.covariates import design_matrix
from evaluation.comparison.data import require_comparison
from evaluation.comparison.matched import Matched
from evaluation.estimates import Effect
from evaluation.inference.gatekeeper import Decision, decide
from evaluation.inference.jackknife import Uncertainty, from_influence
from evaluation.inference.judgement import REFUSED, Judgement, ratio_of
from evaluation.scores.linear_design import LinearDesign, effect_of, linear_design
from evaluation.scores.linear_inference import (
    arm_weights,
    carried,
    no_variation,
    without_clusters,
)
from evaluation.scores.standardisation import Standardised, standardise
from evaluation.terms import RATIO_UNITS

Model = Literal["linear", "logit"]
Contrast = Literal["difference", "ratio"]


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
        (ATC), or all rows used.
    outcome : str
        Numeric column, 0/1 for a logit; rows without it are left out and counted.
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
        Interval and p-value are empty where the gatekeeper refuses.

    Raises
    ------
    ColumnError, DesignError
        If a column is missing, an outcome is not 0/1 under a logit, or a model cannot be made.

    Notes
    -----
    With clusters, error, interval and p-value come from one delete-one-cluster jackknife (CV3):
    models are fitted, and weights estimated, again in each replicate, matches held fixed; the
    error by matched set is in the notes as a diagnostic.  In a study without clusters, matched
    designs have the delta method on CR1S errors by set with the target held fixed, as MatchIt's
    documentation has it; weighted designs have stacked influence functions.
    """
    choices = (("model", model, get_args(Model)), ("contrast", contrast, get_args(Contrast)))
    problems = [
        f"{name}='{given}' is not known; use '{known[0]}' or '{known[1]}'"
        for name, given, known in choices
        if given not in known
    ]
    if problems:
        raise DesignError("\n".join(problems))
    require_comparison(m)
    names = m.roles.covariates
    if covariates != "roles":
        names = names_of(covariates, "covariates")
    require_columns(m.frame, {"outcome": outcome, "covariates": names})
    design = linear_design(m, outcome)
    if model == "logit" and not np.isin(design.y, (0.0, 1.0)).all():
        raise DesignError(f"outcome '{outcome}' must be 0/1 for model='logit'")
    rows = m.frame.iloc[design.rows]
    refuse_missing(rows, {"covariates": m.roles.must_be_known(names)})
    matrix, columns = design_matrix(rows, names, indicators=True)
    task = _Task(
        m=m,
        design=design,
        C=np.column_stack([np.ones(len(matrix)), matrix]),
        target=target_of(design.treated, m.estimand),
        is_logit=model == "logit",
        is_ratio=contrast == "ratio",
    )
    found = task.standardised(design.weights)
    decision = decide(
        design.cluster, design.treated, design.weights, kind="time", sets=design.sets
    )
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
        unit=shown,
        method=f"g-computation ({model}, {len(columns)} columns per arm)",
        level=level,
        notes=tuple(
            f"left out of the {arm} arm's model, because other columns imply them there: "
            + ", ".join(columns[position - 1].label for position in missing)
            for arm, missing in zip(ARMS, found.left_out, strict=True)
            if len(missing)
        ),
    )
    why = no_variation(m, design, decision)
    if why is not None:
        return Judgement.refused(decision.reason, why).on(effect)
    uncertainty, test, notes = _judge(task, found, decision)
    if uncertainty is None:
        return Judgement.refused(*notes).on(effect)
    judged = Judgement.of(
        uncertainty, estimate, level=level, test=test, is_log=is_log, notes=notes
    )
    return judged.beside(1.0 if is_log else design.largest).on(effect)


def _unit(model: Model, contrast: Contrast, unit: str) -> str:
    if contrast == "ratio":
        return "risk ratio" if model == "logit" else "ratio of means"
    return "percentage points" if model == "logit" else unit


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Task:
    """One g-computation that can be run again with other weights."""

    m: Matched
    design: LinearDesign
    C: FloatArray
    target: BoolArray
    is_logit: bool
    is_ratio: bool

    def standardised(self, weights: FloatArray) -> Standardised:
        """Return both means with these weights of the design's rows."""
        used = weights > 0
        treated, target = self.design.treated[used], self.target[used]
        if len(np.unique(treated)) < 2 or not target.any():
            raise DesignError("an arm has no row with an outcome left")
        y = self.design.y[used]
        return standardise(self.C[used], y, treated, weights[used], target, logit=self.is_logit)

    def value(self, means: FloatArray) -> float:
        """Return the contrast, on the log scale for a ratio."""
        if not self.is_ratio:
            return float(means[0] - means[1]) * (100.0 if self.is_logit else 1.0)
        if not (means > 0).all():
            raise DesignError(
                "a ratio needs means above 0 in both arms; use contrast='difference'"
            )
        return float(np.log(means[0] / means[1]))

    def gradient(self, means: FloatArray) -> FloatArray:
        """Return the contrast's derivative with respect to the two means."""
        signs = np.array([1.0, -1.0])
        return signs / means if self.is_ratio else signs * (100.0 if self.is_logit else 1.0)


def _judge(
    task: _Task, found: Standardised, decision: Decision
) -> tuple[Uncertainty | None, str, tuple[str, ...]]:
    """Return the uncertainty that the decision allows, the test's name, and notes."""
    m, design = task.m, task.design
    diagnostic = _by_set(task, found)
    shown: tuple[str, ...] = ()
    if decision.n_clusters is not None and diagnostic is not None:
        shown = (
            f"diagnostic: clustered by matched set (CR1S) the error would be "
            f"{diagnostic.std_error:.4g}; treatment was decided by cluster",
        )
    if decision.is_refused:
        return None, REFUSED, (decision.reason, *shown)
    # The target's composition and the weights' estimation are part of each row's influence.
    direction = (found.direction + found.spread) @ task.gradient(found.means)
    if decision.method == "jackknife":
        try:
            by_cluster = without_clusters(
                m,
                design,
                lambda weights: task.value(task.standardised(weights).means),
                influence=carried(m, design, direction),
            )
        except DesignError as error:
            return None, REFUSED, (decision.reason, f"without a cluster: {error}")
        again = "" if m.weighting is None else ", weights re-estimated"
        test = f"delete-one-cluster jackknife (CV3){again}, t({by_cluster.dof:.1f})"
        return by_cluster, test, (decision.reason, *shown)
    if diagnostic is not None:
        return diagnostic, "CR1S by matched set, delta method", (decision.reason,)
    by_row = carried(m, design, direction)[design.rows]
    moved = summed(m.persons[design.rows], by_row, int(m.persons.max()) + 1)
    by_person = from_influence(moved, **arm_weights(design, m.persons))
    fixed = m.weighting is not None and m.influence is None
    note = "the weights are taken as fixed; the error may be too long or too short"
    return by_person, f"influence by person, t({by_person.dof:.1f})", (note,) if fixed else ()


def _by_set(task: _Task, found: Standardised) -> Uncertainty | None:
    """Return the delta method on CR1S errors by set, target held fixed; None without sets."""
    sets = task.design.sets
    if sets is None or (sets < 0).any():
        return None
    rows = (found.direction * task.design.weights[:, None]) @ task.gradient(found.means)
    sums = np.bincount(pd.factorize(sets)[0], rows)
    n, n_sets = len(rows), len(sums)
    factor = n_sets / (n_sets - 1) * (n - 1) / (n - found.n_coefficients)
    error = float(np.sqrt(factor * (sums**2).sum()))
    return Uncertainty(std_error=error, dof=n_sets - 1.0)
