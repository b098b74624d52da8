"""Scores and reliability: by hand, against SPSS, and whatever the answers are."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import surveys
from data_dictionary import Column, Scale, Table, load
from data_dictionary.errors import ColumnError, DataError
from surveys import Panel, score
from surveys.waves.scores import cronbach_alpha

DATA = Path(__file__).parents[2] / "data"


def panel(items: np.ndarray | list[list[float]]) -> Panel:
    values = np.asarray(items, dtype=float)
    names = [f"i{position}" for position in range(1, values.shape[1] + 1)]
    frame = pd.DataFrame(values, columns=names)
    frame.insert(0, "person_id", [f"p{row}" for row in range(len(frame))])
    frame.insert(1, "wave", 1)
    columns = [Column(name="person_id", type="string", label="P")]
    columns += [Column(name=name, type="integer", label=name) for name in names]
    return Panel(
        frame=frame,
        table=Table(name="t", label="T", key=("person_id",), columns=tuple(columns)),
        waves=(),
    )


def scale(k: int = 3, reversed_items: tuple[str, ...] = (), least: int = 2) -> Scale:
    return Scale(
        name="s",
        label="S",
        items=tuple(f"i{position}" for position in range(1, k + 1)),
        reversed=reversed_items,
        minimum=1,
        maximum=5,
        least_answered=least,
    )


def test_a_score_runs_from_zero_to_a_hundred_with_reversed_items_turned() -> None:
    answers = panel([[5, 5, 1], [1, 1, 5], [3, 3, 3], [5, 3, 1]])
    scores = score(answers, scale(reversed_items=("i3",)))["score"]
    # (5 + 3 + 5) / 3 = 13/3, and (13/3 - 1) / 4 = 5/6
    assert scores.tolist() == pytest.approx([100, 0, 50, 500 / 6])


def test_too_few_answers_give_no_score_and_are_counted() -> None:
    nan = np.nan
    scores = score(panel([[5, nan, nan], [5, 4, nan], [nan, nan, nan]]), scale(least=2))
    assert scores["n_answered"].tolist() == [1, 2, 0]
    assert scores["score"].isna().tolist() == [True, False, True]
    assert scores["score"].iloc[1] == pytest.approx(100 * (4.5 - 1) / 4)


def test_who5_is_its_sum_times_four() -> None:
    who5 = load("enplan").scales["who5"]
    answers = panel([[0, 1, 2, 3, 5], [5, 5, 5, 5, 5]])
    own = replace(who5, items=tuple(f"i{i}" for i in range(1, 6)))
    assert score(answers, own)["score"].tolist() == [44, 100]


def test_an_answer_outside_the_scale_is_refused_with_its_row() -> None:
    with pytest.raises(DataError, match=r"1 answer\(s\) of i2 lie outside 1-5 \(row 2\)"):
        score(panel([[1, 2, 3], [1, 8, 3]]), scale())


def test_an_item_that_is_not_there_gets_the_nearest_name() -> None:
    answers = panel([[1, 2, 3]])
    frame = answers.frame.rename(columns={"i3": "item_3"})
    with pytest.raises(ColumnError, match=r"'item_33'\. Did you mean 'item_3'"):
        score(
            Panel(frame=frame, table=answers.table, waves=()),
            Scale(
                name="s",
                label="S",
                items=("i1", "item_33"),
                minimum=1,
                maximum=5,
                least_answered=1,
            ),
        )


def test_alpha_by_hand() -> None:
    # Items 1 2 3 4 and 2 2 4 4: variances 5/3 and 4/3; sums 3 4 7 8 with variance 17/3.
    # alpha = 2 / 1 * (1 - (5/3 + 4/3) / (17/3)) = 2 * (1 - 9/17) = 16/17.
    found = surveys.reliability(panel([[1, 2], [2, 2], [3, 4], [4, 4]]), scale(k=2))
    assert found.alpha == pytest.approx(16 / 17, rel=1e-14)
    # Item-rest correlation of two items is their correlation: covariance 4/3.
    assert found.items["item_rest"].tolist() == pytest.approx([(4 / 3) / np.sqrt(20 / 9)] * 2)
    assert found.n == 4


def test_the_interval_is_feldts_by_hand() -> None:
    # With 3 and 3 degrees of freedom F has quantiles 15.4392 and 1 / 15.4392 (tables, 2.5 %).
    found = surveys.reliability(panel([[1, 2], [2, 2], [3, 4], [4, 4]]), scale(k=2))
    assert found.conf_low == pytest.approx(1 - 15.4392 / 17, abs=1e-5)
    assert found.conf_high == pytest.approx(1 - 1 / (17 * 15.4392), abs=1e-5)


def test_only_complete_answers_count_for_alpha() -> None:
    full = [[1, 2, 2], [2, 2, 3], [3, 4, 3], [4, 4, 5], [2, 1, 1]]
    holes = [*full, [5, np.nan, 1], [np.nan, np.nan, np.nan]]
    assert (
        surveys.reliability(panel(holes), scale()).alpha
        == surveys.reliability(panel(full), scale()).alpha
    )
    assert surveys.reliability(panel(holes), scale()).n == 5


def test_alpha_and_scores_of_a_survey_written_by_spss() -> None:
    # Satisfaction with Life Scale, 5 items; the file holds SPSS's own sum of the items.
    answers = surveys.read(DATA / "survey.sav").frame
    items = answers[[f"lifsat{i}" for i in range(1, 6)]]
    complete = items.dropna()
    assert len(complete) == 436
    # Alpha again from the covariances: k^2 times their mean over the sum of all entries.
    covariance = np.cov(complete.to_numpy(), rowvar=False)
    between = covariance[~np.eye(5, dtype=bool)].mean()
    expected = 25 * between / covariance.sum()
    assert cronbach_alpha(complete.to_numpy()) == pytest.approx(expected, rel=1e-12)
    swls = Scale(
        name="swls",
        label="SWLS",
        items=tuple(f"i{i}" for i in range(1, 6)),
        minimum=1,
        maximum=7,
        least_answered=5,
    )
    scores = score(panel(items.to_numpy()), swls)["score"]
    sums = answers["tlifesat"]
    np.testing.assert_allclose(scores[sums.notna()], 100 * (sums.dropna() - 5) / 30, rtol=1e-12)


def test_reversal_agrees_with_the_reversed_items_that_spss_stored() -> None:
    answers = surveys.read(DATA / "survey.sav").frame
    optimism = Scale(
        name="optimism",
        label="O",
        items=tuple(f"i{i}" for i in range(1, 7)),
        reversed=("i2", "i4", "i6"),
        minimum=1,
        maximum=5,
        least_answered=6,
    )
    scores = score(panel(answers[[f"op{i}" for i in range(1, 7)]].to_numpy()), optimism)[
        "score"
    ]
    sums = answers["toptim"]
    np.testing.assert_allclose(scores[sums.notna()], 100 * (sums.dropna() - 6) / 24, rtol=1e-12)
    turned = answers[["op1", "Rop2", "op3", "Rop4", "op5", "Rop6"]].dropna().to_numpy()
    found = surveys.reliability(
        panel(answers[[f"op{i}" for i in range(1, 7)]].to_numpy()), optimism
    )
    assert found.alpha == pytest.approx(cronbach_alpha(turned), rel=1e-12)


@pytest.mark.parametrize(
    "items", [[[1, 2]] * 2, [[3, 3]] * 9, np.empty((0, 2)), [[np.nan, 1]] * 5]
)
def test_alpha_is_missing_where_it_cannot_be_computed(items: list[list[float]]) -> None:
    found = surveys.reliability(panel(items), scale(k=2, least=1))
    assert np.isnan([found.alpha, found.conf_low, found.conf_high]).all()


answered = arrays(
    np.float64, (8, 4), elements=st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0, np.nan])
)


@given(items=answered)
@settings(deadline=None, max_examples=50)
def test_turning_every_item_mirrors_every_score(items: np.ndarray) -> None:
    straight = score(panel(items), scale(k=4))["score"]
    turned = score(panel(items), scale(k=4, reversed_items=("i1", "i2", "i3", "i4")))["score"]
    np.testing.assert_allclose(
        straight + turned, np.where(straight.isna(), np.nan, 100), rtol=1e-12
    )
    assert straight.dropna().between(0, 100).all()


@given(items=arrays(np.float64, (9, 3), elements=st.integers(1, 5).map(float)))
@settings(deadline=None, max_examples=50)
def test_alpha_is_the_mean_covariance_over_the_mean_of_the_sum_and_lies_in_its_interval(
    items: np.ndarray,
) -> None:
    covariance = np.cov(items, rowvar=False)
    found = surveys.reliability(panel(items), scale())
    if covariance.sum() <= 1e-9:
        return
    off = (covariance.sum() - np.trace(covariance)) / 6
    assert found.alpha == pytest.approx(9 * off / covariance.sum(), abs=1e-9)
    assert found.conf_low <= found.alpha <= found.conf_high <= 1 + 1e-12


def test_a_reliability_says_what_it_found() -> None:
    found = surveys.reliability(panel([[1, 2], [2, 2], [3, 4], [4, 4]]), scale(k=2))
    assert found.tidy().columns.tolist() == [
        "scale",
        "n",
        "items",
        "alpha",
        "conf_low",
        "conf_high",
    ]
    assert found.summary() == "s: alpha 0.94 (95 % interval 0.09 to 1.00), 2 items, n = 4"
