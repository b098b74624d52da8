"""A second look at a risk-set match by other means; it raises if the match broke a rule.

Rows at risk are found again in the frame that was given, by a join on time instead of the
matching's scan; weights are computed again from the pairs.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray, IntArray
from evaluation.comparison.arms import read_sampling
from evaluation.comparison.covariates import design_matrix
from evaluation.comparison.matched import Matched
from evaluation.comparison.risk_sets.periods import FOLLOW_UP, INDEX_DATE, UNTIL_START, Clock


def verify(matched: Matched, given: pd.DataFrame, clock: Clock) -> None:
    """Raise `DesignError` naming every rule that the match breaks.

    Parameters
    ----------
    matched : Matched
        As `evaluation.match_risk_sets` is about to return it.
    given : pd.DataFrame
        The frame that it was made from.
    clock : Clock
        Names of its times.

    Raises
    ------
    DesignError
        If a partner is of the wrong arm, had started, was not at risk or is described by later
        covariates; if partners differ in index date or exact columns or lie outside the
        caliper; if somebody is used too often, follow-up runs past a control's own start, or
        weights disagree with the pairs.
    """
    rules = {
        "partners come from opposite arms": _arms_hold,
        "partners share an index date, the start of the treated": lambda m: _dates_hold(
            m, clock
        ),
        "no control starts on or before its index date": lambda m: _unstarted(m, clock),
        "every row is at risk at its index date": lambda m: _at_risk(m, clock),
        "covariates stand as in the period of the index date": lambda m: _stand(
            m, given, clock
        ),
        "partners agree on every exact column": _exactness_holds,
        "distances are those of the partners and within the caliper": lambda m: _caliper_holds(
            m, clock
        ),
        "units are used as often as asked": _reuse_holds,
        "follow-up is positive and ends at a control's own start": _follow_up_holds,
        "weights follow from the pairs": _weights_hold,
        "dropped and matched add up to the treated": _nobody_is_lost,
    }
    broken = [rule for rule, holds in rules.items() if not holds(matched)]
    if broken:
        raise DesignError(
            f"the risk-set match of {len(matched.pairs)} pairs breaks {len(broken)} of its own "
            "rules:\n"
            + "\n".join(f"  - {rule}" for rule in broken)
            + "\nThis is a fault of the program; report it with the roles and options used."
        )


def _both(matched: Matched, name: str) -> tuple[pd.Series, pd.Series]:
    """Return the values of the treated and of the comparison row of each pair."""
    own, other = (
        matched.frame[name].iloc[matched.pairs[arm]].reset_index(drop=True)
        for arm in ("treated", "comparison")
    )
    return own, other


def _used(matched: Matched) -> pd.DataFrame:
    return matched.frame[matched.used]


def _arms_hold(matched: Matched) -> bool:
    treated, pairs = matched.treated, matched.pairs
    named = matched.frame[matched.roles.treatment].to_numpy(dtype=bool)
    is_apart = treated[pairs["treated"]].all() and not treated[pairs["comparison"]].any()
    return bool(is_apart and np.array_equal(named, treated))


def _dates_hold(matched: Matched, clock: Clock) -> bool:
    own, other = _both(matched, INDEX_DATE)
    return bool((own == other).all() and (own == _both(matched, clock.start)[0]).all())


def _unstarted(matched: Matched, clock: Clock) -> bool:
    controls = matched.frame[matched.used & ~matched.treated]
    return not (controls[clock.start] <= controls[INDEX_DATE]).any()


def _at_risk(matched: Matched, clock: Clock) -> bool:
    used = _used(matched)
    index = used[INDEX_DATE]
    return bool(((used[clock.entry] < index) & (index <= used[clock.exit])).all())


def _stand(matched: Matched, given: pd.DataFrame, clock: Clock) -> bool:
    """Find each used unit's latest period begun before its index date, and compare."""
    unit, names = matched.roles.unit, [*matched.roles.covariates, *matched.roles.exact]
    names = list(dict.fromkeys(name for name in names if name != unit))
    used = _used(matched)
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
    return all((joined[name] == joined[f"given {name}"]).all() for name in names)


def _number(times: pd.Series) -> FloatArray:
    if times.dtype.kind == "M":
        return times.to_numpy("datetime64[D]").astype(np.int64).astype(np.float64)
    numbers: FloatArray = times.to_numpy(dtype=np.float64, na_value=np.nan)
    return numbers


def _exactness_holds(matched: Matched) -> bool:
    pairs = (_both(matched, column) for column in matched.roles.exact)
    return all(bool((own == other).all()) for own, other in pairs)


def _caliper_holds(matched: Matched, clock: Clock) -> bool:
    stated = matched.pairs["distance"].to_numpy()
    gap = _gaps(matched, clock)
    return bool(
        (stated <= matched.caliper_width).all()
        and np.allclose(gap, stated, rtol=1e-6, atol=1e-6)
    )


def _gaps(matched: Matched, clock: Clock) -> FloatArray:
    """Return the distance within each pair, from covariates again where it is Mahalanobis."""
    own, other = (matched.pairs[arm].to_numpy() for arm in ("treated", "comparison"))
    if matched.distance is not None:
        on_line: FloatArray = np.abs(matched.distance[own] - matched.distance[other])
        return on_line
    matrix, _ = design_matrix(matched.frame, matched.roles.covariates)
    # A control of several index dates stands in several rows; the covariance counts it once.
    once = ~matched.frame.duplicated(
        [matched.roles.unit, matched.roles.treatment, clock.entry]
    ).to_numpy()
    treated = matched.treated[once]
    centred = matrix[once]
    for arm in (treated, ~treated):
        centred[arm] -= centred[arm].mean(axis=0)
    dof = max(len(centred) - 2, 1)
    spread = np.sqrt((centred**2).sum(axis=0) / dof)
    spread[spread <= 1e-10 * np.abs(matrix).max(axis=0)] = np.inf
    centred = centred / spread
    inverse = np.linalg.pinv(centred.T @ centred / dof, 1e-10, hermitian=True)
    gap = (matrix[own] - matrix[other]) / spread
    gaps: FloatArray = np.sqrt(np.einsum("ij,jk,ik->i", gap, inverse, gap).clip(0))
    return gaps


def _reuse_holds(matched: Matched) -> bool:
    own, other = _both(matched, matched.roles.unit)
    sets = matched.pairs["subclass"]
    in_set = pd.DataFrame({"set": sets, "unit": other})
    if in_set.duplicated().any() or not own[~sets.duplicated()].is_unique:
        return False
    return matched.replace or other.is_unique


def _follow_up_holds(matched: Matched) -> bool:
    used = _used(matched)
    controls = used[~matched.treated[matched.used]]
    return bool(
        (used[FOLLOW_UP] > 0).all() and not (controls[FOLLOW_UP] > controls[UNTIL_START]).any()
    )


def _weights_hold(matched: Matched) -> bool:
    """Partners share the weight of their treated; scaled to the number of rows that serve."""
    pairs = matched.pairs
    share = 1 / pairs.groupby("treated")["treated"].transform("size")
    raw = share.groupby(pairs["comparison"]).sum()
    expected = np.zeros(len(matched.frame))
    expected[raw.index] = raw * (len(raw) / raw.sum())
    expected[pairs["treated"].unique()] = 1.0
    sampling = read_sampling(matched.frame, matched.roles)
    if sampling is not None:
        expected = expected * sampling
    return bool(np.allclose(matched.weights, expected, rtol=1e-12, atol=0))


def _nobody_is_lost(matched: Matched) -> bool:
    everybody: IntArray = np.concatenate(
        [matched.pairs["treated"].unique(), matched.dropped["row"].to_numpy()]
    )
    return bool(np.array_equal(np.sort(everybody), np.flatnonzero(matched.treated)))
