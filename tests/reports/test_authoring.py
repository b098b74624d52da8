"""What authors call shows Markdown, of the results that the environment names."""

from __future__ import annotations

import pytest

import reports
from data_dictionary.errors import RenderError
from reports import authoring
from tests.reports import minimal


@pytest.fixture(autouse=True)
def _results(monkeypatch: pytest.MonkeyPatch) -> None:
    effects = minimal.effects({"estimate": 5.84, "conf_low": 0.1, "conf_high": 11.6})
    monkeypatch.setattr(authoring, "_report", lambda: minimal.report({"effects": effects}))


def test_a_sentence_and_a_number_stand_within_a_sentence() -> None:
    shown = reports.value("employment.incidence.estimate")._repr_markdown_()
    assert shown == "5,8"
    said = reports.say("hidden")._repr_markdown_()
    assert said == said.strip()
    assert said.endswith(".")


def test_a_figure_or_table_stands_as_a_block_or_shows_nothing() -> None:
    shown = reports.show("table", "findings")._repr_markdown_()
    assert "{#tbl-hovedtal}" in shown
    # A blank: Quarto shows the code where its value is empty.
    assert reports.show("table", "spells")._repr_markdown_() == " "


def test_what_there_is_not_is_refused_by_the_cell_too() -> None:
    with pytest.raises(RenderError, match="Did you mean 'overall'"):
        reports.say("overal")
