"""Many studies at a time are the studies of the public functions, one by one."""

from __future__ import annotations

import numpy as np
import pytest

from evaluation.inference.jackknife import cluster_dof
from tests.validity import few_clusters as studies
from tests.validity.few_clusters import SIZES, Cell

LAWS = ("normal", "skew 1", "skew 2", "rare")


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize(("outcome", "law"), [("scores", LAWS[0]), ("scores", LAWS[3])])
def test_scores_are_judged_as_the_public_function_judges_them(outcome, law, sizes) -> None:
    cell = Cell(
        outcome=outcome, treated=4, comparison=12, sizes=sizes, law=law, icc=0.05, ratio=2.0
    )
    check(cell, weeks=False)


@pytest.mark.parametrize("law", ["skew 1", "rare"])
@pytest.mark.parametrize("weeks", [False, True])
def test_durations_are_judged_as_the_public_functions_judge_them(law, weeks) -> None:
    for sizes in SIZES:
        cell = Cell(
            outcome="durations",
            treated=5,
            comparison=6,
            sizes=sizes,
            law=law,
            icc=0.02,
            ratio=1.5,
        )
        check(cell, weeks=weeks)


def check(cell: Cell, *, weeks: bool) -> None:
    data = studies.drawn(cell, 4)
    judged = studies.judge(cell, data, weeks=weeks)
    expected = np.where(judged.refused, np.nan, judged.p_values())
    found = [studies.public_p(cell, data, k, weeks=weeks) for k in range(4)]
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_degrees_of_freedom_are_those_of_the_jackknife() -> None:
    sizes = np.random.default_rng(0).lognormal(0, 1, (3, 9))
    found = studies._cluster_dof(sizes / sizes.sum(axis=1, keepdims=True))
    np.testing.assert_allclose(found, [cluster_dof(one) for one in sizes])


@pytest.mark.parametrize("law", LAWS)
def test_shocks_have_the_law_that_they_are_named_after(law) -> None:
    cell = Cell(
        outcome="scores",
        treated=20,
        comparison=20,
        sizes="equal",
        law=law,
        icc=0.0 if law == "rare" else 0.5,
        ratio=1.0,
    )
    _, mean, _ = studies.scores(cell, 4000)
    centre = studies.RARE if law == "rare" else 0.0
    assert mean.mean() == pytest.approx(centre, abs=0.01)
    if law != "rare":
        # Half of the variance is the shock's, and persons add 1 / 25.
        assert mean.std() == pytest.approx(np.sqrt(1 + 1 / 25), rel=0.03)
        z = (mean - mean.mean()) / mean.std()
        skewness = {"normal": 0.0, "skew 1": 1.0, "skew 2": 2.0}[law]
        assert (z**3).mean() == pytest.approx(skewness, abs=0.15)


def test_with_equal_clusters_the_test_keeps_its_size() -> None:
    cell = Cell(
        outcome="scores",
        treated=9,
        comparison=12,
        sizes="equal",
        law="normal",
        icc=0.1,
        ratio=2.0,
    )
    p = studies.judge(cell, studies.drawn(cell, 4000), weeks=False).p_values()
    # Four standard errors of a share of 5 per cent.
    assert abs((p <= 0.05).mean() - 0.05) < 4 * np.sqrt(0.05 * 0.95 / 4000)


def test_counts_by_time_add_up_to_the_cluster() -> None:
    cell = Cell(
        outcome="durations",
        treated=3,
        comparison=6,
        sizes="equal",
        law="normal",
        icc=0.02,
        ratio=1.0,
    )
    counts = studies.durations(cell, 50)
    assert (counts.sum(axis=(2, 3)) == 25).all()
    shares = counts.sum(axis=(0, 1, 2)) / counts.sum()
    assert shares[0] == pytest.approx(0.36, abs=0.03)
