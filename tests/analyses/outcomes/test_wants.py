"""What an outcome wants of the files, so that a twin of a study can be made up."""

from __future__ import annotations

from analyses import load_study
from analyses.outcomes.wants import Wants


def test_the_shipped_studies_want_what_their_outcomes_are_found_in() -> None:
    wants = {one.name: one.wants for one in load_study("unempdur", needs_files=False).outcomes}
    assert any(one.limits and one.causes for one in wants.values())
    assert {one.weeks for one in wants.values()} == {0}
    amounts = [one.wants for one in load_study("nsw", needs_files=False).outcomes]
    assert amounts == [Wants()] * len(amounts)
