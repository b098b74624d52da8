"""What scores and amounts were in each arm, and that it gives nobody away."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

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
    found = build(run_made).set_index(["outcome", "period", "arm"])
    one = run_made.estimates.outcomes["relation"]
    m, column = one.matched, one.outcome.levels(run_made.study)["before"]
    for arm, rows in (("treated", m.treated), ("comparison", ~m.treated)):
        own = m.used & rows & m.frame["relation"].notna().to_numpy()
        for period, name in (("before", column), ("after", "relation")):
            by_hand = np.average(m.frame.loc[own, name].astype(float), weights=m.weights[own])
            row = found.loc[("relation", period, arm)]
            assert row["mean"] == pytest.approx(by_hand)
            assert row["n"] == own.sum() == len(row["n_who"])


def test_a_difference_without_covariates_is_that_of_the_means(run_made: Made) -> None:
    one = run_made.estimates.outcomes["relation"]
    from analyses.outcomes.score import _means

    plain = _means(one.matched, "relation", run_made.study)
    after = (
        build(run_made).query("outcome == 'relation' and period == 'after'").set_index("arm")
    )
    gap = after.loc["treated", "mean"] - after.loc["comparison", "mean"]
    assert plain.estimate == pytest.approx(gap)


def test_every_score_of_the_study_is_told_and_no_duration(results: Results) -> None:
    means = results.means
    scores = [one["name"] for one in results.manifest["outcomes"] if one["kind"] == "score"]
    assert list(dict.fromkeys(means["outcome"])) == scores
    assert set(means["period"]) == {"before", "after"}
    assert means["mean"].between(0, 100).all()


def means(**changed: object) -> pd.DataFrame:
    usual = {"outcome": "pay", "period": "after", "arm": ["treated", "comparison"]}
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
    assert shown["mean"].notna().tolist() == is_told


def test_the_means_of_a_hidden_effect_are_hidden() -> None:
    effects = whole("effects", EFFECTS.assign(estimate=np.nan))
    shown = Gate(5).publish({"means": means(), "effects": effects})["means"].frame
    assert shown["mean"].isna().all()
