"""A dictionary drafted from files validates those files and says what is to be decided."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import surveys
from data_dictionary import load
from data_dictionary.errors import DesignError
from surveys.drafting import draft
from surveys.files.formats import FORMATS

DATA = Path(__file__).parents[2] / "data"
FILES = sorted(
    path for path in DATA.rglob("*") if path.suffix in FORMATS and path.stat().st_size < 200_000
)


def written(made: surveys.Draft, folder: Path) -> Path:
    for name, text in made.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_draft_validates_the_file_that_it_was_made_from(path: Path, tmp_path: Path) -> None:
    made = draft(path)
    words = load(written(made, tmp_path))
    (part,) = made.parts
    assert surveys.read_table(path, words[part.table]).ignored == ()
    assert [str(one) for one in made.decisions if one.key == "reading"] == []


def test_what_is_to_be_decided_stands_in_the_file_and_in_a_list() -> None:
    made = draft(DATA / "survey.sav")
    listed = [str(one) for one in made.decisions]
    assert listed[0].startswith("survey.toml: role: ")
    assert any(line.startswith("survey.toml: age: unit: ") for line in listed)
    assert 'unit = "år"   # decide: read out of the label' in made.files["survey.toml"]
    # Items that run against the others are named, and no score is made before it is decided.
    assert '# reversed = ["op2", "op4", "op6"]' in made.files["scales.toml"]
    assert list(made.codebook().scales) == ["lifsat"]


def test_no_value_of_a_person_stands_in_a_draft(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "id": [f"p{number}" for number in range(40)],
            "income": range(100_017, 100_057),
            "diary": ["Jeg bor på Nygade 4"] + ["intet"] * 39,
            "name": ["Lis Bo"] * 20 + ["Per Ås"] * 20,
            "town": ["Ry"] * 36 + ["Mols"] * 4,
            "region": ["Nord"] * 20 + ["Syd"] * 20,
        }
    )
    path = tmp_path / "persons.csv"
    frame.to_csv(path, index=False)
    (text,) = draft(path).files.values()
    for secret in ("p0", "1000", "Nygade", "Lis", "Mols", "Ry"):
        assert secret not in text
    assert 'codes = { Nord = "Nord", Syd = "Syd" }' in text


def test_without_a_file_there_is_nothing_to_draft() -> None:
    with pytest.raises(DesignError, match="name a data file"):
        draft()


def test_a_wave_whose_codes_are_turned_is_a_decision() -> None:
    base = surveys.read(DATA / "sleep.sav")
    turned = replace(base, value_labels={**base.value_labels, "smoke": {1: "no", 2: "yes"}})
    made = draft(base, turned)
    assert [part.wave for part in made.parts] == [1, 2]
    (line,) = [str(one) for one in made.decisions if one.key == "differences"]
    assert "smoke" in line
    assert "between waves 1 and 2, order of codes: 1 yes, 2 no -> 1 no, 2 yes" in line
