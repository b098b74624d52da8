"""A sentence that hangs on numbers is told when they, or it, have moved."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_dictionary.errors import RenderError
from reports import pins
from tests.reports import minimal
from tests.reports.test_prerender import read


def test_a_sentence_is_stale_when_its_numbers_or_its_words_have_moved(
    tmp_path: Path,
) -> None:
    found = {"estimate": 5.84, "conf_low": 0.1, "conf_high": 11.6, "p_value": 0.04}
    report = minimal.report({"effects": minimal.effects(found)})
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
