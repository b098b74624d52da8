"""What is asked of every outcome has an answer that most kinds give."""

from __future__ import annotations

import numpy as np
import pandas as pd

import evaluation as ev
from analyses import Study, Tables
from analyses.outcomes.kind import Estimated
from analyses.outcomes.value import Value
from data_dictionary.mistakes import Mistakes
from evaluation import Effect, Matched


def test_an_amount_gives_the_answers_that_most_kinds_give(study: Study, tables: Tables) -> None:
    plain = Value(name="x", kind="value", column="x", unit="kroner")
    frame = pd.DataFrame({"x": [1.0]})
    assert plain.needs(study) == ()
    assert plain.conditions(study, tables, pd.Series(dtype="datetime64[ns]")) == []
    assert plain.own_set(study, frame, {}) is None
    assert plain.causes_beside == ()
    assert plain.columns == ("x",)
    assert (plain.is_weekly, plain.is_asked) == (False, False)
    assert plain.completed(Mistakes(), "[[outcome]] x") == plain


def test_numbers_that_are_missing_are_not_observed() -> None:
    frame = pd.DataFrame(
        {
            "person": range(6),
            "plan": [True] * 3 + [False] * 3,
            "x": [1.0, 2.0, None, 4.0, 5.0, 6.0],
        }
    )
    m = ev.unmatched(frame, ev.Roles(unit="person", treatment="plan"))

    def again(other: Matched) -> Effect:
        return ev.mean_difference(other, "x", unit="kroner")

    outcome = Value(name="x", kind="value", column="x", unit="kroner")
    found = Estimated.of_numbers(outcome, m, "x", again)
    assert np.array_equal(found.observed, frame["x"].notna())
    assert found.tested.n_treated == 2
