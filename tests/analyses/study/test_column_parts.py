"""A column plays a part only if the dictionary says that its values can."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyses import load_study
from analyses.study.column_parts import is_amount, unfit_columns
from data_dictionary import load
from data_dictionary.errors import DesignError
from tests.small_study import COHORT, COMPARISON, DATA, TIME, VALUE, write_study

BASE = DATA + COHORT + COMPARISON


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            BASE + VALUE.replace('column = "income"', 'column = "school"'),
            "'school' is no column with numbers, or with yes and no, that can be an outcome. "
            "Its codes are names of levels",
        ),
        (BASE + VALUE.replace('column = "income"', 'column = "town"'), "It is the cluster"),
        (BASE + VALUE.replace('column = "income"', 'column = "note"'), "It is of type string"),
        (BASE + VALUE.replace('column = "income"', 'column = "start"'), "It holds dates"),
        (BASE + VALUE.replace('column = "income"', 'column = "programme"'), "tells the arms"),
        (
            BASE.replace('"female"]', '"start"]') + VALUE,
            "'start' cannot be a covariate. It holds",
        ),
        (BASE.replace('"female"]', '"person_id"]') + VALUE, "It is the key of the persons"),
        (BASE.replace('"female"]', '"programme"]') + VALUE, "It tells the arms apart"),
        (
            BASE + 'distance = "school"\n' + VALUE,
            "distance: 'school' is no column with numbers",
        ),
        (
            BASE.replace('index_date = "start"', 'index_date = "age"') + VALUE,
            "no column with dat",
        ),
        (
            BASE.replace("index_date", 'eligible_from = "age"\nindex_date') + VALUE,
            "eligible_from",
        ),
        (
            BASE.replace("index_date", 'stages = { a = "note" }\nindex_date') + VALUE,
            "stages: 'not",
        ),
        (
            BASE + '[derive.y]\nyears_since = "age"\n' + VALUE,
            "years_since: 'age' is no column wi",
        ),
        (BASE + TIME.replace('"weeks"', '"note"'), "exit: 'note' is no column with numbers"),
        (BASE + TIME.replace('"weeks"', '"start"'), "exit: 'start' is no column with numbers"),
        (BASE + TIME + 'entry = "note"\n', "entry: 'note' is no column with numbers"),
    ],
)
def test_a_column_that_cannot_play_its_part_is_refused_with_what_it_is(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(DesignError) as caught:
        load_study(write_study(tmp_path, text))
    assert told in str(caught.value)


def test_what_a_column_can_play_follows_from_its_type_and_its_role(read) -> None:
    study, table = read(), load("enplan")["population"]
    fit = {
        part: set(table.names) - unfit
        for part, (unfit, _) in unfit_columns(study, table).items()
    }
    assert "children" in fit["number"]
    # Codes are names, and so are places; yes and no has a share.
    assert not {"education", "municipality", "female"} & fit["number"]
    assert {"children", "female"} <= fit["value"]
    assert "en_plan" not in fit["value"] | fit["covariate"]
    assert {"invited", "birth_date"} <= fit["stage"]
    assert "birth_date" in fit["date"]
    assert "female" not in fit["date"]
    assert {"education", "municipality"} <= fit["covariate"]
    assert not {"birth_date", "person_id"} & fit["covariate"]


def test_a_number_that_a_study_takes_for_its_cluster_is_no_amount(read) -> None:
    column = load("enplan")["population"].column("children")
    assert is_amount(column, read())
    other = read(('cluster_class = "municipality_class"', 'cluster_class = "children"'))
    assert not is_amount(column, other)
