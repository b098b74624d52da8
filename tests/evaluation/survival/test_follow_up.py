"""From when on nobody is followed, with late entry and without a cluster."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from evaluation.inference import variation
from evaluation.survival.basis import basis
from evaluation.survival.curves import incidence_of
from evaluation.survival.follow_up import emptied_after, ended

DURATION = ev.Duration(exit="t", event="d", entry="en")


def emptied(rows: list[tuple[float, float, int]]) -> float:
    """Return when the risk set of rows (entry, exit, event) of one arm empties."""
    frame = pd.DataFrame([*rows, (0.0, 9.0, 1)], columns=["en", "t", "d"])
    frame = frame.assign(id=range(len(frame)), tr=[True] * len(rows) + [False])
    b = basis(ev.unmatched(frame, ev.Roles(unit="id", treatment="tr")), DURATION, level=0.95)
    own = b.observed.part(b.observed.treated)
    return emptied_after(own, incidence_of(own))


@pytest.mark.parametrize(
    ("rows", "time"),
    [
        # The last to leave leaves nobody to enter.
        ([(0, 2, 1), (0, 5, 1)], math.inf),
        # Entered before the other left.
        ([(0, 2, 1), (1, 5, 1)], math.inf),
        # A gap, after an event or after a censoring.
        ([(0, 2, 1), (3, 5, 1), (3, 6, 0)], 2.0),
        ([(0, 2, 0), (3, 5, 1), (3, 6, 0)], 2.0),
        # Periods that touch go on, but not where all of them ended with the event.
        ([(0, 2, 0), (2, 5, 1), (2, 6, 0)], math.inf),
        ([(0, 2, 1), (2, 5, 1), (2, 6, 0)], 2.0),
        # Late in time, and rounding is no gap.
        ([(0, 2, 1), (0, 5, 0), (7, 8, 1)], 5.0),
        ([(0, 0.3, 0), (0.1 + 0.2, 5, 1), (0.1 + 0.2, 6, 0)], math.inf),
    ],
)
def test_a_risk_set_empties_where_all_have_left_before_others_enter(rows, time) -> None:
    assert emptied(rows) == time


def test_a_curve_without_a_cluster_ends_with_its_last_row() -> None:
    at_risk = np.array([[3.0, 2.0, 1.0], [2.0, 1.0, 0.0], [0.0, 1.0, 1.0], [2.0, 0.0, 1.0]])
    survival = np.array([[0.7, 0.5, 0.5], [0.5, 0.0, 0.0], [1.0, 0.5, 0.5], [0.5, 0.5, 0.5]])
    # Followed throughout; complete; begun later; and left without anybody in between.
    assert ended(at_risk, survival).tolist() == [
        [False] * 3,
        [False] * 3,
        [False] * 3,
        [False, True, True],
    ]
    # The same where all had the event before others entered.
    dead = ended(np.array([[1.0, 2.0]]), np.array([[0.0, 0.0]]))
    assert dead.tolist() == [[False, True]]


@pytest.mark.parametrize("arm", ["treated", "comparison"])
def test_a_horizon_that_one_cluster_alone_reaches_has_no_interval(arm: str) -> None:
    rng = np.random.default_rng(4)
    k = np.arange(360)
    frame = pd.DataFrame({"id": k, "tr": k % 24 < 12, "town": k % 24})
    own = frame["tr"] == (arm == "treated")
    alone = frame["town"] == (0 if arm == "treated" else 12)
    time, seen = np.ceil(rng.exponential(40, len(k))), np.where(own & ~alone, 20.0, 60.0)
    frame = frame.assign(t=np.minimum(time, seen), d=(time < seen).astype(int))
    roles = ev.Roles(unit="id", treatment="tr", cluster="town")
    found = ev.incidence(
        ev.unmatched(frame, roles), ev.Duration(exit="t", event="d"), horizon=50
    )
    assert math.isfinite(found.estimate)
    assert variation.reason_in(found.notes) == "no_replicate"
    assert math.isnan(found.conf_low)
    assert math.isnan(found.p_value)
