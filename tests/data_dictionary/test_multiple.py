"""Several answers: one cell, mentions and a block of columns give the same 0/1 columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary import Table
from data_dictionary.declarations import read_table_declaration
from data_dictionary.mistakes import Mistakes

LABELS = {"1": "Brev", "2": "Jobcenter, møde", "3": "Ven"}
SHAPES = ("codes", "labels", "mentions", "zero and one", "one or blank", "label or blank")


def table(**declared: Any) -> Table:
    mistakes = Mistakes()
    how = {
        "type": "multiple", "label": "Hvordan", "codes": LABELS, "required": False,
        "missing": {"8": "do_not_know"},
    }  # fmt: skip
    key = {"type": "string", "label": "Person", "role": "key"}
    content = {
        "label": "Svar", "key": ["person_id"], "role": "survey", "asked": "rows",
        "respondents": {"singular": "a", "plural": "b", "definite": "c"},
        "columns": {"person_id": key, "how": how | declared},
    }  # fmt: skip
    made = read_table_declaration("svar", "svar.toml", content, {}, {}, mistakes)
    assert mistakes.found == []
    return made


def stored(answers: list[set[int]], shape: str) -> pd.DataFrame:
    """Return who ticked what as a program stores it; nothing ticked is no answer."""
    keys = {"person_id": [f"p{k}" for k in range(len(answers))]}
    if shape in ("codes", "labels"):
        words = {k: str(k) if shape == "codes" else LABELS[str(k)] for k in (1, 2, 3)}
        return pd.DataFrame(
            keys | {"how": [";".join(words[k] for k in sorted(a)) for a in answers]}
        )
    if shape == "mentions":
        columns: dict[str, list[Any]] = {
            f"m{place}": [([*sorted(a)] + [None] * 3)[place] for a in answers]
            for place in range(3)
        }
        return pd.DataFrame(keys | columns)
    ticks = {"zero and one": (1, 0), "one or blank": (1, None), "label or blank": (None, None)}
    yes, no = ticks[shape]
    block = {
        f"how_{k}": [
            (yes or LABELS[str(k)]) if k in a else (None if not a else no) for a in answers
        ]
        for k in (1, 2, 3)
    }
    return pd.DataFrame(keys | block)


@given(
    st.lists(st.sets(st.sampled_from([1, 2, 3])), min_size=1, max_size=6),
    st.sampled_from(SHAPES),
)
@settings(deadline=None, max_examples=60)
def test_every_shape_gives_the_same_columns(answers: list[set[int]], shape: str) -> None:
    declared: dict[str, Any] = {"split": ";"}
    if shape == "mentions":
        declared = {"mentions": ["m0", "m1", "m2"]}
    found = table(**declared).conform(stored(answers, shape))
    assert found.violations == ()
    assert found.ignored == ()
    meant = [[float(k in a) if a else np.nan for a in answers] for k in (1, 2, 3)]
    for k, own in zip((1, 2, 3), meant, strict=True):
        got = found.frame[f"how_{k}"].astype("Float64").to_numpy(float, na_value=np.nan)
        np.testing.assert_array_equal(got, own)


def test_a_missing_code_is_the_reason_in_every_column() -> None:
    frame = pd.DataFrame({"person_id": ["a", "b"], "how": ["8", "1;3"]})
    found = table(split=";").conform(frame)
    assert found.missing["kind"].tolist() == ["do_not_know"] * 3
    assert found.frame["how_2"].tolist()[1] is False


def test_a_column_that_holds_its_own_code_or_nothing_says_yes_by_it() -> None:
    frame = pd.DataFrame({"person_id": ["a", "b"], "how_1": [1, None], "how_2": [2, 2]})
    found = table().conform(frame)
    assert found.frame[["how_1", "how_2"]].astype(int).to_numpy().tolist() == [[1, 1], [0, 1]]


def test_one_and_two_are_not_taken_for_the_codes_of_the_columns() -> None:
    frame = pd.DataFrame({"person_id": ["a", "b"], "how_1": [1, 2], "how_2": [2, 2]})
    found = table().conform(frame)
    assert [(one.column, one.rule) for one in found.violations] == [
        ("how_1", "type"), ("how_2", "type"),
    ]  # fmt: skip


def test_an_answer_that_is_not_listed_is_refused_with_its_row() -> None:
    frame = pd.DataFrame({"person_id": ["a", "b"], "how": ["1;3", "1;7"]})
    (found,) = table(split=";").check(frame)
    assert (found.column, found.rule, found.rows) == ("how", "several answers", (2,))
    assert "svar.toml" in found.message


def test_a_question_that_the_file_lacks_is_told_once() -> None:
    (found,) = table(required=True).check(pd.DataFrame({"person_id": ["a"]}))
    assert (found.column, found.rule) == ("how", "missing column")


def test_answers_in_two_shapes_at_once_are_refused() -> None:
    frame = pd.DataFrame({"person_id": ["a"], "how": ["1"], "how_1": [1]})
    (found,) = table(split=";").check(frame)
    assert "Leave one of the two out" in found.message


@pytest.mark.parametrize("declared", [{"split": ";"}, {"mentions": ["a"]}])
def test_split_and_mentions_go_with_several_answers_only(declared: dict[str, Any]) -> None:
    mistakes = Mistakes()
    content = {"label": "T", "role": "persons", "columns": {"a": {
        "type": "string", "label": "A", **declared}}}  # fmt: skip
    read_table_declaration("t", "t.toml", content, {}, {}, mistakes)
    assert "goes with type = multiple" in str(mistakes.found)


@pytest.mark.parametrize("nothing", [".", "NULL", "#NULL!"])
def test_what_programs_write_for_nothing_is_not_chosen_beside_a_tick(nothing: str) -> None:
    keys = {"person_id": ["a", "b"]}
    block = pd.DataFrame(
        keys | {"how_1": ["1", nothing], "how_2": [nothing] * 2, "how_3": [nothing] * 2}
    )
    cell = pd.DataFrame(keys | {"how": ["1", nothing]})
    for frame in (block, cell):
        made = table(split=";").conform(frame).frame
        assert made["how_1"].isna().tolist() == [False, True]
        assert made["how_2"].tolist()[0] is False or made["how_2"].tolist()[0] == 0
