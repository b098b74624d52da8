"""Every column has a role of the list and a meaning, or it cannot be declared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyses.published.columns import WORDS, Column, words


@given(role=st.text(min_size=1).filter(lambda text: text not in {"key", "text", "code"}))
def test_an_unknown_role_is_refused(role: str) -> None:
    known = {column.role for column in WORDS.values()}
    if role not in known:
        with pytest.raises(TypeError, match="is not known; use key, code"):
            Column(role, "something")  # type: ignore[arg-type]


def test_a_column_without_a_meaning_is_refused() -> None:
    with pytest.raises(TypeError, match="needs a meaning"):
        Column("estimate", "")
    with pytest.raises(TypeError, match=r"no meaning is declared for column\(s\) secret"):
        words("outcome secret")


def test_texts_are_texts_and_counts_may_be_missing() -> None:
    assert WORDS["outcome"].dtype == "object"
    assert WORDS["n"].dtype == "Int64"
    assert WORDS["week"].dtype == "int64"
    assert WORDS["estimate"].dtype == "float64"
