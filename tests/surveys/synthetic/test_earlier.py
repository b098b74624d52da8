"""A draw of other persons is no second edition of what was published before."""

from __future__ import annotations

from pathlib import Path

import pytest

from surveys import synthesize
from surveys.synthetic.earlier import EDITIONS, KEPT


@pytest.mark.parametrize(
    ("again", "is_apart"),
    [
        ({}, False),
        ({"seed": 2}, True),
        ({"persons": 501}, True),
        ({"scenario": "lock_in"}, True),
    ],
)
def test_what_was_published_of_another_draw_is_of_others(
    tmp_path: Path, again: dict[str, object], is_apart: bool
) -> None:
    first = {"seed": 1, "persons": 500, "scenario": "measured"}
    kept = synthesize(tmp_path, **first).study / "data" / EDITIONS / f"x{KEPT}"
    kept.parent.mkdir()
    kept.touch()
    synthesize(tmp_path, **first | again)
    assert kept.exists() is not is_apart


def test_of_data_that_no_draw_made_nothing_is_set_apart(tmp_path: Path) -> None:
    kept = tmp_path / "study" / "data" / EDITIONS / f"x{KEPT}"
    kept.parent.mkdir(parents=True)
    kept.touch()
    synthesize(tmp_path, seed=1, persons=500)
    assert kept.exists()
