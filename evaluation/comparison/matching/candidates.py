"""Who may be matched with whom, and why a row of the target stayed without a partner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, IntArray
from evaluation.comparison.arms import Arms
from evaluation.comparison.matching.distance import Score, outside_support
from evaluation.comparison.matching.field import Space, field
from evaluation.comparison.matching.pairs import has_reach
from evaluation.comparison.reasons import OUTSIDE_CALIPER, OUTSIDE_SUPPORT
from evaluation.notes import Note

OUTSIDE_RANGE = "outside the common support"
EMPTY_STRATUM = "no comparison row in the exact stratum"
BARRED = "every candidate barred by anti_exact"
UNIT_USED = "unit used by another row"
POOL_EXHAUSTED = "comparison rows within reach all used"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidates:
    """Rows that may be matched."""

    focal: IntArray  # row positions of the arm that is to be represented
    waiting: IntArray  # and of the other
    eligible: BoolArray  # whether each row of the frame may be matched at all
    reason: np.ndarray[tuple[int], np.dtype[np.object_]]  # why not; empty where it may
    notes: tuple[str, ...]  # who was left out beforehand


def gather(
    arms: Arms, exclude: Mapping[str, Sequence[Any]], discard: str, measured: Score
) -> Candidates:
    """Collect the rows that may be matched."""
    treated = arms.treated
    own, notes = arms.of_treated_units()
    excluded = np.zeros(len(treated), dtype=np.bool_)
    for column, values in exclude.items():
        excluded |= arms.frame[column].isin(list(values)).to_numpy(dtype=bool)
    excluded &= ~treated
    if excluded.any():
        notes += (
            Note(
                "excluded_donors",
                "{n} comparison row(s) are excluded as donors ({columns}).",
                {"n": int(excluded.sum())},
                {"columns": ", ".join(exclude)},
            ),
        )
    reason = np.full(len(treated), "", dtype=object)
    reason[measured.separated] = OUTSIDE_SUPPORT
    eligible = ~(own | excluded | measured.separated)
    if discard != "none" and measured.position is not None:
        _need_both_arms(eligible, treated)
        outside = np.zeros(len(treated), dtype=np.bool_)
        outside[eligible] = outside_support(
            measured.position[eligible], treated[eligible], discard
        )
        if outside.any():
            n_own, n_other = int(outside[treated].sum()), int(outside[~treated].sum())
            notes += (
                Note(
                    "outside_support",
                    "{treated} treated and {comparison} comparison row(s) lie outside the "
                    "common support and are left out.",
                    {"treated": n_own, "comparison": n_other},
                ),
            )
        reason[outside] = OUTSIDE_RANGE
        eligible &= ~outside
    _need_both_arms(eligible, treated)
    is_focal = ~treated if arms.estimand == "ATC" else treated
    return Candidates(
        focal=np.flatnonzero(is_focal & eligible),
        waiting=np.flatnonzero(~is_focal & eligible),
        eligible=eligible,
        reason=reason,
        notes=notes,
    )


def without_partner(
    arms: Arms, space: Space, pool: Candidates, used: BoolArray
) -> pd.DataFrame:
    """Return ``row reason`` for every row of the target that found nobody."""
    reason, treated, target = pool.reason.copy(), arms.treated, arms.target
    used_units = arms.unit[used]
    for arm in (treated, ~treated):
        alone = np.flatnonzero(target & arm & ~used & pool.eligible)
        if len(alone) == 0:
            continue
        others = np.flatnonzero(~arm & pool.eligible)
        has_stratum = np.isin(space.stratum[alone], space.stratum[others])
        within = has_stratum.copy()
        is_apart = bool(np.isfinite(space.width)) or len(space.widths) > 0
        if is_apart or space.barred.shape[1]:
            within[has_stratum] = _reach(space, alone[has_stratum], others)
        why = np.select(
            [~has_stratum, ~within & is_apart, ~within, np.isin(arms.unit[alone], used_units)],
            [EMPTY_STRATUM, OUTSIDE_CALIPER, BARRED, UNIT_USED],
            default=POOL_EXHAUSTED,
        )
        if arm is not treated:
            why = np.array([str(one).replace("comparison", "treated") for one in why])
        reason[alone] = why
    rows = np.flatnonzero(target & ~used & (reason != ""))
    return pd.DataFrame({"row": rows, "reason": reason[rows]})


def _reach(space: Space, alone: IntArray, others: IntArray) -> BoolArray:
    """Return whether each of `alone` could have any of `others`, used or not."""
    if len(alone) == 0:
        return np.empty(0, dtype=np.bool_)
    lead = space.lead[others]
    low, high = space.lead[alone].min(), space.lead[alone].max()
    near = others[(lead >= low - space.width) & (lead <= high + space.width)]
    return has_reach(field(space, alone, near), np.arange(len(alone)))


def refuse_repeated(arms: Arms, rows: IntArray, method: str) -> None:
    """Raise `DesignError` if a unit stands in several of `rows`."""
    repeated = len(rows) - len(pd.unique(arms.unit[rows]))
    if repeated:
        raise DesignError(
            f"unit='{arms.roles.unit}': {repeated} row(s) repeat a unit, which "
            f"method='{method}' would use more than once; keep one row per unit, or use "
            "'nearest'."
        )


def _need_both_arms(eligible: BoolArray, treated: BoolArray) -> None:
    for arm, name in ((treated, "treated"), (~treated, "comparison")):
        if not (eligible & arm).any():
            raise DesignError(
                f"no {name} row for any of the other arm: all {int(arm.sum())} are excluded, "
                "discarded or without counterpart; widen the pool."
            )
