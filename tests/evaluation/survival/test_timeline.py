from __future__ import annotations

import numpy as np
import pytest

from evaluation.survival.timeline import row_weights, timeline


def test_a_row_that_enters_at_an_exit_time_is_not_at_risk_then() -> None:
    # Exits at 2 and 5; the second row enters at 2, so only the first is at risk at 2.
    line = timeline([2.0, 5.0], [0.0, 2.0])
    assert line.at_risk(np.ones(2)).tolist() == [1.0, 1.0]
    assert line.start.tolist() == [0, 1]


def test_times_that_differ_by_rounding_are_one_time() -> None:
    line = timeline([0.1 + 0.2, 0.3, 0.7])
    assert len(line.times) == 2
    assert line.stop.tolist() == [0, 0, 1]
    late = timeline([0.1 + 0.2, 0.3, 0.7], [0.0, 0.1, 0.3])
    assert late.at_risk(np.ones(3)).tolist() == [2.0, 1.0]


def test_entry_without_a_start_counts_from_the_beginning() -> None:
    line = timeline([1.0, 2.0], [-np.inf, 0.0])
    assert not line.start.any()


@pytest.mark.parametrize(
    ("exit_", "entry", "message"),
    [
        ([], None, "at least one"),
        ([1.0, np.nan], None, "missing or infinite"),
        ([1.0, 2.0], [0.0, np.nan], "none missing"),
        ([1.0, 2.0], [0.0, 2.0], r"1 row\(s\) do not enter before they leave"),
    ],
)
def test_times_that_cannot_be_placed_are_refused(
    exit_: list[float], entry: list[float] | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        timeline(exit_, entry)


@pytest.mark.parametrize(
    ("weights", "message"),
    [([1.0, -1.0], "none negative"), ([0.0, 0.0], "every weight is zero")],
)
def test_weights_that_are_no_weights_are_refused(weights: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        row_weights(weights, 2)
