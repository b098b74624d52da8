"""Columns that a call names are there, once, and hold numbers where these are reckoned with."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

from data_dictionary.errors import DesignError
from evaluation.columns import numbers_in


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([1, 0, None], dtype="Int64"),
        pd.Series([True, False, None], dtype="boolean"),
        pd.Series([1.0, 0.0, np.nan]),
        pd.Series([1, 0.0, None], dtype=object),
        pd.Series([Decimal(1), Decimal(0), None], dtype=object),
        pd.Series([1, 0, None]).astype("category"),
    ],
)
def test_numbers_are_read_however_they_are_stored(column: pd.Series) -> None:
    assert_array_equal(numbers_in(pd.DataFrame({"y": column}), "outcome", "y"), [1, 0, np.nan])


@pytest.mark.parametrize(
    ("column", "held"),
    [
        (pd.Series(["1", "2"]), "string"),
        (pd.Series(["a", "b"], dtype="category"), "string"),
        (pd.Series([1, "a"], dtype=object), "mixed-integer"),
        (pd.to_datetime(pd.Series(["2020-01-01", None])), "datetime64"),
        (pd.Series([1 + 2j, 2]), "complex"),
        (pd.Series([[1], [2]]), "mixed"),
    ],
)
def test_anything_else_is_refused_without_a_value(column: pd.Series, held: str) -> None:
    with pytest.raises(DesignError, match="outcome='y' holds no numbers") as refusal:
        numbers_in(pd.DataFrame({"y": column}), "outcome", "y")
    assert f"({held})" in str(refusal.value)
