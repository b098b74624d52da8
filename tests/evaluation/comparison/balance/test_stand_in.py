"""Those who stand for some of the treated: parts of partners, of sets and of the whole arm."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import evaluation as ev
from evaluation.comparison.balance.stand_in import stand_in

ROLES = ev.Roles(unit="id", treatment="plan", covariates=("x",), cluster="town")


def persons(seed: int, n: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"id": range(n), "town": rng.integers(0, 6, n)})
    frame["plan"] = frame["town"] < 2
    frame["x"] = rng.normal(size=n) + 0.5 * frame["plan"]
    return frame


MATCHES = {
    "nearest": {"method": "nearest"},
    "two to one": {"method": "nearest", "ratio": 2},
    "with replacement": {"method": "nearest", "replace": True, "ratio": 2},
    "full": {"method": "full"},
    "subclass": {"method": ev.Subclass(n=3)},
}


@pytest.mark.parametrize("options", MATCHES.values(), ids=MATCHES)
@given(seed=st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=10)
def test_towns_have_parts_that_add_up_to_the_match(
    options: dict[str, object], seed: int
) -> None:
    frame = persons(seed, n=90)
    m = ev.match(frame, ROLES, **options)  # type: ignore[arg-type]
    own = m.used & m.treated
    town = frame["town"].to_numpy()
    parts = [stand_in(m, own & (town == name), town == name) for name in range(2)]
    assert_allclose(np.sum(parts, axis=0), m.weights, atol=1e-12)


def test_a_town_has_its_part_of_a_set_that_it_shares_by_hand() -> None:
    frame = pd.DataFrame(
        {"id": range(5), "plan": [1, 1, 1, 0, 0], "town": list("aabcc"), "x": 1.0}
    )
    m = dataclasses.replace(
        ev.unmatched(frame, ROLES),
        subclass=np.zeros(5, dtype=np.int64),
        weights=np.array([1, 1, 1, 1.5, 1.5]),
    )
    inside = frame["town"].to_numpy() == "a"
    # Two of the set's three treated are of town a.
    assert_allclose(stand_in(m, m.treated & inside, inside), [1, 1, 0, 1, 1])


def test_where_nobody_is_a_partner_those_of_the_town_itself_stand_in() -> None:
    frame = persons(1).assign(plan=lambda rows: rows["id"] % 2 == 0)
    m = ev.unmatched(frame, ROLES)
    inside = frame["town"].to_numpy() == 3
    weights = stand_in(m, m.treated & inside, inside)
    assert_allclose(weights, inside.astype(float))
