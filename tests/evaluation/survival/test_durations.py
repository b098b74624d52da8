from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from data_dictionary.errors import ColumnError, DesignError
from evaluation.survival.basis import basis
from evaluation.survival.durations import observe

Maker = Callable[..., ev.Matched]
PUBLIC = Path(__file__).parents[2] / "data" / "third_party"
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
        ({"weeks": [3, -1, 4, 6]}, {}, r"1 row\(s\) leave before time 0.*name the column"),
        ({"weeks": list("abcd")}, {}, "holds no numbers"),
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


def test_codes_that_became_floats_beside_missing_values_are_whole_numbers_again() -> None:
    named = duration(event="code", of="1", competing=("2",))
    for codes in (
        [1.0, None, 2.0, 1.0],
        pd.array([1, None, 2, 1], dtype="Int64"),
        list("1021"),
    ):
        m = small(code=codes)
        if isinstance(codes, list) and isinstance(codes[0], str):
            m = small(code=[None if code == "0" else code for code in codes])
        assert observe(m, named).cause.tolist() == [1, 0, 2, 1]
    with pytest.raises(DesignError, match=r"does not list: '1.5'"):
        observe(small(code=[1.5, None, 2.0, 1.0]), named)


CLOCKS = {
    "hazard_ratio": lambda m, d, _: ev.hazard_ratio(m, d, covariates=("age",)),
    "incidence": lambda m, d, at: ev.incidence(m, d, 52 + at),
    "weeks": lambda m, d, at: ev.time_since_event(m, d, 52 + at),
    "log_rank": lambda m, d, _: ev.log_rank_test(m, d),
    "gray": lambda m, d, _: ev.gray_test(m, d),
    "subdistribution": lambda m, d, _: ev.subdistribution_hazard(m, d),
    "piecewise": lambda m, d, at: ev.piecewise_hazard_ratio(m, d, (26 + at, 52 + at)).change,
    "standardised": lambda m, d, at: ev.standardised_incidence(
        m, d, 52 + at, covariates=("age",)
    ),
    "differences": lambda m, d, at: ev.incidence_differences(m, d, 52 + at, seed=1).effect,
}


@pytest.mark.parametrize("name", CLOCKS)
def test_a_clock_that_begins_before_zero_gives_the_same_effects(
    name: str, make: Maker, duration: ev.Duration
) -> None:
    m = make(n=150, cluster=False)
    late = np.minimum(m.frame["id"] % 7 * 2.0, m.frame["weeks"] - 1)
    moved = m.frame.assign(late=late, early=late - 60, since=m.frame["weeks"] - 60)
    m = ev.unmatched(moved, m.roles)
    plain = CLOCKS[name](m, replace(duration, entry="late"), 0)
    since = replace(duration, exit="since", entry="early")
    shifted = CLOCKS[name](m, since, -60)
    for part in ("estimate", "std_error", "conf_low", "p_value"):
        assert getattr(shifted, part) == pytest.approx(getattr(plain, part), rel=1e-7)


def test_a_landmark_before_time_zero_counts_from_there(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=150, cluster=False)
    m = ev.unmatched(m.frame.assign(early=-60.0, since=m.frame["weeks"] - 60), m.roles)
    since = replace(duration, exit="since", entry="early")
    pd.testing.assert_frame_equal(
        ev.landmark(m, since, -50).lost, ev.landmark(m, duration, 10).lost
    )


def test_curves_of_such_a_clock_begin_where_the_first_enters(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=150, cluster=False)
    moved = m.frame.assign(early=-60.0, since=m.frame["weeks"] - 60)
    m = ev.unmatched(moved, m.roles)
    since = replace(duration, exit="since", entry="early")
    curves = ev.survival_curves(m, since).tidy()
    assert curves.groupby("arm")["time"].first().tolist() == [-60.0, -60.0]
    assert curves.groupby("arm")["estimate"].first().tolist() == [1.0, 1.0]
    with pytest.raises(DesignError, match="horizon=-60 must be a time after -60 weeks"):
        ev.incidence(m, since, -60)


def test_who_leaves_at_time_zero_counts_as_in_r() -> None:
    # survfit(Surv(c(0, 0, 2, 3, 5), c(1, 0, 1, 1, 0)) ~ 1): 0.8 at 0, then 8/15 and 4/15.
    weeks, hit = [0, 0, 2, 3, 5], [1, 0, 1, 1, 0]
    frame = pd.DataFrame(
        {"id": range(10), "plan": [True] * 5 + [False] * 5, "weeks": weeks * 2, "hit": hit * 2}
    )
    m = ev.unmatched(frame, ev.Roles(unit="id", treatment="plan"))
    d = ev.Duration(exit="weeks", event="hit")
    own = ev.survival_curves(m, d).curves.query("arm == 'treated'")
    assert own["time"].tolist() == [0, 2, 3, 5]
    assert own["estimate"].tolist() == pytest.approx([0.8, 8 / 15, 4 / 15, 4 / 15])
    assert own["at_risk"].tolist() == [5, 3, 2, 1]
    assert own["n_events"].tolist() == [1, 1, 1, 0]
    # coxph(Surv(c(0, 0, 2, 3, 5, 6), c(1, 0, 1, 1, 0, 1)) ~ c(1, 0, 1, 0, 1, 0)).
    six = pd.DataFrame(
        {
            "id": range(6),
            "plan": [1, 0] * 3,
            "weeks": [0, 0, 2, 3, 5, 6],
            "hit": [1, 0, 1, 1, 0, 1],
        }
    )
    found = ev.hazard_ratio(ev.unmatched(six, m.roles), d)
    assert np.log(found.estimate) == pytest.approx(0.94061364173633755, rel=1e-6)
    for name, more in (("piecewise_hazard_ratio", (2.5,)), ("time_ratio", ())):
        with pytest.raises(DesignError, match="count a part of the first week"):
            getattr(ev, name)(m, d, *more)
    with pytest.raises(DesignError, match="transform='log' needs times above 0"):
        ev.proportionality_test(m, d, transform="log")


def bladder() -> pd.DataFrame:
    rows = pd.read_csv(PUBLIC / "bladder2.csv")
    return rows.assign(tr=rows["rx"] == 2, gap=rows["stop"] - rows["start"])


RECURRING = ev.Duration(exit="stop", event="event", entry="start", unit="months")
FIRST_EVENT_ONLY = {
    "incidence": lambda m, d: ev.incidence(m, d, 20),
    "weeks": lambda m, d: ev.time_since_event(m, d, 20),
    "differences": lambda m, d: ev.incidence_differences(m, d, [5, 20], seed=0),
    "curves": ev.survival_curves,
    "log_rank": ev.log_rank_test,
    "gray": ev.gray_test,
    "proportionality": ev.proportionality_test,
    "subdistribution": ev.subdistribution_hazard,
    "time_ratio": ev.time_ratio,
    "standardised": lambda m, d: ev.standardised_incidence(m, d, 20, covariates=("number",)),
    "values": lambda m, d: ev.person_values(m, d, horizon=20),
    "landmark": lambda m, d: ev.landmark(m, d, 3),
}


@pytest.mark.parametrize("cluster", [None, "number"])
@pytest.mark.parametrize("entry", ["start", None])
@pytest.mark.parametrize("name", FIRST_EVENT_ONLY)
def test_what_reads_a_first_event_refuses_events_that_recur(name, entry, cluster) -> None:
    duration = replace(RECURRING, entry=entry, exit="stop" if entry else "gap")
    rows = bladder().query("gap > 0")
    m = ev.unmatched(rows, ev.Roles(unit="id", treatment="tr", cluster=cluster))
    with pytest.raises(DesignError, match=r"at risk after an event\. Keep the rows of each up"):
        FIRST_EVENT_ONLY[name](m, duration)


def test_rows_up_to_the_first_event_are_those_of_r() -> None:
    rows = bladder()
    m = ev.unmatched(rows[rows["enum"] == 1], ev.Roles(unit="id", treatment="tr"))
    found = ev.incidence(m, RECURRING, 20)
    # 1 - summary(survfit(Surv(start, stop, event) ~ rx, subset(bladder2, enum == 1)), times=20)
    last = found.curves.groupby("arm")["estimate"].last()
    assert last["comparison"] == pytest.approx(0.56715906105977043)
    assert last["treated"] == pytest.approx(0.39495798319327735)


def test_rates_of_all_events_are_those_of_r_and_count_persons() -> None:
    m = ev.unmatched(bladder(), ev.Roles(unit="id", treatment="tr"))
    found = ev.hazard_ratio(m, RECURRING)
    # coxph(Surv(start, stop, event) ~ I(rx == 2) + cluster(id), bladder2)
    assert np.log(found.estimate) == pytest.approx(-0.37325511427037072, rel=1e-9)
    assert found.std_error == pytest.approx(0.28077856103820542, rel=1e-9)
    assert (found.effect.n_treated, found.effect.n_comparison) == (38, 47)
    assert any("46 units are at risk again after an event" in note for note in found.notes)
    rates = ev.piecewise_hazard_ratio(m, RECURRING, [10])
    assert (rates.effect.n_treated, rates.effect.n_comparison) == (38, 47)


def test_periods_before_an_event_and_rows_told_twice_are_kept() -> None:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"id": range(200), "t": rng.exponential(10, 200) + 1.0, "d": 1})
    frame["start"] = np.where(frame["id"] % 2 == 0, frame["t"] / 2, np.nan)
    split = ev.split_at_start(frame, exit="t", event="d", start="start")
    m = ev.unmatched(split, ev.Roles(unit="id", treatment="exposed"))
    found = ev.hazard_ratio(m, ev.Duration(exit="t", event="d", entry="entry"))
    # Who starts is a person in either arm.
    assert (found.effect.n_treated, found.effect.n_comparison) == (100, 200)
    assert not any("at risk again" in note for note in found.notes)
    twice = pd.concat([frame, frame]).assign(tr=lambda rows: rows["id"] < 100)
    m = ev.unmatched(twice, ev.Roles(unit="id", treatment="tr"))
    found = ev.incidence(m, ev.Duration(exit="t", event="d"), 10)
    assert (found.effect.n_treated, found.effect.n_comparison) == (100, 100)
