"""Messages that every floor makes alike."""

from __future__ import annotations

import pytest

from data_dictionary.errors import ColumnError, refuse_lacking


def test_all_names_that_are_lacking_are_told_with_the_nearest() -> None:
    with pytest.raises(ColumnError) as refusal:
        refuse_lacking(("age", "town", "sex"), ["agee", "sex"], "the population lacks")
    assert str(refusal.value) == "the population lacks 'age'. Did you mean 'agee'? 'town'."


def test_nothing_is_said_where_nothing_is_lacking() -> None:
    refuse_lacking(("age",), ["age", "sex"], "the population lacks")
