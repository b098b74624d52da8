"""One call takes a comparison to the durations that the run itself estimates from."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from analyses import Estimates, Study, Tables, follow
from analyses.outcomes.weekly import Weekly
from data_dictionary.errors import ColumnError, DesignError
from evaluation import Matched
from surveys import STATUSES, Dream

WEEKS = np.datetime64("2018-01-01") + 7 * np.arange(30)
EMPLOYED, BENEFITS, DEAD = (STATUSES.index(n) for n in ("employment", "benefits", "death"))


def register(**persons: dict[int, int]) -> Dream:
    """Return half a year on benefits, but for the weeks that are named."""
    status = np.full((len(persons), WEEKS.size), BENEFITS)
    for row, weeks in enumerate(persons.values()):
        for week, value in weeks.items():
            status[row, week] = value
    return Dream.from_arrays(list(persons), WEEKS, status)


def compared(*treated: str, controls: tuple[str, ...]) -> Matched:
    persons = [*treated, *controls]
    frame = pd.DataFrame(
        {
            "person": persons,
            "plan": [person in treated for person in persons],
            "day": pd.Timestamp("2018-01-10"),
        }
    )
    return ev.unmatched(frame, ev.Roles(unit="person", treatment="plan"))


def test_the_run_uses_the_same_durations_and_estimates(
    study: Study, tables: Tables, estimates: Estimates
) -> None:
    one = estimates.outcomes["employment"]
    outcome = one.outcome
    assert isinstance(outcome, Weekly)
    bare = one.matched.frame.drop(columns=["employment_exit", "employment_event"])
    m = Matched(
        **{
            name: bare if name == "frame" else getattr(one.matched, name)
            for name, own in one.matched.__dataclass_fields__.items()
            if own.init
        }
    )
    made, d = follow(
        m,
        tables.register(),
        "employment",
        weeks=4,
        competing=outcome.competing,
        horizon=104,
    )
    assert d == outcome.duration
    pd.testing.assert_frame_equal(made.frame, one.matched.frame, check_like=True)
    found = ev.incidence(made, d, 104, level=study.inference.level).causes["employment"]
    assert (found.estimate, found.conf_low) == (one.tested.estimate, one.tested.conf_low)


def test_a_run_of_weeks_a_competing_status_and_the_horizon_end_the_waiting() -> None:
    dream = register(
        works=dict.fromkeys(range(5, 9), EMPLOYED),
        tries=dict.fromkeys(range(5, 8), EMPLOYED),
        dies=dict.fromkeys(range(7, 30), DEAD),
        late=dict.fromkeys(range(20, 26), EMPLOYED),
    )
    m = compared("works", "tries", controls=("dies", "late"))
    made, d = follow(
        m, dream, "employment", competing=("death",), horizon=12, index_date="day", name="job"
    )
    assert (d.exit, d.event, d.of, d.competing) == (
        "job_exit",
        "job_event",
        "employment",
        ("death",),
    )
    assert made.frame[d.exit].tolist() == [4, 12, 6, 12]
    assert made.frame[d.event].fillna("").tolist() == ["employment", "", "death", ""]
    assert d.exit not in m.frame


def test_who_cannot_be_followed_is_counted_by_reason_and_refused() -> None:
    dream = register(works={1: EMPLOYED}, waits={})
    m = compared("works", controls=("waits", "stranger"))
    with pytest.raises(DesignError) as refusal:
        follow(m, dream, "employment", horizon=12, index_date="day")
    said = str(refusal.value)
    assert "2 of 3 rows" in said
    assert "1 already in the status in the index week" in said
    assert "1 not in the register" in said
    assert "stranger" not in said


def test_a_wrong_name_is_answered_with_the_nearest() -> None:
    m, dream = compared("a", controls=("b",)), register(a={}, b={})
    with pytest.raises(ColumnError, match=r"index_date='dag'.*Did you mean 'day'"):
        follow(m, dream, "employment", horizon=12, index_date="dag")
    with pytest.raises(DesignError, match="Did you mean 'employment'"):
        follow(m, dream, "employmen", horizon=12, index_date="day")
