"""Weights without some of the rows."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_allclose

import evaluation as ev
from tests.evaluation.comparison.small import drawn
from tests.evaluation.comparison.weighting.offered import EVERY, ROLES


def test_weights_without_some_rows_are_those_of_a_frame_without_them() -> None:
    frame = drawn(5)
    keep = np.arange(len(frame)) % 4 > 0
    for method, estimand in EVERY:
        m = ev.weigh(frame, ROLES, method=method, estimand=estimand)
        alone = ev.weigh(frame[keep], ROLES, method=method, estimand=estimand)
        again = m.reweigh(keep)
        assert not again[~keep].any()
        assert_allclose(again[keep], alone.weights, rtol=1e-8)


def test_a_match_is_held_fixed_when_rows_are_left_out(lalonde, lalonde_roles) -> None:
    m = ev.unmatched(lalonde, lalonde_roles)
    keep = np.arange(len(lalonde)) % 2 == 0
    assert_allclose(m.reweigh(keep), np.where(keep, m.weights, 0))
