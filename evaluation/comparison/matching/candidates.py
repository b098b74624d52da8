"""Who may be matched with whom, and why a row of the target stayed without a partner."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.matching import strata
from evaluation.comparison.matching.distance import (
    Score,
    caliper_width,
    coordinates,
    outside_support,
)
from evaluation.comparison.matching.field import Space, field
from evaluation.comparison.matching.options import Full, Nearest, Optimal, Subclass
from evaluation.comparison.matching.pairs import has_reach
from evaluation.comparison.matching.plan import Plan
from evaluation.notes import Note
from evaluation.roles import Roles

OUTSIDE_SUPPORT = "no counterpart in the other arm"
OUTSIDE_RANGE = "outside the common support"
EMPTY_STRATUM = "no comparison row in the exact stratum"
OUTSIDE_CALIPER = "outside the caliper"
BARRED = "every candidate barred by anti_exact"
UNIT_USED = "unit used by another row"
POOL_EXHAUSTED = "comparison rows within reach all used"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidates:
    """Rows that may be matched.

    Attributes
    ----------
    focal, waiting : np.ndarray
        Row positions of the arm that is to be represented, and of the other.
    eligible : np.ndarray
        Whether each row of the frame may be matched at all.
    reason : np.ndarray
        Why a row of the target may not; empty text where it may.
    unit : np.ndarray
        Unit codes, one per row of the frame.
    notes : tuple of str
        Who was left out beforehand.
    """

    focal: IntArray
    waiting: IntArray
    eligible: BoolArray
    reason: np.ndarray[tuple[int], np.dtype[np.object_]]
    unit: IntArray
    notes: tuple[str, ...]


def gather(
    frame: pd.DataFrame, roles: Roles, plan: Plan, treated: BoolArray, measured: Score
) -> Candidates:
    """Collect the rows that may be matched.

    A comparison row of a unit that is also treated is never a candidate: it would compare
    people with themselves, or use a person twice.
    """
    unit = pd.factorize(frame[roles.unit])[0].astype(np.int64)
    is_treated_unit = np.zeros(int(unit.max()) + 1, dtype=bool)
    is_treated_unit[unit[treated]] = True
    own = is_treated_unit[unit] & ~treated
    excluded = _excluded(frame, plan) & ~treated
    notes = []
    if own.any():
        notes.append(
            Note(
                "also_treated",
                "{n} comparison row(s) belong to units that are also treated and are not used.",
                {"n": int(own.sum())},
            )
        )
    if excluded.any():
        notes.append(
            Note(
                "excluded_donors",
                "{n} comparison row(s) are excluded as donors ({columns}).",
                {"n": int(excluded.sum())},
                {"columns": ", ".join(plan.options.exclude)},
            )
        )
    reason = np.full(len(frame), "", dtype=object)
    reason[measured.separated] = OUTSIDE_SUPPORT
    eligible = ~(own | excluded | measured.separated)
    options = plan.options
    if isinstance(options, Nearest | Optimal | Full | Subclass) and options.discard != "none":
        assert measured.position is not None  # noqa: S101 - the plan refuses it without a score
        _need_both_arms(eligible, treated)
        outside = np.zeros(len(frame), dtype=np.bool_)
        outside[eligible] = outside_support(
            measured.position[eligible], treated[eligible], options.discard
        )
        if outside.any():
            n_own, n_other = int(outside[treated].sum()), int(outside[~treated].sum())
            notes.append(
                Note(
                    "outside_support",
                    "{treated} treated and {comparison} comparison row(s) lie outside the "
                    "common support and are left out.",
                    {"treated": n_own, "comparison": n_other},
                )
            )
        reason[outside] = OUTSIDE_RANGE
        eligible &= ~outside
    _need_both_arms(eligible, treated)
    is_focal = ~treated if plan.estimand == "ATC" else treated
    return Candidates(
        focal=np.flatnonzero(is_focal & eligible),
        waiting=np.flatnonzero(~is_focal & eligible),
        eligible=eligible,
        reason=reason,
        unit=unit,
        notes=tuple(notes),
    )


def space(
    frame: pd.DataFrame,
    roles: Roles,
    plan: Plan,
    treated: BoolArray,
    sampling: FloatArray | None,
    measured: Score,
    pool: Candidates,
) -> Space:
    """Return where every row stands under the plan, and what keeps rows apart."""
    options = plan.options
    assert isinstance(options, Nearest | Optimal | Full)  # noqa: S101 - only these compare
    n = len(frame)
    points: FloatArray = np.empty((n, 0))
    columns = roles.covariates if plan.has_spread else options.mahalanobis
    if columns:
        points = coordinates(
            frame,
            columns,
            treated,
            sampling,
            pool.eligible,
            robust=plan.distance == "robust_mahalanobis",
        )
    width = np.inf
    if measured.position is not None:
        width = caliper_width(
            measured.position[pool.eligible], plan.caliper, options.caliper_unit
        )
    leads_by_score = measured.position is not None and (not columns or width < np.inf)
    lead = measured.position if leads_by_score else np.ascontiguousarray(points[:, -1])
    assert lead is not None  # noqa: S101
    guards, widths = covariate_calipers(frame, options, pool.eligible)
    return Space(
        lead=lead,
        points=points,
        width=width,
        is_bound=not (leads_by_score and columns),
        guards=guards,
        widths=widths,
        barred=np.column_stack(
            [np.empty((n, 0), dtype=np.int64)]
            + [strata.codes(frame, (column,)) for column in options.anti_exact]
        ),
        stratum=strata.codes(frame, roles.exact),
        unit=pool.unit,
    )


def covariate_calipers(
    frame: pd.DataFrame, options: Nearest | Optimal | Full, eligible: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """Return the covariates that have a caliper of their own, and its width in their unit."""
    columns, widths = [], []
    for calipers, is_raw in ((options.calipers, True), (options.calipers_sd, False)):
        for name, width in calipers.items():
            values = frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
            columns.append(values)
            widths.append(width if is_raw else width * np.std(values[eligible], ddof=1))
    matrix: FloatArray = np.column_stack([np.empty((len(frame), 0)), *columns])
    return matrix, np.array(widths, dtype=np.float64)


def without_partner(
    where: Space, pool: Candidates, target: BoolArray, used: BoolArray, treated: BoolArray
) -> pd.DataFrame:
    """Return ``row reason`` for every row of the target that found nobody.

    Parameters
    ----------
    where : Space
        As `space` returned it.
    pool : Candidates
        Rows of both arms.
    target : np.ndarray
        Rows whose effect is wanted.
    used : np.ndarray
        Rows that have a partner.
    treated : np.ndarray
        Whether each row of the frame is treated.
    """
    reason = pool.reason.copy()
    used_units = pool.unit[used]
    for arm in (treated, ~treated):
        alone = np.flatnonzero(target & arm & ~used & pool.eligible)
        if len(alone) == 0:
            continue
        others = np.flatnonzero(~arm & pool.eligible)
        has_stratum = np.isin(where.stratum[alone], where.stratum[others])
        within = has_stratum.copy()
        is_apart = bool(np.isfinite(where.width)) or len(where.widths) > 0
        if is_apart or where.barred.shape[1]:
            within[has_stratum] = _reach(where, alone[has_stratum], others)
        why = np.select(
            [
                ~has_stratum,
                ~within & is_apart,
                ~within,
                np.isin(pool.unit[alone], used_units),
            ],
            [EMPTY_STRATUM, OUTSIDE_CALIPER, BARRED, UNIT_USED],
            default=POOL_EXHAUSTED,
        )
        if arm is not treated:
            why = np.array([str(one).replace("comparison", "treated") for one in why])
        reason[alone] = why
    rows = np.flatnonzero(target & ~used & (reason != ""))
    return pd.DataFrame({"row": rows, "reason": reason[rows]})


def _reach(where: Space, alone: IntArray, others: IntArray) -> BoolArray:
    """Return whether each of `alone` could have any of `others`, used or not."""
    if len(alone) == 0:
        return np.empty(0, dtype=np.bool_)
    lead = where.lead[others]
    low, high = where.lead[alone].min(), where.lead[alone].max()
    near = others[(lead >= low - where.width) & (lead <= high + where.width)]
    return has_reach(field(where, alone, near), np.arange(len(alone)))


def refuse_repeated(frame: pd.DataFrame, roles: Roles, rows: IntArray, method: str) -> None:
    """Raise `DesignError` if a unit stands in several of `rows`."""
    repeated = int(frame[roles.unit].iloc[rows].duplicated().sum())
    if repeated:
        raise DesignError(
            f"unit='{roles.unit}': {repeated} row(s) repeat a unit, which method='{method}' "
            "would use more than once; keep one row per unit, or use 'nearest'."
        )


def _excluded(frame: pd.DataFrame, plan: Plan) -> BoolArray:
    excluded = np.zeros(len(frame), dtype=np.bool_)
    for column, values in plan.options.exclude.items():
        excluded |= frame[column].isin(list(values)).to_numpy(dtype=bool)
    return excluded


def _need_both_arms(eligible: BoolArray, treated: BoolArray) -> None:
    for arm, name in ((treated, "treated"), (~treated, "comparison")):
        if not (eligible & arm).any():
            raise DesignError(
                f"no {name} row for any of the other arm: all {int(arm.sum())} are excluded, "
                "discarded or without counterpart; widen the pool."
            )
