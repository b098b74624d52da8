"""A section declares each key once, with a sentence that says what it means."""

from __future__ import annotations

from dataclasses import is_dataclass
from typing import get_args

import pytest

from analyses.outcomes.kinds import KINDS
from analyses.study.comparison import Comparison, Design
from analyses.study.derived import FORMS
from analyses.study.methods import BY_NAME
from analyses.study.sections import DESIGNS, StudyDesign
from analyses.study.study_file import StudyFile
from data_dictionary.schema import keys_of

SECTIONS = [
    one
    for key in keys_of(StudyFile).values()
    for one in (key.hint, *get_args(key.hint))
    if isinstance(one, type) and is_dataclass(one)
]
EVERY = [*SECTIONS, *KINDS, *FORMS.values(), *BY_NAME.values(), Comparison, Design, StudyFile]


@pytest.mark.parametrize("section", dict.fromkeys(EVERY), ids=lambda section: section.__name__)
def test_every_key_has_a_meaning_that_is_a_sentence(section: type) -> None:
    for name, key in keys_of(section).items():
        assert key.meaning.endswith("."), name


def test_every_kind_of_study_is_explained() -> None:
    assert set(DESIGNS) == set(get_args(StudyDesign))
