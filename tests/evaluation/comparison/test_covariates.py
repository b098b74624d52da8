from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data_dictionary.errors import DesignError
from evaluation.comparison.covariates import design_matrix, expand


def test_categories_keep_all_levels_and_the_model_drops_the_first() -> None:
    frame = pd.DataFrame({"age": [30, 40, 50], "town": ["b", "a", "b"]})
    assert [c.label for c in expand(frame, ("age", "town"))] == ["age", "town[a]", "town[b]"]
    matrix, columns = design_matrix(frame, ("age", "town"))
    assert [column.label for column in columns] == ["age", "town[b]"]
    assert matrix.tolist() == [[30, 1], [40, 0], [50, 1]]


def test_levels_keep_the_order_of_a_category_and_skip_those_that_do_not_occur() -> None:
    level = pd.Categorical(["low", "high", "low"], categories=["low", "middle", "high"])
    columns = list(expand(pd.DataFrame({"level": level}), ("level",)))
    assert [column.level for column in columns] == ["low", "high"]
    assert columns[0].numbers.tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    ("column", "is_binary"),
    [
        ([True, False, True], True),
        ([0, 1, 1], True),
        ([0, 1, 2], False),
        (pd.array([1, 0, 1], dtype="Int64"), True),
        (pd.array([True, False, True], dtype="boolean"), True),
        ([0.5, 0.0, 1.0], False),
    ],
)
def test_only_zero_and_one_are_binary(column: object, is_binary: bool) -> None:
    (expanded,) = expand(pd.DataFrame({"x": column}), ("x",))
    assert expanded.is_binary is is_binary
    assert expanded.level == ""


def test_dates_infinite_numbers_and_endless_categories_are_refused_by_name() -> None:
    frame = pd.DataFrame(
        {
            "born": pd.to_datetime(["1980-01-01"] * 300),
            "income": np.inf,
            "address": [f"street {i}" for i in range(300)],
        }
    )
    for name, message in {
        "born": "holds dates or durations; derive a number",
        "income": "300 infinite value",
        "address": "has 300 levels, over 200",
    }.items():
        with pytest.raises(DesignError, match=f"covariate '{name}'.* ?{message}"):
            list(expand(frame, (name,)))


def test_blanks_are_filled_beside_an_indicator() -> None:
    frame = pd.DataFrame(
        {"age": [30, None, 50, 90], "town": ["b", None, "a", "missing"], "sex": [1, 0, 1, 1]}
    )
    names = ("age", "town", "sex")
    shown = {column.label: column for column in expand(frame, names, indicators=True)}
    assert list(shown) == [
        *("age", "age[missing]"),
        *("town[a]", "town[b]", "town[missing]", "town[(missing)]"),
        "sex",
    ]
    assert np.isnan(shown["age"].numbers[1])
    matrix, columns = design_matrix(frame, names, indicators=True)
    by_label = dict(zip((column.label for column in columns), matrix.T.tolist(), strict=True))
    assert by_label["age"] == [30, 50, 50, 90]  # the median of those known
    assert by_label["age[missing]"] == by_label["town[(missing)]"] == [0, 1, 0, 0]
    assert by_label["town[b]"] == [1, 0, 0, 0]
    assert np.isnan(design_matrix(frame, names)[0]).sum() == 3
