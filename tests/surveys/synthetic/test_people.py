from __future__ import annotations

import re

import numpy as np
import pytest

from surveys.synthetic import people, places
from surveys.synthetic.people import FAMILIES, YOUNG, People, draw_people


@pytest.fixture(scope="module")
def drawn() -> People:
    return draw_people(np.random.default_rng(1), 5_000)


def test_keys_are_hexadecimal_and_cannot_be_read_as_numbers(drawn: People) -> None:
    for keys in (drawn.person_id, drawn.household_id):
        assert all(re.fullmatch(r"[a-f][0-9a-f]{15}", key) for key in keys)
    assert len(set(drawn.person_id)) == len(drawn)


def test_ages_fit_the_target_groups(drawn: People) -> None:
    young = drawn.age[drawn.group == YOUNG]
    assert young.min() >= 18
    assert young.max() < 30
    others = drawn.age[drawn.group != YOUNG]
    assert others.min() >= 20
    assert others.max() <= 62.1
    assert (drawn.children[drawn.group == FAMILIES] >= 1).all()
    assert drawn.children.max() <= 12


def test_couples_share_household_municipality_and_children(drawn: People) -> None:
    second = np.flatnonzero(np.diff(drawn.household) == 0) + 1
    assert 0.02 < second.size / len(drawn) < 0.08
    assert (drawn.group[second] == FAMILIES).all()
    for name in ("place", "children", "household_id"):
        values = getattr(drawn, name)
        assert (values[second] == values[second - 1]).all()
    assert (drawn.female[second] != drawn.female[second - 1]).all()


def test_nobody_lives_here_before_birth_and_immigrants_arrive_later(drawn: People) -> None:
    assert (drawn.resident_from >= drawn.birth_date).all()
    immigrants = drawn.origin == 2
    assert (drawn.resident_from[immigrants] > drawn.birth_date[immigrants]).all()


def test_municipalities_are_as_large_as_their_citizens_and_need(drawn: People) -> None:
    size = np.bincount(drawn.place, minlength=len(places.PLACES))
    assert size.min() > 0
    codes = [place.code for place in places.PLACES]
    assert size[codes.index(217)] > 2 * size[codes.index(201)]
    assert len(set(codes)) == 39


def test_target_groups_belong_to_the_clusters_of_the_trial(drawn: People) -> None:
    cluster = {
        name: {places.CLUSTERS[k] for k in set(drawn.cluster[drawn.group == g])}
        for g, name in enumerate(people.TARGET_GROUPS)
    }
    assert cluster["families"] == {"familie"}
    assert cluster["young"] == {"unge"}
    assert cluster["brain_injury"] == cluster["substance_use"] == {"voksen"}
