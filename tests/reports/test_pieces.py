"""A piece is declared once, and asked for by name and by what it is of."""

from __future__ import annotations

import pytest

from data_dictionary.errors import RenderError
from reports.facts import Sheet
from reports.pieces import made, names, piece
from tests.reports import minimal


def test_a_study_that_does_not_compare_has_no_piece_of_one_that_does() -> None:
    report = minimal.report()
    alone = Sheet(facts=report.facts, frames={})
    assert {"overall", "hidden"} <= set(names("sentence", report))
    assert "hidden" in names("sentence", alone)
    assert "overall" not in names("sentence", alone)
    with pytest.raises(RenderError, match="there is no sentence 'overall'"):
        made(alone, "sentence", "overall")


def test_two_pieces_cannot_have_one_name() -> None:
    with pytest.raises(AssertionError, match="hidden"):
        piece("sentence", "hidden")(minimal.report)


def test_a_piece_of_an_outcome_is_asked_for_by_it() -> None:
    report = minimal.report()
    with pytest.raises(RenderError, match="takes outcome="):
        made(report, "table", "incidence")
    with pytest.raises(RenderError, match=r"has no outcome 'x'\. It has: employment"):
        made(report, "table", "incidence", outcome="x")
    with pytest.raises(RenderError, match=r"has no survey 'x'\. It has: none"):
        made(report, "table", "shares", survey="x")
