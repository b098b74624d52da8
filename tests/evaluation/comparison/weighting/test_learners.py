from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import evaluation as ev
from data_dictionary.errors import DesignError
from evaluation.comparison.weighting.learners import deal, log_odds

ROLES = ev.Roles(unit="id", treatment="plan", covariates=("x", "z"), cluster="town")


def persons(n: int = 600) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"id": range(n), "town": rng.integers(0, 24, n)})
    frame["x"], frame["z"] = rng.normal(size=(2, n))
    # Treatment depends on the square of x, which a logit on x does not see.
    chance = 1 / (1 + np.exp(1 - frame["x"] ** 2))
    frame["plan"] = (frame["town"] % 2 == 0) & (rng.random(n) < chance)
    frame["y"] = frame["x"] ** 2 + rng.normal(size=n)
    return frame[frame["plan"] | (frame["town"] % 2 == 1)].reset_index(drop=True)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 2**32 - 1), folds=st.integers(2, 5), groups=st.integers(10, 30))
def test_groups_stay_whole_and_every_model_sees_both_arms(
    seed: int, folds: int, groups: int
) -> None:
    rng = np.random.default_rng(seed)
    group = np.concatenate([np.arange(groups), rng.integers(0, groups, 100)])
    treated = group < groups // 2
    fold = deal(group, treated, folds=folds, seed=seed)
    assert len(set(zip(group, fold, strict=True))) == groups
    assert set(fold) == set(range(folds))
    for number in range(folds):
        outside = fold != number
        assert treated[outside].any()
        assert (~treated[outside]).any()
    assert (fold == deal(group, treated, folds=folds, seed=seed)).all()


def test_more_folds_than_clusters_are_refused() -> None:
    frame = persons()
    few = frame[frame["town"].isin([0, 2, 1, 3, 5, 7, 9])]
    with pytest.raises(DesignError, match="folds=5, but the treated arm has 2 cluster"):
        ev.weigh(few, ROLES, method=ev.Overlap(learner=ev.Boosted(seed=1)))
    with pytest.raises(DesignError, match="folds=1 must be 2 or more"):
        ev.Penalised(seed=1, folds=1)
    with pytest.raises(DesignError, match="lasso=2"):
        ev.Penalised(seed=1, lasso=2)
    with pytest.raises(DesignError, match="trees=0"):
        ev.Boosted(seed=1, trees=0)
    with pytest.raises(DesignError, match="seed=None, but cross-fitting draws at random"):
        ev.weigh(frame, ROLES, method=ev.Overlap(learner=ev.Boosted()))
    with pytest.raises(DesignError, match="seed='one' must be a whole number"):
        ev.match(frame, ROLES, distance=ev.Boosted(seed="one"))


@pytest.mark.parametrize("learner", [ev.Penalised(seed=3), ev.Boosted(seed=3, trees=40)])
def test_a_seed_gives_the_same_weights_and_stays_with_the_design(learner: ev.Boosted) -> None:
    frame = persons()
    method = ev.InverseProbability(learner=learner)
    first, second = (ev.weigh(frame, ROLES, method=method) for _ in range(2))
    assert_allclose(first.weights, second.weights, rtol=0)
    assert first.seed == 3
    assert learner.describe() in first.design


def test_the_logit_behind_the_seam_is_the_logit(lalonde, lalonde_roles) -> None:
    from evaluation.comparison.covariates import design_matrix
    from evaluation.comparison.propensity import fit_logit

    matrix, _ = design_matrix(lalonde, lalonde_roles.covariates)
    treated = lalonde["treat"].to_numpy(bool)
    found = log_odds(
        ev.Logistic(),
        matrix,
        treated,
        sampling=np.ones(len(matrix)),
        group=np.arange(len(matrix)),
    )
    assert_allclose(found, fit_logit(matrix, treated).log_odds, rtol=1e-12)


def test_trees_balance_a_square_that_a_logit_does_not_see() -> None:
    frame = persons(3000)
    square = frame["x"] ** 2

    def gap(method: ev.InverseProbability) -> float:
        m = ev.weigh(frame, ROLES, method=method)
        means = [
            np.average(square[arm], weights=m.weights[arm]) for arm in (m.treated, ~m.treated)
        ]
        return abs(means[0] - means[1])

    trees = ev.Boosted(seed=1, trees=60, depth=2)
    assert gap(ev.InverseProbability(learner=trees)) < 0.5 * gap(ev.InverseProbability())


def test_weights_of_a_learner_are_called_fixed_where_they_are_taken_so() -> None:
    frame = persons()
    roles = ev.Roles(unit="id", treatment="plan", covariates=("x", "z"))
    m = ev.weigh(frame, roles, method=ev.Overlap(learner=ev.Penalised(seed=1)))
    effect = ev.mean_difference(m, "y")
    assert m.influence is None
    assert "weights taken as fixed" in effect.method
    assert any("may be too long or too short" in note for note in effect.notes)
    assert not any("conservative" in note for note in effect.notes)
