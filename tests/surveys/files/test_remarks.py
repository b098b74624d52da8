"""Remarks are a closed list, and say where they stand."""

from __future__ import annotations

import pytest

from surveys.files.remarks import REMARKS, Remark


def test_a_remark_names_its_columns_and_fills_its_sentence() -> None:
    said = str(Remark(what="columns_ignored", columns=("a", "b"), count=2))
    assert said == "a, b: 2 column(s) that the dictionary does not know were left out"


def test_a_code_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="add it to REMARKS"):
        Remark(what="guessed")


@pytest.mark.parametrize("code", sorted(REMARKS))
def test_every_sentence_can_be_filled(code: str) -> None:
    assert "{" not in str(Remark(what=code, count=3, detail="x"))
