from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data_dictionary.errors import DesignError
from evaluation import Full, Matched, Nearest, Roles, match
from evaluation.comparison.matching.verify import verify

METHOD = Nearest(calipers={"z": 1.5}, anti_exact=("h",), ratio=2, caliper=0.5)
ROLES = Roles(unit="id", treatment="t", covariates=("x",), exact=("g",))


def _verify(m: Matched) -> None:
    verify(m, METHOD, np.ones(80, dtype=bool))


@pytest.fixture
def matched() -> Matched:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "id": range(80),
            "t": np.arange(80) < 20,
            "x": rng.normal(size=80),
            "g": rng.choice(["a", "b"], size=80),
            "z": rng.normal(size=80),
            "h": rng.integers(0, 4, size=80),
        }
    )
    return match(frame, ROLES, METHOD)


def _weights(m: Matched) -> Matched:
    return replace(m, weights=np.where(m.treated, m.weights, m.weights * 1.01))


def _reused(m: Matched) -> Matched:
    pairs = m.pairs.copy()
    pairs.loc[pairs.index[-1], "comparison"] = pairs["comparison"].iloc[0]
    return replace(m, pairs=pairs)


def _wrong_arm(m: Matched) -> Matched:
    return replace(
        m, pairs=m.pairs.rename(columns={"treated": "comparison", "comparison": "treated"})
    )


def _sets(m: Matched) -> Matched:
    return replace(m, subclass=np.where(m.treated & (m.subclass == 0), 1, m.subclass))


BREAKAGES = {
    "partners come from opposite arms": _wrong_arm,
    "within the caliper": lambda m: replace(m, caliper_width=m.pairs["distance"].max() / 2),
    "distances are those of the partners": lambda m: replace(m, distance=2 * m.distance),
    "within the covariates' calipers": lambda m: replace(
        m, frame=m.frame.assign(z=10 * m.frame["z"])
    ),
    "agree on every exact column": lambda m: replace(
        m, frame=m.frame.assign(g=np.where(m.treated, "a", "b"))
    ),
    "differ on every anti-exact column": lambda m: replace(m, frame=m.frame.assign(h=1)),
    "no unit is used twice": lambda m: replace(m, frame=m.frame.assign(id=1)),
    "sets hold both arms and follow from the pairs": _reused,
    "weights follow from the pairs": _weights,
    "weights follow from the sets": _sets,
    "dropped and matched add up": lambda m: replace(
        m, dropped=pd.DataFrame({"row": [0, 79], "reason": ["?", "?"]})
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", BREAKAGES)
def test_a_match_that_breaks_a_rule_is_refused_naming_it(rule: str, matched: Matched) -> None:
    _verify(matched)
    with pytest.raises(DesignError, match=rule):
        _verify(BREAKAGES[rule](matched))


def test_a_row_that_was_left_out_may_not_be_used(matched: Matched) -> None:
    eligible = np.ones(80, dtype=bool)
    eligible[matched.pairs["comparison"].iloc[0]] = False
    with pytest.raises(DesignError, match="add up to the target"):
        verify(matched, METHOD, eligible)


def test_bounds_of_sets_and_stars_are_looked_at_again(matched: Matched) -> None:
    m = match(matched.frame, ROLES, method=Full(max_controls=2))
    with pytest.raises(DesignError, match="sets hold both arms"):
        verify(m, Full(max_controls=1), np.ones(80, dtype=bool))


def test_a_mahalanobis_distance_is_computed_again(matched: Matched) -> None:
    roles = replace(ROLES, covariates=("x", "z"))
    for distance in ("mahalanobis", "robust_mahalanobis"):
        plan = Nearest(distance=distance)
        m = match(matched.frame, roles, plan)
        longer = replace(m, pairs=m.pairs.assign(distance=1.01 * m.pairs["distance"]))
        verify(m, plan, np.ones(80, dtype=bool))
        with pytest.raises(DesignError, match="distances are those of the partners"):
            verify(longer, plan, np.ones(80, dtype=bool))
