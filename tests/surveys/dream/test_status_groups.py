"""Statuses of one's own: merged, split off by code group, and refused where they overlap."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary import load
from data_dictionary.code_lists import load_code_list
from data_dictionary.errors import DesignError
from surveys import read_dream
from surveys.dream.register import Dream
from surveys.dream.status_groups import group_faults, group_labels, merge_statuses

TABLE, CODES = load("enplan")["dream"], load_code_list("enplan")


def extract(folder: Path) -> Path:
    """Write five persons over two weeks, all with a job in the month but the first."""
    codes = {"job": [None] * 2, "flex": [771] * 2, "cash": [730, 730], "sick": [890, 111]}
    codes["moved"] = [None] * 2
    frame = pd.DataFrame(
        [{"person_id": k, "y_1801": a, "y_1802": b} for k, (a, b) in codes.items()]
    )
    frame["branche_2018_01"] = ["561010", None, None, None, "561010"]
    path = folder / "dream.parquet"
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)
    return path


def first_week(dream: Dream) -> dict[str, str]:
    return {
        key: dream.statuses[value]
        for key, value in zip(dream.index, dream.status[:, 0], strict=True)
    }


def test_statuses_become_one_and_code_groups_leave_theirs(tmp_path: Path) -> None:
    groups = {"work": ("employment", "flexjob"), "cash": ("Kontanthjælp", "Uddannelseshjælp")}
    dream = read_dream(extract(tmp_path), TABLE, groups=groups)
    assert first_week(dream) == {
        "job": "work", "flex": "work", "cash": "cash", "sick": "benefits", "moved": "work",
    }  # fmt: skip
    assert not {"employment", "flexjob"} & set(dream.statuses)
    assert set(dream.statuses) == set(group_labels(CODES, groups))
    after = pd.Series(dream.weeks[0], index=dream.index)
    assert dream.first_run("work", 1, after=after)["eligible"].sum() == 2


def test_residency_is_judged_before_statuses_become_one(tmp_path: Path) -> None:
    # Who has left the country has no job here; whoever keeps a flexjob keeps it.
    people = pd.DataFrame(
        {"person_id": ["job", "flex", "moved"], "resident_from": pd.Timestamp("1990-01-01")}
    )
    people["resident_until"] = [pd.NaT, pd.Timestamp("2017-06-01"), pd.Timestamp("2017-06-01")]
    groups = {"work": ("employment", "flexjob")}
    dream = read_dream(extract(tmp_path), TABLE, None, people, groups=groups)
    found = first_week(dream)
    assert (found["job"], found["flex"], found["moved"]) == ("work", "work", "emigration")


def test_a_group_may_keep_the_name_of_a_status_that_it_holds() -> None:
    groups = {"employment": ("employment", "flexjob")}
    assert group_faults(CODES, groups) == []
    assert group_labels(CODES, groups)["employment"] == "Beskæftigelse eller fleksjob"


def test_unknown_overlapping_and_ambiguous_groups_are_refused_at_once() -> None:
    groups = {
        "work": ("employment", "flexjobb"),
        "other": ("employment",),
        "sick": ("Sygdom",),
        "public": ("benefits",),
        "leave": ("education",),
    }
    message = "\n".join(group_faults(CODES, groups))
    assert "'flexjobb' is neither a status nor a code group. Did you mean 'flexjob'" in message
    assert "'employment' stands in 2 places; a week has one status" in message
    assert "code group 'Sygdom' is a part of status 'benefits'" in message
    assert "leave: is a status already" in message
    with pytest.raises(DesignError, match="'flexjobb' is neither"):
        read_dream("nowhere.parquet", TABLE, groups=groups)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from(list(CODES.statuses)), unique=True, min_size=1), st.data())
def test_merging_changes_names_and_no_week(members: list[str], data: st.DataObject) -> None:
    values = data.draw(st.lists(st.integers(0, len(CODES.statuses) - 1), min_size=1))
    import numpy as np

    weeks = np.datetime64("2018-01-01") + 7 * np.arange(len(values))
    dream = Dream.from_arrays(["a"], weeks, np.array([values]))
    merged = merge_statuses(dream, {"new": tuple(members)})
    before = [dream.statuses[value] for value in dream.status[0]]
    after = [merged.statuses[value] for value in merged.status[0]]
    assert after == ["new" if name in members else name for name in before]
