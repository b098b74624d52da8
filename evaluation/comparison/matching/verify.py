"""A second look at a finished match by other means; it raises if the match broke a rule.

Nothing here is shared with the matching: values are read from the frame again, distances use an
explicit inverse, sets are found again from pairs, weights from pairs and from sets.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.arms import read_sampling
from evaluation.comparison.covariates import design_matrix
from evaluation.comparison.matched import Matched
from evaluation.comparison.matching.options import Cem, Exact, Full, Nearest, Optimal
from evaluation.comparison.matching.plan import Plan
from evaluation.comparison.matching.strata import cuts


def verify(matched: Matched, plan: Plan, eligible: BoolArray) -> None:
    """Raise `DesignError` naming every rule that the match breaks.

    Parameters
    ----------
    matched : Matched
        The finished match.
    plan : Plan
        What was asked for.
    eligible : np.ndarray
        Rows that might be used.

    Raises
    ------
    DesignError
        If partners are of the wrong arm, outside a caliper, in another exact stratum or alike
        where they must differ, if somebody is used twice without replacement or somebody who
        was left out, or if weights disagree with the pairs or with the sets.
    """
    broken = [
        rule
        for rule, holds in (
            ("partners come from opposite arms", _arms_hold),
            ("distances are those of the partners and within the caliper", _distances_hold),
            ("partners are within the covariates' calipers", _calipers_hold),
            ("partners agree on every exact column", _exactness_holds),
            ("partners differ on every anti-exact column", _anti_exactness_holds),
            ("no unit is used twice without replacement", _reuse_holds),
            ("sets hold both arms and follow from the pairs", _sets_hold),
            ("weights follow from the pairs", _weights_follow_pairs),
            ("weights follow from the sets", _weights_follow_sets),
            ("dropped and matched add up to the target", _nobody_is_lost),
        )
        if not holds(matched, plan, eligible)
    ]
    if broken:
        raise DesignError(
            f"the match of {len(matched.frame)} rows breaks {len(broken)} of its own rules:\n"
            + "\n".join(f"  - {rule}" for rule in broken)
            + "\nThis is a fault of the program; report it with the roles and options used."
        )


def _arms_hold(matched: Matched, plan: Plan, eligible: BoolArray) -> bool:  # noqa: ARG001
    treated, pairs = matched.treated, matched.pairs
    has_pairs = isinstance(plan.options, Nearest | Optimal | Full) or (
        isinstance(plan.options, Cem) and plan.options.k2k
    )
    return bool(
        treated[pairs["treated"]].all()
        and not treated[pairs["comparison"]].any()
        and has_pairs != pairs.empty
    )


def _distances_hold(matched: Matched, plan: Plan, eligible: BoolArray) -> bool:
    pairs, options = matched.pairs, plan.options
    if pairs.empty:
        return True
    gap, within = pairs["distance"].to_numpy(), np.inf
    if matched.distance is not None:
        gap = np.abs(matched.distance[pairs["treated"]] - matched.distance[pairs["comparison"]])
        within = matched.caliper_width
    columns: tuple[str, ...] = ()
    if plan.has_spread or isinstance(options, Cem):
        columns = matched.roles.covariates
    elif isinstance(options, Nearest | Optimal | Full):
        columns = options.mahalanobis
    if not columns:
        return bool((gap <= within).all() and np.allclose(gap, pairs["distance"], 0, 1e-12))
    is_robust = plan.distance == "robust_mahalanobis"
    expected = _mahalanobis(matched, columns, eligible, is_robust=is_robust)
    return bool((gap <= within).all() and np.allclose(expected, pairs["distance"], 1e-6, 1e-6))


def _mahalanobis(
    matched: Matched, columns: tuple[str, ...], eligible: BoolArray, *, is_robust: bool
) -> FloatArray:
    """Return the pairs' Mahalanobis distances with an explicit inverse."""
    matrix, _ = design_matrix(matched.frame, columns)
    sampling = read_sampling(matched.frame, matched.roles)
    weights = np.ones(len(matrix)) if sampling is None else sampling
    if is_robust:
        matrix = pd.DataFrame(matrix).rank().to_numpy()
        spread = np.atleast_2d(np.cov(matrix[eligible].T))
    else:
        total = weights[eligible].sum()
        spread = np.zeros((matrix.shape[1], matrix.shape[1]))
        for arm in (matched.treated & eligible, ~matched.treated & eligible):
            own = np.atleast_2d(np.cov(matrix[arm].T, aweights=weights[arm], ddof=0))
            spread += weights[arm].sum() * own
        spread /= total - (weights[eligible] ** 2).sum() / total
    scale = np.sqrt(np.diag(spread))
    scale[scale == 0] = np.inf  # a constant tells nobody apart
    inverse = np.linalg.pinv(spread / np.outer(scale, scale), rcond=1e-10, hermitian=True)
    away = matrix[matched.pairs["treated"]] - matrix[matched.pairs["comparison"]]
    away /= np.std(np.arange(1.0, len(matrix) + 1), ddof=1) if is_robust else scale
    squared: FloatArray = ((away @ inverse) * away).sum(axis=1)
    return np.sqrt(np.maximum(squared, 0))


def _calipers_hold(matched: Matched, plan: Plan, eligible: BoolArray) -> bool:
    options = plan.options
    if not isinstance(options, Nearest | Optimal | Full):
        return True
    spread = {
        name: width * float(matched.frame[name].iloc[np.flatnonzero(eligible)].std())
        for name, width in options.calipers_sd.items()
    }
    widths = [*options.calipers.items(), *spread.items()]
    return all(
        ((own - other).abs() <= width * (1 + 1e-12)).all()
        for name, width in widths
        for own, other in [_both(matched, matched.frame[name])]
    )


def _exactness_holds(matched: Matched, plan: Plan, eligible: BoolArray) -> bool:  # noqa: ARG001
    options, frame = plan.options, matched.frame
    columns = [frame[name] for name in matched.roles.exact]
    if isinstance(options, Exact):
        columns += [frame[name] for name in matched.roles.covariates]
    if isinstance(options, Cem):
        columns += [_binned(frame[name], name, options) for name in matched.roles.covariates]
    members = np.flatnonzero(matched.subclass >= 0)
    sets = matched.subclass[members]

    def agrees(column: pd.Series) -> bool:
        own, other = _both(matched, column)
        return bool((own == other).all() and _one_value_each(column.iloc[members], sets))

    return all(agrees(column) for column in columns)


def _one_value_each(column: pd.Series, sets: IntArray) -> bool:
    seen = pd.DataFrame({"set": sets, "value": column.to_numpy()}).drop_duplicates()
    return bool(seen["set"].is_unique)


def _binned(column: pd.Series, name: str, options: Cem) -> pd.Series:
    """Return the bins of a covariate by pandas' own cutting."""
    if column.dtype.kind in "iuf":
        edges = cuts(
            name, column.to_numpy(dtype=np.float64), options.cutpoints.get(name, "sturges")
        )
        if edges is None:
            return column
        return pd.cut(column, [-np.inf, *np.unique(edges), np.inf], right=False, labels=False)
    renamed = {level: group[0] for group in options.grouping.get(name, ()) for level in group}
    return column.astype(object).map(lambda level: renamed.get(level, level))


def _anti_exactness_holds(matched: Matched, plan: Plan, eligible: BoolArray) -> bool:  # noqa: ARG001
    options = plan.options
    if not isinstance(options, Nearest | Optimal | Full):
        return True

    def differ(column: str) -> bool:
        own, other = _both(matched, matched.frame[column])
        return bool((own != other).all())

    return all(differ(column) for column in options.anti_exact)


def _both(matched: Matched, values: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the values of the treated and of the comparison row of each pair."""
    own = values.iloc[matched.pairs["treated"]].reset_index(drop=True)
    return own, values.iloc[matched.pairs["comparison"]].reset_index(drop=True)


def _reuse_holds(matched: Matched, plan: Plan, eligible: BoolArray) -> bool:  # noqa: ARG001
    units = matched.frame[matched.roles.unit]
    if not matched.replace:
        return bool(units.iloc[np.flatnonzero(matched.used)].is_unique)
    own, other = _both(matched, units)
    is_atc = plan.estimand == "ATC"
    partner, rows = (
        (own if is_atc else other),
        matched.pairs["comparison" if is_atc else "treated"],
    )
    return not pd.DataFrame({"row": rows.to_numpy(), "unit": partner}).duplicated().any()


def _sets_hold(matched: Matched, plan: Plan, eligible: BoolArray) -> bool:  # noqa: ARG001
    """Every set has both arms; with pairs it is what they connect, within the bounds."""
    if matched.replace:
        return bool((matched.subclass < 0).all())
    rows = np.flatnonzero(matched.subclass >= 0)
    arms = pd.DataFrame({"set": matched.subclass[rows], "treated": matched.treated[rows]})
    count = arms.groupby("set")["treated"].agg(["sum", "size"])
    own, other = count["sum"], count["size"] - count["sum"]
    if (own < 1).any() or (other < 1).any():
        return False
    options = plan.options
    if matched.pairs.empty:
        return True
    labels = _connected(matched)
    same = pd.DataFrame({"set": matched.subclass[rows], "label": labels[rows]})
    agrees = len(same.drop_duplicates()) == same["set"].nunique() == same["label"].nunique()
    if isinstance(options, Full):
        low, high = options.min_controls, options.max_controls or np.inf
        ratio = other / own
        return bool(
            agrees
            and ((own == 1) | (other == 1)).all()
            and (ratio >= low - 1e-9).all()
            and (ratio <= high).all()
        )
    focal, partners = (other, own) if plan.estimand == "ATC" else (own, other)
    most = plan.ratio
    if isinstance(options, Nearest) and options.max_controls is not None:
        most = options.max_controls
    return bool(agrees and (focal == 1).all() and (partners <= most).all())


def _connected(matched: Matched) -> IntArray:
    """Return a label per row: the lowest row of those that pairs connect it with."""
    labels: IntArray = np.arange(len(matched.frame))
    own = matched.pairs["treated"].to_numpy()
    other = matched.pairs["comparison"].to_numpy()
    while True:
        lower = np.minimum(labels[own], labels[other])
        before = labels.copy()
        np.minimum.at(labels, own, lower)
        np.minimum.at(labels, other, lower)
        if np.array_equal(labels, before):
            return labels


def _weights_follow_pairs(matched: Matched, plan: Plan, eligible: BoolArray) -> bool:  # noqa: ARG001
    if not isinstance(plan.options, Nearest | Optimal):
        return True
    focal, partner = ("treated", "comparison")
    if plan.estimand == "ATC":
        focal, partner = partner, focal
    pairs = matched.pairs
    share = 1 / pairs.groupby(focal)[focal].transform("size")
    raw = share.groupby(pairs[partner]).sum()
    expected = np.zeros(len(matched.frame))
    expected[raw.index] = raw * (len(raw) / raw.sum())
    expected[pairs[focal].unique()] = 1.0
    return _same_weights(matched, expected)


def _weights_follow_sets(matched: Matched, plan: Plan, eligible: BoolArray) -> bool:  # noqa: ARG001
    """Inverse probability weights with each set's share of treated, each arm of mean 1."""
    if (matched.subclass < 0).all():
        return matched.replace
    rows = np.flatnonzero(matched.subclass >= 0)
    treated = pd.Series(matched.treated[rows].astype(float))
    share = treated.groupby(matched.subclass[rows]).transform("mean")
    odds = {"ATT": share, "ATC": 1 - share}.get(plan.estimand, pd.Series(1.0, share.index))
    raw = odds / share.where(treated == 1, 1 - share)
    raw = raw / raw.groupby(treated).transform("mean")
    expected = np.zeros(len(matched.frame))
    expected[rows] = raw
    return _same_weights(matched, expected)


def _same_weights(matched: Matched, expected: FloatArray) -> bool:
    sampling = read_sampling(matched.frame, matched.roles)
    if sampling is not None:
        expected = expected * sampling
    return bool(np.allclose(matched.weights, expected, rtol=1e-10, atol=0))


def _nobody_is_lost(matched: Matched, plan: Plan, eligible: BoolArray) -> bool:
    """Nobody who was left out is used; the target's eligible rows are used or dropped."""
    used = matched.used
    dropped = np.zeros(len(used), dtype=np.bool_)
    dropped[matched.dropped["row"]] = True
    arm = {"ATT": matched.treated, "ATC": ~matched.treated}.get(plan.estimand)
    target = eligible if arm is None else eligible & arm
    told = bool((used | dropped)[target].all()) and not (used & dropped).any()
    return told and not (used & ~eligible).any()
