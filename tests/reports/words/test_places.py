"""Clusters in Danish: forms that agree in gender and number."""

from __future__ import annotations

import pytest

from reports.words.places import CLUSTER, PLACES, Place


@pytest.mark.parametrize("place", [CLUSTER, *PLACES.values()])
def test_every_form_is_there_and_agrees(place: Place) -> None:
    assert place.the.startswith(place.one[:4])
    assert place.all.endswith("ne")
    assert place.single == f"{'én' if place.a == 'en' else 'ét'} {place.one}"
    assert place.each.split()[0] == ("hver" if place.a == "en" else "hvert")


def test_one_place_is_in_the_singular() -> None:
    place = PLACES["Kommune"]
    assert (place.some(1), place.some(9)) == ("én kommune", "ni kommuner")
    assert (place.others(1), place.others(30)) == ("én anden kommune", "30 andre kommuner")
    assert PLACES["Jobcenter"].others(1) == "ét andet jobcenter"
