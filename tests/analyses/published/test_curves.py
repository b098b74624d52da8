"""Curves leave a run only so coarse that whoever reads them backwards finds no few."""

from __future__ import annotations

import pandas as pd

from analyses.published.curves import rare_causes
from analyses.published.table import Release
from evaluation.disclosure import rebuild_events


def released(curves: pd.DataFrame) -> Release:
    return Release(min_cell=5, made={"curves": curves}, shown={}, sizes={}, note=str)


def test_a_cause_that_few_of_one_arm_met_is_rare() -> None:
    curves = pd.DataFrame(
        [
            ("job", "full", "treated", 30),
            ("job", "full", "comparison", 40),
            ("job", "part", "treated", 3),
            ("job", "part", "comparison", 40),
        ],
        columns=["outcome", "cause", "arm", "n_events"],
    )
    assert rare_causes(released(curves)) == {("job", "part")}
    assert rare_causes(released(pd.DataFrame())) == set()


def test_what_is_published_can_be_read_backwards(publish) -> None:
    times = range(41)
    rows = pd.DataFrame(
        {
            "outcome": "job",
            "curve": "incidence",
            "cause": "job",
            "time": times,
            "estimate": [t / 100 for t in times],
            "conf_low": 0.0,
            "conf_high": 1.0,
            "at_risk": [100 - max(t - 1, 0) for t in times],
            "n_events": [0, *[1] * 40],
        }
    )
    rows = pd.concat([rows.assign(arm=arm) for arm in ("treated", "comparison")])
    shown = publish({"curves": rows})["curves"]
    assert 0 < len(shown) < len(rows)
    assert (rebuild_events(shown)["most"].round() >= 5).all()
