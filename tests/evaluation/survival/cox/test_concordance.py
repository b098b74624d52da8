from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary.errors import DesignError
from evaluation.survival.cox.concordance import concordance


def rows(n: int, seed: int):
    """Make weekly ties, tied scores, late entry, weights and strata."""
    rng = np.random.default_rng(seed)
    exits = np.ceil(rng.exponential(8, n)) + 1
    entry = np.floor(exits * rng.uniform(0, 0.9, n))
    score = np.round(rng.normal(size=n), 1)
    return exits, rng.random(n) < 0.6, score, entry, rng.uniform(0.5, 2, n), np.arange(n) % 2


def by_pairs(exits, event, score, entry, weights, strata) -> tuple[float, float]:
    """Count every pair."""
    agree = total = 0.0
    for i in np.flatnonzero(event):
        later = (exits > exits[i]) | ((exits == exits[i]) & ~event)
        others = later & (entry < exits[i]) & (strata == strata[i])
        pair = weights[i] * weights[others]
        total += pair.sum()
        agree += pair @ ((score[i] > score[others]) + 0.5 * (score[i] == score[others]))
    return agree / total, total


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 2**16))
def test_it_is_the_share_of_all_pairs_counted_one_by_one(seed: int) -> None:
    exits, event, score, entry, weights, strata = rows(40, seed)
    found = concordance(exits, event, score, entry=entry, weights=weights, strata=strata)
    share, total = by_pairs(exits, event, score, entry, weights, strata)
    assert found.estimate == pytest.approx(share)
    assert found.n_pairs == pytest.approx(total)
    # Contributions are the derivative with respect to the weights.
    moved = weights.copy()
    moved[3] *= 1 + 1e-6
    change = by_pairs(exits, event, score, entry, moved, strata)[0] - share
    assert found.contributions[3] == pytest.approx(change / 1e-6, abs=1e-5)
    assert found.contributions.sum() == pytest.approx(0, abs=1e-10)


def test_a_score_turned_round_gives_the_complement() -> None:
    exits, event, score, *_ = rows(60, 1)
    found, turned = concordance(exits, event, score), concordance(exits, event, -score)
    assert found.estimate == pytest.approx(1 - turned.estimate)
    assert found.std_error == pytest.approx(turned.std_error)
    assert concordance(exits, event, -exits - 0.5 * ~event).estimate == 1.0
    assert concordance(exits, event, np.ones(60)).estimate == 0.5


def test_what_cannot_be_measured_is_refused() -> None:
    with pytest.raises(DesignError, match="no pair is comparable"):
        concordance([1, 2], [0, 1], [1.0, 2.0])
    with pytest.raises(ValueError, match="score must hold one finite number"):
        concordance([1, 2], [0, 1], [1.0, np.nan])
    with pytest.raises(ValueError, match="event must be 0 or 1"):
        concordance([1, 2], [0, 2], [1.0, 2.0])
    with pytest.raises(ValueError, match="strata must hold one value per row"):
        concordance([1, 2], [0, 1], [1.0, 2.0], strata=[1])
