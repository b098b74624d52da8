"""Holm's adjustment, with refused tests in the family."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.inference.multiplicity import holm

ORACLE = json.loads(
    (Path(__file__).parents[2] / "oracle" / "holm.json").read_text(encoding="utf-8")
)


def test_agrees_with_r() -> None:
    np.testing.assert_allclose(holm(ORACLE["p"]).p_adjusted, ORACLE["holm"], rtol=1e-12)


def test_a_refused_test_counts_as_one_and_stays_empty() -> None:
    found = holm([0.01, math.nan, 0.04])
    # Three tests: 3 * .01, then max(.03, 2 * .04).
    np.testing.assert_allclose(found.p_adjusted, [0.03, np.nan, 0.08])
    assert (found.n_tests, found.n_refused) == (3, 1)


def test_smallest_attainable_p_is_the_bootstraps_times_the_tests() -> None:
    assert holm([0.5, 0.2], smallest_p=[2 / 512, 2 / 64]).smallest_p == 2 * 2 / 512


def test_a_family_of_refused_tests_attains_nothing() -> None:
    assert holm([math.nan, math.nan]).smallest_p == 1.0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=10))
@settings(deadline=None, max_examples=50)
def test_adjusted_are_ordered_as_the_raw_and_never_smaller(p) -> None:
    found = holm(p).p_adjusted
    assert (found >= np.array(p)).all()
    assert (found <= 1).all()
    assert (np.diff(found[np.argsort(p, kind="stable")]) >= 0).all()


def test_a_p_value_above_one_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([1.2])
