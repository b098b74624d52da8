"""What scores and amounts were in each arm, and that it gives nobody away."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from analyses import Estimates, Results, Study, Tables
from analyses.published.gate import Gate
from analyses.published.means import build
from analyses.published.table import Made
from analyses.published.tables import TABLES
from tests.analyses.published.whole import whole


@pytest.fixture(scope="module")
def run_made(study: Study, tables: Tables, estimates: Estimates) -> Made:
    return Made(TABLES, study, tables, estimates)


def test_each_mean_is_that_of_the_weighted_whose_outcome_is_known(run_made: Made) -> None:
    found = build(run_made).set_index(["outcome", "wave", "arm"])
    one = run_made.estimates.outcomes["relation"]
    m, before_and_after = one.matched, one.outcome.levels(run_made.study)
    assert [level.wave for level in before_and_after] == [1, 3]
    for arm, rows in (("treated", m.treated), ("comparison", ~m.treated)):
        own = m.used & rows & m.frame["relation"].notna().to_numpy()
        for level in before_and_after:
            values = m.frame.loc[own, level.column].astype(float)
            row = found.loc[("relation", level.wave, arm)]
            assert row["mean"] == pytest.approx(np.average(values, weights=m.weights[own]))
            assert row["n"] == own.sum() == len(row["n_who"])
            assert row["conf_low"] < row["mean"] < row["conf_high"]


def after_of(made: Made, outcome: str) -> pd.Series:
    """Return what both arms had in the end."""
    rows = build(made).query("outcome == @outcome").set_index("arm")
    return rows[rows["wave"] == rows["wave"].max()]["mean"]


def test_a_difference_without_covariates_is_that_of_the_means(run_made: Made) -> None:
    one = run_made.estimates.outcomes["relation"]
    plain = ev.mean_difference(one.matched, "relation")
    after = after_of(run_made, "relation")
    assert plain.estimate == pytest.approx(after["treated"] - after["comparison"])


def test_what_the_baseline_takes_off_the_difference_is_that_of_the_baselines(
    run_made: Made,
) -> None:
    # ANCOVA is the difference in the end less what the difference to begin with foretells.
    one = run_made.estimates.outcomes["relation"]
    m, (first, last) = one.matched, one.outcome.levels(run_made.study)
    means = build(run_made).query("outcome == 'relation'").set_index(["wave", "arm"])["mean"]
    gaps = [
        means[wave, "treated"] - means[wave, "comparison"] for wave in (first.wave, last.wave)
    ]
    own = m.used & one.observed
    x, y = (m.frame.loc[own, name].to_numpy(float) for name in (first.column, last.column))
    within = [
        values
        - np.where(
            m.treated[own], values[m.treated[own]].mean(), values[~m.treated[own]].mean()
        )
        for values in (x, y)
    ]
    foretold = (within[0] @ within[1]) / (within[0] @ within[0])
    found = {effect.term: effect.estimate for effect in (one.tested, *one.others)}
    assert found["score_difference_uncorrected"] == pytest.approx(gaps[1] - foretold * gaps[0])


def test_the_treated_have_had_what_the_effect_is_taken_off_from(run_made: Made) -> None:
    for name, one in run_made.estimates.outcomes.items():
        if one.outcome.levels(run_made.study):
            treated, without = one.tested.means
            assert treated == pytest.approx(after_of(run_made, name)["treated"])
            assert treated - without == pytest.approx(one.tested.estimate)


def test_every_score_of_the_study_is_told_and_no_duration(results: Results) -> None:
    means = results.means
    scores = [one["name"] for one in results.manifest["outcomes"] if one["kind"] == "score"]
    assert list(dict.fromkeys(means["outcome"])) == scores
    assert set(means["wave"]) == {1, 3}
    assert list(means["scale"]) == list(means["outcome"])
    columns = "outcome scale wave arm mean conf_low conf_high n sd"
    assert " ".join(means.columns) == columns
    assert means["mean"].between(0, 100).all()


def means(**changed: object) -> pd.DataFrame:
    usual = {"outcome": "pay", "arm": ["treated", "comparison"]}
    usual |= {"conf_low": 35.0, "conf_high": 55.0}
    usual |= {"n": [60, 60], "mean": [40.0, 50.0], "sd": [9.0, 9.0]}
    return whole("means", pd.DataFrame(usual | changed))


EFFECTS = pd.DataFrame(
    {
        **{"outcome": ["pay"], "term": "mean_difference", "estimate": 10.0, "std_error": 2.0},
        **{"conf_low": 6.0, "conf_high": 14.0, "n_treated": 60, "n_comparison": 60},
    }
)


@pytest.mark.parametrize(
    ("changed", "is_told"),
    [
        ({}, [True, True]),
        ({"n": [4, 60]}, [False, True]),
        ({"sd": [0.0, 9.0]}, [False, True]),
        # Ones and noughts: three of sixty said yes, or all but three.
        ({"mean": [0.05, 0.5], "sd": [(0.05 * 0.95) ** 0.5, 0.5]}, [False, True]),
        ({"mean": [0.95, 0.5], "sd": [(0.05 * 0.95) ** 0.5, 0.5]}, [False, True]),
    ],
)
def test_what_tells_of_few_or_of_everybody_is_hidden(
    changed: dict[str, object], is_told: list[bool]
) -> None:
    made = {"means": means(**changed), "effects": whole("effects", EFFECTS)}
    shown = Gate(5).publish(made)["means"].frame
    for told in ("mean", "conf_low", "conf_high", "sd"):
        assert shown[told].notna().tolist() == is_told


def test_the_means_of_a_hidden_effect_are_hidden() -> None:
    effects = whole("effects", EFFECTS.assign(estimate=np.nan))
    shown = Gate(5).publish({"means": means(), "effects": effects})["means"].frame
    assert shown["mean"].isna().all()
