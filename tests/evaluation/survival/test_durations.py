from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from data_dictionary.errors import ColumnError, DesignError
from evaluation.survival.basis import basis
from evaluation.survival.durations import observe

Maker = Callable[..., ev.Matched]
STATUS = ["employment", None, "death", "employment"]


def small(**columns: list[object]) -> ev.Matched:
    """Two treated and two comparison rows, with columns of one's choice."""
    frame = pd.DataFrame(
        {
            "id": [1, 2, 3, 4],
            "plan": [True, True, False, False],
            "weeks": [3, 5, 4, 6],
            "status": STATUS,
            **columns,
        }
    )
    return ev.unmatched(frame, ev.Roles(unit="id", treatment="plan"))


def duration(**changes: object) -> ev.Duration:
    given = {"exit": "weeks", "event": "status", "of": "employment", "competing": ("death",)}
    return ev.Duration(**{**given, **changes})  # type: ignore[arg-type]


def test_causes_become_numbers_in_the_order_of_the_duration() -> None:
    found = observe(small(), duration())
    assert found.cause.tolist() == [1, 0, 2, 1]
    assert found.causes == ("employment", "death")
    units = basis(small(), duration(), level=0.95)
    assert units.decision.method == "hc2"
    assert units.unit.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "event", [[True, False, False, True], [1, 0, 0, 1], [1.0, 0.0, 0.0, 1.0]]
)
def test_an_event_without_of_is_bool_or_zero_and_one(event: list[object]) -> None:
    found = observe(small(hit=event), ev.Duration(exit="weeks", event="hit"))
    assert found.cause.tolist() == [1, 0, 0, 1]
    assert found.causes == ("hit",)


def test_a_cause_that_is_not_listed_is_named() -> None:
    with pytest.raises(DesignError, match=r"does not list: 'death'.*Listed are 'employment'"):
        observe(small(), duration(competing=()))
    with pytest.raises(DesignError, match="Did you mean 'death'"):
        observe(small(status=["employment", None, "deaht", "employment"]), duration())


def test_missing_columns_are_all_named_with_the_nearest() -> None:
    with pytest.raises(ColumnError, match=r"exit='weks'.*Did you mean 'weeks'") as caught:
        observe(small(), duration(exit="weks", event="state"))
    assert "event='state'" in str(caught.value)


@pytest.mark.parametrize(
    ("columns", "changes", "message"),
    [
        ({"weeks": [3, None, 4, 6]}, {}, "missing or infinite in 1 of the 4 rows"),
        ({"weeks": [3, 0, 4, 6]}, {}, r"1 row\(s\) leave at or before time 0"),
        ({"weeks": list("abcd")}, {}, "holds object, not numbers"),
        ({"entry": [0, 5, 0, 0]}, {"entry": "entry"}, r"1 row\(s\) do not enter before"),
        ({"status": [None] * 4}, {}, "everyone is censored"),
        ({"status": [None, "death", None, None]}, {}, "nobody has the event 'employment'"),
        ({}, {"of": None, "competing": ()}, "holds text; say which cause"),
        ({"status": [1, 2, 0, 1]}, {"of": None, "competing": ()}, "must be bool or 0/1"),
    ],
)
def test_durations_that_say_nothing_are_refused(
    columns: dict[str, list[object]], changes: dict[str, object], message: str
) -> None:
    with pytest.raises(DesignError, match=message):
        observe(small(**columns), duration(**changes))


def test_an_empty_arm_is_refused() -> None:
    m = small()
    from dataclasses import replace

    with pytest.raises(DesignError, match="the comparison arm is empty"):
        observe(replace(m, weights=m.weights * m.treated), duration())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"competing": "death"}, "is one text"),
        ({"of": None}, "need `of`"),
        ({"competing": ("death", "employment")}, "more than once: employment"),
    ],
)
def test_a_duration_that_contradicts_itself_is_refused(
    changes: dict[str, object], message: str
) -> None:
    with pytest.raises(DesignError, match=message):
        duration(**changes)


def test_nothing_is_written_to_the_frame(make: Maker) -> None:
    m = make(n=60)
    before = m.frame.copy()
    observe(m, duration(competing=("death", "flexjob")))
    pd.testing.assert_frame_equal(m.frame, before)


def test_a_person_cut_into_periods_is_one_person_or_is_refused(
    make: Callable[..., ev.Matched], duration: ev.Duration
) -> None:
    whole = make(n=100, cluster=False)
    middle = np.floor(whole.frame["weeks"] / 2)
    first = whole.frame.assign(begin=0.0, weeks=middle, status=None)[middle > 0]
    rows = pd.concat([first, whole.frame.assign(begin=middle)], ignore_index=True)
    cut = ev.unmatched(rows, whole.roles)
    late = replace(duration, entry="begin")
    for estimate in (
        ev.hazard_ratio,
        lambda m, d: ev.incidence(m, d, 104),
        lambda m, d: ev.piecewise_hazard_ratio(m, d, (26,)),
    ):
        one, several = estimate(whole, duration), estimate(cut, late)
        assert several.estimate == pytest.approx(one.estimate, abs=1e-9)
        assert several.std_error == pytest.approx(one.std_error)
    with pytest.raises(DesignError, match=r"unit\(s\) have rows that begin where another one"):
        ev.subdistribution_hazard(cut, late)
    with pytest.raises(DesignError, match="needs one row per unit"):
        ev.standardised_incidence(cut, late, 104, covariates=("age",))
