"""Facts of a run: written as JSON, read back as they were, and refused where they are none."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest

from analyses import Results
from analyses.results.facts import PathFacts, read_facts, written
from data_dictionary.errors import DataError
from evaluation.survival.path.marks import BreakEven, LockIn
from tests.reports import minimal


def back(facts: object) -> object:
    return json.loads(json.dumps(facts, allow_nan=False))


def test_what_a_run_wrote_is_read_back_and_written_the_same(results: Results) -> None:
    facts = read_facts(results.manifest)
    again = back(written(facts))
    assert isinstance(again, dict)
    told = {name: value for name, value in results.manifest.items() if name in again}
    assert again == told
    assert set(results.manifest) - set(again) <= {"seal", "sha256"}


def test_every_kind_of_fact_survives_json() -> None:
    path = PathFacts(
        name="job",
        status=("job",),
        label=None,
        weeks=(-4, 52),
        statuses=("job", "other"),
        merged=(),
        method="none",
        reason="few",
        lock_in=LockIn(week=3, depth=-1.25, conf_low=math.nan, conf_high=math.nan),
        break_even=BreakEven(week=None, level=((4, 9), (12, 12))),
    )
    facts = minimal.facts(path=path, after_index_date={"trust": None, "hope": 7})
    made = read_facts(back(written(facts)))  # type: ignore[arg-type]
    assert made.path is not None
    assert made.path.lock_in is not None
    assert math.isnan(made.path.lock_in.conf_low)
    known = replace(path.lock_in, conf_low=0.0, conf_high=0.0)  # type: ignore[type-var]
    assert replace(made.path.lock_in, conf_low=0.0, conf_high=0.0) == known
    assert made.after_index_date == {"trust": None, "hope": 7}
    assert made.outcomes == facts.outcomes
    assert made.study == facts.study


def test_numbers_have_the_digits_of_the_tables() -> None:
    contrast = replace(minimal.CONTRAST, mde=1 / 3)
    told = written(minimal.facts(contrasts=(contrast, replace(contrast, mde=math.nan))))
    assert [one["mde"] for one in told["contrasts"]] == [0.3333333333, "NaN"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("where", "wrong"),
    [
        (("study", "design"), "hoped"),
        (("outcomes", 0, "role"), "third"),
        (("outcomes", 0, "time", "horizon"), "long"),
        (("comparison", "family"), "twins"),
    ],
)
def test_a_code_that_is_none_is_refused_where_it_stands(where, wrong: str) -> None:
    content = back(written(minimal.facts()))
    place = content
    for step in where[:-1]:
        place = place[step]  # type: ignore[index]
    place[where[-1]] = wrong  # type: ignore[index]
    with pytest.raises(DataError, match=r"\.".join(map(str, where))):
        read_facts(content)  # type: ignore[arg-type]


def test_a_missing_fact_is_named() -> None:
    content = written(minimal.facts())
    del content["cluster"]
    with pytest.raises(DataError, match=r"x.json: cluster: .*run the study again"):
        read_facts(content, "x.json")
