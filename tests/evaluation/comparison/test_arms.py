"""A frame is read as two arms, or refused with every reason."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

from data_dictionary.errors import ColumnError, DesignError
from evaluation import match, unmatched
from tests.evaluation.comparison.small import CITIZENS, citizens


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (False, "no treated row among 200"),
        (True, "no comparison row among 200"),
        (np.arange(200) % 3, r"has 3 level\(s\) that are not all 0/1"),
        (["yes", "no"] * 100, r"has 2 level\(s\) that are not all 0/1"),
        ([None, True, False, True] * 50, r"50 row\(s\) have no value"),
    ],
)
@pytest.mark.parametrize("verb", [match, unmatched])
def test_a_treatment_that_is_not_two_arms_is_refused(verb, plan, message) -> None:
    with pytest.raises(DesignError, match=message):
        verb(citizens().assign(plan=plan), CITIZENS)


@pytest.mark.parametrize("dtype", [bool, int, float, "boolean", "Int64", object])
def test_a_treatment_may_be_stored_in_any_way(dtype: object) -> None:
    frame = citizens()
    m = match(frame.astype({"plan": dtype}), CITIZENS)
    assert_array_equal(m.treated, frame["plan"])


def test_missing_values_are_counted_for_every_column_at_once() -> None:
    frame = citizens().astype({"children": "Int64"})
    frame.loc[3:5, "age"] = np.nan
    frame.loc[7, "quarter"] = None
    frame.loc[9:10, "children"] = pd.NA
    with pytest.raises(DesignError) as refusal:
        match(frame, CITIZENS)
    assert str(refusal.value).splitlines() == [
        "3 column(s) have missing values among 200 rows",
        "  - exact 'quarter': 1 missing value(s)",
        "  - covariate 'age': 3 missing value(s)",
        "  - covariate 'children': 2 missing value(s)",
        "Impute them, give missing its own level, or leave those rows out. Blank covariates "
        "may stay, with Roles(missing='indicator').",
    ]


def test_nobody_is_compared_with_themselves() -> None:
    frame = citizens(60)
    own_months = frame[frame["plan"]].assign(plan=False)
    m = match(pd.concat([frame, own_months], ignore_index=True), replace(CITIZENS, exact=()))
    assert m.used[: len(frame)].sum() == m.used.sum()
    assert f"{len(own_months)} comparison row(s) belong to units that are also" in m.notes[0]


def test_matching_on_nothing_is_refused() -> None:
    with pytest.raises(DesignError, match=r"covariates=\(\) leaves nothing to match on"):
        match(citizens(), replace(CITIZENS, covariates=()))


def test_a_role_without_a_column_offers_the_nearest_name() -> None:
    with pytest.raises(ColumnError, match="Did you mean 'children'"):
        match(citizens(), replace(CITIZENS, covariates=("age", "chidren")))


@pytest.mark.parametrize("weight", [-1.0, np.nan, np.inf])
def test_a_sampling_weight_that_is_none_is_refused(weight: float) -> None:
    frame = citizens().assign(w=1.0)
    frame.loc[:2, "w"] = weight
    for verb in (match, unmatched):
        with pytest.raises(DesignError, match=r"weight='w': 3 row\(s\) are missing"):
            verb(frame, replace(CITIZENS, weight="w"))
