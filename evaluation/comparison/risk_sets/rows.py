"""Rows of a risk-set match: everybody at the index date, with the follow-up that is left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from evaluation.arrays import BoolArray, IntArray
from evaluation.comparison.risk_sets.kernel import RiskSetPairs
from evaluation.comparison.risk_sets.periods import (
    FOLLOW_UP,
    INDEX_DATE,
    NEVER,
    UNTIL_START,
    Clock,
    Periods,
)
from evaluation.roles import Roles


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """The rows of the result: participants, then controls and rows at risk, in data order."""

    source: IntArray  # position of each row in the frame given
    index: IntArray  # index date of each row, `NEVER` where nobody needed it
    treated: BoolArray
    pairs: pd.DataFrame  # as `Matched.pairs`

    @classmethod
    def of(cls, pairs: RiskSetPairs, periods: Periods, candidates: IntArray) -> Rows:
        """Return the rows of pairs that are given by positions in the frame."""
        start = periods.start
        is_used = np.zeros(len(start), dtype=bool)
        is_used[pairs.comparison] = True
        unused = candidates[~is_used[candidates]]
        controls = pd.MultiIndex.from_arrays([pairs.comparison, start[pairs.treated]])
        serving = controls.unique()
        source = np.concatenate([serving.get_level_values(0), unused])
        index = np.concatenate([serving.get_level_values(1), np.full(len(unused), NEVER)])
        order = np.lexsort((index, source))
        place: IntArray = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        table = pd.DataFrame(
            {
                "treated": np.searchsorted(periods.own, pairs.treated),
                "comparison": len(periods.own) + place[serving.get_indexer(controls)],
                "distance": pairs.distance,
            }
        ).sort_values("treated", kind="stable", ignore_index=True)
        sets = np.unique(table["treated"], return_inverse=True)[1].astype(np.int64)
        table.insert(0, "subclass", sets)
        return cls(
            source=np.concatenate([periods.own, source[order]]),
            index=np.concatenate([start[periods.own], index[order]]),
            treated=np.arange(len(periods.own) + len(order)) < len(periods.own),
            pairs=table,
        )

    def subclass(self, *, replace: bool) -> IntArray:
        """Return each row's set, -1 where it has none or, with replacement, might have two."""
        subclass: IntArray = np.full(len(self.source), -1, dtype=np.int64)
        if not replace:
            for arm in ("treated", "comparison"):
                subclass[self.pairs[arm]] = self.pairs["subclass"]
        return subclass


def at_index(
    frame: pd.DataFrame, roles: Roles, clock: Clock, periods: Periods, rows: Rows
) -> pd.DataFrame:
    """Return the rows with their arm, index date and follow-up."""
    ending = _ending(frame, clock, periods)[rows.source]
    is_used = rows.index != NEVER
    start = periods.start[rows.source]
    end = periods.exit[ending]
    starts_later = is_used & ~rows.treated & (start != NEVER)
    is_cut = starts_later & (start <= end)
    # A start opens its step, an exit closes it: hence the one.
    until = np.where(is_cut, start, end + 1)
    told = frame.take(rows.source)
    told.index = pd.RangeIndex(len(told))
    told[roles.treatment] = pd.Series(rows.treated).astype(frame[roles.treatment].dtype)
    told[INDEX_DATE] = periods.as_times(rows.index)
    told[FOLLOW_UP] = periods.as_span(np.where(is_used, until - rows.index, NEVER))
    told[UNTIL_START] = periods.as_span(np.where(starts_later, start - rows.index, NEVER))
    if clock.event is not None:
        happened = frame[clock.event].take(ending).reset_index(drop=True)
        if is_bool_dtype(happened.dtype) or is_numeric_dtype(happened.dtype):
            told[clock.event] = happened.mask(is_cut | ~is_used, False).astype(happened.dtype)
        else:
            told[clock.event] = happened.mask(is_cut | ~is_used)
    return told


def _ending(frame: pd.DataFrame, clock: Clock, periods: Periods) -> IntArray:
    """Return, for each row, the row of its unit in which follow-up ends: itself or a later one.

    The first that ends with an event, or the unit's last.
    """
    order = np.lexsort((periods.entry, periods.unit))
    unit = periods.unit[order]
    is_end = np.append(unit[1:] != unit[:-1], True)
    if clock.event is not None:
        happened = frame[clock.event]
        if is_bool_dtype(happened.dtype) or is_numeric_dtype(happened.dtype):
            happened = happened.where(happened != 0)
        is_end |= happened.notna().to_numpy()[order]
    later = np.where(is_end, np.arange(len(order)), len(order))
    ending: IntArray = np.empty(len(order), dtype=np.int64)
    ending[order] = order[np.minimum.accumulate(later[::-1])[::-1]]
    return ending
