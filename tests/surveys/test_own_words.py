"""Every reader asks the dictionary for roles: no name of a table or column is its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import surveys
from data_dictionary import Codebook
from data_dictionary.errors import ColumnError, DataError
from surveys import Dream
from tests.surveys.own_words import written

UNTIL = date(2018, 12, 31)


@pytest.fixture
def words(tmp_path: Path) -> Codebook:
    return written(tmp_path)


@pytest.fixture
def dream(words: Codebook, tmp_path: Path) -> Dream:
    people = surveys.read_table(tmp_path / "borgere.csv", words["borgere"])
    return surveys.read_dream(
        tmp_path / "ugeregister.csv", words["ugeregister"], words.weekly_codes(), people
    )


def test_cases_are_found_by_the_roles_of_their_columns(words: Codebook, tmp_path: Path) -> None:
    cases = surveys.read_cases(tmp_path / "journal.csv", words["journal"], UNTIL)
    first = cases.frame.iloc[0]
    assert (first["person_id"], first["case_type"], first["municipality"]) == (
        "p1", "familie", "0217",
    )  # fmt: skip
    assert (first["start"].date(), first["stop"].date()) == (date(2017, 3, 1), UNTIL)
    assert cases.frame["closed"].tolist() == [False, True]
    assert cases.flow["lost"].tolist() == [0, 1, 0, 1]
    after = pd.Series(pd.to_datetime(["2017-06-01"]), index=["p9"])
    assert cases.first_closing("familie", after=after)["cause"].tolist() == ["closed"]


def test_cases_need_no_municipality(words: Codebook, tmp_path: Path) -> None:
    table = words["journal"]
    columns = tuple(one for one in table.columns if one.role != "cluster")
    cases = surveys.read_cases(tmp_path / "journal.csv", replace(table, columns=columns), UNTIL)
    assert cases.frame["municipality"].isna().all()


def test_a_role_that_no_column_plays_is_refused_with_the_line_to_add(
    words: Codebook, tmp_path: Path
) -> None:
    table = words["journal"]
    mute = tuple(
        replace(one, role=None) if one.role in ("opened", "type") else one
        for one in table.columns
    )
    with pytest.raises(ColumnError) as refusal:
        surveys.read_cases(tmp_path / "journal.csv", replace(table, columns=mute), UNTIL)
    assert 'role = "opened"; add the line' in str(refusal.value)
    assert 'role = "type"; add the line' in str(refusal.value)
    assert "journal.toml" in str(refusal.value)


def test_hours_are_found_by_the_roles_of_their_columns(words: Codebook, tmp_path: Path) -> None:
    hours = surveys.read_hours(tmp_path / "loen.csv", words["loen"])
    assert hours.index.tolist() == ["p1", "p2"]
    assert hours.weekly[:, 0] == pytest.approx([37, 18.4615], abs=1e-3)


def test_the_register_is_found_by_the_patterns_of_its_families(dream: Dream) -> None:
    assert dream.persons.tolist() == ["p1", "p2"]
    assert dream.weeks.astype(str).tolist() == [
        "2018-01-01", "2018-01-08", "2018-01-15", "2018-01-22", "2018-01-29",
    ]  # fmt: skip
    named = [[dream.statuses[value] for value in row] for row in dream.status]
    # The Thursday of the last week is 1 February; p2 left on 31 January, within that week.
    assert named[0] == ["benefits"] * 2 + ["employment"] * 2 + ["self_support"]
    assert named[1] == ["self_support", "benefits", *["self_support"] * 3]
    day = pd.to_datetime(["2018-02-01", "2018-02-01"])
    assert dream.municipality_at(["p1", "p2"], day).tolist() == [217, 217]
    assert dream.match_group_at(["p1", "p2"], day).tolist() == ["2", "3"]


def test_a_week_that_is_missing_is_named_as_the_dictionary_would(
    words: Codebook, tmp_path: Path
) -> None:
    path = tmp_path / "ugeregister.csv"
    path.write_text(path.read_text().replace("uge1803", "uden"))
    with pytest.raises(DataError, match=r"1 week column\(s\) missing .*: uge1803\."):
        surveys.read_dream(path, words["ugeregister"])


def test_a_family_without_a_pattern_is_refused(words: Codebook, tmp_path: Path) -> None:
    table = words["ugeregister"]
    single = tuple(
        replace(one, pattern=None) if one.role == "benefit" else one for one in table.columns
    )
    with pytest.raises(DataError, match=r"'ydelse' of table 'ugeregister' .* pattern"):
        surveys.read_dream(tmp_path / "ugeregister.csv", replace(table, columns=single))


def test_waves_are_read_stacked_scored_and_linked(
    words: Codebook, dream: Dream, tmp_path: Path
) -> None:
    waves = [
        surveys.read_wave(tmp_path / f"maaling{wave}.csv", words["maaling"], wave)
        for wave in (1, 2)
    ]
    panel = surveys.stack(*waves)
    assert list(panel.frame)[:2] == ["person", "wave"]
    scores = surveys.score(panel, words.scales["tillid"])
    assert scores.set_index(["person", "wave"])["score"].to_dict() == {
        ("p1", 1): 0, ("p2", 1): 75, ("p1", 2): 50, ("p9", 2): 100,
    }  # fmt: skip
    assert surveys.reliability(panel[1], words.scales["tillid"]).n == 1
    people = surveys.link(
        surveys.read_table(tmp_path / "borgere.csv", words["borgere"]),
        cases=surveys.read_cases(tmp_path / "journal.csv", words["journal"], UNTIL),
        panel=panel,
        dream=dream,
        hours=surveys.read_hours(tmp_path / "loen.csv", words["loen"]),
    )
    met = [(one.source, one.wave, one.n, one.strangers, one.silent) for one in people.linked]
    assert met == [
        ("cases", None, 1, 1, 2),
        ("maaling", None, 3, 1, 1),
        ("maaling", 1, 2, 0, 1),
        ("maaling", 2, 1, 1, 2),
        ("dream", None, 2, 0, 1),
        ("hours", None, 2, 0, 1),
    ]
    assert people.panel is not None
    assert people.panel[2].frame["person"].tolist() == ["p1"]
    assert people.panel[2].missing.empty
    assert len(people.panel[1].missing) == 1
