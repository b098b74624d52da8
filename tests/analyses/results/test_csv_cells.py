"""No cell of a CSV file is a formula, and no number is changed."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyses.results.csv_cells import without_formulas


@pytest.mark.parametrize(
    "cell",
    [
        '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\tx",
        " =1", "\uff1d1+1", "\uff0b1", "\uff20x", "-x", "--1", "\0=1",
    ],
)  # fmt: skip
def test_what_a_spreadsheet_would_run_is_shown_as_text(cell: str) -> None:
    made = without_formulas(pd.DataFrame({"x": [cell, "Allerød"]}))
    assert made["x"].tolist() == [f"'{cell}", "Allerød"]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ('a;=HYPERLINK("http://x")', 'a;\'=HYPERLINK("http://x")'),
        ("a; @x", "a; '@x"),
        ("a\t=1;+2", "a\t'=1;'+2"),
        ("a\n-x", "a\n'-x"),
        ("a;\uff1d1", "a;'\uff1d1"),
        ("\r=1", "'\r'=1"),
        ("=1;=2", "'=1;'=2"),
    ],
)
def test_no_text_goes_on_as_a_formula_where_danish_excel_begins_a_cell(
    cell: str, shown: str
) -> None:
    assert without_formulas(pd.DataFrame({"x": [cell]}))["x"].tolist() == [shown]


@pytest.mark.parametrize(
    "cell",
    ["a; b", "a;b=c", "-5", "+5", "-0.5", "1e-5", "-inf", "", "a=b", "2016-01", "<5", "–"],
)
def test_numbers_and_other_texts_stay(cell: str) -> None:
    assert without_formulas(pd.DataFrame({"x": [cell]}))["x"].tolist() == [cell]


@given(st.lists(st.floats(), min_size=1), st.lists(st.integers(-(2**62), 2**62), min_size=1))
@settings(deadline=None, max_examples=20)
def test_numbers_are_never_touched(floats: list[float], whole: list[int]) -> None:
    for column in (floats, whole):
        frame = pd.DataFrame({"x": column})
        pd.testing.assert_frame_equal(without_formulas(frame), frame)
