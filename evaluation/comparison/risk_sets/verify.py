"""A second look at a risk-set match by other means; it raises if the match broke a rule.

Rows at risk are found again in the frame that was given, by a join on time instead of the
matching's scan; weights are computed again from the pairs.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluation.arrays import FloatArray, IntArray
from evaluation.comparison.covariates import design_matrix
from evaluation.comparison.data import ComparisonData
from evaluation.comparison.risk_sets.periods import FOLLOW_UP, INDEX_DATE, UNTIL_START, Clock
from evaluation.comparison.verification import (
    are_same,
    arms_differ,
    both,
    follow_from_pairs,
    mahalanobis,
    partners_agree,
    refuse_broken,
)


def verify(m: ComparisonData, given: pd.DataFrame, clock: Clock) -> None:
    """Raise `DesignError` naming every rule that a match of the rows `given` breaks."""
    used = m.frame[m.used]
    controls = m.frame[m.used & ~m.treated]
    index = used[INDEX_DATE]
    named = m.frame[m.roles.treatment].to_numpy(dtype=bool)
    starts, _ = both(m, m.frame[clock.start])
    at_starts = bool((starts == both(m, m.frame[INDEX_DATE])[0]).all())
    rules = {
        "partners come from opposite arms": arms_differ(m) and np.array_equal(named, m.treated),
        "partners share an index date, the start of the treated": at_starts
        and partners_agree(m, m.frame[INDEX_DATE]),
        "no control starts on or before its index date": not (
            controls[clock.start] <= controls[INDEX_DATE]
        ).any(),
        "every row is at risk at its index date": bool(
            ((used[clock.entry] < index) & (index <= used[clock.exit])).all()
        ),
        "covariates stand as in the period of the index date": _stand(m, given, clock),
        "partners agree on every exact column": all(
            partners_agree(m, m.frame[column]) for column in m.roles.exact
        ),
        "distances are those of the partners and within the caliper": _caliper_holds(m, clock),
        "units are used as often as asked": _reuse_holds(m),
        "follow-up is positive and ends at a control's own start": bool(
            (used[FOLLOW_UP] > 0).all()
            and not (controls[FOLLOW_UP] > controls[UNTIL_START]).any()
        ),
        "weights follow from the pairs": follow_from_pairs(m),
        "dropped and matched add up to the treated": _nobody_is_lost(m),
    }
    refuse_broken(rules, f"the risk-set match of {len(m.pairs)} pairs")


def _stand(m: ComparisonData, given: pd.DataFrame, clock: Clock) -> bool:
    """Find each used unit's latest period begun before its index date, and compare."""
    unit, names = m.roles.unit, [*m.roles.covariates, *m.roles.exact]
    names = list(dict.fromkeys(name for name in names if name != unit))
    used = m.frame[m.used]
    everybody = pd.Index(used[unit].unique())
    known = given[given[unit].isin(everybody)]
    right = known[names].set_axis([f"given {name}" for name in names], axis=1)
    right = right.assign(
        unit=everybody.get_indexer(pd.Index(known[unit])), time=_number(known[clock.entry])
    )
    left = used[names].assign(
        unit=everybody.get_indexer(pd.Index(used[unit])), time=_number(used[INDEX_DATE])
    )
    joined = pd.merge_asof(
        left.sort_values("time"),
        right.sort_values("time"),
        on="time",
        by="unit",
        allow_exact_matches=False,
    )
    return all(are_same(joined[name], joined[f"given {name}"]) for name in names)


def _number(times: pd.Series) -> FloatArray:
    if times.dtype.kind == "M":
        return times.to_numpy("datetime64[D]").astype(np.int64).astype(np.float64)
    numbers: FloatArray = times.to_numpy(dtype=np.float64, na_value=np.nan)
    return numbers


def _caliper_holds(m: ComparisonData, clock: Clock) -> bool:
    stated = m.pairs["distance"].to_numpy()
    gap = _gaps(m, clock)
    return bool(
        (stated <= m.caliper_width).all() and np.allclose(gap, stated, rtol=1e-6, atol=1e-6)
    )


def _gaps(m: ComparisonData, clock: Clock) -> FloatArray:
    """Return the distance within each pair, from covariates again where it is Mahalanobis."""
    own, other = (m.pairs[arm].to_numpy() for arm in ("treated", "comparison"))
    if m.distance is not None:
        on_line: FloatArray = np.abs(m.distance[own] - m.distance[other])
        return on_line
    # A control of several index dates stands in several rows; the covariance counts it once.
    row = [m.roles.unit, m.roles.treatment, clock.entry]
    once = ~m.frame.duplicated(row).to_numpy()
    treated = m.treated[once]
    centred, _ = design_matrix(m.frame[once], m.roles.covariates, indicators=True)
    matrix = centred[m.frame.groupby(row, sort=False).ngroup().to_numpy()]
    for arm in (treated, ~treated):
        centred[arm] -= centred[arm].mean(axis=0)
    spread = centred.T @ centred / max(len(centred) - 2, 1)
    return mahalanobis(m, matrix, once, spread)


def _reuse_holds(m: ComparisonData) -> bool:
    own, other = both(m, m.frame[m.roles.unit])
    sets = m.pairs["subclass"]
    in_set = pd.DataFrame({"set": sets, "unit": other})
    if in_set.duplicated().any() or not own[~sets.duplicated()].is_unique:
        return False
    return m.replace or other.is_unique


def _nobody_is_lost(m: ComparisonData) -> bool:
    everybody: IntArray = np.concatenate(
        [m.pairs["treated"].unique(), m.dropped["row"].to_numpy()]
    )
    return bool(np.array_equal(np.sort(everybody), np.flatnonzero(m.treated)))
