"""Standard error, interval and p-value of a linear effect, by the inference decided on.

Weights that were estimated to make the arms alike take out differences between clusters that
fixed weights would count as noise, and add noise of their own.  Errors that take them as fixed
are too long or too short, so on a weighted design the weights' own estimation counts.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray, IntArray, summed
from evaluation.comparison.matched import Matched
from evaluation.inference import cluster_variance, variation, wild_bootstrap
from evaluation.inference.gatekeeper import ENOUGH, Decision
from evaluation.inference.jackknife import (
    NO_FLOOR,
    Uncertainty,
    delete_one,
    from_influence,
    persons_alone,
)
from evaluation.inference.judgement import Judgement
from evaluation.notes import Note
from evaluation.scores.linear_design import ARM, LinearDesign
from evaluation.scores.standardisation import without_person


def infer(
    m: Matched,
    design: LinearDesign,
    decision: Decision,
    *,
    level: float,
    draws: int,
    seed: int | None,
) -> Judgement:
    """Return the uncertainty of the arm's coefficient.

    Notes
    -----
    *With clusters* error, interval and p-value come from one delete-one-cluster jackknife (CV3)
    with each arm's variance at least what persons alone give
    (`evaluation.inference.jackknife.delete_one`); estimated weights are estimated again in each
    replicate.  With a seed the notes tell what the restricted wild cluster bootstrap says of a
    matched design with 6 effective clusters in each arm: it takes the arms as alike, and
    rejects too often where few treated clusters are more dispersed.

    On weighted designs the influence function of the weights, stacked on that of the outcome
    and summed by cluster before squaring, gives a second error, told in the notes: with few
    clusters it is short.  In simulated studies with 9 of 39 clusters treated and selection that
    differs between clusters, errors with fixed weights were 1.7 times too long.

    *Without clusters* all three come from CR2 with Satterthwaite degrees of freedom: by matched
    set where rows have one, else by person, which is HC2 where everybody has one row; after
    subclasses and coarsened or exact sets from HC3; on weighted designs from the stacked
    influence, row by row.
    """
    if decision.is_refused:
        return Judgement.refused(decision.reason)
    if (why := no_variation(m, design, decision)) is not None:
        return Judgement.refused(decision.reason, why)
    share = design.weights / design.weights.sum()
    residual = design.y - design.X @ _solve(design.X, design.y, design.weights)
    if variation.is_still(share * residual, design.largest):
        return Judgement.refused(decision.reason, variation.only_rounding())
    judged = _by_decision(m, design, decision, level=level, draws=draws, seed=seed)
    return judged.beside(design.largest)


def _by_decision(
    m: Matched,
    design: LinearDesign,
    decision: Decision,
    *,
    level: float,
    draws: int,
    seed: int | None,
) -> Judgement:
    if decision.method == "jackknife":
        judged = _by_cluster(m, design, decision, level)
        if seed is None or m.weighting is not None:
            return judged
        return replace(judged, notes=(*judged.notes, *_beside(design, decision, draws, seed)))
    if m.influence is None:
        return _robust(m, design, decision, level)
    n = int(m.persons.max()) + 1
    moved = summed(m.persons, row_influence(m, design), n)
    found = from_influence(moved, **arm_weights(design, m.persons))
    by = "row" if n == len(m.persons) else "person"
    return Judgement.of(
        found,
        _coefficient(design, design.weights),
        level=level,
        test=f"stacked influence functions by {by}, t({found.dof:.1f})",
        notes=("a study without clusters: the error counts that weights were estimated",),
    )


def no_variation(m: Matched, design: LinearDesign, decision: Decision) -> Note | None:
    """Return why the outcome carries no error whatever the regression; None where it may."""
    unit = design.sets if decision.method == "set" else design.person
    if m.cluster_codes is not None:
        unit = m.cluster_codes[design.rows]
    return variation.of_outcome(
        design.y, design.treated, design.weights, np.asarray(unit), largest=design.largest
    )


def arm_weights(design: LinearDesign, unit: IntArray | None = None) -> dict[str, FloatArray]:
    """Return the weight of each row in each arm, or of each cluster by all rows' codes."""
    treated = np.where(design.treated, design.weights, 0.0)
    found = {"treated_weight": treated, "comparison_weight": design.weights - treated}
    if unit is None:
        return found
    n = int(unit.max()) + 1
    return {arm: summed(unit[design.rows], weights, n) for arm, weights in found.items()}


def without_clusters(
    m: Matched,
    design: LinearDesign,
    estimate: Callable[[FloatArray], float],
    *,
    influence: FloatArray | None = None,
) -> Uncertainty:
    """Return the delete-one-cluster jackknife of an estimate from weights of all rows.

    `influence` is that of each row of the frame, weights' estimation included; with it each
    arm's variance is at least what persons alone give.
    """
    unit = np.asarray(m.cluster_codes)
    left_out = [estimate(m.reweigh(unit != g)) for g in range(int(unit.max()) + 1)]
    return _jackknife(m, design, estimate(m.weights), np.array(left_out), influence)


def _jackknife(
    m: Matched,
    design: LinearDesign,
    estimate: float,
    left_out: FloatArray,
    influence: FloatArray | None,
) -> Uncertainty:
    unit, floor = np.asarray(m.cluster_codes), NO_FLOOR
    # Without the weights' influence persons alone would seem to give too much.
    if influence is not None and (m.weighting is None or m.influence is not None):
        weights = np.zeros(len(m.frame))
        weights[design.rows] = design.weights
        floor = persons_alone(influence, weights, unit, m.treated, person=m.persons)
    weights_of = arm_weights(design, unit)
    return delete_one(estimate, left_out, floor=floor, **weights_of)


def carried(m: Matched, rows: IntArray, direction: FloatArray) -> FloatArray:
    """Return the influence of each row of the frame, the weights' estimation included.

    `direction` is that of some rows per unit of weight; others too have moved the weights.
    """
    total: FloatArray = np.zeros(len(m.frame))
    total[rows] = m.weights[rows] * direction
    return total + m.through_weights(rows, direction)


def row_influence(
    m: Matched, design: LinearDesign, residual: FloatArray | None = None
) -> FloatArray:
    """Return the influence of each row of the frame on the arm's coefficient."""
    X, weights = design.X, design.weights
    if residual is None:
        residual = design.y - X @ _solve(X, design.y, weights)
    bread = np.linalg.inv(X.T @ (X * weights[:, None]))
    return carried(m, design.rows, (X @ bread[:, ARM]) * residual)


def _beside(
    design: LinearDesign, decision: Decision, draws: int, seed: int
) -> tuple[Note, ...]:
    """Return what the restricted wild cluster bootstrap says, where clusters are not few."""
    if min(decision.effective_treated, decision.effective_comparison) < ENOUGH - 1e-9:
        return ()
    wild = wild_bootstrap.test(
        design.X,
        design.y,
        np.asarray(design.cluster),
        coefficient=ARM,
        draws=draws,
        seed=seed,
        row_weights=design.weights,
    )
    said = "diagnostic: the restricted wild cluster bootstrap, which takes the arms as alike, "
    facts = {"p": wild.p_value, "draws": wild.draws}
    return (Note("wild_bootstrap", said + "gives p = {p:.2g} from {draws} draws", facts=facts),)


def _robust(m: Matched, design: LinearDesign, decision: Decision, level: float) -> Judgement:
    """Return what CR2 by set, by person or, with weights taken as fixed, by row says."""
    notes: tuple[str, ...] = (decision.reason,)
    if m.is_strata:
        return _held_fixed(m, design, notes, level)
    if m.weighting is not None:
        groups, test = design.person, "HC2 with the weights taken as fixed"
        notes += (
            "the weights are taken as fixed, because their learner has no influence function; "
            "the error may be too long or too short",
        )
    elif decision.method == "set":
        groups, test = np.asarray(design.sets), "CR2 by matched set"
    else:
        groups = design.person
        test = "HC2" if np.unique(groups).size == len(groups) else "CR2 by person"
    robust = cluster_variance.fit(design.X, design.y, groups, weights=design.weights)
    estimate = float(robust.coef[ARM])
    return Judgement.of(robust.uncertainty(ARM), estimate, level=level, test=test, notes=notes)


def _held_fixed(
    m: Matched, design: LinearDesign, notes: tuple[str, ...], level: float
) -> Judgement:
    """Return what HC3 says of strata, which are held fixed; CR3 where persons have rows."""
    X, weights = design.X, design.weights
    coef = _solve(X, design.y, weights)
    residual, columns = without_person(
        X, weights, np.ones(len(X)), design.y - X @ coef, design.person
    )
    influence = row_influence(m, design, residual)
    found, test = held_fixed(m, influence, [design.labels[column] for column in columns])
    return Judgement.of(found, float(coef[ARM]), level=level, test=test, notes=notes)


def held_fixed(
    m: Matched, influence: FloatArray, alone: list[str]
) -> tuple[Uncertainty | Note, str]:
    """Return the error of influence by residuals without each person, and its name.

    There is none where one person alone decides columns; their labels are `alone`.
    """
    if alone:
        said = "inference refused: one person alone decides: {columns}"
        return Note("decided_alone", said, facts={"columns": ", ".join(alone)}), ""
    found, used = by_person(m, influence), m.persons[m.used]
    kind = "HC3" if np.unique(used).size == len(used) else "CR3 by person"
    return found, f"{kind}, sets and score held fixed, t({found.dof:.1f})"


def by_person(m: Matched, influence: FloatArray) -> Uncertainty:
    """Return the error that the influence of the frame's rows has, person by person."""
    n = int(m.persons.max()) + 1
    treated, comparison = (
        summed(m.persons, np.where(arm, m.weights, 0.0), n) for arm in (m.treated, ~m.treated)
    )
    moved = summed(m.persons, influence, n)
    return from_influence(moved, treated_weight=treated, comparison_weight=comparison)


def _by_cluster(
    m: Matched, design: LinearDesign, decision: Decision, level: float
) -> Judgement:
    influence = row_influence(m, design)
    try:
        if m.weighting is None:
            found = _jackknife(m, design, *_without_each(m, design), influence)
        else:
            found = without_clusters(
                m,
                design,
                lambda weights: _coefficient(design, weights[design.rows]),
                influence=influence,
            )
    except DesignError as error:
        why = f"the weights or the regression cannot be estimated ({error})"
        return Judgement.refused(decision.reason, variation.no_replicate(why))
    notes: tuple[str, ...] = (decision.reason,)
    if m.influence is not None:
        unit = np.asarray(m.cluster_codes)
        sums = summed(unit, influence, int(unit.max()) + 1)
        stacked = from_influence(sums, **arm_weights(design, unit)).std_error
        said = (
            "diagnostic: the influence functions of weights and outcome, stacked and summed by "
            "cluster, give the error {error:.4g}"
        )
        notes += (Note("stacked_error", said, facts={"error": stacked}),)
    again = "" if m.weighting is None else ", weights re-estimated"
    test = f"delete-one-cluster jackknife (CV3){again}, t({found.dof:.1f})"
    estimate = _coefficient(design, design.weights)
    return Judgement.of(found, estimate, level=level, test=test, notes=notes)


def _without_each(m: Matched, design: LinearDesign) -> tuple[float, FloatArray]:
    """Return the arm's coefficient, and without each cluster, from sums of cross-products."""
    unit = np.asarray(m.cluster_codes)[design.rows]
    n, p = int(np.asarray(m.cluster_codes).max()) + 1, design.X.shape[1]
    X = design.X / np.sqrt(design.weights @ design.X**2)
    # The outcome about its mean, so that rounding is that of what varies.
    y = design.y - np.average(design.y, weights=design.weights)
    left, right = np.triu_indices(p)
    columns = np.column_stack([X[:, left] * X[:, right], X * y[:, None]])
    own = summed(unit, columns * design.weights[:, None], n)
    sums = np.vstack([own.sum(axis=0), own.sum(axis=0) - own])
    gram = np.empty((n + 1, p, p))
    gram[:, left, right] = gram[:, right, left] = sums[:, : len(left)]
    inverse = np.linalg.pinv(gram, rcond=1e-12, hermitian=True)
    known = np.einsum("gi,gi->g", inverse[:, ARM], gram[:, ARM])
    if (known < 1.0 - 1e-6).any():
        raise DesignError("the other columns imply the arm")
    found = np.einsum("gi,gi->g", inverse[:, ARM], sums[:, len(left) :])
    found = found / np.sqrt(design.weights @ design.X[:, ARM] ** 2)
    return float(found[0]), found[1:]


def _coefficient(design: LinearDesign, weights: FloatArray) -> float:
    """Return the arm's coefficient with these weights of the design's rows."""
    used = weights > 0
    if len(np.unique(design.treated[used])) < 2:
        raise DesignError("an arm has no row with an outcome left")
    found = float(_solve(design.X[used], design.y[used], weights[used])[ARM])
    if not math.isfinite(found):
        raise DesignError("the regression has no finite solution")
    return found


def _solve(X: FloatArray, y: FloatArray, weights: FloatArray) -> FloatArray:
    root = np.sqrt(weights)
    solved = np.linalg.lstsq(X * root[:, None], y * root, rcond=None)[0]
    return np.asarray(solved, dtype=np.float64)
