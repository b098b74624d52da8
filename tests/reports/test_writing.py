"""The shipped chapters ask for what there is, and for nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from reports.calls import Call, calls
from reports.facts import Sheet
from reports.pieces import KINDS, names
from reports.user_text import as_markdown, sealed
from reports.writing import INDEX, SHIPPED, written
from tests.reports import minimal

CHAPTERS = sorted(SHIPPED.glob("*/*.qmd"))


def report() -> Sheet:
    return minimal.report({"effects": pd.DataFrame(), "flow": pd.DataFrame()})


def test_every_piece_is_called_in_some_chapter_and_every_call_is_of_one() -> None:
    called = {
        (call.kind, call.name)
        for path in CHAPTERS
        for _, call in calls(path.read_text(encoding="utf-8"))
        if isinstance(call, Call)
    }
    assert called == {(kind, name) for kind in KINDS for name in names(kind, report())}


def test_every_chapter_is_included_once() -> None:
    for folder in {path.parent for path in CHAPTERS}:
        index = (folder / INDEX).read_text(encoding="utf-8")
        included = re.findall(r"include (\S+)", index)
        assert included == sorted(path.name for path in folder.glob("_*.qmd"))


def test_an_author_reads_labels_as_markdown_and_names_stay_what_they_are() -> None:
    label, name = sealed("50 % *mere* & <b>"), sealed("a*b")
    text = f'## {label} {{#sec-{name}}}\n\n`{{python}} say("x", outcome="{name}")` @fig-{name}'
    shown = as_markdown(text)
    assert r"## 50 % \*mere\* \& \<b\> {#sec-" in shown
    assert shown.count(name) == 3


def test_a_chapter_that_a_study_lacks_is_not_included() -> None:
    texts = written(report())
    assert set(re.findall(r"include (\S+)", texts[INDEX])) == {
        name for name in texts if name.startswith("_") and Path(name).suffix == ".qmd"
    } - {"_quarto.yml"}
    assert "_14-svar.qmd" not in texts
