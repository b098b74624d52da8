"""How far self-selection and silence can go: by hand, by simulation, and refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evaluation as ev
from data_dictionary.errors import DesignError
from evaluation.robustness.yardsticks import largest_imbalance, spread_between


def test_half_of_those_asked_cannot_differ_by_more_than_the_mean_of_the_upper_half() -> None:
    # The mean of a standard normal above its median is sqrt(2 / pi).
    assert largest_imbalance(0.5) == pytest.approx(np.sqrt(2 / np.pi))
    assert largest_imbalance(1.0) == 0.0


@given(uptake=st.floats(0.02, 0.98), noise=st.floats(0, 5))
@settings(deadline=None, max_examples=25)
def test_no_way_of_choosing_sets_participants_further_apart(uptake, noise) -> None:
    rng = np.random.default_rng(3)
    motivation = rng.standard_normal(20_000)
    wish = motivation + noise * rng.standard_normal(20_000)
    chosen = np.argsort(-wish)[: round(uptake * 20_000)]
    assert motivation[chosen].mean() <= largest_imbalance(uptake) + 0.06
    if noise == 0:
        assert motivation[chosen].mean() == pytest.approx(largest_imbalance(uptake), abs=0.06)


@pytest.mark.parametrize("wrong", [0.0, -0.1, 1.01])
def test_a_share_out_of_range_is_refused(wrong) -> None:
    with pytest.raises(DesignError, match="above 0 and not above 1"):
        largest_imbalance(wrong)


def test_the_interval_of_the_spread_covers_it() -> None:
    covered, truth = 0, 0.5
    for seed in range(200):
        rng = np.random.default_rng(seed)
        cluster = np.repeat(np.arange(25), 30)
        value = truth * rng.normal(size=25)[cluster] + rng.normal(size=len(cluster))
        found = spread_between(value, np.ones(len(value)), cluster)
        assert found.conf_low <= found.sd <= found.conf_high
        covered += found.conf_low <= truth <= found.conf_high
    # A 95 % interval covers fewer than 180 of 200 in one of three hundred builds.
    assert covered >= 180


def scores(n=4_000, *, effect=4.0) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    treated = np.arange(n) < n // 2
    score = 50 + effect * treated + 10 * rng.standard_normal(n)
    answered = rng.random(n) < np.where(treated, 0.75, 0.6)
    return pd.DataFrame(
        {
            "id": np.arange(n),
            "plan": treated,
            "town": np.where(treated, rng.integers(0, 9, n), rng.integers(9, 39, n)),
            "age": rng.standard_normal(n),
            "score": np.where(answered, score, np.nan),
        }
    )


def asked(frame: pd.DataFrame, **options) -> pd.DataFrame:
    roles = ev.Roles(unit="id", treatment="plan", covariates=("age",), cluster="town")
    m = ev.unmatched(frame, roles)
    found = ev.sensitivity(
        m,
        lambda m: ev.mean_difference(m, "score", draws=199),
        values=ev.person_values(m, "score"),
        leave_out="none",
        **options,
    )
    return found.rows.set_index(["check", "name"])["estimate"]


def test_silence_is_put_into_standard_deviations_by_hand() -> None:
    frame = scores()
    rows = asked(frame)
    silent = [frame.loc[frame["plan"] == arm, "score"].isna().mean() for arm in (True, False)]
    assert rows["nonresponse", "no answer, treated"] == pytest.approx(100 * silent[0])
    assert rows["nonresponse", "no answer, comparison"] == pytest.approx(100 * silent[1])
    spread = frame.loc[~frame["plan"], "score"].std(ddof=0)
    expected = rows["main", "score"] / (sum(silent) * spread)
    assert rows["nonresponse", "difference that removes the estimate"] == pytest.approx(
        expected
    )
    # Put there, it does: those who did not answer lie so far below and above the others.
    arm = frame["plan"].to_numpy()
    shift = np.where(arm, -expected, expected) * spread
    means = frame.groupby("plan")["score"].transform("mean")
    filled = frame["score"].fillna(means + shift)
    assert filled[arm].mean() == pytest.approx(filled[~arm].mean())


def test_where_everybody_answered_silence_says_nothing() -> None:
    frame = scores()
    frame["score"] = frame["score"].fillna(50.0)
    assert "nonresponse" not in asked(frame).index.get_level_values("check")


def test_an_unsure_difference_has_no_interval_to_remove() -> None:
    names = asked(scores(effect=0.0)).index.get_level_values("name")
    assert "removes the estimate" in names
    assert not [name for name in names if name.endswith("the interval")]


def test_uptake_bounds_self_selection_in_the_table() -> None:
    rows = asked(scores(), uptake=0.5)
    assert rows["self_selection", "asked who took part"] == 50.0
    assert rows["self_selection", "largest imbalance by taking part"] == pytest.approx(
        largest_imbalance(0.5)
    )
    assert ("self_selection", "largest imbalance by taking part") not in asked(scores()).index


def test_values_on_another_scale_than_the_effect_are_refused_and_named() -> None:
    frame = scores()
    m = ev.unmatched(frame, ev.Roles(unit="id", treatment="plan", covariates=("age",)))
    found = ev.sensitivity(
        m,
        lambda m: ev.g_computation(m, "score", contrast="ratio"),
        values=ev.person_values(m, "score"),
    )
    assert set(found.rows["check"]) == {"main"}
    assert any("do not add up to a ratio of means" in note for note in found.notes)


def test_silence_has_no_measure_where_all_answers_are_the_same() -> None:
    frame = scores()
    frame["score"] = frame["score"].where(frame["plan"] | frame["score"].isna(), 50.0)
    m = ev.unmatched(frame, ev.Roles(unit="id", treatment="plan", covariates=("age",)))
    found = ev.sensitivity(
        m, lambda m: ev.mean_difference(m, "score"), values=ev.person_values(m, "score")
    )
    assert "nonresponse: the outcome does not vary among those who answered" in found.notes
