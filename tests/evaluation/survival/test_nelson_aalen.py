from __future__ import annotations

import numpy as np
import pytest

from evaluation.survival import kaplan_meier, nelson_aalen


def test_six_people_by_hand() -> None:
    # Events at 1, 2 (two of five) and 4; censored at 3 and 5.
    found = nelson_aalen.fit([1, 2, 2, 3, 4, 5], [1, 1, 1, 0, 1, 0])
    np.testing.assert_allclose(found.at([0.5, 1, 2.5, 9]), [0, 1 / 6, 17 / 30, 17 / 30 + 1 / 2])
    variance = np.cumsum([1 / 36, 2 / 25, 0, 1 / 4, 0])
    np.testing.assert_allclose(found.std_error, np.sqrt(variance))
    low, high = found.interval()
    np.testing.assert_allclose(low * high, found.hazard**2)


def test_rows_as_clusters_are_the_robust_error_and_repeated_rows_their_weight() -> None:
    rng = np.random.default_rng(0)
    exits = np.ceil(rng.exponential(20, 200))
    entry = np.floor(exits * rng.uniform(0, 0.9, 200))
    event, times = rng.random(200) < 0.6, rng.integers(1, 4, 200)
    weighted = nelson_aalen.fit(exits, event, entry=entry, weights=times)
    np.testing.assert_allclose(weighted.std_error, weighted.clustered(range(200)).std_error)
    who = np.repeat(np.arange(200), times)
    repeated = nelson_aalen.fit(exits[who], event[who], entry=entry[who]).clustered(who)
    np.testing.assert_allclose(weighted.hazard, repeated.hazard)
    np.testing.assert_allclose(weighted.std_error, repeated.std_error, atol=1e-12)


def test_it_is_above_the_log_of_kaplan_meier_and_near_it() -> None:
    rng = np.random.default_rng(1)
    exits, event = rng.exponential(20, 500), rng.random(500) < 0.6
    hazard = nelson_aalen.fit(exits, event).hazard[:-50]
    from_survival = -np.log(kaplan_meier.fit(exits, event).survival[:-50])
    assert (from_survival >= hazard).all()
    np.testing.assert_allclose(hazard, from_survival, rtol=0.02)


def test_what_is_no_event_or_cluster_is_refused() -> None:
    with pytest.raises(ValueError, match="event must be 0 or 1"):
        nelson_aalen.fit([1, 2], [0, 2])
    with pytest.raises(ValueError, match="cluster must hold one value per row"):
        nelson_aalen.fit([1, 2], [0, 1]).clustered([1])
