"""A second look at a finished match by other means; it raises if the match broke a rule.

Nothing here is shared with the matching: values are read from the frame again, distances use an
explicit inverse, sets are found again from pairs, weights from pairs and from sets.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.covariates import design_matrix
from evaluation.comparison.data import ComparisonData
from evaluation.comparison.matching.method import Matching
from evaluation.comparison.matching.pairing import Pairing
from evaluation.comparison.verification import (
    are_weights,
    arms_differ,
    both,
    follow_from_pairs,
    mahalanobis,
    partners_agree,
    refuse_broken,
)


def verify(m: ComparisonData, method: Matching, eligible: BoolArray) -> None:
    """Raise `DesignError` naming every rule that the match breaks; `eligible` might be used."""
    rules = {
        "partners come from opposite arms": arms_differ(m)
        and (method.family == "pairs" or isinstance(method, Pairing)) != m.pairs.empty,
        "distances are those of the partners and within the caliper": _distances_hold(
            m, method, eligible
        ),
        "partners are within the covariates' calipers": _calipers_hold(m, method, eligible),
        "partners agree on every exact column": _exactness_holds(m, method),
        "partners differ on every anti-exact column": _anti_exactness_holds(m, method),
        "no unit is used twice without replacement": _reuse_holds(m),
        "sets hold both arms and follow from the pairs": _sets_hold(m, method),
        "weights follow from the pairs": method.family != "pairs" or follow_from_pairs(m),
        "weights follow from the sets": _weights_follow_sets(m),
        "dropped and matched add up to the target": _nobody_is_lost(m, eligible),
    }
    refuse_broken(rules, f"the match of {len(m.frame)} rows")


def _distances_hold(m: ComparisonData, method: Matching, eligible: BoolArray) -> bool:
    if m.pairs.empty:
        return True
    stated = gap = m.pairs["distance"].to_numpy()
    within = np.inf
    if m.distance is not None:
        gap = np.abs(m.distance[m.pairs["treated"]] - m.distance[m.pairs["comparison"]])
        within = m.caliper_width
    columns = method.compared(m.roles)
    if not columns:
        return bool((gap <= within).all() and np.allclose(gap, stated, 0, 1e-12))
    is_robust = method.told("distance", "") == "robust_mahalanobis"
    expected = _mahalanobis(m, columns, eligible, is_robust=is_robust)
    return bool((gap <= within).all() and np.allclose(expected, stated, 1e-6, 1e-6))


def _mahalanobis(
    m: ComparisonData, columns: tuple[str, ...], eligible: BoolArray, *, is_robust: bool
) -> FloatArray:
    matrix, _ = design_matrix(m.frame, columns, indicators=True)
    weights = m.base_weights
    if is_robust:
        # Ranks over those of untied ranks, whose spread is that of 1 to n.
        ranks = pd.DataFrame(matrix).rank().to_numpy()
        spread = np.atleast_2d(np.cov(ranks[eligible].T))
        untied = np.std(np.arange(1.0, len(ranks) + 1), ddof=1)
        return mahalanobis(m, ranks * np.sqrt(np.diag(spread)) / untied, eligible, spread)
    total = weights[eligible].sum()
    spread = np.zeros((matrix.shape[1], matrix.shape[1]))
    for arm in (m.treated & eligible, ~m.treated & eligible):
        own = np.atleast_2d(np.cov(matrix[arm].T, aweights=weights[arm], ddof=0))
        spread += weights[arm].sum() * own
    spread /= total - (weights[eligible] ** 2).sum() / total
    return mahalanobis(m, matrix, eligible, spread)


def _calipers_hold(m: ComparisonData, method: Matching, eligible: BoolArray) -> bool:
    if not isinstance(method, Pairing):
        return True
    spread = {
        name: width * float(m.frame[name].iloc[np.flatnonzero(eligible)].std())
        for name, width in method.calipers_sd.items()
    }
    widths = [*method.calipers.items(), *spread.items()]
    return all(
        ((own - other).abs() <= width * (1 + 1e-12)).all()
        for name, width in widths
        for own, other in [both(m, m.frame[name])]
    )


def _exactness_holds(m: ComparisonData, method: Matching) -> bool:
    members = np.flatnonzero(m.subclass >= 0)
    sets = m.subclass[members]
    columns = [*(m.frame[name] for name in m.roles.exact), *method.alike(m.frame, m.roles)]
    return all(
        partners_agree(m, column) and _one_value_each(column.iloc[members], sets)
        for column in columns
    )


def _one_value_each(column: pd.Series, sets: IntArray) -> bool:
    seen = pd.DataFrame({"set": sets, "value": column.to_numpy()}).drop_duplicates()
    return bool(seen["set"].is_unique)


def _anti_exactness_holds(m: ComparisonData, method: Matching) -> bool:
    if not isinstance(method, Pairing):
        return True
    pairs = (both(m, m.frame[column]) for column in method.anti_exact)
    return all(bool((own != other).all()) for own, other in pairs)


def _reuse_holds(m: ComparisonData) -> bool:
    units = m.frame[m.roles.unit]
    if not m.replace:
        return bool(units.iloc[np.flatnonzero(m.used)].is_unique)
    own, other = both(m, units)
    partner, rows = (own, "comparison") if m.estimand == "ATC" else (other, "treated")
    served = pd.DataFrame({"row": m.pairs[rows].to_numpy(), "unit": partner})
    return not served.duplicated().any()


def _sets_hold(m: ComparisonData, method: Matching) -> bool:
    """Every set has both arms; with pairs it is what they connect, within the bounds."""
    if m.replace:
        return bool((m.subclass < 0).all())
    rows = np.flatnonzero(m.subclass >= 0)
    arms = pd.DataFrame({"set": m.subclass[rows], "treated": m.treated[rows]})
    count = arms.groupby("set")["treated"].agg(["sum", "size"])
    own, other = count["sum"], count["size"] - count["sum"]
    if (own < 1).any() or (other < 1).any():
        return False
    if m.pairs.empty:
        return True
    labels = _connected(m)
    same = pd.DataFrame({"set": m.subclass[rows], "label": labels[rows]})
    if not len(same.drop_duplicates()) == same["set"].nunique() == same["label"].nunique():
        return False
    # Bounds count partners of a focal row; those of full matching, comparison rows per treated.
    is_turned = m.estimand == "ATC" and method.family == "pairs"
    partners = own / other if is_turned else other / own
    low, high = method.bounds()
    is_star = ((own == 1) | (other == 1)).all()
    return bool(is_star and (partners >= low - 1e-9).all() and (partners <= high).all())


def _connected(m: ComparisonData) -> IntArray:
    """Return a label per row: the lowest row of those that pairs connect it with."""
    labels: IntArray = np.arange(len(m.frame))
    own = m.pairs["treated"].to_numpy()
    other = m.pairs["comparison"].to_numpy()
    while True:
        lower = np.minimum(labels[own], labels[other])
        before = labels.copy()
        np.minimum.at(labels, own, lower)
        np.minimum.at(labels, other, lower)
        if np.array_equal(labels, before):
            return labels


def _weights_follow_sets(m: ComparisonData) -> bool:
    """Inverse probability weights with each set's share of treated, each arm of mean 1."""
    if (m.subclass < 0).all():
        return m.replace
    rows = np.flatnonzero(m.subclass >= 0)
    treated = pd.Series(m.treated[rows].astype(float))
    share = treated.groupby(m.subclass[rows]).transform("mean")
    odds = {"ATT": share, "ATC": 1 - share}.get(m.estimand, pd.Series(1.0, share.index))
    raw = odds / share.where(treated == 1, 1 - share)
    raw = raw / raw.groupby(treated).transform("mean")
    expected = np.zeros(len(m.frame))
    expected[rows] = raw
    return are_weights(m, expected)


def _nobody_is_lost(m: ComparisonData, eligible: BoolArray) -> bool:
    """Nobody who was left out is used; the target's eligible rows are used or dropped."""
    used = m.used
    dropped = np.zeros(len(used), dtype=np.bool_)
    dropped[m.dropped["row"]] = True
    arm = {"ATT": m.treated, "ATC": ~m.treated}.get(m.estimand)
    target = eligible if arm is None else eligible & arm
    told = bool((used | dropped)[target].all()) and not (used & dropped).any()
    return told and not (used & ~eligible).any()
