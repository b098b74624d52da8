"""The shipped chapters ask for conditions and words of the closed list alone."""

from __future__ import annotations

import re

import pytest

from reports.facts import Sheet
from reports.variables import report_title, variables
from reports.writing import SHIPPED
from tests.reports.test_writing import report

OF_PANDOC = {"if", "for", "else", "endif", "endfor", "it"}


@pytest.mark.parametrize("kind", [path.name for path in SHIPPED.iterdir() if path.is_dir()])
def test_every_condition_is_of_the_closed_list(kind: str) -> None:
    folder = SHIPPED / kind
    asked = re.findall(
        r"\$(?:(?:if|for)\()?([a-z_]+)", "".join(p.read_text("utf-8") for p in folder.glob("*"))
    )
    unknown = set(asked) - OF_PANDOC - {"title", *variables(report())}
    assert unknown == set()


def test_what_a_study_lacks_is_empty() -> None:
    found = variables(report())
    assert found["about_title"] == "Indsatsen og personerne"
    assert report_title(report()) == "En undersøgelse"
    for absent in ("background", "scores", "surveys", "path", "sites", "challenges", "missing"):
        assert not found[absent], absent
    alone = variables(Sheet(facts=report().facts, frames={}))
    assert set(alone) < set(found)
