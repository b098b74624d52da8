"""A check tells at once what a run would refuse before it estimates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analyses import check, load_study, run
from data_dictionary.errors import EnplanError
from tests.small_study import (
    COHORT,
    COMPARISON,
    DATA,
    SCORE,
    TIME,
    VALUE,
    WAVES,
    small_data,
    write_study,
)

BASE = DATA + COHORT + COMPARISON
OTHER = '[[design]]\nname = "other"\nlabel = "Anden"\ncovariates = ["age"]\nexact = ["town"]\n'


def people(**columns: object) -> pd.DataFrame:
    return small_data()["people"].assign(**columns)


def refused(folder: Path, text: str, **files: pd.DataFrame) -> tuple[str, ...]:
    """Return what a check refuses, when a run has refused as well."""
    study = load_study(write_study(folder, text, **files))
    with pytest.raises(EnplanError) as refusal:
        run(study, folder / "results")
    found = check(study)
    assert any(one.rpartition(": ")[2] in str(refusal.value) for one in found)
    return found


@pytest.mark.parametrize(
    ("text", "columns", "told"),
    [
        (
            TIME.replace('"exit"', '"note"\nof = "x"'),
            {},
            "does not list: 'y'",
        ),
        (TIME.replace("= 50", "= 200"), {}, "before the horizon 200"),
        (TIME, {"weeks": -1}, "time 0"),
        (TIME, {"exit": 0}, "everyone is censored"),
        (
            TIME.replace('"exit"', '{ left = "exit", other = "female" }\nof = "left"'),
            {"exit": 1, "female": 1},
            "have more than one of the causes",
        ),
        (VALUE, {"income": np.nan}, "treated rows has it"),
    ],
)
def test_an_outcome_that_cannot_be_estimated_is_refused_by_check(
    tmp_path: Path, text: str, columns: dict[str, object], told: str
) -> None:
    (found,) = refused(tmp_path, BASE + text, people=people(**columns))
    assert found.startswith("[[outcome]] ")
    assert told in found


def test_a_score_that_nobody_compared_answered_in_time_is_refused_by_check(
    tmp_path: Path,
) -> None:
    early = small_data()["wave2"]
    early["answered"] -= pd.Timedelta(days=400)
    (found,) = refused(tmp_path, BASE + WAVES + SCORE, wave2=early)
    assert found.startswith("[[outcome]] trust: outcome 'trust': none of ")


def test_comparisons_that_cannot_be_made_are_refused_by_check(tmp_path: Path) -> None:
    exact = BASE.replace("caliper = 0.5\n", "").replace(
        "covariates", 'exact = ["town"]\ncovariates'
    )
    (found,) = refused(tmp_path / "plan", exact + VALUE)
    assert found.startswith("[[outcome]] income: ")
    (found,) = refused(tmp_path / "design", BASE + VALUE + OTHER)
    assert found.startswith("[[design]] other: ")


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    found = refused(
        tmp_path,
        BASE + VALUE + TIME + TIME.replace('"left"', '"gone"').replace("50", "99") + OTHER,
        people=people(income=np.nan, weeks=-1),
    )
    assert [one.partition(":")[0] for one in found] == [
        "[[outcome]] income",
        "[[outcome]] left",
        "[[outcome]] gone",
        "[[design]] other",
    ]


def test_an_earlier_edition_that_is_none_is_refused_by_check(tmp_path: Path) -> None:
    (tmp_path / "spring").mkdir()
    text = BASE + VALUE + '[disclosure]\npublished = ["spring"]\n'
    (found,) = refused(tmp_path, text)
    assert "[disclosure] published: " in found
    assert "is no results folder" in found
