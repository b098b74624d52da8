"""What keeps partners near, apart, or out, whichever method pairs them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data_dictionary.errors import DesignError
from evaluation import Full, Matched, Nearest, Optimal, match
from tests.evaluation.comparison.small import BY_S, HAND, ROLES, people


def test_anti_exact_and_calipers_keep_partners_apart_and_near() -> None:
    far = match(HAND, BY_S, method=Nearest(anti_exact=("g",)), distance="s")
    assert (
        far.frame["g"].to_numpy()[far.pairs["treated"]]
        != far.frame["g"].to_numpy()[far.pairs["comparison"]]
    ).all()
    near = match(HAND, BY_S, method=Optimal(caliper_unit="raw"), distance="s", caliper=0.5)
    assert near.dropped["reason"].tolist() == ["outside the caliper"]
    by_y = match(HAND, BY_S, method=Optimal(calipers={"y": 1.0}), distance="s")
    assert by_y.pairs[["treated", "comparison"]].to_numpy().tolist() == [[0, 4], [1, 5], [2, 6]]
    in_sd = match(HAND, BY_S, method=Full(calipers_sd={"y": 0.5}), distance="s")
    y = HAND["y"].to_numpy()
    gaps = np.abs(y[in_sd.pairs["treated"]] - y[in_sd.pairs["comparison"]])
    assert (gaps <= 0.5 * HAND["y"].std()).all()
    with pytest.raises(DesignError, match="every candidate barred by anti_exact"):
        match(HAND.assign(g=1), BY_S, method=Nearest(anti_exact=("g",)), distance="s")


@pytest.mark.parametrize(
    ("discard", "lost"),
    [("treated", [0, 2]), ("comparison", []), ("both", [0, 2])],
)
def test_rows_outside_the_common_support_are_left_out(discard: str, lost: list[int]) -> None:
    for method in (Nearest(discard=discard), Full(discard=discard), Optimal(discard=discard)):
        m = match(HAND, BY_S, method=method, distance="s")
        assert m.dropped["row"].tolist() == lost
        assert set(m.dropped["reason"]) <= {"outside the common support"}
        assert not m.used[lost].any()


def test_mahalanobis_decides_inside_the_propensity_caliper(sim, sim_roles) -> None:
    inside = Nearest(mahalanobis=("x1", "x2"))
    m = match(sim, sim_roles, method=inside, distance="ps", caliper=0.2)
    gap = np.abs(m.distance[m.pairs["treated"]] - m.distance[m.pairs["comparison"]])
    assert (gap <= m.caliper_width).all()
    plain = match(sim, sim_roles, distance="ps", caliper=0.2)
    x = sim[["x1", "x2"]].to_numpy()

    def away(one: Matched) -> float:
        return float(np.abs(x[one.pairs["treated"]] - x[one.pairs["comparison"]]).mean())

    assert away(m) < away(plain) / 2
    best = match(
        sim, sim_roles, method=Optimal(mahalanobis=("x1", "x2")), distance="ps", caliper=0.2
    )
    if len(best.pairs) == len(m.pairs):
        assert best.pairs["distance"].sum() <= m.pairs["distance"].sum()


def test_missing_values_in_an_option_s_columns_are_counted() -> None:
    frame = people(40, 2)
    frame.loc[3:5, "w"] = np.nan
    with pytest.raises(DesignError, match="caliper 'w': 3 missing"):
        match(frame, ROLES, method=Nearest(calipers={"w": 1.0}))


@pytest.mark.parametrize("distance", ["mahalanobis", "robust_mahalanobis"])
@pytest.mark.parametrize(
    "units",
    [{"re74": 1000.0, "re75": 1000.0}, {"age": 0.001, "educ": 0.001}, {"age": 3.7, "re75": -7}],
    ids=str,
)
def test_units_of_the_columns_turn_no_tie(
    distance: str, units: dict[str, float], lalonde, lalonde_roles
) -> None:
    frame = lalonde.assign(id=range(len(lalonde)))
    other = frame.assign(**{name: frame[name] * unit for name, unit in units.items()})
    near = [Nearest(order="closest"), Nearest(), Nearest(ratio=2), Nearest(replace=True)]
    for kind in (*near, Optimal(), Full()):
        method = replace(kind, distance=distance)
        as_it_is, in_units = (match(one, lalonde_roles, method) for one in (frame, other))
        pd.testing.assert_frame_equal(as_it_is.pairs, in_units.pairs)
