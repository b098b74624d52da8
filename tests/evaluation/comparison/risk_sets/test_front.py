from __future__ import annotations

import re
import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from pandas.testing import assert_frame_equal

import evaluation as ev
from data_dictionary.errors import CareWarning, ColumnError, DesignError
from evaluation.comparison import propensity
from evaluation.comparison.risk_sets.periods import Clock
from evaluation.comparison.risk_sets.verify import verify

TIMES: dict[str, Any] = {"start": "starts", "entry": "opened", "exit": "closed"}
ROLES = ev.Roles(unit="id", treatment="plan", covariates=("age",))


# --- by hand


def _six(six: pd.DataFrame, **options: Any) -> ev.Matched:
    return ev.match_risk_sets(six, ROLES, **TIMES, distance="mahalanobis", **options)


def _partners(m: ev.Matched) -> dict[str, list[str]]:
    names = m.frame[m.roles.unit].to_numpy()
    return {
        names[own]: names[rows["comparison"]].tolist()
        for own, rows in m.pairs.groupby("treated", sort=True)
    }


def test_six_persons_are_matched_as_by_hand(six: pd.DataFrame) -> None:
    m = _six(six, event="job")
    # a takes b, its nearest; b, starting later, is then served itself and takes f.
    assert _partners(m) == {"a": ["b"], "b": ["f"]}
    used = m.frame[m.used].set_index(["id", "plan"])
    columns = ["index_date", "follow_up", "until_start", "job"]
    assert used[columns].fillna(-1).to_dict("index") == {
        # Weeks 5 to 30, 9 to 30, 5 to 8 (b starts in week 9), 9 to 40.
        ("a", 1): {"index_date": 5, "follow_up": 26, "until_start": -1, "job": 1},
        ("b", 1): {"index_date": 9, "follow_up": 22, "until_start": -1, "job": 1},
        ("b", 0): {"index_date": 5, "follow_up": 4, "until_start": 4, "job": 0},
        ("f", 0): {"index_date": 9, "follow_up": 32, "until_start": -1, "job": 1},
    }
    # c was never at risk when somebody started; d and e were, and nobody needed them.
    assert m.frame.loc[~m.used, "id"].tolist() == ["d", "e"]
    assert_array_equal(m.weights, [1, 1, 1, 0, 0, 1])
    assert_array_equal(m.subclass, [0, 1, 0, -1, -1, 1])
    assert any("1 of 2 control rows start later" in note for note in m.notes)


def test_all_partners_are_taken_at_once_and_reused_only_if_asked(six: pd.DataFrame) -> None:
    # Without replacement a takes d too, so that b must go on to e.
    assert _partners(_six(six, ratio=2)) == {"a": ["b", "d"], "b": ["f", "e"]}
    m = _six(six, ratio=2, replace=True)
    assert _partners(m) == {"a": ["b", "d"], "b": ["f", "d"]}
    # d serves at two dates, with a row and a follow-up for each: weeks 5 to 9, and week 9.
    d = m.frame[(m.frame["id"] == "d") & m.used]
    assert d[["index_date", "follow_up"]].to_numpy().tolist() == [[5, 5], [9, 1]]
    assert_allclose(m.weights[~m.treated].sum(), 4)


def test_pooled_covariance_makes_the_distance(six: pd.DataFrame) -> None:
    # Participants 30, 31; at risk b, d, e, f: 31, 33, 40, 31 with mean 33.75.
    squares = 2 * 0.5**2 + 2.75**2 + 0.75**2 + 6.25**2 + 2.75**2
    assert_allclose(_six(six).pairs["distance"], [1 / np.sqrt(squares / 4), 0], atol=1e-10)


def test_a_caliper_leaves_people_out_and_says_why(six: pd.DataFrame) -> None:
    m = _six(six, caliper=0.1)
    assert _partners(m) == {"b": ["f"]}
    assert m.dropped.to_dict("list") == {"row": [0], "reason": ["outside the caliper"]}
    exact = replace(ROLES, exact=("job",))
    m = ev.match_risk_sets(six, exact, **TIMES, distance="mahalanobis", caliper=0.5)
    assert _partners(m) == {"a": ["b"], "b": ["f"]}


def test_reasons_tell_the_empty_risk_set_from_the_used_up_one(six: pd.DataFrame) -> None:
    late = six.assign(starts=[5, 9, None, None, None, None], closed=[30, 30, 4, 5, 5, 8])
    m = _six(late.drop(index=[3, 4]))
    # At week 9 everybody has left.
    assert m.dropped["reason"].tolist() == [
        "nobody of the exact stratum at risk at the index date"
    ]
    m = _six(six.assign(starts=[5, 5, None, None, None, None]).drop(index=[3]))
    # Both start in week 5, when e alone is at risk.
    assert _partners(m) == {"a": ["e"]}
    assert m.dropped["reason"].tolist() == ["those at risk within reach all used"]


# --- covariates as they stood


def test_covariates_are_those_of_the_period_of_the_index_date() -> None:
    periods = pd.DataFrame(
        [
            # id, plan, starts, opened, closed, age
            ("a", True, 5, 0, 4, 90),
            ("a", True, 5, 4, 9, 20),
            ("b", False, None, 0, 4, 20),  # like a's, but before the start
            ("b", False, None, 4, 9, 50),
            ("c", False, None, 0, 4, 70),
            ("c", False, None, 4, 9, 21),  # the nearest in week 5
            ("c", False, None, 9, 12, 20),  # after it
        ],
        columns=["id", "plan", "starts", "opened", "closed", "age"],
    )
    m = ev.match_risk_sets(periods, ROLES, **TIMES, distance="mahalanobis")
    control = m.frame.iloc[m.pairs["comparison"]]
    assert control[["id", "age", "opened"]].to_numpy().tolist() == [["c", 21, 4]]
    # Followed through all periods to week 12, from week 5 on.
    assert control["follow_up"].tolist() == [8]


def test_a_gap_is_not_at_risk_and_the_first_event_ends_follow_up() -> None:
    periods = pd.DataFrame(
        [
            ("a", True, 5, 0, 9, 20, "job"),
            ("b", False, None, 0, 3, 20, None),  # away in week 5
            ("b", False, None, 8, 9, 20, None),
            ("c", False, None, 0, 6, 30, None),
            ("c", False, None, 6, 8, 30, "death"),
            ("c", False, None, 8, 12, 30, "job"),
        ],
        columns=["id", "plan", "starts", "opened", "closed", "age", "status"],
    )
    m = ev.match_risk_sets(periods, ROLES, **TIMES, distance="mahalanobis", event="status")
    used = m.frame[m.used]
    assert used["id"].tolist() == ["a", "c"]
    assert used["status"].tolist() == ["job", "death"]
    assert used["follow_up"].tolist() == [5, 4]


def test_dates_count_in_weeks(six: pd.DataFrame) -> None:
    dated = six.copy()
    for name in TIMES.values():
        dated[name] = pd.Timestamp("2017-03-01") + pd.to_timedelta(7 * six[name], unit="D")
    m = _six(dated)
    assert _partners(m) == {"a": ["b"], "b": ["f"]}
    used = m.frame[m.used]
    assert (used["index_date"] == used["starts"]).tolist() == [True, True, False, False]
    # 25 weeks from start to exit, and the day of the exit itself.
    assert_allclose(used["follow_up"], [25 + 1 / 7, 21 + 1 / 7, 4, 31 + 1 / 7])


# --- the propensity of starting


def _simulated(seed: int, n: int = 3_000) -> pd.DataFrame:
    """Weekly hazards of a job and of starting both rise with x; the programme does nothing."""
    rng = np.random.default_rng(seed)
    x, town = rng.normal(size=n), rng.integers(0, 3, n)
    job = rng.geometric(0.03 * np.exp(0.4 * x).clip(0.2, 5))
    start = rng.geometric(0.01 * np.exp(0.4 * x).clip(0.2, 5)).astype(float)
    start[start > np.minimum(job, 104)] = np.nan
    return pd.DataFrame(
        {
            "id": np.arange(n),
            "plan": ~np.isnan(start),
            "starts": start,
            "opened": 0,
            "closed": np.minimum(job, 104),
            "job": job <= 104,
            "x": x,
            "town": town.astype(str),
        }
    )


def test_the_propensity_is_that_of_every_risk_set_written_out() -> None:
    persons = _simulated(1, n=300)
    roles = ev.Roles(unit="id", treatment="plan", covariates=("x", "town"))
    m = ev.match_risk_sets(persons, roles, **TIMES)
    weeks = np.unique(persons["starts"].dropna())
    sets = []
    for week in weeks:
        begun = persons["starts"] < week
        inside = persons[(persons["closed"] >= week) & ~begun]
        sets.append(inside.assign(week=week, now=inside["starts"] == week))
    stacked = pd.concat(sets)
    n_bands = min(int(persons["plan"].sum()) // 25, 4)
    ranks = np.searchsorted(weeks, persons["starts"].dropna())
    cuts = np.quantile(ranks, np.arange(n_bands) / n_bands).astype(int)
    stacked["band"] = np.searchsorted(weeks[cuts], stacked["week"], side="right").astype(str)
    assert n_bands > 1
    naive = propensity.estimate(stacked, ("x", "town", "band"), stacked["now"].to_numpy()).coef
    # What the points lie apart is what the coefficients say.
    own = m.frame.iloc[m.pairs["treated"]].reset_index(drop=True)
    other = m.frame.iloc[m.pairs["comparison"]].reset_index(drop=True)
    gap = naive["x"] * (own["x"] - other["x"])
    for town in ("1", "2"):
        apart = (own["town"] == town).astype(int) - (other["town"] == town)
        gap += naive[f"town[{town}]"] * apart
    assert_allclose(m.pairs["distance"], gap.abs(), atol=1e-9)


def test_the_scales_agree_on_who_is_nearest_among_equals() -> None:
    persons = _simulated(2, n=400)
    roles = ev.Roles(unit="id", treatment="plan", covariates=("x",))
    logit = ev.match_risk_sets(persons, roles, **TIMES)
    score = ev.match_risk_sets(persons, roles, **TIMES, distance="ps")
    assert_allclose(score.distance, 1 / (1 + np.exp(-logit.distance)), atol=1e-11)
    assert_allclose(score.propensity, logit.propensity)
    assert abs(logit.balance().table.set_index("covariate").loc["x", "smd_after"]) < 0.1


def test_those_without_counterpart_are_left_out() -> None:
    persons = _simulated(3, n=400)
    # Who starts first is in nobody's risk set, so nobody's control.
    persons["odd"] = persons.index == persons["starts"].idxmin()
    roles = ev.Roles(unit="id", treatment="plan", covariates=("x", "odd"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CareWarning)
        m = ev.match_risk_sets(persons, roles, **TIMES)
    assert m.dropped["reason"].tolist() == ["no counterpart in the other arm"]
    assert m.frame.loc[m.dropped["row"], "odd"].tolist() == [True]


def test_sampling_weights_reach_the_weights(six: pd.DataFrame) -> None:
    sampled = six.assign(w=[1.0, 2.0, 1.0, 1.0, 1.0, 3.0])
    roles = replace(ROLES, weight="w")
    m = ev.match_risk_sets(sampled, roles, **TIMES, distance="mahalanobis")
    assert_array_equal(m.weights, [1, 2, 2, 0, 0, 3])
    assert (
        ev.match_risk_sets(
            _simulated(4).assign(w=2.0), replace(roles, covariates=("x",)), **TIMES
        ).pairs.shape[0]
        > 100
    )


# --- immortal time


def test_indexing_controls_at_opening_is_immortal_time_and_risk_sets_are_not() -> None:
    persons = _simulated(7, n=8_000)
    duration = ev.Duration(exit="follow_up", event="job")
    roles = ev.Roles(unit="id", treatment="plan", covariates=("x",))
    m = ev.match_risk_sets(persons, roles, **TIMES, event="job", caliper=0.2)
    right = ev.incidence(m, duration, horizon=26)
    assert abs(right.estimate) < 2.5 * right.std_error

    at_opening = persons["starts"].fillna(1)
    naive = persons.assign(follow_up=persons["closed"] - at_opening + 1)
    wrong = ev.incidence(ev.unmatched(naive, roles), duration, horizon=26)
    assert wrong.estimate < -6 * wrong.std_error


# --- what holds of any risk-set match


@st.composite
def cases(draw: st.DrawFn) -> pd.DataFrame:
    """Persons with one to three periods, gaps between some, on a short or a long clock."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(15, 60))
    step = draw(st.sampled_from([3, 20]))
    rows = []
    for person in range(n):
        edges = np.cumsum(rng.integers(1, step, 2 * rng.integers(1, 4)))
        spells = edges.reshape(-1, 2)
        at_risk = np.concatenate([np.arange(low + 1, high + 1) for low, high in spells])
        start = rng.choice(at_risk) if rng.random() < 0.4 or person < 2 else np.nan
        rows += [
            (person, not np.isnan(start), start, low, high, rng.normal(), rng.integers(0, 2))
            for low, high in spells
        ]
    names = ["id", "plan", "starts", "opened", "closed", "age", "town"]
    return pd.DataFrame(rows, columns=names).sample(frac=1, random_state=1)


@settings(deadline=None, max_examples=40)
@given(
    frame=cases(),
    ratio=st.integers(1, 3),
    reuse=st.booleans(),
    caliper=st.sampled_from([None, 0.3]),
    exact=st.sampled_from([(), ("town",)]),
    seed=st.sampled_from([None, 3]),
)
def test_every_risk_set_match_is_good(frame, ratio, reuse, caliper, exact, seed) -> None:
    given_frame = frame.copy(deep=True)
    roles = replace(ROLES, exact=exact)
    options: dict[str, Any] = {
        "ratio": ratio,
        "replace": reuse,
        "caliper": caliper,
        "seed": seed,
    }
    try:
        m = ev.match_risk_sets(frame, roles, **TIMES, distance="mahalanobis", **options)
    except DesignError as error:
        m = None
        refusal = str(error)
    assert_frame_equal(frame, given_frame)
    if m is None:
        assert re.search("is at risk at any of|no control for any of", refusal)
        return
    used = m.frame[m.used]
    controls = used[~used["plan"]]
    assert (used["opened"] < used["index_date"]).all()
    assert (used["index_date"] <= used["closed"]).all()
    assert not (controls["starts"] <= controls["index_date"]).any()
    assert used.loc[used["plan"], "id"].is_unique
    assert reuse or controls["id"].is_unique
    assert m.pairs.groupby("treated").size().max() <= ratio
    assert (used["follow_up"] >= 1).all()
    own, other = (
        m.frame.iloc[m.pairs[arm]].reset_index(drop=True) for arm in ("treated", "comparison")
    )
    for column in ("index_date", *exact):
        assert (own[column] == other[column]).all()
    assert len(m.dropped) + own["id"].nunique() == frame.loc[frame["plan"], "id"].nunique()
    assert_allclose(m.weights[~m.treated].sum(), len(controls))


def test_row_order_does_not_matter_where_nothing_ties() -> None:
    persons = _simulated(5, n=600).drop_duplicates("starts")
    persons = pd.concat(
        [persons, _simulated(6, n=300).query("~plan").assign(id=lambda f: -f.id - 1)]
    )
    roles = ev.Roles(unit="id", treatment="plan", covariates=("x",))
    m = ev.match_risk_sets(persons, roles, **TIMES)
    shuffled = ev.match_risk_sets(persons.sample(frac=1, random_state=2), roles, **TIMES)
    assert _partners(m) == {key: _partners(shuffled)[key] for key in _partners(m)}


def test_a_seed_orders_those_who_start_together() -> None:
    together = pd.DataFrame(
        {
            "id": range(8),
            "plan": [True] * 2 + [False] * 6,
            "starts": [5.0] * 2 + [np.nan] * 6,
            "opened": 0,
            "closed": 9,
            "age": [30, 30, 30, 40, 41, 42, 43, 44],
        }
    )

    def first(seed: int | None) -> list[int]:
        m = ev.match_risk_sets(together, ROLES, **TIMES, distance="mahalanobis", seed=seed)
        return _partners(m)[0]

    assert first(None) == [2]
    seeds = {seed: first(seed) for seed in range(8)}
    assert {tuple(partner) for partner in seeds.values()} == {(2,), (3,)}
    assert seeds == {seed: first(seed) for seed in range(8)}


# --- refusals


def test_every_missing_column_is_named_at_once(six: pd.DataFrame) -> None:
    roles = replace(ROLES, covariates=("agee",))
    with pytest.raises(ColumnError) as caught:
        ev.match_risk_sets(
            six, roles, start="start", entry="opend", exit="closed", event="jobs"
        )
    for told in ("covariates='agee'", "start='start'", "entry='opend'", "event='jobs'"):
        assert told in str(caught.value)
    assert "Did you mean 'opened'?" in str(caught.value)


def test_all_contradictions_are_counted_at_once(six: pd.DataFrame) -> None:
    wrong = pd.DataFrame(
        [
            ("a", True, None, 0, 9, 30),  # participant without start
            ("b", True, 3, 5, 9, 30),  # start before entry
            ("c", True, 12, 0, 9, 30),  # start after exit
            ("d", False, None, 8, 4, 30),  # entry after exit
            ("e", False, 6, 0, 9, 30),  # a start of somebody not treated
            ("f", False, None, 0, 9, 30),
            ("f", False, None, 8, 12, 30),  # overlap
            ("g", True, 4, 0, 9, 30),
            ("g", True, 5, 9, 12, 30),  # start varies
            ("h", True, 4, 0, 9, 30),
            ("h", False, None, 9, 12, 30),  # treatment varies
        ],
        columns=["id", "plan", "starts", "opened", "closed", "age"],
    )
    with pytest.raises(DesignError) as caught:
        ev.match_risk_sets(wrong, ROLES, **TIMES)
    for told in (
        "1 participant(s) without start",
        "1 participant(s) start on or before entry",
        "1 participant(s) start in no period",
        "1 row(s) (4) with entry on or after exit",
        "1 start(s) of units that are not treated",
        "1 unit(s) whose periods overlap",
        "2 unit(s) whose start varies",
        "1 unit(s) whose treatment varies",
    ):
        assert told in str(caught.value), told


def test_all_unreadable_columns_are_told_at_once(six: pd.DataFrame) -> None:
    unreadable = six.assign(
        opened=[0.5, *[0.0] * 5],
        closed=[None, *[9.0] * 5],
        starts="5",
        age=[None, *[30.0] * 5],
        plan=[2, 1, 0, 0, 0, 0],
        follow_up=1,
    )
    with pytest.raises(DesignError) as caught:
        ev.match_risk_sets(unreadable, ROLES, **TIMES)
    for told in (
        "entry='opened': 1 row(s) (1) not whole",
        "exit='closed': 1 row(s) (1) missing",
        "start='starts' holds object",
        "covariate='age': 1 row(s) (1) missing",
        "treatment='plan': 1 row(s) (1) not 0/1",
        "'follow_up' is made by the match",
    ):
        assert told in str(caught.value), told


def test_a_time_of_day_and_a_time_zone_are_refused(six: pd.DataFrame) -> None:
    for name in TIMES.values():
        six[name] = pd.Timestamp("2017-03-01") + pd.to_timedelta(six[name], unit="D")
    six["opened"] += pd.Timedelta("9h")
    six["closed"] = six["closed"].dt.tz_localize("UTC")
    with pytest.raises(DesignError) as caught:
        ev.match_risk_sets(six, ROLES, **TIMES)
    assert "entry='opened': 6 row(s) (1, 2, 3, ...) not whole" in str(caught.value)
    assert "exit='closed' holds datetime64[ns, UTC]" in str(caught.value)


def test_dates_and_numbers_do_not_mix(six: pd.DataFrame) -> None:
    mixed = six.assign(opened=pd.Timestamp("2020-01-01"))
    with pytest.raises(DesignError, match="all be dates or all be numbers"):
        ev.match_risk_sets(mixed, ROLES, **TIMES)


def test_nobody_at_risk_nobody_started_and_nobody_in_reach_are_refused(
    six: pd.DataFrame,
) -> None:
    alone = six.iloc[:3].assign(starts=[5, 5, None])
    with pytest.raises(
        DesignError, match="nobody without the programme is at risk at any of the 2"
    ):
        ev.match_risk_sets(alone, ROLES, **TIMES)
    with pytest.raises(DesignError, match="no participant among 6 rows"):
        ev.match_risk_sets(six.assign(plan=0, starts=np.nan), ROLES, **TIMES)
    with pytest.raises(
        DesignError, match=r"no control for any of the 2 .*2 outside the caliper"
    ):
        _six(six.assign(age=[30, 31, 30, 33, 40, 32]), caliper=0.001)
    with pytest.raises(DesignError, match="nothing to match on"):
        ev.match_risk_sets(six, replace(ROLES, covariates=()), **TIMES)


def test_everybody_may_take_part_sooner_or_later() -> None:
    persons = _simulated(8, n=500).query("plan")
    roles = ev.Roles(unit="id", treatment="plan", covariates=("x",))
    m = ev.match_risk_sets(persons, roles, **TIMES)
    controls = m.frame[m.used & ~m.treated]
    assert len(controls) > 20
    assert_array_equal(controls["follow_up"], controls["until_start"])


# --- verification


BREAKAGES: dict[str, Any] = {
    "partners come from opposite arms": lambda m: replace(
        m, pairs=m.pairs.rename(columns={"treated": "comparison", "comparison": "treated"})
    ),
    "share an index date": lambda m: _with(m, index_date=m.frame["index_date"] + ~m.treated),
    "no control starts on or before": lambda m: _with(
        m, starts=m.frame["starts"].where(m.treated, m.frame["index_date"])
    ),
    "at risk at its index date": lambda m: _with(m, closed=m.frame["opened"]),
    "covariates stand as in the period": lambda m: _with(m, x=m.frame["x"] + 1),
    "agree on every exact column": lambda m: _with(m, town=np.where(m.treated, "0", "1")),
    "within the caliper": lambda m: replace(m, caliper_width=m.pairs["distance"].max() / 2),
    "as often as asked": lambda m: replace(
        m, pairs=m.pairs.assign(comparison=m.pairs["comparison"].iloc[0])
    ),
    "ends at a control's own start": lambda m: _with(m, follow_up=m.frame["follow_up"] + 500),
    "follow-up is positive": lambda m: _with(m, follow_up=0.0),
    "weights follow from the pairs": lambda m: replace(m, weights=2 * m.weights),
    "add up to the treated": lambda m: replace(m, dropped=pd.DataFrame({"row": [0]})),
}  # fmt: skip


def _with(m: ev.Matched, **columns: Any) -> ev.Matched:
    return replace(m, frame=m.frame.assign(**columns))


@pytest.mark.parametrize("distance", ["logit", "mahalanobis"])
def test_a_match_that_breaks_a_rule_is_refused_naming_it(distance: str) -> None:
    persons = _simulated(9, n=300)
    roles = ev.Roles(unit="id", treatment="plan", covariates=("x",), exact=("town",))
    clock = Clock(**TIMES, event=None)
    m = ev.match_risk_sets(persons, roles, **TIMES, distance=distance, ratio=2)
    verify(m, persons, clock)
    for rule, broken in BREAKAGES.items():
        with pytest.raises(DesignError, match=rule):
            verify(broken(m), persons, clock)


def test_a_set_short_of_partners_is_told(six: pd.DataFrame) -> None:
    m = _six(six, ratio=3)
    # a takes b, d and e; f alone is left for b.
    assert _partners(m) == {"a": ["b", "d", "e"], "b": ["f"]}
    told = "1 of 2 sets have fewer partners than asked for, up to 3 (1 with 1);"
    assert sum(note.startswith(told) for note in m.notes) == 1


def test_people_far_out_count_in_the_unit_of_a_caliper() -> None:
    rng = np.random.default_rng(5)
    n = 300
    age = rng.normal(40, 5, n)
    age[-3:] = 180, 190, 200
    starts = np.where(rng.random(n) < 1 / (1 + np.exp((age - 37) / 3)), 5.0, np.nan)
    frame = pd.DataFrame({"id": range(n), "plan": starts > 0, "starts": starts, "age": age})
    frame = frame.assign(opened=0, closed=30)
    m = ev.match_risk_sets(frame, ROLES, **TIMES, caliper=0.2)
    # A line in age, whatever the slope: three rows lie beyond the log-odds of a rounded 0.
    assert (m.distance < -27.6).sum() == 3
    assert_allclose(np.corrcoef(m.distance, m.frame["age"])[0, 1], -1)
    assert_allclose(m.caliper_width, 0.2 * np.std(m.distance, ddof=1))


@pytest.mark.parametrize("distance", ["logit", "mahalanobis"])
@pytest.mark.parametrize("reused", [False, True])
def test_declared_blanks_are_matched_and_verified(distance: str, reused: bool) -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"id": range(200), "age": rng.normal(40, 10, 200), "opened": 0})
    frame["starts"] = pd.Series(rng.integers(5, 60, 200)).where(rng.random(200) < 0.3)
    frame["plan"], frame["closed"] = frame["starts"].notna(), 80
    frame["town"] = np.where(np.arange(200) % 11 == 0, None, rng.choice(["a", "b"], 200))
    frame["age"] = frame["age"].mask(np.arange(200) % 7 == 0)
    roles = replace(ROLES, covariates=("age", "town"))
    options = {**TIMES, "distance": distance, "replace": reused}
    with pytest.raises(DesignError, match="covariate='age'"):
        ev.match_risk_sets(frame, roles, **options)
    m = ev.match_risk_sets(frame, replace(roles, missing="indicator"), **options)
    assert (m.balance().tidy()["level"] == "missing").sum() == 2
    assert m.data(rows="sets")["subclass"].nunique() == len(m.pairs)
