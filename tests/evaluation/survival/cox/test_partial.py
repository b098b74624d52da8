"""Sums over risk sets by hand: tied events, tilts and rows' exposure."""

from __future__ import annotations

import numpy as np
import pytest

from evaluation.survival import cox, fine_gray

# Four people leave at 1, 2, 2 and 3, the last one censored; x is 1 for the first two.  Before
# the centre is taken off, risks are r r 1 1 with r = exp(b).
TIME, EVENT, X = [1, 2, 2, 3], [1, 1, 1, 0], [1.0, 1.0, 0.0, 0.0]


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_two_tied_events_share_the_risk_set(ties: cox.Ties) -> None:
    sample = cox.fit(TIME, EVENT, X, ties=ties).sample
    assert sample.events.tied.tolist() == [1, 1, 0]  # by falling time
    assert sample.events.d.tolist() == [1, 2]
    sums = sample.sums(np.ones(4))
    # At risk 4 and 3; of the two tied events the second sees half of both gone with Efron.
    second = 1 / (3 - 1) if ties == "efron" else 1 / 3
    np.testing.assert_allclose(sums.a0, [1 / 4, 1 / 3 + second])
    half = 0.5 if ties == "efron" else 0.0
    np.testing.assert_allclose(sums.a1, [0.0, half * second])
    np.testing.assert_allclose(sums.log_z[0], np.log(4))


def test_a_tilt_multiplies_the_terms_of_its_time() -> None:
    sample = cox.fit(TIME, EVENT, X).sample
    beta = np.array([0.3])
    parts = [sample.derivatives(beta, np.array(tilt)) for tilt in ([1.0, 0.0], [0.0, 1.0])]
    for whole, first, second in zip(sample.derivatives(beta), *parts, strict=True):
        np.testing.assert_allclose(whole, first + second)


def test_without_another_cause_both_models_are_one() -> None:
    ratio = cox.fit(TIME, EVENT, X).sample
    other = fine_gray.fit(TIME, EVENT, X, definition="finegray").sample
    beta = np.array([-0.4])
    for one, two in zip(ratio.derivatives(beta), other.derivatives(beta), strict=True):
        np.testing.assert_allclose(one, two)
    np.testing.assert_allclose(
        ratio.placed(ratio.residuals(beta)), other.placed(other.residuals(beta))
    )
