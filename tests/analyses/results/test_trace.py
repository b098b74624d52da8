"""An estimate is traced to its clause, its method, the files and the code."""

from __future__ import annotations

import pytest

from analyses import Results, Study
from analyses.results.ownership import sha256_of
from analyses.results.trace import trace
from data_dictionary.errors import DataError


def test_an_estimate_tells_all_that_stands_behind_it(results: Results, study: Study) -> None:
    found = trace(results, "employment.incidence")
    row = results.effects.iloc[0]
    assert found.effect.estimate == row["estimate"]
    first, last = (int(n) for n in found.clause.partition("lines ")[2].split(" ")[0].split("-"))
    clause = study.path.read_text(encoding="utf-8").splitlines()[first - 1 : last]
    assert 'name = "employment"' in clause
    assert sha256_of(study.path) in found.clause
    assert found.standing == "unlocked"
    assert found.decision
    assert len(found.inputs) == len(study.files)
    assert all(sha256_of(one.path) in "".join(found.inputs) for one in study.files)
    assert found.code.startswith("enplan ")
    assert found.name in found.summary()


def test_every_estimate_can_be_traced(results: Results) -> None:
    for row in results.effects.to_dict("records"):
        trace(results, f"{row['outcome']}.{row['term']}").summary()


def test_a_wrong_name_gets_the_nearest(results: Results) -> None:
    with pytest.raises(DataError, match=r"Did you mean 'employment\.incidence'"):
        trace(results, "employment.incidense")
