"""Weights from a propensity: scaled, trimmed, cut."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

import evaluation as ev
from data_dictionary.errors import CareWarning
from tests.evaluation.comparison.small import drawn

ORACLE = json.loads(
    (Path(__file__).parents[3] / "oracle" / "weights_lalonde.json").read_text(encoding="utf-8")
)


def test_unstabilised_weights_scale_both_arms_to_the_target(lalonde, lalonde_roles) -> None:
    m = ev.weigh(
        lalonde, lalonde_roles, method=ev.InverseProbability(stabilised=False), estimand="ATE"
    )
    assert_allclose([m.weights[m.treated].sum(), m.weights[~m.treated].sum()], [614, 614])
    assert ev.mean_difference(m, "re78").estimate == pytest.approx(
        ORACLE["ATE"]["effect"], rel=1e-6
    )


def test_trimming_leaves_out_extreme_propensities_and_says_so(lalonde, lalonde_roles) -> None:
    m = ev.weigh(lalonde, lalonde_roles, method=ev.InverseProbability(trim=0.1), estimand="ATE")
    score = m.propensity
    inside = (score >= 0.1) & (score <= 0.9)
    assert ((m.weights > 0) == inside).all()
    assert m.tidy()["n_dropped"].sum() == (~inside).sum() == len(m.dropped)
    assert any("outside 0.1 to 0.9 are left out" in note for note in m.notes)


def test_a_cap_cuts_the_largest_weights_of_each_arm(lalonde, lalonde_roles) -> None:
    plain = ev.weigh(lalonde, lalonde_roles, estimand="ATE")
    m = ev.weigh(lalonde, lalonde_roles, method=ev.InverseProbability(cap=0.9), estimand="ATE")
    arm = m.treated
    cut = plain.weights[arm] > np.quantile(plain.weights[arm], 0.9)
    assert len(set(np.round(m.weights[arm][cut], 9))) == 1
    ratio = m.weights[arm][~cut] / plain.weights[arm][~cut]
    assert_allclose(ratio, ratio[0])
    assert m.ess["treated"] > plain.ess["treated"]


def test_rows_without_a_counterpart_are_left_out_with_a_warning() -> None:
    frame = drawn(1)
    frame["site"] = "both"
    frame.loc[frame.index[frame["plan"]][:3], "site"] = "trial only"
    frame.loc[frame.index[~frame["plan"]][:4], "site"] = "other only"
    roles = ev.Roles(unit="id", treatment="plan", covariates=("x", "site"))
    with pytest.warns(CareWarning, match="3 treated and 4 comparison"):
        m = ev.weigh(frame, roles)
    assert len(m.dropped) == 3
    assert not m.used[frame["site"] != "both"].any()
    inside = ev.weigh(frame[frame["site"] == "both"], roles)
    assert_allclose(m.weights[frame["site"] == "both"], inside.weights, rtol=1e-8)
