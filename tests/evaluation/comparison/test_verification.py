"""The second look by hand: weights that follow from pairs, distances by an explicit inverse."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from data_dictionary.errors import DesignError
from evaluation import Matched, unmatched
from evaluation.comparison.verification import (
    arms_differ,
    follow_from_pairs,
    mahalanobis,
    partners_agree,
    refuse_broken,
)
from tests.evaluation.comparison.small import BY_S, HAND

PAIRS = pd.DataFrame(
    {"subclass": [0, 0, 1], "treated": [0, 0, 1], "comparison": [3, 4, 4], "distance": 0.0}
)


@pytest.fixture
def m() -> Matched:
    # Row 0 hands out a half to 3 and 4, row 1 a whole to 4: 0.5 and 1.5 of two rows.
    weights = np.array([1, 1, 0, 0.5, 1.5, 0, 0])
    return replace(unmatched(HAND, BY_S), pairs=PAIRS, replace=True, weights=weights)


def test_weights_are_handed_out_by_the_focal_rows(m: Matched) -> None:
    assert follow_from_pairs(m)
    assert not follow_from_pairs(replace(m, weights=m.weights * 1.01))
    # Rows 3 and 4 choose: 3 gives row 0 a whole, 4 a half to each.
    turned = replace(m, estimand="ATC", weights=np.array([1.5, 0.5, 0, 1, 1, 0, 0]))
    assert follow_from_pairs(turned)


def test_partners_are_of_two_arms_and_may_agree(m: Matched) -> None:
    assert arms_differ(m)
    assert not arms_differ(replace(m, pairs=PAIRS.assign(comparison=[3, 2, 4])))
    assert not partners_agree(m, m.frame["g"])
    assert partners_agree(m, pd.Series(1, index=m.frame.index))


def test_a_constant_tells_nobody_apart(m: Matched) -> None:
    matrix = np.column_stack([HAND["s"], np.full(7, 0.1)])
    spread = np.diag([4.0, 1e-34])
    gaps = mahalanobis(m, matrix, np.ones(7, dtype=bool), spread)
    assert_allclose(gaps, [0.25, 0.75, 0.25])


def test_every_broken_rule_is_named() -> None:
    refuse_broken({"a": True}, "the match")
    with pytest.raises(DesignError) as refusal:
        refuse_broken({"a": False, "b": True, "c": False}, "the match of 7 rows")
    told = str(refusal.value).splitlines()
    assert told[:3] == ["the match of 7 rows breaks 2 of its own rules:", "  - a", "  - c"]
