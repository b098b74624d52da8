"""Every unknown piece, lost citation and stale sentence is named with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.facts import Report
from reports.prerender import Texts
from tests.reports import minimal


@pytest.fixture
def report() -> Report:
    effects = minimal.effects(
        {"estimate": 5.84, "conf_low": 0.1, "conf_high": 11.6, "p_value": 0.04}
    )
    return minimal.report({"effects": effects})


def read(folder: Path, report: Report, text: str) -> Texts:
    (folder / "_a.qmd").write_text(text, encoding="utf-8")
    texts = Texts(folder)
    vars(texts)["report"] = report
    return texts


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('`{python} say("overal")`', "there is no sentence 'overal'. Did you mean 'overall'?"),
        (
            '```{python}\nx = 1\nshow("figure", "incidense", outcome="employment")\n```',
            "there is no figure 'incidense'. Did you mean 'incidence'?",
        ),
        (
            '```{python}\n\nshow("table", "incidence", outcome="employmnet")\n```',
            "table 'incidence' has no outcome 'employmnet'. Did you mean 'employment'?",
        ),
        ('\n\n`{python} say("incidence")`', "sentence 'incidence' takes outcome=."),
        (
            '\n\n`{python} say("overall", survey="x")`',
            "sentence 'overall' is of the whole study.",
        ),
        ('\n\n`{python} show("image", "x")`', "'image' is neither figure nor table."),
        ('\n\n`{python} say("x", "y", 1)`', "say('x', 'y', 1): "),
        (
            '\n\n`{python} value("employment.incidence.estimat")`',
            "there is no value 'employment.incidence.estimat'. Did you mean "
            "'employment.incidence.estimate'?",
        ),
        (
            '\n\n[x]{.om tal="employment.incidense"}',
            "there is no value 'employment.incidense'. Did you mean",
        ),
        ("\n\nSe @fig-kurve-employment [@fine1999].", "a citation right after @fig-kurve-"),
    ],
)
def test_what_cannot_be_shown_is_named_with_its_line(
    text: str, what: str, tmp_path: Path, report: Report
) -> None:
    (wrong,) = read(tmp_path, report, text).wrong()
    place, _, said = wrong.partition(": ")
    assert place == f"_a.qmd:{1 if text.startswith('`{') else 3}"
    assert what in said
