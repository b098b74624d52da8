"""Sizes of the arms and the tail of their weights, in tables and in words."""

from __future__ import annotations

import numpy as np
import pytest

import evaluation as ev
from evaluation import match
from tests.evaluation.comparison.small import CITIZENS, citizens


def test_tidy_and_text_tell_the_same_sizes() -> None:
    m = match(citizens(), CITIZENS, caliper=0.2, ratio=2)
    treated, comparison = m.tidy().itertuples(index=False)
    assert treated.n_used + treated.n_dropped == treated.n == m.treated.sum()
    assert str(m).endswith(f": {treated.n_used} treated, {comparison.n_used} comparison")
    assert m.design == (
        "nearest 1:2 on the logit of the propensity, caliper 0.2 SD, exact on quarter"
    )
    assert f"effective size {comparison.ess:.1f}" in m.summary()


def test_the_summary_tells_the_tail_of_the_weights(lalonde, lalonde_roles) -> None:
    m = ev.weigh(lalonde, lalonde_roles)
    row = m.weight_tail().set_index("arm").loc["comparison"]
    own = m.weights[~m.treated]
    assert row["largest"] == pytest.approx(own.max() / own.mean())
    assert row["top_share"] == pytest.approx(np.sort(own)[-4:].sum() / own.sum())
    assert f"largest {row['largest']:.2f}" in m.summary()
    # The treated weigh 1 each: nothing to tell.
    assert "weights of the treated arm" not in m.summary()
