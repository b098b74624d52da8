"""What follows from a comparison that has been made: sets, clusters, outcomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

import evaluation as ev
from data_dictionary.errors import DesignError, EnplanError
from evaluation import match
from tests.evaluation.comparison.small import CITIZENS, citizens, drawn


def test_sets_are_numbered_by_their_treated_row_and_agree_with_the_pairs() -> None:
    m = match(citizens(), CITIZENS, ratio=2)
    for subclass, rows in m.pairs.groupby("subclass"):
        members = np.flatnonzero(m.subclass == subclass)
        assert_array_equal(members, np.union1d(rows["treated"], rows["comparison"]))
    assert m.pairs["treated"].is_monotonic_increasing
    assert m.set_codes is m.subclass


def test_with_replacement_rows_have_no_set_of_their_own() -> None:
    m = match(citizens(), CITIZENS, replace=True)
    assert m.set_codes is None
    assert m.pairs["subclass"].nunique() == m.treated.sum()


def test_clusters_are_coded_in_sorted_order_and_absent_without_a_role() -> None:
    frame = citizens()
    m = match(frame, CITIZENS)
    assert_array_equal(np.unique(frame["town"])[m.cluster_codes], frame["town"])
    assert_array_equal(m.cluster, frame["town"])
    alone = match(frame, replace(CITIZENS, cluster=None))
    assert alone.cluster is None
    assert alone.cluster_codes is None


@pytest.mark.parametrize("make", [ev.match, ev.weigh])
def test_an_outcome_that_the_arms_were_made_alike_on_is_refused(make) -> None:
    frame = drawn().assign(before=lambda one: one["x"] / 2, weeks=3.0, job=1)
    roles = ev.Roles(unit="id", treatment="plan", covariates=("x", "y", "job"))
    m = make(frame, roles)
    told = "='y' is also among the covariates or exact columns of the roles"
    effects: list[Callable[[], object]] = [
        lambda: ev.mean_difference(m, "y"),
        lambda: ev.score_difference(m, "y", baseline="before", reliability=None),
        lambda: ev.g_computation(m, "y"),
        lambda: ev.person_values(m, "y"),
    ]
    for effect in effects:
        with pytest.raises(DesignError, match=f"outcome{told}"):
            effect()
    with pytest.raises(DesignError, match="event='job' is also among the covariates"):
        ev.incidence(m, ev.Duration(exit="weeks", event="job"), horizon=2)
    with pytest.raises(DesignError, match="outcome='plan' is the treatment"):
        ev.mean_difference(m, "plan")
    # As they stand nothing was made alike: a covariate may be looked at.
    assert np.isfinite(ev.mean_difference(ev.unmatched(frame, roles), "y").estimate)


def test_an_outcome_never_explains_itself() -> None:
    m = ev.match(drawn(), ev.Roles(unit="id", treatment="plan", covariates=("x",)))
    for effect in (ev.mean_difference, ev.g_computation):
        with pytest.raises(
            DesignError, match="outcome='y' is also a covariate or the baseline"
        ):
            effect(m, "y", covariates=("female", "y"))
    with pytest.raises(DesignError, match="outcome='y' is also a covariate or the baseline"):
        ev.score_difference(m, "y", baseline="y", reliability=None)
    # A measure from before may be balanced, and corrected for as well.
    assert ev.score_difference(m, "y", baseline="x").estimate


@pytest.mark.parametrize("effect", [ev.mean_difference, ev.g_computation, ev.person_values])
@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        ("who", r"='who' holds no numbers \(string\)"),
        ("day", r"='day' holds no numbers \(datetime64\)"),
        ("yy", "='yy' is not a column of this table"),
    ],
)
def test_an_outcome_without_numbers_is_told_in_words(
    effect, outcome: str, message: str
) -> None:
    frame = drawn().assign(who="a", day=pd.Timestamp("2020-01-01"))
    m = ev.match(frame, ev.Roles(unit="id", treatment="plan", covariates=("x",)))
    with pytest.raises(EnplanError, match=message):
        effect(m, outcome)
    with pytest.raises(DesignError, match="baseline='who' holds no numbers"):
        ev.score_difference(m, "y", baseline="who")
