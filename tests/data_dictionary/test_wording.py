"""A type is called by what a user must write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import pytest

from data_dictionary.wording import Level, wording


@pytest.mark.parametrize(
    ("hint", "words"),
    [
        (bool, "true or false"),
        (Level, "a level: true, a number or a text"),
        (Level | None, "a level: true, a number or a text"),
        (tuple[Level, ...], "a list of levels, such as [4, 5]"),
        (tuple[int, int], "2 whole numbers"),
        (Literal["a", "b"], "'a' or 'b'"),
        (int | Mapping[str, int], "a whole number or a table, each a whole number"),
    ],
)
def test_a_type_is_called_by_what_to_write(hint: Any, words: str) -> None:
    assert wording(hint) == words
