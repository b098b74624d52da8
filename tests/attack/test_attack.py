"""Nobody who puts all published tables together counts few persons, in small studies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analyses.published import gate
from evaluation.disclosure import suppression
from evaluation.disclosure.sizes import Who
from tests.attack.everything import attack
from tests.attack.model import Model
from tests.attack.places import fitting
from tests.attack.studies import Design, attacked, estimated

# Every threshold and scenario, and two where so few answered that all places are small;
# `tests.validity.disclosure` attacks 200.
STUDIES = (
    *range(6),
    8,
    *(pytest.param(number, marks=pytest.mark.slow) for number in (6, 7, 9)),
)


@pytest.mark.parametrize("number", STUDIES)
def test_no_count_of_few_is_narrowed(number: int) -> None:
    found = attack(attacked(estimated(Design.of(number))))
    assert found.hidden > 50
    assert found.untrue == []
    assert found.narrowed == []


def as_they_are(groups: Iterable[Who], **_: object) -> dict[Who, float]:
    return {who: float(len(who)) for who in groups}


def few_alone(frame: pd.DataFrame, counts: object, few: Any, *_: object) -> Any:
    return few


@pytest.mark.parametrize(
    ("number", "room", "name", "broken", "caught"),
    [
        (1, gate, "told_sizes", as_they_are, "consented:treated less participants"),
        (0, suppression, "_closed", few_alone, "place:comparison"),
    ],
    ids=["sizes that nest", "nothing hidden beside the few"],
)
def test_a_broken_rule_is_caught(
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    room: object,
    name: str,
    broken: object,
    caught: str,
) -> None:
    monkeypatch.setattr(room, name, broken)
    found = attack(attacked(estimated(Design.of(number))))
    assert found.untrue == []
    assert [one for one in found.narrowed if caught in one], found.narrowed


def test_an_effective_number_with_decimals_names_hidden_places() -> None:
    shown, hidden = np.array([12, 9, 8, 7, 6, 6, 5]), np.array([4, 4])
    sizes = np.concatenate([shown, hidden])
    number = pd.Series(
        {
            "effective_treated": sizes.sum() ** 2 / (sizes**2).sum(),
            "largest_share_treated": np.nan,
            "n_treated_clusters": len(sizes),
            "reason": "",
        }
    )
    assert fitting(sizes.sum(), shown, 2, number) == {4}
    number["effective_treated"] = np.floor(number["effective_treated"])
    assert fitting(sizes.sum(), shown, 2, number) == set(range(1, 8))


def test_what_is_known_wrongly_is_said() -> None:
    model = Model()
    model.count("few", 3, 0, 2)
    model.count("many", 9)
    model.within({"few": 1.0, "many": 1.0}, 13, 13)
    assert len(model.untrue()) == 2


def test_the_solver_and_the_moves_find_the_same() -> None:
    model = Model()
    for name, truth in (("a", 2), ("b", 3), ("c", 30)):
        model.count(name, truth)
    model.within({"a": 1.0, "b": 1.0}, 5, 5)
    model.within({"b": 1.0, "c": 1.0}, 30, 34)
    model.aim("a", {"a": 1.0})
    model.aim("c", {"c": 1.0})
    assert list(model.possible({"a": 1.0}, range(9))) == [0, 1, 2, 3, 4, 5]
    assert model.ends({"a": 1.0}, 99) == (0, 5)
    assert model.narrowed(3) == []
    # Six integers, none of which is 0 or at least 10.
    model.within({"a": 1.0}, 1)
    assert model.narrowed(10) == ["a = 2: [1, 2, 3, 4, 5]"]


def test_the_solver_misses_no_world() -> None:
    """The most is 142 by hand; HiGHS says 109 if it may presolve."""
    model = Model()
    for name, truth, low, high in (
        *(("all:consented", 174, 165, 183), ("all:invited", 272, 263, 281)),
        *(("a:inside", 7, 0, 171), ("a:consented", 7, 0, 184), ("a:invited", 12, 0, 282)),
        *(("b:consented", 47, 0, 184), ("b:invited", 72, 0, 151)),
        *(("c:consented", 73, 0, 184), ("c:invited", 107, 0, 282)),
        *(("d:consented", 16, 10, 19), ("a", 39, 0, 628), ("c", 249, 0, 628)),
        ("e", 133, 130, 139),
    ):
        model.count(name, truth, low, high)
    model.within({"a": 1, "c": 1, "e": 1}, 421, 421)
    for stage, rest, names in (("invited", 81, "abc"), ("consented", 31, "abcd")):
        parts = dict.fromkeys([f"{name}:{stage}" for name in names], 1.0)
        model.within({**parts, f"all:{stage}": -1.0}, -rest, -rest)
    for outer, inner in (
        *(("c", "c:invited"), ("a", "a:invited"), ("b:invited", "b:consented")),
        *(("c:invited", "c:consented"), ("a:invited", "a:consented")),
        ("a:consented", "a:inside"),
    ):
        model.holds(outer, inner)
    assert model.untrue() == []
    assert model.ends({"a:inside": 1.0}, 400) == (0, 142)
