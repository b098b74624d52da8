from __future__ import annotations

import numpy as np
from numpy.testing import assert_allclose

from evaluation.comparison.matching.set_weights import effective_size, from_pairs


def test_a_set_with_two_partners_shares_what_one_partner_gets_alone() -> None:
    # Rows 0, 1 treated.  0 has partners 2 and 3, 1 has partner 4: raw 1/2, 1/2, 1, which sum to
    # 2 and are scaled to the 3 partners.
    weights = from_pairs(6, np.array([0, 0, 1]), np.array([2, 3, 4]))
    assert_allclose(weights, [1, 1, 0.75, 0.75, 1.5, 0], rtol=1e-15)


def test_a_partner_of_two_weighs_twice_the_partner_of_one() -> None:
    weights = from_pairs(5, np.array([0, 1, 2]), np.array([3, 3, 4]))
    assert_allclose(weights, [1, 1, 1, 4 / 3, 2 / 3], rtol=1e-15)


def test_effective_size_is_the_number_of_equal_weights_that_vary_as_much() -> None:
    assert effective_size(np.array([2.0, 2.0, 2.0, 0.0])) == 3
    assert_allclose(effective_size(np.array([3.0, 1.0])), 16 / 10)
    assert effective_size(np.zeros(3)) == 0
