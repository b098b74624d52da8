"""Who may be matched at all."""

from __future__ import annotations

import pandas as pd
import pytest

from data_dictionary.errors import DesignError
from evaluation import Exact, Nearest, match
from tests.evaluation.comparison.small import BY_S, HAND, ROLES, people


def test_donors_may_be_excluded() -> None:
    m = match(HAND, BY_S, method=Nearest(exclude={"g": ["b"]}), distance="s")
    assert m.used[HAND["t"].eq(0) & HAND["g"].eq("b")].sum() == 0
    assert m.notes[0] == "2 comparison row(s) are excluded as donors (g)."
    with pytest.raises(DesignError, match="all 4 are excluded, discarded"):
        match(HAND, BY_S, method=Exact(exclude={"g": ["a", "b"]}))


@pytest.mark.parametrize("method", ["full", "subclass", "cem", "exact"])
def test_a_unit_in_several_rows_is_refused_where_it_would_be_used_twice(method: str) -> None:
    frame = pd.concat([people(40, 2), people(40, 2)[lambda p: ~p["t"]]], ignore_index=True)
    with pytest.raises(DesignError, match=r"row\(s\) repeat a unit"):
        match(frame, ROLES, method=method)
