"""A table is declared whole or not at all, and the order of protection is computed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyses.published.columns import Column, words
from analyses.published.digits import Significant
from analyses.published.table import Made, Release, ResultTable, ordered, together

DIGITS = (Significant(("estimate",)),)


def as_it_is(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Show everything."""
    return frame


def nothing(_: Made) -> pd.DataFrame:
    return pd.DataFrame()


def table(name: str = "toy", **changes: object) -> ResultTable:
    parts: dict[str, object] = {
        "meaning": "A toy.",
        "columns": words("outcome n estimate"),
        "build": nothing,
        "protect": as_it_is,
        "digits": DIGITS,
    }
    return ResultTable(name=name, **{**parts, **changes})  # type: ignore[arg-type]


def test_a_table_without_a_rule_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="protect"):
        ResultTable(  # type: ignore[call-arg]
            name="secret", meaning="x", columns=words("n"), build=nothing, digits=()
        )


@given(rule=st.one_of(st.none(), st.text(), st.integers(), st.booleans()))
def test_what_is_no_rule_is_refused(rule: object) -> None:
    with pytest.raises(TypeError, match="`protect` must be a function"):
        table(protect=rule)
    with pytest.raises(TypeError, match="`build` must be a function"):
        table(build=rule)


def test_columns_must_be_declared_ones() -> None:
    with pytest.raises(TypeError, match="no column is declared as n"):
        table(columns={"n": "how many"})
    with pytest.raises(TypeError, match="no column is declared as lost"):
        table(digits=(*DIGITS, Significant(("lost",))))
    with pytest.raises(TypeError, match="needs a meaning and columns"):
        table(columns={})


def test_a_figure_without_digits_cannot_leave() -> None:
    with pytest.raises(TypeError, match="no digits are declared for estimate"):
        table(digits=())


@given(order=st.permutations(range(4)))
def test_each_comes_after_those_it_agrees_with(order: list[int]) -> None:
    tables = [table(f"t{k}", agrees_with=(f"t{k - 1}",) if k else ()) for k in range(4)]
    found = ordered(tables[k] for k in order)
    assert [one.name for one in found] == ["t0", "t1", "t2", "t3"]


def test_tables_that_cannot_be_ordered_are_refused_by_name() -> None:
    with pytest.raises(TypeError, match="two result tables are called 'toy'"):
        ordered([table(), table()])
    with pytest.raises(TypeError, match="'toy' must agree with other, which no declaration"):
        ordered([table(agrees_with=("other",))])
    with pytest.raises(TypeError, match=r"in a circle: \w -> \w -> \w"):
        ordered([table("a", agrees_with=("b",)), table("b", agrees_with=("a",))])


def test_a_frame_takes_the_declared_shape() -> None:
    made = pd.DataFrame({"estimate": [1, 2], "n": [3.0, np.nan], "outcome": ["a", None]})
    shown = table().shaped(made.assign(extra=0))
    assert list(shown) == ["outcome", "n", "estimate"]
    assert shown["n"].tolist() == [3, pd.NA]
    assert shown["outcome"].tolist() == ["a", None]
    assert shown["estimate"].dtype == "float64"


def test_a_table_listed_under_another_name_is_refused() -> None:
    with pytest.raises((TypeError, RuntimeError)):
        type("Listed", (), {"other": table()})


def test_results_give_the_frame_and_the_class_the_declaration() -> None:
    toy = table()

    class Listed:
        frames = {"toy": pd.DataFrame({"n": [1]})}  # noqa: RUF012
        toy = table()

    assert Listed.toy.name == toy.name
    assert Listed().toy["n"].tolist() == [1]


def test_parts_without_rows_are_left_out() -> None:
    assert together([pd.DataFrame(), pd.DataFrame({"n": [1]})])["n"].tolist() == [1]
    assert together([]).empty


def test_a_column_may_have_its_own_meaning_in_a_table() -> None:
    own = words("n estimate") | {"estimate": Column("share", "per cent")}
    made = table(columns=own)
    assert made.rounded_by["estimate"] is DIGITS[0]
    assert made.of("share") == ["estimate"]
    assert made.of("persons") == ["n"]
