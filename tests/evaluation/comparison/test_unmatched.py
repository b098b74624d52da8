"""The arms as they stand: published differences without any matching."""

from __future__ import annotations

from numpy.testing import assert_allclose

from evaluation import Roles, unmatched
from tests.evaluation.comparison.small import difference


def test_the_experiment_needs_no_match(nsw) -> None:
    # Published benchmark of the Dehejia-Wahba sample.
    roles = Roles(unit="rownames", treatment="treat")
    assert_allclose(difference(unmatched(nsw, roles), "re78"), 1794.3424, rtol=1e-7)


def test_unmatched_lalonde_differs_as_published(lalonde, lalonde_roles, lalonde_oracle) -> None:
    raw = unmatched(lalonde, lalonde_roles)
    assert_allclose(difference(raw, "re78"), lalonde_oracle["difference"], rtol=1e-7)
    assert raw.notes == ("no matching was done: the arms are compared as they stand.",)
    assert str(raw).startswith("unmatched")
