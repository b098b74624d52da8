"""The report is read aloud: no sentence is too long, said twice too often, or turned around."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from analyses import load_study, run
from reports import writing
from reports.facts import Report, load
from surveys import synthesize
from surveys.synthetic.scenarios import ScenarioName
from tests.reports.style import faults, sentences

pytestmark = pytest.mark.usefixtures("unsaved")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Det er 5,8 procentpoint flere.", "points are no people"),
        ("Alle har fået en partner, der ligner.", "a partner is a spouse"),
        ("Ingen af forskellene udelukker nul.", "double negation"),
        (" ".join(["ord"] * 41) + ".", "41 words"),
        ("Det fremgår af @tbl-a, og resten fremgår af @tbl-b.", "chain of references"),
        ("\n\n".join(["Her er en sætning med syv ord."] * 3), "said 3 times"),
        ("Der er en sikker forskel.", "sure of chance alone"),
    ],
)
def test_each_kind_of_fault_is_found(text: str, kind: str) -> None:
    (found,) = faults(text)
    assert found.startswith(kind)


def test_what_is_no_running_text_is_left_alone() -> None:
    table = "| Partner | Ingen er ikke |\n|:--|--:|\n\n: Partner {#tbl-x}\n"
    note = "\n::: {.note}\nAnm.: Partner.\n:::\n\n# Partner {#sec-x}\n"
    assert list(faults(table + note)) == []
    assert sentences("Fra 1. til 2. måling er 5 pct. væk, jf. bilag 2. Sådan er det.") == [
        "Fra 1 til 2 måling er 5 pct væk, jf bilag 2.",
        "Sådan er det.",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("scenario", get_args(ScenarioName))
def test_no_scenario_reads_badly(scenario: ScenarioName, tmp_path: Path) -> None:
    synthesize(tmp_path / "s", seed=11, persons=3_000, scenario=scenario)
    run(load_study(tmp_path / "s" / "study"), tmp_path / "results")
    report = load(tmp_path / "results")
    assert isinstance(report, Report)
    assert list(faults(writing.whole(report))) == []


def test_a_title_is_read_and_a_trace_is_not() -> None:
    title = "![Forskellen er 5 procentpoint flere](figures/a.svg){#fig-a}\n"
    assert len(list(faults(title))) == 1
    traces = "::: {.spor}\nBeregnet med enplan af en plan, der står i en fil.\n:::\n\n" * 3
    assert list(faults(traces)) == []
