"""The score bootstrap of hazard ratios: scores by hand, near the jackknife, right size."""

from __future__ import annotations

import time

import numpy as np
import pytest

import evaluation as ev
from data_dictionary.errors import DesignError
from evaluation.survival.score_bootstrap import _cluster_scores


def test_restricted_scores_are_observed_less_expected_events(make, duration) -> None:
    # With the log ratio held at 0 a cluster's score is the sum over its treated of events less
    # expected events, less what the mean of the risk set takes off: the log-rank score.
    m = make(n=150)
    ratio = ev.hazard_ratio(m, duration, ties="breslow")
    found = _cluster_scores(ratio.fit, ratio.unit, 0.0)
    weeks, status = m.frame["weeks"].to_numpy(), m.frame["status"].to_numpy()
    happened, x = status == "employment", m.treated * 1.0
    row = np.zeros(len(weeks))
    for t in np.unique(weeks[happened]):
        at_risk, now = weeks >= t, happened & (weeks == t)
        mean, hazard = x[at_risk].mean(), now.sum() / at_risk.sum()
        row += (x - mean) * (now - at_risk * hazard)
    expected = np.bincount(ratio.unit, weights=row)
    np.testing.assert_allclose(found.score[:, 0], expected, atol=1e-9)
    # The clusters' informations add up to the information of the fit, but for differencing.
    at_fit = _cluster_scores(ratio.fit, ratio.unit, float(ratio.fit.coef[0]))
    assert at_fit.information.sum() == pytest.approx(1 / ratio.fit.vcov[0, 0], rel=1e-5)


@pytest.mark.parametrize("covariates", [(), ("age",)])
def test_it_stands_near_the_jackknife(make, duration, covariates) -> None:
    ratio = ev.hazard_ratio(make(n=1500, effect=0.3), duration, covariates=covariates)
    found = ev.score_bootstrap(ratio, draws=1999, seed=1)
    assert found.estimate == ratio.estimate
    assert found.p_value <= 0.05
    assert found.conf_low > 1
    assert np.log(found.conf_low) == pytest.approx(np.log(ratio.conf_low), abs=0.06)
    assert np.log(found.conf_high) == pytest.approx(np.log(ratio.conf_high), abs=0.06)
    assert found.std_error == pytest.approx(ratio.std_error, rel=0.2)
    assert found.method.endswith("studentised score bootstrap")


def test_fine_and_grays_ratio_is_judged_too(make, duration) -> None:
    ratio = ev.subdistribution_hazard(make(n=800, effect=0.5), duration)
    found = ev.score_bootstrap(ratio, draws=999, seed=1)
    assert found.term == "subdistribution_hazard_ratio"
    assert np.log(found.conf_low) == pytest.approx(np.log(ratio.conf_low), abs=0.1)
    path = _cluster_scores(ratio.fit, ratio.unit, float(ratio.fit.coef[0]))
    # At the estimate the scores, with the part of the censoring distribution, sum to zero.
    assert path.score.sum() == pytest.approx(0.0, abs=1e-6)


def test_size_holds_without_an_effect(make, duration) -> None:
    rejected = 0
    for seed in range(40):
        ratio = ev.hazard_ratio(make(n=150, effect=0.0, seed=seed), duration)
        rejected += ev.score_bootstrap(ratio, draws=399, seed=seed).p_value <= 0.05
    # 5 % of 40 is 2; more than 6 happen in under 1 % of builds.
    assert rejected <= 6


def test_ten_thousand_draws_of_many_rows_are_quick(make, duration) -> None:
    ratio = ev.hazard_ratio(make(n=10_000), duration)
    ev.score_bootstrap(ratio, draws=99, seed=1)
    began = time.perf_counter()
    ev.score_bootstrap(ratio, seed=1)
    assert time.perf_counter() - began < 5


def test_without_clusters_or_with_exact_ties_it_is_refused(make, duration) -> None:
    with pytest.raises(DesignError, match="has none"):
        ev.score_bootstrap(ev.hazard_ratio(make(cluster=False), duration), seed=1)
    with pytest.raises(DesignError, match="exact"):
        ev.score_bootstrap(ev.hazard_ratio(make(n=60), duration, ties="exact"), seed=1)


def test_few_clusters_keep_their_refusal(make, duration) -> None:
    m = make(n=200)
    m.frame["town"] = np.where(m.treated, m.frame["town"] % 2, m.frame["town"])
    ratio = ev.hazard_ratio(m, duration)
    assert np.isnan(ev.score_bootstrap(ratio, seed=1).conf_low)
