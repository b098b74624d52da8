from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.testing import assert_allclose

from evaluation.comparison.distance import caliper_width, on_scale
from evaluation.comparison.propensity import Propensity


def _propensity(log_odds: list[float]) -> Propensity:
    odds = np.array(log_odds)
    return Propensity(
        coef=pd.Series(dtype=float),
        log_odds=odds,
        score=1 / (1 + np.exp(-odds)),
        separated=np.isinf(odds),
        notes=(),
    )


def test_noise_of_summation_does_not_break_a_tie() -> None:
    model = _propensity([0.3, 0.3 + 1e-15, 0.3 - 1e-15])
    for scale in ("ps", "logit"):
        assert len(set(on_scale(model, scale))) == 1


def test_a_certain_row_still_has_a_finite_place_on_the_logit_scale() -> None:
    assert_allclose(on_scale(_propensity([np.inf, -np.inf]), "logit"), [27.6, -27.6])


def test_the_caliper_counts_standard_deviations_of_the_whole_sample() -> None:
    # SD of 1, 2, 3, 4 with n - 1: sqrt(5 / 3).
    assert_allclose(caliper_width(np.arange(1.0, 5.0), 0.2), 0.2 * np.sqrt(5 / 3))
    assert caliper_width(np.arange(4.0), None) == np.inf
