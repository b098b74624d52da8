"""Who may be matched with whom, and why a treated row stayed without a partner."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison import strata
from evaluation.comparison.pairs import Pairs, nearest_pairs
from evaluation.roles import Roles

OUTSIDE_SUPPORT = "no counterpart in the other arm"
EMPTY_STRATUM = "no comparison row in the exact stratum"
OUTSIDE_CALIPER = "outside the caliper"
UNIT_USED = "unit used by another row"
POOL_EXHAUSTED = "comparison rows within reach all used"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidates:
    """Row positions of both arms' candidates, with codes for every row of the frame.

    Attributes
    ----------
    treated, comparison : np.ndarray
        Row positions that may be matched.
    stratum, unit : np.ndarray
        Codes, one per row of the frame.
    notes : tuple of str
        Who was left out beforehand.
    """

    treated: IntArray
    comparison: IntArray
    stratum: IntArray
    unit: IntArray
    notes: tuple[str, ...]


def gather(
    frame: pd.DataFrame, roles: Roles, treated: BoolArray, separated: BoolArray
) -> Candidates:
    """Collect the rows that may be matched.

    A comparison row of a unit that is also treated is never a candidate: it would compare
    people with themselves, or use a person twice.
    """
    unit = pd.factorize(frame[roles.unit])[0].astype(np.int64)
    is_treated_unit = np.zeros(int(unit.max()) + 1, dtype=bool)
    is_treated_unit[unit[treated]] = True
    own = is_treated_unit[unit] & ~treated
    notes: tuple[str, ...] = ()
    if own.any():
        notes = (
            f"{int(own.sum())} comparison row(s) belong to units that are also treated and are "
            "not used.",
        )
    return Candidates(
        treated=np.flatnonzero(treated & ~separated),
        comparison=np.flatnonzero(~treated & ~separated & ~own),
        stratum=strata.codes(frame, roles.exact),
        unit=unit,
        notes=notes,
    )


def pair_up(
    candidates: Candidates,
    position: FloatArray,
    choosing: IntArray,
    *,
    width: float,
    ratio: int,
    replace: bool,
) -> Pairs:
    """Pair the candidates; `treated` and `comparison` of the answer are rows of the frame.

    Parameters
    ----------
    candidates : Candidates
        Rows of both arms.
    position : np.ndarray
        Every row's place on the distance's scale.
    choosing : np.ndarray
        Order of choice, as indices into ``candidates.treated``.
    width, ratio, replace
        As in `nearest_pairs`.
    """
    own, other = candidates.treated, candidates.comparison
    pairs = nearest_pairs(
        position[own],
        position[other],
        order=choosing,
        treated_stratum=candidates.stratum[own],
        comparison_stratum=candidates.stratum[other],
        treated_unit=candidates.unit[own],
        comparison_unit=candidates.unit[other],
        width=width,
        ratio=ratio,
        replace=replace,
    )
    return Pairs(
        treated=own[pairs.treated],
        comparison=other[pairs.comparison],
        distance=pairs.distance,
        reach=pairs.reach,
    )


def without_partner(
    candidates: Candidates, treated: BoolArray, pairs: Pairs, width: float
) -> pd.DataFrame:
    """Return ``row reason`` for every treated row that found nobody.

    Parameters
    ----------
    candidates : Candidates
        Rows of both arms.
    treated : np.ndarray
        Whether each row of the frame is treated.
    pairs : Pairs
        As `pair_up` returned them.
    width : float
        Largest distance accepted.
    """
    reach = np.full(len(treated), np.nan)
    reach[candidates.treated] = pairs.reach
    is_matched = np.zeros(len(treated), dtype=bool)
    is_matched[pairs.treated] = True
    rows = np.flatnonzero(treated & ~is_matched)
    reason = np.select(
        [
            np.isnan(reach[rows]),
            np.isinf(reach[rows]),
            reach[rows] > width,
            np.isin(candidates.unit[rows], candidates.unit[pairs.treated]),
        ],
        [OUTSIDE_SUPPORT, EMPTY_STRATUM, OUTSIDE_CALIPER, UNIT_USED],
        default=POOL_EXHAUSTED,
    )
    return pd.DataFrame({"row": rows, "reason": reason.astype(object)})
