"""An amount in the cohort's table, compared by its mean."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import evaluation as ev
from analyses import Study, Tables
from analyses.outcomes.value import Value, values_of

OUTCOME = Value(name="pay", kind="value", column="re78", unit="dollar")


def test_the_means_are_compared_of_those_whose_amount_is_known(
    study: Study, tables: Tables
) -> None:
    frame = pd.DataFrame(
        {
            "person": range(8),
            "plan": [True] * 4 + [False] * 4,
            "re78": [5.0, 7.0, 9.0, None, 1.0, 2.0, 3.0, 4.0],
        }
    )
    m = ev.unmatched(frame, ev.Roles(unit="person", treatment="plan"))
    one = OUTCOME.estimated(OUTCOME.placed(m, study, tables), study, tables)
    assert one.tested.estimate == pytest.approx(7.0 - 2.5)
    assert (one.tested.outcome, one.tested.term, one.tested.unit) == (
        "pay",
        "mean_difference",
        "dollar",
    )
    assert one.observed.sum() == 7
    assert not one.beside
    assert not one.others
    made = one.outcome.variants(one, study, tables)
    assert getattr(made.values, "unit", "") == "dollar"
    assert not made.estimators


def test_amounts_are_told_from_other_outcomes(study: Study) -> None:
    other = replace(OUTCOME, name="other")
    assert values_of((*study.outcomes, OUTCOME, other)) == {"pay": OUTCOME, "other": other}
    assert OUTCOME.columns == ("re78",)
