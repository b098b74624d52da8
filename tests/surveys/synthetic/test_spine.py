"""Everybody's place, arm and time zero fit what a study asks."""

from __future__ import annotations

import numpy as np

from data_dictionary import load
from surveys.synthetic.spine import Aims, Spine

SPAN = np.datetime64("2017-03-01"), np.datetime64("2018-12-31")
WORDS = load("enplan")
AIMS = Aims(
    people="population",
    unit="person_id",
    treatment="en_plan",
    cluster="municipality",
    cluster_class="municipality_class",
    excluded=(101, 147),
    start="start_date",
    stages=("invited", "consented"),
    born=("birth_date",),
    span=SPAN,
)


def test_arms_have_several_places_and_nobody_starts_before_the_programme() -> None:
    spine = Spine.of(np.random.default_rng(1), 3_000, AIMS, WORDS["population"])
    rows = np.arange(3_000)
    found = spine.columns(np.random.default_rng(2), WORDS["population"], rows, {})
    treated = found["en_plan"] == 1
    assert len(set(found["municipality"][treated])) >= 6
    # In the places reached there are both.
    assert set(found["municipality"][treated]) < set(found["municipality"][~treated])
    assert not {101, 147} & set(found["municipality"][treated])
    began = spine.exposure(WORDS["exposure"])
    first = dict(zip(began["municipality"], began["start_date"], strict=True))
    starts = found["start_date"]
    assert np.isnat(starts[~treated]).all()
    assert all(
        first[place] <= start
        for place, start in zip(found["municipality"][treated], starts[treated], strict=True)
    )
    assert len(began["municipality"]) == 3 * len(set(began["municipality"]))
    # Of the stages each is reached by fewer, and by all who take part.
    assert (found["consented"] <= found["invited"]).all()
    assert found["consented"][treated].all()
    for place in np.unique(found["municipality"]):
        assert len(set(found["municipality_class"][found["municipality"] == place])) == 1


def test_a_programme_that_reached_every_place_has_both_arms_in_each() -> None:
    aims = Aims(cluster="municipality", treatment="en_plan", everywhere=True, span=SPAN)
    spine = Spine.of(np.random.default_rng(1), 2_400, aims, WORDS["population"])
    for place in range(spine.n_places):
        assert 0 < spine.treated[spine.place == place].mean() < 0.5


def test_without_places_a_part_takes_part() -> None:
    spine = Spine.of(np.random.default_rng(1), 2_000, Aims(span=SPAN), None)
    assert spine.n_places == 1
    assert 0.05 < spine.treated.mean() < 0.3
    assert ((spine.zero >= SPAN[0]) & (spine.zero <= SPAN[1])).all()
