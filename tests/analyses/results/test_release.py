"""Every table is held against the rules once more before it leaves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analyses import Results, load_study, run
from analyses.published.tables import TABLES
from analyses.results.release import overview, require_releasable, sheets
from data_dictionary.errors import DataError
from tests.small_study import (
    COHORT,
    COMPARISON,
    DATA,
    HEAD,
    VALUE,
    before_after,
    description,
    write_study,
)


def changed(results: Results, table: str, **cells: float) -> Results:
    """Return results in which the first row of a table holds other numbers."""
    shown = results.published[table]
    frame = shown.frame.copy()
    for column, value in cells.items():
        frame.loc[0, column] = value
    return replace(results, published={**results.published, table: replace(shown, frame=frame)})


def test_what_a_run_wrote_may_leave(results: Results) -> None:
    found = sheets(results)
    require_releasable(found)
    assert [one.table for one in found] == list(results.published)
    assert {one.threshold for one in found} == {results.manifest["disclosure"]["min_cell"]}


def test_the_smallest_number_is_that_of_the_file_or_of_what_stands_behind_it(
    results: Results,
) -> None:
    found = {one.table: one for one in sheets(results)}
    sizes = results.frames["effects"][["n_treated", "n_comparison"]]
    assert found["effects"].smallest_n == sizes.min().min()
    assert found["effects"].counted_in == "effects.csv"
    assert found["balance"].counted_in == "effects.csv"
    assert found["balance"].smallest_n is not None
    assert found["benchmark"].smallest_n is None  # the study has none


def test_hidden_cells_are_counted(results: Results) -> None:
    found = {one.table: one for one in sheets(results)}
    reasons = results.published["missing"].reasons()
    assert found["missing"].hidden == int((reasons != "").to_numpy().sum()) > 0


@pytest.mark.parametrize(("table", "column"), [("flow", "n"), ("sites", "n_treated")])
@pytest.mark.parametrize("n", [0, 1, 4])
def test_a_count_of_few_is_refused_wherever_it_stands(
    results: Results, table: str, column: str, n: int
) -> None:
    found = sheets(changed(results, table, **{column: n}))
    assert {one.table for one in found if not one.passed} == {table}
    with pytest.raises(DataError, match=rf"{table}\.csv: 1 count\(s\) below 5") as error:
        require_releasable(found)
    assert "nothing was written" in str(error.value)


def test_a_step_of_one_event_is_refused(results: Results) -> None:
    shown = results.published["curves"]
    frame = shown.frame.copy()
    own = frame[(frame["curve"] == "incidence") & (frame["arm"] == "treated")]
    last = own[own["cause"] == own["cause"].iloc[0]].index[-1]
    # One person more at the end of the curve.
    frame.loc[last, "estimate"] += 1.5 / float(frame.loc[last, "at_risk"])
    published = {**results.published, "curves": replace(shown, frame=frame)}
    before = frame.loc[[last - 1, last], "estimate"].tolist()
    failed = [one for one in sheets(replace(results, published=published)) if not one.passed]
    assert [one.table for one in failed] == ["curves"], before
    assert "event count" in failed[0].fault


@pytest.mark.parametrize(
    ("sections", "threshold"),
    [
        (
            (
                HEAD,
                DATA,
                COHORT,
                COMPARISON,
                VALUE,
                '[disclosure]\nmin_cell = 1\npublic = "here"\n',
            ),
            1,
        ),
        ((description(),), 5),
        ((before_after(),), 5),
    ],
    ids=["public", "description", "before_after"],
)
def test_public_data_and_studies_of_one_group_may_leave(
    tmp_path: Path, sections: tuple[str, ...], threshold: int
) -> None:
    found = sheets(run(load_study(write_study(tmp_path, *sections)), tmp_path / "results"))
    require_releasable(found)
    assert {one.threshold for one in found} == {threshold}
    told = {one.dominance for one in found}
    assert told == ({"public data"} if threshold == 1 else {"not applicable"})


def test_results_of_which_dominance_is_unknown_are_run_again(results: Results) -> None:
    manifest = {name: told for name, told in results.manifest.items() if name != "dominance"}
    failed = [one for one in sheets(replace(results, manifest=manifest)) if not one.passed]
    assert "effects" in {one.table for one in failed}
    assert all("run the study again" in one.fault for one in failed)


def test_the_overview_has_a_row_for_each_table(results: Results) -> None:
    table = overview(sheets(results))
    assert isinstance(table, pd.DataFrame)
    assert list(table["table"]) == list(results.published)
    assert set(table["passed"]) == {"yes"}
    assert set(table["table"]) <= set(TABLES)
