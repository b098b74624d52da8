"""The section on all ways out says of each ratio what its numbers say, and no more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analyses import load_study, run
from reports.calls import evaluated
from reports.facts import Report, load
from reports.pieces import Kind, made
from reports.variables import variables
from reports.words.danish import number
from reports.words.terms import HAZARDS
from reports.writing import written
from tests.reports import minimal

SPELLS = Path(__file__).parents[1] / "data" / "third_party" / "UnempDur.csv"


@pytest.fixture(scope="module")
def unempdur(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("unempdur")
    run(load_study("unempdur", data={"persons": SPELLS}), folder / "results")
    return load(folder / "results")


def changed(report: Report, name: str, **columns: Any) -> Report:
    """Return the report with columns of a table replaced; a mapping names rows by position."""
    frame = report.frame(name).copy()
    for column, values in columns.items():
        for place, value in values.items():
            frame.loc[place, column] = value
    return replace(report, frames={**report.frames, name: frame})


CAUSES: Sequence[tuple[Kind, str]] = (
    *(("sentence", "exits"), ("figure", "exits"), ("table", "exits")),
    *(("sentence", "hazards"), ("figure", "hazards")),
)
OTHERS: Sequence[tuple[Kind, str]] = (
    *(("sentence", "supplementary"), ("table", "supplementary")),
    *(("table", "tests"), ("table", "quantiles")),
)


def of_job(report: Report, *pieces: tuple[Kind, str]) -> str:
    """Return pieces of the one outcome."""
    return "\n".join(made(report, kind, name, outcome="job") for kind, name in pieces)


def cells(markdown: str, label: str) -> list[list[str]]:
    before = markdown[: markdown.index(f"{{#tbl-{label}}}")]
    block = before.rstrip().rsplit("\n\n", 2)[-2]
    lines = [line.strip("|").split(" | ") for line in block.strip().split("\n")]
    return [[cell.strip().replace("\\", "") for cell in line] for line in lines[2:]]


def row_of(report: Report, name: str, term: str) -> int:
    effects = report.frame("effects")
    own = (effects["outcome"] == name) & (effects["term"] == term)
    return int(effects.index[own][0])


def test_both_ratios_stand_side_by_side_for_every_way_out(unempdur: Report) -> None:
    text = of_job(unempdur, *CAUSES)
    rows = cells(text, "afgange-job")
    effects = unempdur.frame("effects").set_index(["outcome", "term"])["estimate"]
    assert [row[0] for row in rows] == ["Fuldtidsjob", "Deltidsjob", "Job, der er forladt igen"]
    for row, name in zip(rows, ("job", "part_time", "left_again"), strict=True):
        for place, term in enumerate(HAZARDS):
            assert row[4 + place].startswith(number(effects[name, term], 2))
    assert "{#fig-hasard-job" in text
    assert Path("figures/hasard-job.svg").exists()


def test_ratios_on_each_side_of_one_are_named_and_explained(unempdur: Report) -> None:
    assert "hver sin side af 1" not in of_job(unempdur, *CAUSES)
    place = row_of(unempdur, "part_time", "subdistribution_hazard_ratio")
    other = changed(unempdur, "effects", estimate={place: 0.8})
    text = of_job(other, *CAUSES)
    assert "For deltidsjob ligger de to ratioer på hver sin side af 1" in text


def test_a_hidden_way_out_shows_no_number_and_says_why(unempdur: Report) -> None:
    effects = unempdur.frame("effects").copy()
    own = effects["outcome"] == "part_time"
    effects.loc[own, ["estimate", "std_error", "conf_low", "conf_high", "p_value"]] = np.nan
    report = replace(unempdur, frames={**unempdur.frames, "effects": effects})
    text = of_job(report, *CAUSES)
    rows = cells(text, "afgange-job")
    assert rows[1] == ["Deltidsjob", *["–"] * 5]
    assert "Deltidsjob er udeladt" in text


def test_where_everything_is_hidden_there_is_a_table_and_no_figure(unempdur: Report) -> None:
    effects = unempdur.frame("effects").copy()
    effects[["estimate", "std_error", "conf_low", "conf_high", "p_value"]] = np.nan
    report = replace(unempdur, frames={**unempdur.frames, "effects": effects})
    text = of_job(report, *CAUSES)
    assert "{#tbl-afgange-job}" in text
    assert "{#fig-" not in text


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (0.001, "Hasardratioen ændrer sig over tid (p-værdi 0,001)"),
        (0.4, "Testen finder ikke, at hasardratioen ændrer sig over tid (p-værdi 0,400)"),
    ],
)
def test_the_note_on_proportionality_agrees_with_the_test(
    unempdur: Report, p: float, said: str
) -> None:
    tests = unempdur.frame("tests")
    own = (tests["test"] == "proportional_hazards") & (tests["cause"] == "full_time")
    report = changed(unempdur, "tests", p_value={int(tests.index[own][0]): p})
    grades = unempdur.frame("grades")
    own = (grades["term"] == "proportional_hazards") & (grades["part"] == "full_time")
    grade = str(minimal.grade(1.0, p, is_tested=False))
    report = changed(report, "grades", grade={int(grades.index[own][0]): grade})
    text = of_job(report, *OTHERS)
    assert said in text
    (row,) = (row for row in cells(text, "test-job") if "Schoenfeld" in row[0])
    assert row[3] == number(p, 3)


def test_without_tests_and_quantiles_nothing_is_said_of_them(unempdur: Report) -> None:
    frames = {**unempdur.frames, "tests": pd.DataFrame(), "quantiles": pd.DataFrame()}
    text = of_job(replace(unempdur, frames=frames), *OTHERS)
    assert "#tbl-test" not in text
    assert "#tbl-kvantiler" not in text
    (one,) = variables(replace(unempdur, frames=frames))["durations"]
    assert not one["tests"]
    assert not one["quantiles"]
    assert "ændrer sig" not in text


def test_a_quantile_says_whether_it_was_reached(unempdur: Report) -> None:
    def shown(estimate: float, low: float, high: float) -> str:
        place = int(unempdur.frame("quantiles").index[0])
        report = changed(
            unempdur,
            "quantiles",
            estimate={place: estimate},
            conf_low={place: low},
            conf_high={place: high},
        )
        return cells(of_job(report, *OTHERS), "kvantiler-job")[0][1]

    assert shown(4.0, 3.0, 6.0) == "4 (3 til 6)"
    assert shown(4.5, 3.0, 6.0) == "4,5 (3,0 til 6,0)"
    assert shown(4.0, 3.0, np.nan) == "4 (fra 3)"
    assert shown(np.nan, 96.0, np.nan) == "ikke nået (fra 96)"
    assert shown(np.nan, np.nan, np.nan) == "–"
    assert shown(4.0, np.nan, np.nan) == "4"


def test_a_study_without_clusters_speaks_of_no_municipality(unempdur: Report) -> None:
    texts = written(unempdur)
    text = "\n".join(
        evaluated(unempdur, text) for name, text in texts.items() if name.endswith(".qmd")
    ).lower()
    assert "kommun" not in text
    words = re.sub(r"@[\w-]+|\{[^}]*\}|perioder på to uger", " ", text)
    assert not re.findall(r"\buger?\b", words)
    assert "usa" in text
    assert "ingen af dem er danske borgere" in " ".join(text.split())
    assert "færre end 1 " not in text
