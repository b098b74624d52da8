"""No variation is no evidence: where error, interval and p-value of an effect are refused.

One place for all effects.  Knows nothing of estimators: it takes what each unit contributes, or
an outcome by arm, and says why nothing can be told of its uncertainty.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

import numpy as np

from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.arms import ARMS
from evaluation.notes import Note

# Summed squared contributions up to this share of the squared largest outcome are rounding.
NOTHING = 1e-18
Refusal = Literal[
    "constant_arm", "only_rounding", "risk_set_empties", "lone_unit", "no_replicate"
]
REFUSALS: tuple[Refusal, ...] = get_args(Refusal)
CONSTANT, ROUNDING, EMPTIED, LONE, NO_REPLICATE = REFUSALS


def is_still(parts: FloatArray, largest: float) -> bool:
    """Whether contributions, to an outcome of at most this size, are nothing but rounding."""
    return float((parts**2).sum()) <= NOTHING * largest**2


def are_edges(shares: FloatArray) -> bool:
    """Whether shares are all 0 or 1: nobody or everybody, so that nothing is seen to vary."""
    rounding = NOTHING**0.5
    return bool(((shares < rounding) | (shares > 1.0 - rounding)).all())


def constant(arm: str, what: str) -> Note:
    """Return that an arm does not vary; neither its error nor its law can be seen.

    A rule of three would need persons who are independent, and none of it is asked of the
    other arm: such an arm is refused with clusters and without.
    """
    said = "inference refused: {what} does not vary in the {arm} arm"
    return Note(CONSTANT, said, facts={"arm": arm, "what": what})


def emptied(arm: str, time: float, unit: str) -> Note:
    """Return that nobody of an arm is at risk after a time, though others enter later."""
    said = (
        "inference refused: after {time:g} {unit} nobody of the {arm} arm who has entered is "
        "left, and others enter later; leave out who enters before that, or count from there"
    )
    return Note(EMPTIED, said, facts={"arm": arm, "time": time, "unit": unit})


def no_replicate(why: object) -> Note:
    """Return that the estimate does not exist without one of the units."""
    said = "inference refused: without one of the clusters {why}"
    return Note(NO_REPLICATE, said, facts={"why": why})


def only_rounding() -> Note:
    """Return that what differs between units is rounding."""
    return Note(ROUNDING, "inference refused: the estimate does not vary between units")


def of_parts(
    parts: FloatArray,
    floor: FloatArray,
    largest: float,
    *,
    treated_weight: FloatArray,
    comparison_weight: FloatArray,
) -> Note | None:
    """Return why contributions of units to a contrast carry no error; None where they do.

    `floor` is the variance that persons alone give each arm, `largest` the largest absolute
    outcome, 1 for the log of a ratio; the weights are those of the units in each arm.
    """
    weights = treated_weight, comparison_weight
    for arm, weight, alone in zip(ARMS, weights, floor, strict=True):
        if np.count_nonzero(weight > 0) < 2:
            return _lone(arm)
        if is_still(np.append(parts[weight > 0], max(float(alone), 0.0) ** 0.5), largest):
            return constant(arm, "what moves the estimate")
    return None if np.isfinite(parts).all() else no_replicate("the estimate does not exist")


def of_outcome(
    y: FloatArray, treated: BoolArray, weights: FloatArray, unit: IntArray, *, largest: float
) -> Note | None:
    """Return why an outcome of rows in two arms carries no error; None where it may.

    `unit` codes each row's independent unit: cluster, matched set or person; `largest` is the
    largest absolute outcome.
    """
    for arm, own in zip(ARMS, (treated, ~treated), strict=True):
        if len(np.unique(unit[own])) < 2:
            return _lone(arm)
        share = weights[own] / weights[own].sum()
        if is_still(share * (y[own] - share @ y[own]), largest):
            return constant(arm, "the outcome")
    return None


def reason_in(notes: Iterable[str]) -> Refusal | None:
    """Return the code of the note that refuses inference here, None where none does."""
    codes = {note.code for note in notes if isinstance(note, Note)}
    return next((code for code in REFUSALS if code in codes), None)


def _lone(arm: str) -> Note:
    said = "inference refused: the {arm} arm is one unit, and one alone is not seen to vary"
    return Note(LONE, said, facts={"arm": arm})
