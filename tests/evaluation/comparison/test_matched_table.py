"""The matched table, row by row and set by set, and what other programs read of it."""

from __future__ import annotations

from io import BytesIO, StringIO

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from data_dictionary.errors import ColumnError, DesignError
from tests.evaluation.comparison.small import BY_S, HAND

ADDED = ["arm", "weights", "subclass", "distance", "propensity"]


def test_pairs_by_hand() -> None:
    """Treated 9, 2 and 1 choose in turn: 8, then 1.5 (as near as 2.5), then 2.5."""
    frame = HAND.set_index(HAND["id"] + 10)
    m = ev.match(frame, BY_S, distance="s")
    table = m.data()
    assert table.columns.tolist() == [*HAND.columns, "arm", "weights", "subclass", "distance"]
    assert table.index.tolist() == [10, 11, 12, 13, 14, 16]
    assert table["arm"].tolist() == ["treated"] * 3 + ["comparison"] * 3
    assert table["subclass"].tolist() == [0, 1, 2, 1, 0, 2]
    assert table["distance"].tolist() == [1.0, 2.0, 9.0, 1.5, 2.5, 8.0]
    assert (table["weights"] == 1).all()
    everybody = m.data(rows="all")
    assert everybody["weights"].tolist() == m.weights.tolist()
    assert everybody["subclass"].isna().tolist() == [False] * 5 + [True, False]
    by_set = m.data(rows="sets")
    assert by_set["subclass"].tolist() == [0, 0, 1, 1, 2, 2]
    assert by_set["id"].tolist() == [0, 4, 1, 3, 2, 6]


def test_with_replacement_the_parts_of_a_row_add_up_to_its_weight(
    lalonde, lalonde_roles
) -> None:
    m = ev.match(lalonde, lalonde_roles, ratio=2, replace=True)
    assert "subclass" not in m.data().columns
    by_set = m.data(rows="sets")
    assert len(by_set) == 185 * 3
    # Both partners of a set count alike before they are scaled to the arm, as get_matches says.
    scale = m.used[~m.treated].sum() / 185
    parts = by_set[by_set["arm"] == "comparison"].groupby("subclass")["weights"]
    assert (parts.size() == 2).all()
    assert np.allclose(parts.min(), scale / 2, rtol=1e-12)
    total = by_set.groupby(level=0)["weights"].sum()
    assert np.allclose(total, m.weights[total.index], rtol=1e-12)
    assert len(total) == m.used.sum()


def test_weights_have_no_sets(lalonde, lalonde_roles) -> None:
    m = ev.weigh(lalonde, lalonde_roles, "entropy")
    assert m.data().columns[-2:].tolist() == ["arm", "weights"]
    assert ev.weigh(lalonde, lalonde_roles).data().columns[-3:].tolist() == [
        "weights",
        "distance",
        "propensity",
    ]
    with pytest.raises(
        DesignError, match="entropy balancing of means: this design has no sets"
    ):
        m.data(rows="sets")
    with pytest.raises(DesignError, match=r"rows='set' is not offered; .* Did you mean 'sets'"):
        m.data(rows="set")


def test_a_name_of_the_frame_is_not_overwritten() -> None:
    frame = HAND.assign(weights=2.0, arm="left")
    m = ev.match(frame, BY_S, distance="s")
    with pytest.raises(ColumnError, match=r"2 column\(s\) .* 'arm', 'weights'; .*prefix="):
        m.data()
    table = m.data(prefix="match_")
    assert (table["weights"] == 2).all()
    assert (table["match_weights"] == 1).all()
    assert list(frame.columns) == [*HAND.columns, "weights", "arm"]


@pytest.mark.parametrize("rows", ["used", "all", "sets"])
@pytest.mark.parametrize("method", ["nearest", "full", "subclass"])
def test_other_programs_read_what_was_written(lalonde, lalonde_roles, method, rows) -> None:
    frame = lalonde.assign(
        treat=lalonde["treat"] == 1, race=lalonde["race"].astype("category")
    ).drop(columns="re78")
    table = ev.match(frame, lalonde_roles, method).data(rows=rows)
    assert table.columns[-5:].tolist() == ADDED
    told = StringIO(table.to_csv(index=False))
    stata, parquet = BytesIO(), BytesIO()
    table.to_stata(stata, write_index=False, version=118)
    table.to_parquet(parquet)
    for again in (pd.read_csv(told), pd.read_stata(BytesIO(stata.getvalue()))):
        assert again.columns.tolist() == table.columns.tolist()
        for name in ADDED[1:]:
            own = table[name].astype(float).to_numpy()
            assert np.allclose(again[name].astype(float), own, rtol=1e-15, equal_nan=True)
    pd.testing.assert_frame_equal(pd.read_parquet(BytesIO(parquet.getvalue())), table)
