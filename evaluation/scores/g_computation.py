"""G-computation: outcome models on a comparison, standardised over its target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray
from evaluation.columns import require_columns
from evaluation.comparison.arms import refuse_missing
from evaluation.comparison.covariates import CovariateColumn, design_matrix
from evaluation.comparison.matched import Matched
from evaluation.estimates import Effect
from evaluation.inference.cluster_variance import sums_by
from evaluation.inference.gatekeeper import Decision, decide
from evaluation.inference.jackknife import Uncertainty, delete_one, from_influence
from evaluation.inference.judgement import REFUSED, Judgement, ratio_of
from evaluation.scores.linear_design import LinearDesign, linear_design
from evaluation.scores.standardisation import Standardised, standardise
from evaluation.scores.weighted_inference import cluster_weights
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
    _check(model, contrast)
    names = m.roles.covariates if covariates == "roles" else covariates
    require_columns(m.frame, {"outcome": outcome, "covariates": names})
    design = linear_design(m, outcome, baseline=None, reliability=None, covariates=())
    if model == "logit" and not np.isin(design.y, (0.0, 1.0)).all():
        raise DesignError(f"outcome '{outcome}' must be 0/1 for model='logit'")
    matrix, columns = _matrix(m, design, names)
    task = _Task(
        m=m,
        design=design,
        C=matrix,
        target=_target(m.estimand, design.treated),
        model=model,
        contrast=contrast,
    )
    found = task.standardised(design.weights)
    decision = decide(
        design.cluster, design.treated, design.weights, kind="time", sets=design.sets
    )
    estimate = task.value(found.means)
    shown = _unit(model, contrast, unit)
    is_log = shown in RATIO_UNITS
    effect = Effect(
        outcome=outcome,
        term="g_computation",
        estimate=ratio_of(estimate) if is_log else estimate,
        unit=shown,
        estimand=m.estimand,
        method=f"{m.design}; g-computation ({model}, {len(columns)} columns per arm)",
        n_treated=int(design.treated.sum()),
        n_comparison=int((~design.treated).sum()),
        n_clusters=decision.n_clusters,
        conf_level=level,
        notes=(*m.notes, *design.notes, *_left_out(found, columns)),
    )
    uncertainty, test, notes = _judge(task, found, decision)
    if uncertainty is None:
        return Judgement.refused(*notes).on(effect)
    return Judgement.of(
        uncertainty, estimate, level=level, test=test, is_log=is_log, notes=notes
    ).on(effect)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Task:
    """One g-computation that can be run again with other weights."""

    m: Matched
    design: LinearDesign
    C: FloatArray
    target: BoolArray
    model: Model
    contrast: Contrast

    def standardised(self, weights: FloatArray) -> Standardised:
        """Return both means with these weights of the design's rows."""
        used = weights > 0
        treated, target = self.design.treated[used], self.target[used]
        if len(np.unique(treated)) < 2 or not target.any():
            raise DesignError("an arm has no row with an outcome left")
        return standardise(
            self.C[used],
            self.design.y[used],
            treated,
            weights[used],
            target,
            logit=self.model == "logit",
        )

    def value(self, means: FloatArray) -> float:
        """Return the contrast, on the log scale for a ratio."""
        if self.contrast == "difference":
            return float(means[0] - means[1]) * self._scale
        if not (means > 0).all():
            raise DesignError(
                "a ratio needs means above 0 in both arms; use contrast='difference'"
            )
        return float(np.log(means[0] / means[1]))

    def gradient(self, means: FloatArray) -> FloatArray:
        """Return the contrast's derivative with respect to the two means."""
        if self.contrast == "difference":
            return np.array([1.0, -1.0]) * self._scale
        return np.array([1.0, -1.0]) / means

    @property
    def _scale(self) -> float:
        return 100.0 if self.model == "logit" else 1.0


def _judge(
    task: _Task, found: Standardised, decision: Decision
) -> tuple[Uncertainty | None, str, tuple[str, ...]]:
    """Return the uncertainty that the decision allows, the test's name, and notes."""
    diagnostic = _by_set(task, found)
    shown: tuple[str, ...] = ()
    if decision.n_clusters is not None and diagnostic is not None:
        shown = (
            f"diagnostic: clustered by matched set (CR1S) the error would be "
            f"{diagnostic.std_error:.4g}; treatment was decided by cluster",
        )
    if decision.is_refused:
        return None, REFUSED, (decision.reason, *shown)
    if decision.method == "jackknife":
        try:
            by_cluster = _jackknife(task, found)
        except DesignError as error:
            return None, REFUSED, (decision.reason, f"without a cluster: {error}")
        again = "" if task.m.weighting is None else ", weights re-estimated"
        test = f"delete-one-cluster jackknife (CV3){again}, t({by_cluster.dof:.1f})"
        return by_cluster, test, (decision.reason, *shown)
    if diagnostic is not None:
        return diagnostic, "CR1S by matched set, delta method", (decision.reason,)
    person, by_row = task.m.persons, _influence(task, found)[:, None]
    moved = sums_by(person[task.design.rows], by_row, int(person.max()) + 1)[:, 0]
    by_person = from_influence(moved, **cluster_weights(task.design, person))
    fixed = task.m.weighting is not None and task.m.influence is None
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


def _influence(task: _Task, found: Standardised) -> FloatArray:
    """Return each used row's influence, the target's composition and the weights included."""
    design, m = task.design, task.m
    direction = (found.direction + found.spread) @ task.gradient(found.means)
    total = design.weights * direction
    if m.influence is not None:
        values = np.zeros((len(m.frame), 1))
        values[design.rows, 0] = m.weight_factor[design.rows] * direction
        total = total + m.influence.carry(values)[design.rows, 0]
    return total


def _jackknife(task: _Task, found: Standardised) -> Uncertainty:
    m, design = task.m, task.design
    unit = m.cluster_codes
    if unit is None:
        raise ValueError("the jackknife needs clusters")
    left_out = [
        task.value(task.standardised(m.reweigh(unit != g)[design.rows]).means)
        for g in range(int(unit.max()) + 1)
    ]
    return delete_one(
        task.value(found.means),
        np.array(left_out),
        **cluster_weights(design, unit),
    )


def _matrix(
    m: Matched, design: LinearDesign, names: tuple[str, ...]
) -> tuple[FloatArray, tuple[CovariateColumn, ...]]:
    """Return a constant and the covariates of the rows used."""
    rows = m.frame.iloc[design.rows]
    refuse_missing(rows, {"covariates": names})
    matrix, columns = design_matrix(rows, names)
    return np.column_stack([np.ones(len(matrix)), matrix]), columns


def _target(estimand: str, treated: BoolArray) -> BoolArray:
    return {"ATT": treated, "ATC": ~treated}.get(estimand, np.ones(len(treated), dtype=bool))


def _left_out(found: Standardised, columns: tuple[CovariateColumn, ...]) -> tuple[str, ...]:
    return tuple(
        f"left out of the {arm} arm's model, because other columns imply them there: "
        + ", ".join(columns[position - 1].label for position in missing)
        for arm, missing in zip(("treated", "comparison"), found.left_out, strict=True)
        if len(missing)
    )


def _unit(model: Model, contrast: Contrast, unit: str) -> str:
    if contrast == "ratio":
        return "risk ratio" if model == "logit" else "ratio of means"
    return "percentage points" if model == "logit" else unit


def _check(model: str, contrast: str) -> None:
    problems = []
    if model not in ("linear", "logit"):
        problems.append(f"model='{model}' is not known; use 'linear' or 'logit'")
    if contrast not in ("difference", "ratio"):
        problems.append(f"contrast='{contrast}' is not known; use 'difference' or 'ratio'")
    if problems:
        raise DesignError("\n".join(problems))
