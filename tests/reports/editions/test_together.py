"""No edition is the whole less the others."""

from __future__ import annotations

from math import nan

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_dictionary.errors import DataError
from reports.editions.together import given_away, is_open, require_closed
from tests.reports import minimal
from tests.reports.editions.places import of_places


def test_all_shown_and_two_hidden_that_may_be_anything_are_let_through() -> None:
    require_closed(minimal.report(of_places({"a": 20, "b": 30})))
    require_closed(minimal.report(of_places({"a": nan, "b": nan, "c": 30}, whole=50)))


@pytest.mark.parametrize("whole", [33, 53])
def test_one_hidden_place_is_the_whole_less_the_others(whole: int) -> None:
    report = minimal.report(of_places({"a": 20, "b": 10, "c": nan}, whole=whole))
    with pytest.raises(DataError, match=r"sites\.csv: participants of employment") as error:
        require_closed(report)
    assert "none was made" in str(error.value)


def test_two_hidden_places_of_next_to_nobody_are_refused() -> None:
    report = minimal.report(of_places({"a": 20, "b": nan, "c": nan}, whole=23))
    assert len(list(given_away(report))) == 1
    assert not list(given_away(minimal.report(of_places({"a": nan, "b": nan}, whole=4))))


@pytest.mark.parametrize("column", ["n", "estimate"])
def test_a_hidden_place_before_the_programme_is_sought_too(column: str) -> None:
    frames = of_places({"a": 20, "b": 30}, before={"a": 40, "b": 50, "c": 60})
    require_closed(minimal.report(frames))
    places = frames["municipalities"].astype({"n": "Int64"})
    places.loc[places["cluster"] == "c", column] = pd.NA
    found = list(given_away(minimal.report({**frames, "municipalities": places})))
    assert [f"municipalities.csv: {column} of treated" in one for one in found] == [True, True]
    # Where the whole is hidden too, nothing can be taken from it.
    hidden = {
        **frames,
        "municipalities": places,
        "pretrends": frames["pretrends"].assign(**{column: nan}),
    }
    assert not list(given_away(minimal.report(hidden)))


@given(
    st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=6),
    st.integers(2, 10),
)
def test_what_is_let_through_leaves_every_hidden_part_open(
    parts: list[tuple[int, bool]], min_cell: int
) -> None:
    shown = [nan if is_hidden else float(n) for n, is_hidden in parts]
    hidden = [n for n, is_hidden in parts if is_hidden]
    whole = float(sum(n for n, _ in parts))
    if is_open(shown, whole, min_cell) and hidden:
        rest = sum(hidden)
        # Each of the hidden may have what the others leave: from nobody to all of it.
        possible = range(rest + 1) if len(hidden) > 1 else [rest]
        assert set(range(min_cell)) <= set(possible)
