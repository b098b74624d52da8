"""The bench measures what it says; how fast anything is, no test asks."""

from __future__ import annotations

import pytest

from tests.bench.measure import JobFailedError, in_child
from tests.bench.table import Line, aligned


def test_a_job_reports_time_memory_and_facts_of_its_own_process() -> None:
    done = in_child("inference.wild", rows=100)
    assert done.seconds > 0
    assert done.facts["draws"] == 2**9
    assert done.peak_mb is None or 10 < done.peak_mb < 10_000


def test_a_job_that_fails_says_why() -> None:
    with pytest.raises(JobFailedError, match="unexpected keyword argument 'row'"):
        in_child("inference.wild", row=100)


def test_ratios_name_their_direction() -> None:
    assert Line(work="", size="", seconds=2.0, other=1.0).ratio() == "2x as long"
    assert Line(work="", size="", seconds=0.5, other=1.0).ratio() == "2x faster"


def test_columns_stand_under_their_heads() -> None:
    text = aligned([Line(work="a", size="1 row", seconds=0.5), Line(work="bb", size="22 rows")])
    head, _, first, second = text.splitlines()
    assert head.index("size") == first.index("1 row") == second.index("22 rows")
    assert head.index("time") + len("time") == first.index("500 ms") + len("500 ms")
