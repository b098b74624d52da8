"""The codebook: a folder works like a shipped edition; its faults come all at once."""

from pathlib import Path

import pandas as pd
import pytest

from data_dictionary import editions, load
from data_dictionary.codebook import placed
from data_dictionary.errors import CareWarning, DataError

PERSONS = """
label = "Personer"
role = "persons"
key = ["id"]

[columns.id]
type = "string"
label = "Nøgle"

[columns.q]
like = "item"
label = "Spørgsmål"

[columns.code]
type = "integer"
label = "Kode"
code_list = "small"

[columns.number]
type = "number"
label = "Tal"
missing = { -99 = "technical" }
"""
SHARED = """
[item]
type = "integer"
label = "Svar"
codes = { 1 = "Nej", 2 = "Ja" }
missing = { 8 = "do_not_know", ".a" = "refused" }
"""
SCALES = """
[one]
label = "Ét"
table = "persons"
items = ["q"]
minimum = 1
maximum = 2
least_answered = 1
"""
CODES = """
name = "small"
vintage = "2020"
[sources]
us = "ours"
[statuses]
benefits = "Ydelse"
[[entries]]
codes = "1-3"
label = "En"
group = "G"
status = "benefits"
source = "us"
"""


def folder(tmp_path: Path, **files: str) -> Path:
    good = {"persons": PERSONS, "shared": SHARED, "scales": SCALES, "small_codes": CODES}
    for name, text in (good | files).items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_folder_of_ones_own_works_like_an_edition(tmp_path: Path) -> None:
    words = load(folder(tmp_path))
    assert list(words.tables) == ["persons"]
    assert words.scales["one"].items == ("q",)
    assert words["persons"].column("q").codes == {1: "Nej", 2: "Ja"}
    assert words["persons"].column("q").label == "Spørgsmål"
    assert set(words["persons"].column("code").codes) == {1, 2, 3}
    frame = pd.DataFrame({"id": ["a", "b"], "q": [1, 8], "code": [3, 1], "number": [-99, 0.5]})
    assert words["persons"].check(frame) == []
    assert words["persons"].conform(frame).missing["kind"].tolist() == [
        "do_not_know",
        "technical",
    ]
    assert load(str(tmp_path)).name == words.name


def test_every_fault_of_a_dictionary_is_named_at_once(tmp_path: Path) -> None:
    persons = """
    lable = "Personer"
    role = "person"
    key = ["idd"]
    order = [["id", "q"]]
    [columns.id]
    type = "strin"
    label = "Nøgle"
    [columns.q]
    like = "itm"
    type = "integer"
    label = "S"
    codes = { one = "Et" }
    missing = { 3 = "unknown", 4 = "refused" }
    minimum = 5
    maximum = 1
    [columns.r]
    type = "integer"
    label = 3
    minimum = 1
    maximum = 5
    missing = { 5 = "refused" }
    references = "people"
    [columns.f]
    type = "integer"
    label = "F"
    pattern = "f_{YY}"
    code_list = "smal"
    sensitivity = "secret"
    """
    scales = """
    [one]
    label = "Ét"
    table = "persons"
    items = ["q", "p"]
    reversed = ["z"]
    minimum = 2
    maximum = 2
    least_answered = 3
    [two]
    items = ["q"]
    """
    with pytest.raises(DataError) as refusal:
        load(folder(tmp_path, persons=persons, scales=scales))
    text = str(refusal.value)
    for part in (
        "'lable' is not a key of this section. Did you mean 'label'?",
        "persons.toml: role = 'person' is not allowed; allowed: 'persons', 'survey', ",
        "persons.toml: 'label' is missing",
        "key: 'idd' is not known",
        "order names 'id', which is no date",
        "column 'id': type = 'strin' is not allowed; allowed: 'string', 'integer', ",
        "Did you mean 'string'?",
        "like: 'itm' is not known",
        "'one' is no whole number",
        "column 'q': missing.3 = 'unknown' is not allowed; allowed: 'not_asked', ",
        "column 'q': minimum is above maximum",
        "column 'r': label = 3 is not a text in quotes",
        "5 is both a valid value and a missing code",
        "references: 'people' is not known",
        "pattern 'f_{YY}' needs place holders",
        "code_list: 'smal' is not known",
        "sensitivity = 'secret' is not allowed; allowed: 'none', 'identifying', 'sensitive'.",
        "reversed: 'z' is not known",
        "least_answered is not between 1 and 2",
        "minimum is not below maximum",
        "items: 'p' is not known",
        "scale 'two': 'label' is missing",
    ):
        assert part in text


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"1 fault\(s\)\n  - persons\.toml: not a TOML file"):
        load(folder(tmp_path, persons="label = "))


def test_an_unknown_edition_gets_the_nearest_name() -> None:
    with pytest.raises(DataError, match="Did you mean 'enplan'"):
        load("enplam")


def test_an_edition_wins_over_a_folder_of_its_name(tmp_path: Path) -> None:
    assert placed("words", tmp_path) == tmp_path / "words"
    assert placed("./enplan", tmp_path) == tmp_path / "enplan"
    (tmp_path / "enplan").mkdir()
    assert placed("enplan", tmp_path) == "enplan"
    (tmp_path / "enplan" / "a.toml").touch()
    with pytest.warns(CareWarning, match="is the shipped edition"):
        assert placed("enplan", tmp_path) == "enplan"


def test_an_empty_folder_is_no_dictionary(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no \.toml file"):
        load(tmp_path)


def test_an_unknown_table_gets_the_nearest_name() -> None:
    with pytest.raises(DataError, match="Did you mean 'citizen'"):
        load("enplan")["citizens"]


def test_both_editions_are_shipped() -> None:
    assert {"enplan", "nsw"} <= set(editions())


@pytest.mark.parametrize("value", ["[1]", "{ a = 1 }", "true", "3"])
def test_a_scale_s_table_of_another_type_is_a_fault_and_no_accident(
    tmp_path: Path, value: str
) -> None:
    scales = SCALES.replace('table = "persons"', f"table = {value}")
    with pytest.raises(DataError, match=r"scale 'one': table = .* is not a text"):
        load(folder(tmp_path, scales=scales))
