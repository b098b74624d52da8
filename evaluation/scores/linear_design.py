"""The regression behind a difference in means: which rows, which columns, which weights."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data_dictionary.errors import DesignError
from evaluation.arguments import each_named, level_of, names_of, number_of
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.columns import numbers_in, require_columns
from evaluation.comparison.arms import refuse_missing
from evaluation.comparison.covariates import design_matrix
from evaluation.comparison.data import outcome_of, require_comparison
from evaluation.comparison.matched import Matched
from evaluation.estimates import Effect
from evaluation.inference.gatekeeper import Decision
from evaluation.notes import Note

ARM = 1
"""Column of the design matrix that holds the arm; the constant comes before it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearDesign:
    """Rows with an outcome, as arrays; `rows` are their positions in the frame.

    `X` holds a constant, the arm, the baseline if there is one, and covariates.  `sets` are
    matched sets, those that share a person taken together; None where rows have no set of their
    own.
    """

    X: FloatArray
    y: FloatArray
    weights: FloatArray
    treated: BoolArray
    cluster: NDArray[Any] | None
    sets: IntArray | None
    person: IntArray
    rows: IntArray
    notes: tuple[str, ...]
    labels: tuple[str, ...]  # of the columns of X

    @property
    def largest(self) -> float:
        """The largest absolute outcome."""
        return float(np.abs(self.y).max())


def linear_design(
    m: Matched,
    outcome: str,
    *,
    baseline: str | None = None,
    reliability: float | None = None,
    covariates: tuple[str, ...] = (),
) -> LinearDesign:
    """Return the regression of `outcome` on the arm among the matched rows that have it.

    Refused where nobody in an arm has the outcome, or a baseline or covariate is missing in a
    used row.
    """
    require_comparison(m)
    each_named({"outcome": outcome} | ({} if baseline is None else {"baseline": baseline}))
    frame, covariates = m.frame, names_of(covariates, "covariates")
    require_columns(frame, {"outcome": outcome, "covariates": covariates, "baseline": baseline})
    if reliability is not None and baseline is None:
        raise DesignError("reliability belongs to a baseline; name the baseline column")
    values = outcome_of(m, outcome)
    refuse_explained(outcome, (*covariates, baseline))
    rows = m.used & ~np.isnan(values)
    notes = _response(outcome, m, rows)
    extra = (() if baseline is None else (baseline,), covariates)
    known = m.roles.must_be_known(extra[1])
    refuse_missing(frame[rows], {"baseline": extra[0], "covariates": known})
    y = values[rows]
    if not np.isfinite(y).all():
        raise DesignError(f"outcome '{outcome}' is infinite in {int(np.isinf(y).sum())} row(s)")
    names = tuple(name for name in covariates if name != baseline)
    matrix, columns = design_matrix(frame[rows], names, indicators=True)
    parts = [np.ones(len(y)), m.treated[rows].astype(float)]
    labels = ["constant", "arm"]
    if baseline is not None:
        parts.append(_baseline(m, baseline, reliability)[rows])
        labels.append(baseline)
        if reliability is not None:
            said = "baseline '{baseline}' corrected for its reliability {reliability:.3g}"
            facts = {"baseline": baseline, "reliability": reliability}
            notes += (Note("reliability", said, facts=facts),)
    labels += [column.label for column in columns]
    X, left_out = _independent(np.column_stack([*parts, matrix]), labels)
    if left_out:
        said = "left out, because the other columns imply them: {columns}"
        notes += (Note("implied_columns", said, facts={"columns": ", ".join(left_out)}),)
    sets = m.independent_sets
    return LinearDesign(
        X=X,
        y=y,
        weights=m.weights[rows],
        treated=m.treated[rows],
        cluster=None if m.cluster is None else m.cluster[rows],
        sets=None if sets is None else sets[rows],
        person=m.persons[rows],
        rows=np.flatnonzero(rows),
        notes=notes,
        labels=tuple(label for label in labels if label not in left_out),
    )


def refuse_explained(outcome: str, covariates: Collection[str | None]) -> None:
    """Refuse a model that explains an outcome by itself."""
    if outcome in covariates:
        raise DesignError(
            f"outcome='{outcome}' is also a covariate or the baseline; name others there."
        )


def effect_of(
    m: Matched,
    design: LinearDesign,
    decision: Decision,
    *,
    outcome: str,
    term: str,
    estimate: float,
    treated_mean: float,
    unit: str,
    method: str,
    level: float,
    notes: tuple[str, ...] = (),
) -> Effect:
    """Return an effect on these rows, its uncertainty still to be told."""
    level = level_of(level)
    return Effect(
        outcome=outcome,
        term=term,
        estimate=estimate,
        treated_mean=treated_mean,
        unit=unit,
        estimand=m.estimand,
        method=f"{m.design}; {method}",
        n_treated=len(np.unique(design.person[design.treated])),
        n_comparison=len(np.unique(design.person[~design.treated])),
        n_clusters=decision.n_clusters,
        conf_level=level,
        notes=(*m.notes, *m.kept_note, *design.notes, *notes),
    )


def calibrate(
    baseline: FloatArray, treated: BoolArray, covariates: FloatArray, *, reliability: float
) -> FloatArray:
    """Return the expected true baseline of each row, given its score, arm and covariates.

    `baseline` holds every candidate for the comparison, matched or not, `covariates` what else
    it was matched on; `reliability` is the share of the score's variance that is no measurement
    error.

    Notes
    -----
    Regression calibration with known reliability (Carroll, Ruppert, Stefanski and Crainiceanu
    2006, chapter 4; in a regression on all rows the same numbers as errors-in-variables,
    Fuller 1987, section 2.2).  A set matched on a measured baseline pairs treated and
    comparison rows whose *true* baselines differ: each regresses towards the mean of its own
    arm.  The means of the arms are therefore taken before matching, which is why every
    candidate goes in.  What follows treats the calibrated score as known; the variance that
    this leaves out is of the order of (1 - reliability) squared.
    """
    words = "a number above 0 and not above 1"
    number_of(reliability, "reliability", words, above=0.0, below=np.nextafter(1.0, 2.0))
    X = np.column_stack([np.ones(len(baseline)), treated, covariates])
    coef, _, rank, _ = np.linalg.lstsq(X, baseline, rcond=None)
    fitted: FloatArray = X @ coef
    residual = baseline - fitted
    remaining = float((residual**2).sum() / max(len(baseline) - int(rank), 1))
    error = (1.0 - reliability) * float(baseline.var(ddof=1))
    if error >= remaining:
        raise DesignError(
            f"reliability={reliability:g} implies an error variance of {error:.3g}, but arm "
            f"and covariates leave only {remaining:.3g} of the baseline's variance; check it"
        )
    return fitted + (1.0 - error / remaining) * residual


def _response(outcome: str, m: Matched, rows: BoolArray) -> tuple[str, ...]:
    """Return what to say of used rows without outcome; refuse an arm without any."""
    notes: tuple[str, ...] = ()
    for arm, members in (("treated", m.treated), ("comparison", ~m.treated)):
        n_used, n_found = int((m.used & members).sum()), int((rows & members).sum())
        if n_found == 0:
            raise DesignError(f"outcome '{outcome}': none of {n_used} {arm} rows has it")
        if n_found < n_used:
            said = "{lost} of {used} {arm} rows lack '{outcome}', left out"
            counts = {"lost": n_used - n_found, "used": n_used}
            notes += (Note("unanswered", said, counts, {"arm": arm, "outcome": outcome}),)
    return notes


def _baseline(m: Matched, baseline: str, reliability: float | None) -> FloatArray:
    """Return the baseline of every row of the frame, corrected where a reliability is given."""
    values = numbers_in(m.frame, "baseline", baseline)
    if endless := int(np.isinf(values).sum()):
        raise DesignError(f"baseline='{baseline}' is infinite in {endless} row(s); mend them")
    if reliability is None:
        return values
    names = tuple(dict.fromkeys(name for name in m.roles.covariates if name != baseline))
    complete = m.frame[list(m.roles.must_be_known(names))].notna().all(axis=1).to_numpy()
    known = ~np.isnan(values) & complete
    matrix, _ = design_matrix(m.frame[known], names, indicators=True)
    corrected = values.copy()
    corrected[known] = calibrate(
        values[known], m.treated[known], matrix, reliability=reliability
    )
    return corrected


def _independent(X: FloatArray, labels: list[str]) -> tuple[FloatArray, list[str]]:
    """Return the columns that those before them do not imply, and the labels of the others."""
    size = np.linalg.norm(X, axis=0)
    scaled = X / np.where(size > 0, size, 1.0)
    kept: list[int] = []
    basis = np.empty((len(X), 0))
    for position in range(X.shape[1]):
        rest = scaled[:, position] - basis @ (basis.T @ scaled[:, position])
        rest -= basis @ (basis.T @ rest)
        length = float(np.linalg.norm(rest))
        if length > 1e-8:
            kept.append(position)
            basis = np.column_stack([basis, rest / length])
    return X[:, kept], [label for i, label in enumerate(labels) if i not in kept]
