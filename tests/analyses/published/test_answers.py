"""Every answer of a survey is told as far as it gives nobody away."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveys
from analyses import load_study, run
from analyses.inputs.read import read_all
from analyses.published.answers import ANSWERS
from tests.analyses.published.conftest import Publish
from tests.small_study import description, small_data, write_study


def question(counts: list[int], name: str = "q") -> pd.DataFrame:
    """Return one question with so many per answer."""
    n = sum(counts)
    return pd.DataFrame(
        {
            "table": "t", "wave": 1, "column": name,
            "level": [str(code) for code, _ in enumerate(counts, start=1)],
            "n": n, "mean": np.array(counts) / n, "sd": np.nan, "mean_unit": 0.001,
        }
    )  # fmt: skip


def test_an_answer_of_few_takes_another_along_so_that_nothing_is_left_to_subtract(
    publish: Publish,
) -> None:
    shown = publish({"answers": question([2, 40, 58])})["answers"]
    assert shown["mean"].isna().tolist() == [True, True, False]
    assert shown["n"].tolist() == [100, 100, 100]
    assert publish({"answers": question([30, 40, 30])})["answers"]["mean"].notna().all()


def test_the_same_number_of_everybody_is_not_told(publish: Publish) -> None:
    row = question([100]).assign(level="", mean=[7.0], sd=[0.0])
    other = row.assign(column="r", mean=[7.0], sd=[2.0])
    shown = publish({"answers": pd.concat([row, other])})["answers"]
    assert shown["mean"].notna().tolist() == [False, True]


def test_blanks_are_told_as_the_sizes_beside_them_tell(publish: Publish) -> None:
    about = {"table": "t", "wave": [1]}
    response = pd.DataFrame({**about, "arm": "all", "n_invited": [100], "n_answered": [100]})
    answers = pd.concat([question([40, 48], "q"), question([40, 57], "r")])
    missing = pd.DataFrame(
        {"table": "t", "wave": 1, "column": ["q", "r"], "kind": "blank", "n": [12, 3]}
    )
    shown = publish({"answers": answers, "response": response, "missing": missing})
    assert shown["answers"]["n"].tolist() == [88, 88, 100, 100]
    assert shown["missing"]["n"].fillna(0).tolist() == [10, 0]


def test_a_run_tells_numbers_and_answers_and_never_a_key(tmp_path: Path) -> None:
    answers = small_data()["wave1"].assign(town=101)
    results = run(
        load_study(write_study(tmp_path, description(), wave1=answers)), tmp_path / "r"
    )
    assert list(results.frames) == [
        "response", "scales", "shares", "missing", "answers", "levels",
    ]  # fmt: skip
    found = results.answers.query("table == 'answers'")
    assert set(found["column"]) == {"town", "trust_1", "trust_2", "trust_3"}
    share = (answers["trust_1"] == 4).mean()
    told = found[(found["column"] == "trust_1") & (found["level"] == "4")]["mean"].item()
    assert told == pytest.approx(share, abs=0.0026)
    # All live in one place: that is told of nobody.
    assert found.loc[found["column"] == "town", "mean"].isna().all()
    assert results.levels["estimate"].notna().all()
    asked = len(set(zip(results.answers["table"], results.answers["column"], strict=True)))
    assert f"Results of 'small': answers to {asked} questions in " in str(results)
    assert ANSWERS.studies == "described"


def test_a_table_without_a_key_is_described_row_by_row(tmp_path: Path) -> None:
    bare = description().split("[[data.answers]]")[0]
    made = write_study(tmp_path, bare)
    file = made / "words" / "people.toml"
    told = (
        file.read_text("utf-8").replace('key = ["person_id"]\n', "").replace('role = "key"', "")
    )
    file.write_text(told, "utf-8")
    found = run(load_study(made), tmp_path / "r").answers
    assert {"age", "school", "programme"} <= set(found["column"])
    assert not {"note", "start", "person_id"} & set(found["column"])
    assert set(found["n"]) == {360}
    reports: list[surveys.ImportReport] = []
    read_all(load_study(made), lambda _: None, told=reports)
    assert [one.columns for one in reports] == [one.origin.columns for one in reports]
