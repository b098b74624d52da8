"""How a file is read, in the study file and in a notebook alike."""

from __future__ import annotations

import inspect

import pytest

import surveys
from data_dictionary.errors import DesignError
from data_dictionary.schema import keys_of
from surveys.files.source import Reading, levels, listed


@pytest.mark.parametrize("reader", [surveys.read_table, surveys.read_wave])
def test_every_key_of_a_file_is_a_keyword_of_the_readers(reader: object) -> None:
    assert callable(reader)
    assert set(keys_of(Reading)) <= set(inspect.signature(reader).parameters)


def test_a_bare_text_is_not_taken_letter_by_letter() -> None:
    with pytest.raises(DesignError, match="blanks is one text"):
        listed("blanks", "NA")
    with pytest.raises(DesignError, match="'wave' has one text"):
        levels({"wave": "12"})
    assert listed("blanks", ["NA"]) == ("NA",)
    assert levels({"wave": [1]}) == {"wave": (1,)}
