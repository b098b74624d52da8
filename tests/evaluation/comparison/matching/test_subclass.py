"""Stretches of a score."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from data_dictionary.errors import DesignError
from evaluation import Roles, Subclass, match, mean_difference
from tests.evaluation.comparison.small import ROLES, people


def test_subclasses_refuse_exact_columns_they_would_ignore() -> None:
    with pytest.raises(DesignError, match=r"roles\.exact is not used by method='subclass'"):
        match(people(40, 2), replace(ROLES, exact=("g",)), method="subclass")


def test_subclasses_are_not_invented_from_ties(lalonde, lalonde_roles) -> None:
    by_race = lalonde["race"].map({"black": 2, "hispan": 1, "white": 0})
    frame = lalonde.assign(id=range(len(lalonde)), d=by_race)
    m = match(frame, lalonde_roles, Subclass(n=6, distance="d"))
    # MatchIt 4.7.2: two subclasses and a warning.
    assert pd.crosstab(m.subclass, m.treated).to_numpy().tolist() == [[342, 29], [87, 156]]
    assert_allclose(mean_difference(m, "re78").estimate, 1076.7, atol=0.05)
    assert m.notes == (
        "2 of 6 subclasses were made: rows with the same distance measure are never parted.",
    )


@settings(deadline=None, max_examples=80)
@given(data=st.data())
def test_equal_rows_are_always_in_one_subclass(data: st.DataObject) -> None:
    n = data.draw(st.integers(6, 40))
    values = data.draw(st.lists(st.integers(0, 5), min_size=n, max_size=n))
    treated = [True, False, *data.draw(st.lists(st.booleans(), min_size=n - 2, max_size=n - 2))]
    frame = pd.DataFrame({"id": range(n), "t": treated, "s": np.array(values) / 4})
    roles = Roles(unit="id", treatment="t", covariates=("s",))
    wanted = Subclass(n=data.draw(st.integers(2, 6)), distance="s")
    estimand = data.draw(st.sampled_from(["ATT", "ATC", "ATE"]))
    try:
        m = match(frame, roles, wanted, estimand=estimand)
    except DesignError:  # too few rows of an arm
        assert min(sum(treated), n - sum(treated)) < wanted.n
        return
    sets = pd.DataFrame({"set": m.subclass, "s": frame["s"], "t": treated})
    assert len(sets[["s", "set"]].drop_duplicates()) == frame["s"].nunique()
    # In each arm they follow the order of the measure, and each holds both arms.
    for _, arm in sets.groupby("t"):
        assert arm.sort_values("s")["set"].is_monotonic_increasing
    assert len(sets[["set", "t"]].drop_duplicates()) == 2 * (m.subclass.max() + 1)
    assert bool(m.notes) == (m.subclass.max() + 1 < wanted.n)
