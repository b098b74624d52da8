"""A person in several rows is one person to the errors of a study without clusters."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evaluation as ev
from evaluation.comparison.matching.shared_sets import independent
from evaluation.inference import cluster_variance
from evaluation.survival import cox

TIMES = {"start": "starts", "entry": "opened", "exit": "closed", "event": "found"}
ROLES = ev.Roles(unit="id", treatment="plan", covariates=("age",))


@pytest.fixture
def weeks() -> pd.DataFrame:
    """Return a who is matched with b, b later with c; d with e, who share nobody with them."""
    return pd.DataFrame(
        {
            "id": list("abcdef"),
            "plan": [True, True, False, True, False, False],
            "starts": [5, 20, None, 6, None, None],
            "opened": 0,
            "closed": [30, 40, 38, 22, 45, 12],
            "found": [True, True, True, True, True, True],
            "age": [30, 31, 33, 60, 61, 90],
            "score": [3.0, 5.0, 4.0, 8.0, 6.0, 7.0],
        }
    )


def test_sets_that_share_a_person_are_one_group_also_through_others() -> None:
    sets = np.array([0, 0, 1, 1, 2, 2, 3, 3])
    persons = np.array([0, 1, 1, 2, 3, 4, 2, 5])
    assert independent(sets, persons).tolist() == [0, 0, 0, 0, 1, 1, 0, 0]


def test_sets_without_shared_persons_stay_as_they_are() -> None:
    assert independent(np.array([4, 2, 4, 2]), np.arange(4)).tolist() == [1, 0, 1, 0]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=12))
@settings(deadline=None, max_examples=50)
def test_groups_are_the_finest_in_which_no_person_and_no_set_is_split(
    rows: list[tuple[int, int]],
) -> None:
    sets, persons = (np.array(side) for side in zip(*rows, strict=True))
    found = independent(sets, persons)
    # Brute force: give both ends of every link the lesser label until nothing moves.
    label = np.arange(len(rows))
    for _ in rows:
        for one in (sets, persons):
            for value in np.unique(one):
                label[one == value] = label[one == value].min()
    expected = np.unique(label, return_inverse=True)[1]
    assert len(set(zip(found.tolist(), expected.tolist(), strict=True))) == found.max() + 1
    assert found.max() == expected.max()


def test_a_control_who_becomes_a_participant_joins_two_sets(weeks: pd.DataFrame) -> None:
    m = ev.match_risk_sets(weeks, ROLES, **TIMES, distance="mahalanobis")
    used = m.frame.loc[m.used, ["id", "plan"]].assign(
        set=m.subclass[m.used], group=m.independent_sets[m.used]
    )
    assert used["set"].nunique() == 3
    groups = {frozenset(own["id"]) for _, own in used.groupby("group")}
    assert groups == {frozenset("abc"), frozenset("de")}


def test_the_error_of_a_mean_is_that_of_persons_groups_by_hand(weeks: pd.DataFrame) -> None:
    m = ev.match_risk_sets(weeks, ROLES, **TIMES, distance="mahalanobis")
    d = ev.Duration(exit="follow_up", event="found")
    found = ev.hazard_ratio(m, d)
    assert found.decision.method == "set"
    # Rows of the frame's order, groups by hand: a, b (twice) and c; d and e.
    joined = m.frame.loc[m.used, "id"].isin(list("abc")).to_numpy()
    used = m.frame[m.used]
    fit = cox.fit(
        used["follow_up"].to_numpy(float),
        used["found"].to_numpy(bool),
        used[["plan"]].to_numpy(float),
        cluster=joined.astype(int),
    )
    assert found.std_error == pytest.approx(float(np.sqrt(fit.vcov_robust[0, 0])))


def test_with_replacement_the_rows_of_a_person_are_added_up(weeks: pd.DataFrame) -> None:
    m = ev.match_risk_sets(weeks, ROLES, **TIMES, distance="mahalanobis", replace=True)
    assert m.independent_sets is None
    repeated = m.frame.loc[m.used, "id"].duplicated()
    assert repeated.any()
    effect = ev.mean_difference(m, "score", unit="points")
    used = m.frame[m.used]
    X = np.column_stack([np.ones(len(used)), m.treated[m.used]])
    by_person = cluster_variance.fit(
        X,
        used["score"].to_numpy(),
        used["id"].to_numpy(),
        kind="CR2",
        weights=m.weights[m.used],
    )
    assert effect.std_error == pytest.approx(float(by_person.std_error[1]))
    assert "CR2 by person" in effect.method
