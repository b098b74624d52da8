"""A section declares each key once, with a sentence that says what it means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from typing import get_args

import pytest

from analyses import load_study
from analyses.outcomes.kinds import KINDS
from analyses.study import read
from analyses.study.comparison import Comparison, Design
from analyses.study.derived import FORMS
from analyses.study.methods import BY_NAME
from analyses.study.plan import Inference
from analyses.study.sections import DESIGNS, StudyDesign
from analyses.study.study_file import StudyFile
from data_dictionary.errors import DesignError
from data_dictionary.schema import key, keys_of
from data_dictionary.schema_pages import json_schema, rows_of

SECTIONS = [
    one
    for key in keys_of(StudyFile).values()
    for one in (key.hint, *get_args(key.hint))
    if isinstance(one, type) and is_dataclass(one)
]
EVERY = [*SECTIONS, *KINDS, *FORMS.values(), *BY_NAME.values(), Comparison, Design, StudyFile]


@pytest.mark.parametrize("section", dict.fromkeys(EVERY), ids=lambda section: section.__name__)
def test_every_key_has_a_meaning_that_is_a_sentence(section: type) -> None:
    for name, one in keys_of(section).items():
        assert one.meaning.endswith("."), name


def test_every_kind_of_study_is_explained() -> None:
    assert set(DESIGNS) == set(get_args(StudyDesign))


@pytest.mark.parametrize("few", [1, 2])
def test_so_few_are_published_only_of_public_data(
    written: Callable[..., Path], few: int
) -> None:
    with pytest.raises(DesignError, match=r"\[disclosure\].*min_cell = .* give 3 or more"):
        load_study(written(("min_cell = 5", f"min_cell = {few}")))
    public = f'min_cell = {few}\npublic = "Ecdat"'
    assert load_study(written(("min_cell = 5", public))).min_cell == 1
    assert load_study(written(("min_cell = 5", "min_cell = 3"))).min_cell == 3


def test_public_names_a_source_and_what_was_published_is_there(
    written: Callable[..., Path],
) -> None:
    wrong = written(("min_cell = 5", 'min_cell = 5\npublic = " "\npublished = ["spring"]'))
    with pytest.raises(DesignError) as told:
        load_study(wrong)
    assert "public = ' ' is not a text" in str(told.value)
    assert "'spring' is no folder" in str(told.value)


# --- a key of one's own: a field


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient(Inference):
    patience: int = key("Minutes that a reader has.", 5, least=1)


NSW = Path(load_study("nsw").path)


def told(line: str, folder: Path) -> Path:
    """Return a study file that has one more line in [inference]."""
    text = NSW.read_text(encoding="utf-8")
    assert "[inference]\n" in text
    file = folder / "study.toml"
    text = text.replace("[inference]\n", f"[inference]\n{line}\n")
    file.write_text(text.replace('"data/', f'"{NSW.parent.as_posix()}/data/'), encoding="utf-8")
    return file


def test_a_new_key_is_a_field(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(DesignError, match="'patience' is not a key"):
        load_study(told("patience = 3", tmp_path))
    monkeypatch.setattr(read, "Inference", Patient)
    study = load_study(told("patience = 3", tmp_path))
    assert isinstance(study.inference, Patient)
    assert study.inference.patience == 3
    with pytest.raises(DesignError, match="patience = 0 is too small; the least is 1"):
        load_study(told("patience = 0", tmp_path))
    with pytest.raises(DesignError, match="Did you mean 'patience'"):
        load_study(told("patiense = 2", tmp_path))
    row = "| `patience` | a whole number | `5` | Minutes that a reader has. |"
    assert row in rows_of(Patient)
    assert json_schema(Patient)["properties"]["patience"]["minimum"] == 1
