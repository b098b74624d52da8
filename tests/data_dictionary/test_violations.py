"""Violations: rows count from one, and one error lists them all."""

import numpy as np
import pytest

from data_dictionary import Violation, refuse
from data_dictionary.errors import DataError
from data_dictionary.violations import first_rows, rows_in_words, wrong_rows


def test_the_first_row_of_data_is_row_one() -> None:
    assert first_rows(np.array([True, False, True])) == (1, 3)


@pytest.mark.parametrize(
    ("rows", "count", "words"),
    [((4,), 1, "(row 4)"), ((4, 88), 2, "(rows 4, 88)"),
     ((1, 2, 3, 4), 4, "(rows 1, 2, 3, ...)"),
     ((4,), 3, "(row 4, ...)")],
)  # fmt: skip
def test_rows_are_shown_up_to_three(rows: tuple[int, ...], count: int, words: str) -> None:
    assert rows_in_words(rows, count) == words


def test_a_rule_that_no_row_breaks_gives_nothing() -> None:
    assert wrong_rows("t", "c", "order", np.zeros(3, dtype=bool), "wrong", "Mend.") == []


def test_nothing_is_refused_without_violations() -> None:
    refuse("file.csv", [])


def test_a_refusal_counts_columns_and_lists_each_violation() -> None:
    found = [
        Violation(table="t", column=name, rule="type", count=1, rows=(1,), message="bad.")
        for name in ("a", "b", "a")
    ]
    with pytest.raises(DataError) as refusal:
        refuse("file.csv", found)
    assert str(refusal.value) == (
        "file.csv: 2 column(s) break the data dictionary\n  - a: bad.\n  - b: bad.\n  - a: bad."
    )
