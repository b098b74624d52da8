"""Nothing leaves without a declaration, and what is hidden says why and no more."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyses.published.gate import HIDDEN, SMALL, Gate
from analyses.published.tables import TABLES, tables_of
from data_dictionary.errors import DesignError
from evaluation.disclosure import told_sizes
from evaluation.notes import Note
from tests.analyses.published.whole import nested, whole

REASON = Note("inference", "{reason}", facts={"reason": "2 treated clusters of 9: too few"})


def test_a_study_publishes_the_tables_of_its_kind_and_no_other() -> None:
    own = tables_of("before_after")
    assert list(Gate(5, own).publish({})) == list(Gate(1, own).publish({})) == list(own)
    with pytest.raises(DesignError, match="'effects' is not declared as a result table"):
        Gate(5, own).publish({"effects": pd.DataFrame()})


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
    made = {"response": whole("response", response)}
    assert "key" not in Gate(5).publish(made)["response"].frame


def test_a_count_that_does_not_say_whom_it_counts_does_not_leave() -> None:
    with pytest.raises(DesignError, match="n_who must say whom each count counts"):
        Gate(5).publish({"scales": pd.DataFrame({"scale": ["a"], "n": [90]})})


def test_a_small_count_that_a_rule_overlooked_does_not_leave_nor_what_is_said_of_it() -> None:
    # The rule of this table looks at who left an item out, not at how few answered at all.
    scales = pd.DataFrame({"scale": ["a", "b"], "wave": 1, "n": [3, 90], "alpha": 0.9})
    shown = Gate(5).publish({"scales": whole("scales", scales)})["scales"]
    assert shown.frame["n"].isna().tolist() == [True, False]
    assert shown.frame["alpha"].isna().tolist() == [True, False]
    assert shown.hidden["n"] == {SMALL: (0,)}


def test_digits_are_taken_off_last_and_none_where_the_data_are_public() -> None:
    scales = pd.DataFrame({"scale": ["a"], "wave": 1, "n": [90], "alpha": 0.8348522455})
    scales = whole("scales", scales.assign(conf_low=0.7912345, conf_high=0.8712345))
    shown = Gate(5).publish({"scales": scales})["scales"]
    assert shown.frame["alpha"].tolist() == [0.835]
    assert shown.exact["alpha"].tolist() == [0.8348522455]
    assert Gate(1).publish({"scales": scales})["scales"].frame["alpha"].tolist() == [
        0.8348522455
    ]


def test_small_hidden_and_never_there_are_told_apart() -> None:
    sites = pd.DataFrame(
        {"outcome": "a", "term": "t", "cluster": list("xyz"), "effective": np.nan}
    ).assign(n_treated=[3, 20, 30], estimate=[1.0, 2.0, np.nan], loo_estimate=1.0)
    shown = Gate(5).publish({"sites": whole("sites", sites)})["sites"]
    # Which of the two is small would tell of both: their sum is known.
    assert shown.hidden["n_treated"] == {HIDDEN: (0, 1)}
    reasons = shown.reasons()
    assert reasons["n_treated"].tolist() == [HIDDEN, HIDDEN, ""]
    assert reasons["estimate"].tolist() == [HIDDEN, HIDDEN, ""]
    assert reasons.shape == shown.frame.shape


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8), st.integers(2, 7))
def test_no_two_groups_that_hold_one_another_are_told_few_apart(
    counts: list[int], least: int
) -> None:
    told = told_sizes([nested(n) for n in counts], min_cell=least)  # type: ignore[misc]
    sizes = sorted((len(who), size) for who, size in told.items())
    shown = [size for _, size in sizes if not np.isnan(size)]
    assert shown == sorted(shown)
    assert all(gap == 0 or gap >= least for gap in np.diff(shown))
    for n, size in sizes:
        assert np.isnan(size) or abs(size - n) < least
        assert not np.isnan(size) or n < 2 * least


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
    assert [Gate(5).count(n) for n in (0, 4, 5, 6.6, 14)] == [None, None, 5, 5, 10]
