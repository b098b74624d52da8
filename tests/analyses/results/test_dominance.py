"""Where two persons have most of the money of a group, its table may not leave."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analyses import Results, load_study, run
from analyses.results.dominance import MOST, is_money, largest_two
from analyses.results.release import require_releasable, sheets
from data_dictionary.errors import DataError
from tests.small_study import COHORT, COMPARISON, DATA, HEAD, VALUE, small_data, write_study


def earned(folder: Path, *rich: int) -> Results:
    """Return results on incomes, of which those of some participants are beyond measure."""
    people = small_data()["people"]
    people.loc[people.index[list(rich)], "income"] = 1e7
    study = write_study(folder, HEAD, DATA, COHORT, COMPARISON, VALUE, people=people)
    return run(load_study(study), folder / "results")


def test_the_two_largest_count_whatever_their_sign() -> None:
    assert largest_two(pd.Series([-80.0, 10.0, 5.0, 5.0])) == pytest.approx(0.9)
    assert largest_two(pd.Series([1.0] * 5)) < MOST
    assert largest_two(pd.Series([0.0] * 5)) == 0.0


@pytest.mark.parametrize("unit", ["kr.", " Kroner", "DKK", "dollar"])
def test_money_is_known_by_its_unit(unit: str) -> None:
    assert is_money(unit)
    assert not is_money("uger")


def test_incomes_that_are_alike_may_leave(tmp_path: Path) -> None:
    found = sheets(earned(tmp_path))
    told = {one.table: one.dominance for one in found}
    assert told["effects"] == told["sites"] == "at most 85 %"
    assert told["balance"] == told["curves"] == "not applicable"
    require_releasable(found)


def test_an_income_beyond_measure_keeps_its_tables_and_all_are_named(tmp_path: Path) -> None:
    found = sheets(earned(tmp_path, 3))
    failed = {one.table for one in found if not one.passed}
    assert failed == {"effects", "means", "sites"}
    with pytest.raises(DataError, match=r"(?s)effects\.csv: two persons.*sites\.csv"):
        require_releasable(found)
