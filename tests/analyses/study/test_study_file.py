"""The sections of a study file are declared once; their kinds come from their own lists."""

from __future__ import annotations

from typing import get_args

import pytest

from analyses.outcomes.kinds import KINDS
from analyses.study.derived import FORMS
from analyses.study.study_file import StudyFile
from data_dictionary.schema import keys_of
from data_dictionary.schema_pages import json_schema


def test_every_kind_of_outcome_and_every_form_of_a_column_may_stand_in_a_file() -> None:
    sections = keys_of(StudyFile)
    (kinds, _) = get_args(sections["outcome"].hint)
    assert set(get_args(kinds)) == set(KINDS)
    (_, forms) = get_args(sections["derive"].hint)
    assert set(get_args(forms)) == set(FORMS.values())


def test_an_editor_asks_for_no_section_that_some_study_can_do_without() -> None:
    # A study before and after has neither arms nor outcomes.
    assert json_schema(StudyFile)["required"] == ["study", "data"]


@pytest.mark.parametrize("members", ['"employment"', "[]", "[1]"])
def test_a_status_of_ones_own_is_made_of_a_list(refused, members: str) -> None:
    found = refused(("[derive]\n", f"[statuses]\nwork = {members}\n\n[derive]\n"))
    assert len(found) == 1
    assert found[0].startswith("[statuses] work: members = ")
    assert 'such as ["employment", "flexjob"]' in found[0]


def test_a_contrast_that_there_is_not_is_refused(refused) -> None:
    (told,) = refused(("[contrast.itt]", "[contrast.ittt]"))
    assert told == "[contrast]: 'ittt' is not a contrast. Did you mean 'itt'?"
