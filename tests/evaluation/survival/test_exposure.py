"""Exposure that begins at a start: rows split there, and early exposure refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evaluation as ev
from data_dictionary.errors import ColumnError, DesignError
from evaluation.survival import cox

ORACLE = Path(__file__).parents[2] / "oracle"


def people(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame({"id": range(len(next(iter(columns.values())))), **columns})


def split(frame: pd.DataFrame, entry: str | None = None) -> pd.DataFrame:
    return ev.split_at_start(frame, exit="exit", event="event", start="began", entry=entry)


def test_a_row_is_cut_at_the_start_and_its_event_belongs_to_the_last_part() -> None:
    rows = split(
        people(
            exit=[10, 10, 10, 10, 10],
            event=["job", "job", "job", None, "death"],
            began=[4, None, 10, 0, 12],
        )
    )
    assert rows[["id", "entry", "exit", "exposed"]].to_numpy().tolist() == [
        [0, 0, 4, False],
        [0, 4, 10, True],
        [1, 0, 10, False],
        # A start in the very week of the exit: the event comes first.
        [2, 0, 10, False],
        [3, 0, 10, True],
        [4, 0, 10, False],
    ]
    assert rows["event"].fillna("").tolist() == ["", "job", "job", "job", "", "death"]


def test_late_entry_is_kept_and_a_start_before_it_leaves_no_unexposed_time() -> None:
    frame = people(exit=[10, 10], event=[True, True], began=[4.0, 7.0], since=[5.0, 5.0])
    rows = split(frame, entry="since")
    assert rows[["since", "exit", "event", "exposed"]].to_numpy().tolist() == [
        [5, 10, True, True],
        [5, 7, False, False],
        [7, 10, True, True],
    ]
    assert frame["exit"].tolist() == [10, 10]


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.tuples(st.integers(1, 30), st.booleans(), st.one_of(st.none(), st.integers(0, 35))),
        min_size=1,
        max_size=20,
    )
)
def test_time_at_risk_and_events_are_those_of_the_rows_given(
    persons: list[tuple[int, bool, int | None]],
) -> None:
    exits, events, starts = zip(*persons, strict=True)
    frame = people(exit=list(exits), event=list(events), began=list(starts)).astype(
        {"began": float}
    )
    rows = split(frame)
    spent = (rows["exit"] - rows["entry"]).groupby(rows["id"]).sum()
    assert spent.tolist() == list(exits)
    assert rows["event"].groupby(rows["id"]).sum().tolist() == [int(e) for e in events]
    ev.refuse_early_exposure(rows, entry="entry", exit="exit", start="began", exposed="exposed")
    exposed = (rows["exit"] - rows["entry"]).where(rows["exposed"], 0).sum()
    expected = sum(max(0, x - s) for x, _, s in persons if s is not None)
    assert exposed == expected


def test_the_heart_data_come_out_as_survival_splits_them(heart: pd.DataFrame) -> None:
    starts = heart[heart["transplant"] == 1].set_index("id")["start"]
    frame = heart.groupby("id", as_index=False).last().drop(columns=["start", "transplant"])
    frame["began"] = frame["id"].map(starts)
    rows = ev.split_at_start(
        frame, exit="stop", event="event", start="began", exposed="transplant"
    )
    assert rows[["id", "entry", "stop", "event"]].to_numpy().tolist() == (
        heart.sort_values(["id", "start"])[["id", "start", "stop", "event"]].to_numpy().tolist()
    )
    m = ev.unmatched(rows, ev.Roles(unit="id", treatment="transplant"))
    d = ev.Duration(exit="stop", event="event", entry="entry")
    found = ev.hazard_ratio(m, d, covariates=("age", "year", "surgery"))
    r = json.loads((ORACLE / "survival.json").read_text())["cox"][
        "heart_startstop_cluster_efron"
    ]
    assert np.log(found.effect.estimate) == pytest.approx(r["coef"]["transplant"], rel=1e-8)
    # Two rows of one person are one unit of the error.
    plain = cox.fit(
        rows["stop"],
        rows["event"],
        rows[["transplant", "age", "year", "surgery"]].astype(float),
        entry=rows["entry"],
        cluster=rows["id"],
    )
    robust = plain.vcov_robust
    assert robust is not None
    assert found.effect.std_error == pytest.approx(np.sqrt(robust[0, 0]), rel=0.02)


def test_exposed_time_before_the_start_is_refused_with_counts() -> None:
    rows = people(
        entry=[0, 0, 0, 3],
        exit=[10, 10, 10, 9],
        began=[4.0, None, 4.0, 3.0],
        exposed=[True, True, False, True],
    )
    with pytest.raises(DesignError) as caught:
        ev.refuse_early_exposure(
            rows, entry="entry", exit="exit", start="began", exposed="exposed"
        )
    message = str(caught.value)
    assert "2 row(s) count 14 in all as exposed before began" in message
    assert "1 row(s) count 6 in all as not exposed after began" in message


def test_a_column_that_is_missing_or_taken_is_named() -> None:
    frame = people(exit=[3], event=[1], began=[1.0])
    with pytest.raises(ColumnError, match="Did you mean 'began'"):
        ev.split_at_start(frame, exit="exit", event="event", start="begann")
    with pytest.raises(ColumnError, match="exposed: already in the table"):
        split(frame.assign(exposed=True))
    with pytest.raises(DesignError, match=r"exit='exit' is missing or infinite in 1 of the"):
        split(people(exit=[None], event=[1], began=[1.0]).astype({"exit": float}))
    with pytest.raises(DesignError, match=r"1 row\(s\) do not enter before they leave"):
        split(frame.assign(since=3.0), entry="since")
