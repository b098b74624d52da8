"""Every unknown piece, lost citation and stale sentence is named with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_dictionary.errors import RenderError
from reports import pins
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


def test_what_only_running_tells_is_left_to_it(tmp_path: Path, report: Report) -> None:
    text = "```{python}\nfor name in names:\n    say(name)\n```\n\n```{python}\n1 +\n```\n"
    assert read(tmp_path, report, text).wrong() == []


def test_a_sentence_is_stale_when_its_numbers_or_its_words_have_moved(
    tmp_path: Path, report: Report
) -> None:
    sentence = '[Det er 5,8 [se](#a) flere.]{.om tal="employment.incidence.estimate"}'
    texts = read(tmp_path, report, f"# A\n\n{sentence}\n")
    (told,) = texts.stale()
    assert told.startswith('_a.qmd:3: "Det er 5,8 [se](#a) flere." is new or was changed')
    (tmp_path / pins.FILE).write_text(pins.pins_text(texts.pinned()), encoding="utf-8")
    assert texts.stale() == []
    # It is read again where it stands now, and only if what it shows has moved.
    assert read(tmp_path, report, f"\n\n\n{sentence}\n").stale() == []
    effects = report.frame("effects").assign(estimate=5.8)
    same = minimal.report({"effects": effects})
    assert read(tmp_path, same, sentence).stale() == []
    other = minimal.report({"effects": effects.assign(estimate=6.1)})
    (told,) = read(tmp_path, other, sentence).stale()
    assert told.endswith("employment.incidence.estimate was 5,8, is 6,1")
    (told,) = read(tmp_path, report, sentence.replace("flere", "færre")).stale()
    assert "is new or was changed" in told


def test_pins_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / pins.FILE).write_text("[[pin]\n", encoding="utf-8")
    with pytest.raises(RenderError, match="cannot be read"):
        pins.read_pins(tmp_path)
