"""What follows from a comparison that has been made: sets, clusters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.testing import assert_array_equal

from evaluation import match
from tests.evaluation.comparison.small import CITIZENS, citizens


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
