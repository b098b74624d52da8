"""Nothing leaves without a declaration, and what is hidden says why and no more."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyses.published.gate import HIDDEN, SMALL, Gate, _tellable
from analyses.published.tables import TABLES
from data_dictionary.errors import DesignError
from evaluation.notes import Note

REASON = Note("inference", "{reason}", facts={"reason": "2 treated clusters of 9: too few"})


@given(name=st.text(min_size=1))
def test_a_frame_without_a_declaration_cannot_leave(name: str) -> None:
    if name not in TABLES:
        with pytest.raises(DesignError, match="not declared as a result table"):
            Gate(5).publish({name: pd.DataFrame({"n": [1]})})


def test_the_nearest_name_is_offered() -> None:
    with pytest.raises(DesignError, match="Did you mean 'effects'"):
        Gate(5).publish({"effect": pd.DataFrame()})


def test_a_table_that_was_not_made_is_published_empty() -> None:
    shown = Gate(5).publish({})
    assert list(shown) == list(TABLES)
    assert all(table.frame.empty for table in shown.values())


def test_a_column_that_is_not_declared_does_not_leave() -> None:
    response = pd.DataFrame({"n_invited": [50], "n_answered": [30], "share": [60.0], "key": 1})
    assert "key" not in Gate(5).publish({"response": response})["response"].frame


def test_a_small_count_that_a_rule_overlooked_does_not_leave_nor_what_is_said_of_it() -> None:
    # The rule of this table looks at who left an item out, not at how few answered at all.
    scales = pd.DataFrame({"scale": ["a", "b"], "wave": 1, "n": [3, 90], "alpha": 0.9})
    shown = Gate(5).publish({"scales": scales})["scales"]
    assert shown.frame["n"].isna().tolist() == [True, False]
    assert shown.frame["alpha"].isna().tolist() == [True, False]
    assert shown.hidden["n"] == {SMALL: (0,)}


def test_small_hidden_and_never_there_are_told_apart() -> None:
    sites = pd.DataFrame({"outcome": "a", "term": "t", "cluster": list("xyz")}).assign(
        n_treated=[3, 20, 30], estimate=[1.0, 2.0, np.nan], loo_estimate=1.0
    )
    shown = Gate(5).publish({"sites": sites})["sites"]
    assert shown.hidden["n_treated"] == {SMALL: (0,), HIDDEN: (1,)}
    reasons = shown.reasons()
    assert reasons["n_treated"].tolist() == [SMALL, HIDDEN, ""]
    assert reasons["estimate"].tolist() == [HIDDEN, HIDDEN, ""]
    assert reasons.shape == shown.frame.shape


@given(
    few=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    many=st.lists(st.integers(5, 9), max_size=2),
)
def test_calling_a_count_small_leaves_it_every_small_value(
    few: list[int], many: list[int]
) -> None:
    counts = np.array([*few, *many], dtype=float)
    small = counts < 5
    everything = np.ones(len(counts), dtype=bool)
    told = _tellable(counts, everything, small, np.zeros(len(counts), dtype=int), 5)
    if not told.any():
        return
    # Whoever knows the sum and which counts are small can still not exclude a small value.
    rest = [sum(counts) - value for value in range(1, 5)]
    least, most = (len(few) - 1) + 5 * len(many), np.inf if many else 4 * (len(few) - 1)
    assert all(least <= total <= most for total in rest)


def test_notes_that_give_a_small_count_away_are_left_out() -> None:
    def lost(n: int, of: int) -> Note:
        return Note("lost", "{n} of {of} rows lack it", {"n": n, "of": of})

    reliability = Note("reliability", "reliability {r}", facts={"r": "0.835"})
    notes = [lost(2, 1149), lost(1147, 1149), lost(219, 731), reliability, REASON, REASON]
    assert Gate(5).notes(notes) == [str(lost(219, 731)), str(reliability), str(REASON)]
    assert Gate(1).notes(notes) == list(dict.fromkeys(map(str, notes)))


def test_a_text_that_has_not_declared_its_numbers_may_name_none() -> None:
    told = Gate(5).notes(["nobody was left out", "219 of 731 were left out"])
    assert told == ["nobody was left out"]


def test_a_count_of_few_is_none() -> None:
    assert [Gate(5).count(n) for n in (0, 4, 5, 6.6)] == [0, None, 5, 7]
