from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data_dictionary.errors import DesignError
from evaluation import Matched, Roles, match
from evaluation.comparison.verify import verify


@pytest.fixture
def matched() -> Matched:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "id": range(80),
            "t": np.arange(80) < 20,
            "x": rng.normal(size=80),
            "g": rng.choice(["a", "b"], size=80),
        }
    )
    roles = Roles(unit="id", treatment="t", covariates=("x",), exact=("g",))
    return match(frame, roles, ratio=2, caliper=0.5)


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
    "agree on every exact column": lambda m: replace(
        m, frame=m.frame.assign(g=np.where(m.treated, "a", "b"))
    ),
    "no unit is used twice": _reused,
    "weights follow from the pairs": _weights,
    "weights follow from the sets": _sets,
    "dropped and matched add up": lambda m: replace(
        m, dropped=pd.DataFrame({"row": [0, 79], "reason": ["?", "?"]})
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", BREAKAGES)
def test_a_match_that_breaks_a_rule_is_refused_naming_it(rule: str, matched: Matched) -> None:
    verify(matched)
    with pytest.raises(DesignError, match=rule):
        verify(BREAKAGES[rule](matched))
