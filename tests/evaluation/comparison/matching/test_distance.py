from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import evaluation as ev
from data_dictionary.errors import DesignError
from evaluation import Roles, match, mean_difference
from evaluation.comparison.arms import Arms
from evaluation.comparison.matching.distance import (
    caliper_width,
    coordinates,
    on_scale,
    outside_support,
)


def test_noise_of_summation_does_not_break_a_tie() -> None:
    log_odds = np.array([0.3, 0.3 + 1e-15, 0.3 - 1e-15])
    for scale in ("ps", "logit"):
        assert len(set(on_scale(log_odds, scale))) == 1


def test_a_certain_row_still_has_a_finite_place_on_the_logit_scale() -> None:
    assert_allclose(on_scale(np.array([np.inf, -np.inf]), "logit"), [27.6, -27.6])


def test_the_caliper_counts_standard_deviations_of_the_whole_sample() -> None:
    # SD of 1, 2, 3, 4 with n - 1: sqrt(5 / 3).
    assert_allclose(caliper_width(np.arange(1.0, 5.0), 0.2), 0.2 * np.sqrt(5 / 3))
    assert caliper_width(np.arange(4.0), None) == np.inf
    assert caliper_width(np.arange(4.0), 0.2, "raw") == 0.2


def _spread(frame: pd.DataFrame, treated: list[bool], *, robust: bool = False) -> np.ndarray:
    named = tuple(frame.columns)
    frame = frame.assign(id=range(len(frame)), t=treated)
    arms = Arms.read(
        frame, Roles(unit="id", treatment="t", covariates=named), "ATT", "match on"
    )
    return coordinates(arms, named, np.ones(len(frame), dtype=bool), robust=robust)


def test_mahalanobis_divides_by_the_covariance_within_the_arms() -> None:
    # Centred by arm: -1, 1, -2, 2; sum of squares 10, divided by n - 1 = 3.
    points = _spread(pd.DataFrame({"x": [0.0, 2.0, 10.0, 14.0]}), [True, True, False, False])
    assert_allclose(abs(points[1, 0] - points[0, 0]), 2 / np.sqrt(10 / 3))


def test_a_repeated_column_does_not_count_twice() -> None:
    x = np.array([0.0, 2.0, 10.0, 14.0])
    once = _spread(pd.DataFrame({"x": x}), [True, True, False, False])
    twice = _spread(pd.DataFrame({"x": x, "y": 3 * x + 1}), [True, True, False, False])
    gaps = [np.linalg.norm(points[0] - points[2]) for points in (once, twice)]
    assert_allclose(gaps[0], gaps[1])


def test_a_rare_level_does_not_rule_the_robust_distance() -> None:
    # 4 of 400 have it.  Ranks 198.5 and 398.5; untied ranks have SD sqrt(400 * 401 / 12).
    frame = pd.DataFrame({"rare": [1.0] * 4 + [0.0] * 396})
    treated = [i % 2 == 0 for i in range(400)]
    plain, robust = (_spread(frame, treated, robust=kind) for kind in (False, True))
    assert abs(plain[0, 0] - plain[-1, 0]) > 10
    assert_allclose(abs(robust[0, 0] - robust[-1, 0]), 200 / np.sqrt(400 * 401 / 12))


def test_common_support_is_the_range_of_the_other_arm() -> None:
    position = np.array([0.0, 2.0, 5.0, 1.0, 4.0, 9.0])
    treated = np.array([True] * 3 + [False] * 3)
    assert outside_support(position, treated, "treated").tolist() == [True] + [False] * 5
    assert outside_support(position, treated, "comparison").tolist() == [False] * 5 + [True]


@pytest.mark.parametrize(
    "learner",
    [ev.Boosted(seed=3, trees=20, folds=2), ev.Penalised(seed=3, lasso=1.0, folds=3)],
    ids=["boosted", "lasso"],
)
@pytest.mark.parametrize("cluster", [None, "town"])
def test_a_learner_s_propensity_is_a_distance(lalonde, lalonde_roles, learner, cluster) -> None:
    """It is that of weighting with the same learner, whose folds hold whole towns."""
    frame = lalonde.assign(town=np.arange(len(lalonde)) % 12)
    roles = replace(lalonde_roles, cluster=cluster)
    w = ev.weigh(frame, roles, ev.Overlap(learner=learner))
    m = ev.match(frame, roles, distance=learner, caliper=0.2)
    assert_allclose(m.propensity, w.propensity, rtol=1e-12)
    odds = w.propensity / (1 - w.propensity)
    by_column = ev.match(frame.assign(s=np.log(odds)), roles, distance="s", caliper=0.2)
    assert m.pairs[["treated", "comparison"]].equals(by_column.pairs[["treated", "comparison"]])
    assert learner.describe() in m.design
    assert m.seed == 3
    on_ps = ev.match(frame, roles, ev.Full(distance="ps", learner=learner))
    assert_allclose(on_ps.distance, w.propensity, atol=1e-12)


def test_what_is_no_learner_is_refused(lalonde, lalonde_roles) -> None:
    with pytest.raises(DesignError, match=r"learner='boosted' must be a learner: Logistic\("):
        ev.match(lalonde, lalonde_roles, ev.Nearest(learner="boosted"))
    boosted = ev.Nearest(distance="mahalanobis", learner=ev.Boosted(seed=1))
    with pytest.raises(DesignError, match=r"learner make\(s\) the propensity, which"):
        ev.match(lalonde, lalonde_roles, boosted)
    with pytest.raises(DesignError, match=r"distance=.* is not used by method='cem'"):
        ev.match(lalonde, lalonde_roles, "cem", distance=ev.Boosted(seed=1))


def test_rows_far_out_count_in_the_unit_of_a_caliper(psid, psid_roles) -> None:
    # MatchIt 4.7.2: 15 of 2,675 rows lie below -27.6.
    m = match(psid, psid_roles, caliper=0.2)
    assert len(m.pairs) == 123
    assert_allclose(m.caliper_width, 1.188625, atol=5e-7)
    assert_allclose(mean_difference(m, "re78").estimate, 202.2, atol=0.05)
    assert (m.distance < -27.6).sum() == 15
    m = match(psid, psid_roles, caliper=0.05, replace=True)
    assert (m.used & m.treated).sum() == 185


def test_rows_without_counterpart_stand_beyond_all_others() -> None:
    far = on_scale(np.array([np.inf, 3.0, -60.0, -np.inf, np.nan]), "logit")
    assert_allclose(far, [60.0, 3.0, -60.0, -60.0, np.nan])


def test_a_factor_does_not_bend_the_mahalanobis_distance(nhefs, nhefs_roles) -> None:
    # Base R, mahalanobis() with the pooled covariance: 3.267.  MatchIt 4.7.2 has 3.373: it
    # does not leave out the rows of a pivoted Cholesky root beyond the rank.
    arms = Arms.read(nhefs, nhefs_roles, "ATT", "match on")
    everybody = np.ones(len(nhefs), dtype=bool)
    points = coordinates(arms, nhefs_roles.covariates, everybody, robust=False)
    assert_allclose(np.linalg.norm(points[597] - points[407]), 3.267, atol=1e-3)
