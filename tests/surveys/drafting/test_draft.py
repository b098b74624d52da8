"""A dictionary drafted from files validates those files and says what is to be decided."""

import random
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import surveys
from data_dictionary import load
from data_dictionary.errors import DesignError
from surveys.drafting import draft
from surveys.files.formats import FORMATS
from surveys.files.source import Provenance

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


NAMES = ("id", "ID", "q1", "q2", "q3", "æøå", "a b", "wave", "kommune", "start", '"q"', "x.y")
LABELS = ("Ja", "Nej", "Ved ikke", "", "Alder (år)", "a\nb", "x" * 300, '"', "Timer\x07")
CODES = (1, 2, 3, 9, "A1", 1.5, -1, "ja", "Sysmiss", ".b")
VALUES = (
    (1, 2, 3, 4, 5), (1.0, 2.0, 9.0, None), ("ja", "nej", "", None), (0.25, 1e12, -3.0),
    ("p1", "p2", "p3", "p4"), (".a", 1, 2, 3.5), ("01-02-2020", "13-02-2020", "x"), (None,),
    (pd.Timestamp("2020-01-01 10:00"), None), (True, False, None), ("1", "2", "A1", "9"),
    ('a"b', "c\\d", "e\nf", "\x01"), ("Fru Jensen", "Hr. Møller"),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(300))
def test_whatever_a_file_holds_its_draft_loads_and_validates_it(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - same seed, same file
    waves = []
    for number in range(rng.choice((1, 1, 3))):
        names, rows = rng.sample(NAMES, rng.randrange(1, 8)), rng.choice((0, 1, 2, 40))
        frame = pd.DataFrame(
            {
                name: pd.Series([rng.choice(kind) for _ in range(rows)])
                for name in names
                for kind in (rng.choice(VALUES),)
            }
        )
        origin = Provenance(
            name=f"borger_w{number}.sav", sha256="", rows=rows, columns=len(names), format="",
            encoding="", encoding_reason="",
        )  # fmt: skip
        told = {name: {c: rng.choice(LABELS) for c in rng.sample(CODES, 3)} for name in names}
        missing = {
            name: {code: "user" for code in codes if str(code).startswith((".", "-", "S"))}
            for name, codes in told.items()
        }
        waves.append(
            surveys.Source(
                frame=frame, provenance=origin, value_labels=told, missing=missing,
                variable_labels={name: rng.choice(LABELS) for name in names},
            )
        )  # fmt: skip
    made = draft(*waves)
    assert made.codebook().tables
    if len(waves) == 1:
        assert [str(one) for one in made.decisions if one.key == "reading"] == []
