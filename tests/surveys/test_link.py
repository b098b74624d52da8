from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from data_dictionary import Column, Table, load
from data_dictionary.errors import ColumnError, DataError
from surveys.dream.register import Dream
from surveys.link import link
from surveys.records.cases import Cases, clean_cases
from surveys.records.hours import Hours
from surveys.waves.panel import Panel

POPULATION = pd.DataFrame({"person_id": ["a1", "b2", "c3"], "municipality": [217, 217, 190]})


def cases_of(*persons: str) -> Cases:
    records = pd.DataFrame({"person_id": persons, "municipality": 217, "case_type": "family"})
    records = records.assign(opened="2018-01-01", closed="2018-02-01")
    return clean_cases(records, date(2018, 12, 31))


def panel_of(*answers: tuple[str, int]) -> Panel:
    frame = pd.DataFrame(answers, columns=["person_id", "wave"])
    return Panel(frame=frame, table=load("enplan")["citizen"], waves=())


def dream_of(*persons: str) -> Dream:
    return Dream.from_arrays(persons, ["2018-01-01"], np.full((len(persons), 1), 7))


def test_the_flow_says_who_was_lost_and_why() -> None:
    people = link(
        POPULATION,
        cases=cases_of("a1", "zz", "yy"),
        panel=panel_of(("a1", 1), ("b2", 1), ("b2", 3), ("zz", 3)),
        dream=dream_of("c3", "b2", "zz"),
    )
    strangers, silent = "the key is not in the population", "no record of the person"
    assert people.flow().to_numpy().tolist() == [
        ["population", 3, 0, ""],
        ["cases: spells linked", 1, 2, strangers],
        ["cases: persons with records", 1, 2, silent],
        ["citizen: answers linked", 3, 1, strangers],
        ["citizen, wave 1: persons with records", 2, 1, silent],
        ["citizen, wave 3: persons with records", 1, 2, silent],
        ["dream: persons linked", 2, 1, strangers],
        ["dream: persons with records", 2, 1, silent],
    ]


def test_nobody_enters_and_nobody_leaves_the_population() -> None:
    people = link(POPULATION, cases=cases_of("a1", "zz"), dream=dream_of("c3", "b2", "zz"))
    assert people.frame["person_id"].tolist() == ["a1", "b2", "c3"]
    assert people.frame["has_cases"].tolist() == [True, False, False]
    assert people.frame["has_dream"].tolist() == [False, True, True]
    assert "has_panel" not in people.frame
    assert people.cases is not None
    assert people.dream is not None
    assert people.cases.frame["person_id"].tolist() == ["a1"]
    assert people.dream.persons.tolist() == ["b2", "c3"]


def test_a_source_that_shares_no_key_is_refused_without_showing_one() -> None:
    with pytest.raises(DataError, match="none of the 2 keys of cases") as refusal:
        link(POPULATION, cases=cases_of("zz", "yy"))
    assert "zz" not in str(refusal.value)


def test_a_key_must_name_each_person_once() -> None:
    population = pd.DataFrame({"person_id": ["secret", "secret", None]})
    with pytest.raises(DataError, match="1 missing, 1 used twice") as refusal:
        link(population)
    assert "secret" not in str(refusal.value)


def test_a_staff_panel_is_not_about_citizens() -> None:
    panel = panel_of(("a1", 1))
    staff = Panel(
        frame=panel.frame.rename(columns={"person_id": "staff_id"}), table=panel.table, waves=()
    )
    with pytest.raises(ColumnError, match="the panel has no column 'person_id'"):
        link(POPULATION, panel=staff)


def test_the_population_is_not_changed() -> None:
    before = POPULATION.copy(deep=True)
    link(POPULATION, dream=dream_of("a1"))
    pd.testing.assert_frame_equal(POPULATION, before)


def test_several_surveys_and_paid_hours_are_linked_beside_each_other() -> None:
    other = Table(
        name="parents", label="P", key=("person_id",),
        columns=(Column(name="person_id", type="string", label="P", role="key"),),
    )  # fmt: skip
    parents = Panel(
        frame=pd.DataFrame({"person_id": ["c3", "zz"], "wave": 1}), table=other, waves=()
    )
    hours = Hours(
        index=pd.Index(["zz", "b2"]),
        months=np.array(["2018-01"], "datetime64[M]"),
        weekly=np.array([[37.0], [10.0]]),
    )
    people = link(POPULATION, panel=[panel_of(("a1", 1)), parents], hours=hours)
    assert people.frame["has_panel"].tolist() == [True, False, True]
    assert [one.table.name for one in people.panels] == ["citizen", "parents"]
    assert people.panels[1].frame["person_id"].tolist() == ["c3"]
    assert people.hours is not None
    assert people.hours.index.tolist() == ["b2"]
    assert people.hours.weekly.tolist() == [[10.0]]
    assert people.summary() == "3 persons, 2 in panel, 1 in hours"


def test_a_register_of_which_nobody_is_left_out_is_not_copied() -> None:
    dream = dream_of("c3", "a1")
    assert link(POPULATION, dream=dream).dream is dream


def test_the_key_may_have_another_name() -> None:
    people = POPULATION.rename(columns={"person_id": "lbnr"})
    found = link(people, dream=dream_of("a1", "zz"), key="lbnr")
    assert found.frame["has_dream"].tolist() == [True, False, False]
    with pytest.raises(ColumnError, match=r"no column 'lbnummer'\. Did you mean 'lbnr'"):
        link(people, key="lbnummer")


def test_keys_that_nearly_match_are_refused_with_what_differs() -> None:
    people = pd.DataFrame({"person_id": ["00123", "00045", "10007", "x"]})
    with pytest.raises(DataError, match="cases: 2 of 2 keys would match with leading zeros"):
        link(people, cases=cases_of("123", "45", "10007"))
    with pytest.raises(
        DataError, match=r"none of the 2 keys of cases.*2 of 2 keys would match"
    ):
        link(people, cases=cases_of("123", "45"))


def test_a_near_match_among_many_is_counted() -> None:
    people = pd.DataFrame({"person_id": [f"p{i}" for i in range(40)] + ["A1"]})
    (one,) = link(people, cases=cases_of(*people["person_id"][:40], "a1")).linked
    assert (one.near, one.form, one.unknown) == (1, "in the same capitals", 1)
