"""A second look at a finished match by other means; it raises if the match broke a rule.

Nothing here is shared with the matching: values are read from the frame again, weights are
computed from pairs and, where there are sets, from sets.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray
from evaluation.comparison.arms import read_sampling
from evaluation.comparison.matched import Matched


def verify(matched: Matched) -> None:
    """Raise `DesignError` naming every rule that the match breaks.

    Raises
    ------
    DesignError
        If partners are of the wrong arm, outside the caliper or in another exact stratum, if
        somebody is used twice without replacement, or if weights disagree with the pairs or
        with the sets.
    """
    broken = [
        rule
        for rule, holds in (
            ("partners come from opposite arms", _arms_hold(matched)),
            (
                "distances are those of the partners and within the caliper",
                _caliper_holds(matched),
            ),
            ("partners agree on every exact column", _exactness_holds(matched)),
            ("no unit is used twice without replacement", _reuse_holds(matched)),
            ("weights follow from the pairs", _weights_follow_pairs(matched)),
            ("weights follow from the sets", _weights_follow_sets(matched)),
            ("dropped and matched add up to the treated", _nobody_is_lost(matched)),
        )
        if not holds
    ]
    if broken:
        raise DesignError(
            f"the match of {len(matched.frame)} rows breaks {len(broken)} of its own rules:\n"
            + "\n".join(f"  - {rule}" for rule in broken)
            + "\nThis is a fault of the program; report it with the roles and options used."
        )


def _arms_hold(matched: Matched) -> bool:
    treated, pairs = matched.treated, matched.pairs
    return bool(treated[pairs["treated"]].all() and not treated[pairs["comparison"]].any())


def _caliper_holds(matched: Matched) -> bool:
    if matched.distance is None:
        return matched.pairs.empty
    own, other = _both(matched, pd.Series(matched.distance))
    gap = (own - other).abs()
    stated = matched.pairs["distance"]
    return bool((gap <= matched.caliper_width).all() and np.allclose(gap, stated, 0, 1e-12))


def _exactness_holds(matched: Matched) -> bool:
    def agree(column: str) -> bool:
        own, other = _both(matched, matched.frame[column])
        return bool((own == other).all())

    return all(agree(column) for column in matched.roles.exact)


def _both(matched: Matched, values: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the values of the treated and of the comparison row of each pair."""
    own = values.iloc[matched.pairs["treated"]].reset_index(drop=True)
    return own, values.iloc[matched.pairs["comparison"]].reset_index(drop=True)


def _reuse_holds(matched: Matched) -> bool:
    own, other = _both(matched, matched.frame[matched.roles.unit])
    sets = matched.pairs["subclass"]
    if matched.replace:
        return not pd.DataFrame({"set": sets, "unit": other}).duplicated().any()
    treated_units = own[~sets.duplicated()]
    return bool(pd.concat([treated_units, other]).is_unique)


def _weights_follow_pairs(matched: Matched) -> bool:
    pairs = matched.pairs
    share = 1 / pairs.groupby("treated")["treated"].transform("size")
    raw = share.groupby(pairs["comparison"]).sum()
    expected = np.zeros(len(matched.frame))
    expected[raw.index] = raw * (len(raw) / raw.sum())
    expected[pairs["treated"].unique()] = 1.0
    return _same_weights(matched, expected)


def _weights_follow_sets(matched: Matched) -> bool:
    """Each set's comparison rows share its treated rows' weight; scaled to their number."""
    if (matched.subclass < 0).all():
        return matched.replace or matched.pairs.empty
    members = matched.subclass >= 0
    sets, treated = matched.subclass[members], matched.treated[members]
    n_treated = np.bincount(sets, weights=treated)
    n_comparison = np.bincount(sets, weights=~treated)
    raw = np.where(treated, 1.0, (n_treated / n_comparison)[sets])
    raw[~treated] *= (~treated).sum() / raw[~treated].sum()
    expected = np.zeros(len(matched.frame))
    expected[members] = raw
    return _same_weights(matched, expected)


def _same_weights(matched: Matched, expected: FloatArray) -> bool:
    sampling = read_sampling(matched.frame, matched.roles)
    if sampling is not None:
        expected = expected * sampling
    return bool(np.allclose(matched.weights, expected, rtol=1e-12, atol=0))


def _nobody_is_lost(matched: Matched) -> bool:
    matched_rows = matched.pairs["treated"].unique()
    everybody = np.sort(np.concatenate([matched_rows, matched.dropped["row"].to_numpy()]))
    return bool(np.array_equal(everybody, np.flatnonzero(matched.treated)))
