"""Shares of answers with an interval that knows of clusters."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data_dictionary.errors import ColumnError, DesignError
from evaluation.scores.shares import shares


def answers(seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "town": rng.integers(0, 9, 300),
            "role": rng.choice(["staff", "leader"], 300),
            "q1": rng.integers(1, 6, 300).astype(float),
            "q2": rng.choice([1.0, 5.0, np.nan], 300),
        }
    )


def test_shares_by_hand() -> None:
    frame = pd.DataFrame({"town": [1, 1, 2, 2, 3, 3], "q1": [5, 1, 4, 2, 4, np.nan]})
    found = shares(frame, items=["q1"], agree=(4, 5), cluster="town")
    assert found.loc[0, ["n", "n_clusters", "estimate"]].tolist() == [5, 3, 60.0]


def test_missing_answers_leave_one_item_only() -> None:
    frame = answers()
    found = shares(frame, items=["q1", "q2"], agree=(4, 5), cluster="town").set_index("item")
    assert found.loc["q1", "n"] == 300
    assert found.loc["q2", "n"] == frame["q2"].notna().sum()


def test_intervals_stay_between_0_and_100_and_hold_the_share() -> None:
    frame = answers().assign(rare=lambda f: np.where(f.index < 2, 5, 1))
    found = shares(frame, items=["q1", "rare"], agree=(5,), cluster="town", group="role")
    known = found.dropna()
    assert (known["conf_low"] > 0).all()
    assert (known["conf_high"] < 100).all()
    assert known["estimate"].between(known["conf_low"], known["conf_high"]).all()
    assert len(known) >= 2


def test_answers_that_hang_together_widen_the_interval() -> None:
    frame = answers()
    together = frame.assign(q1=np.where(frame["town"] < 4, 5, 1))
    alone = frame.assign(q1=np.where(frame.index % 9 < 4, 5, 1))

    def width(rows: pd.DataFrame) -> float:
        found = shares(rows, items=["q1"], agree=(5,), cluster="town").iloc[0]
        return found["conf_high"] - found["conf_low"]

    assert width(together) > 3 * width(alone)


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"town": [1, 1, 2, 2], "q1": [5, 1, 4, 2]}),
        pd.DataFrame({"town": [1, 2, 3, 4], "q1": [5, 5, 4, 4]}),
    ],
    ids=["two clusters", "everybody agrees"],
)
def test_no_interval_where_none_can_be_had(frame) -> None:
    found = shares(frame, items=["q1"], agree=(4, 5), cluster="town")
    assert np.isfinite(found["estimate"]).all()
    assert found[["conf_low", "conf_high"]].isna().all(axis=None)


def test_what_is_missing_is_named() -> None:
    with pytest.raises(
        ColumnError, match=r"items='q9'.*\n?.*cluster='twn'.*Did you mean 'town'"
    ):
        shares(answers(), items=["q9"], agree=(5,), cluster="twn")
    with pytest.raises(DesignError, match="at least one"):
        shares(answers(), items=["q1"], agree=(), cluster="town")
    with pytest.raises(DesignError, match="missing for 1 respondent"):
        shares(
            answers().assign(town=lambda f: f["town"].where(f.index > 0)),
            items=["q1"],
            agree=(5,),
            cluster="town",
        )
