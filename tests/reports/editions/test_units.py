"""What has an edition, and a name of a file that every system takes."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyses.results.facts import LabelFacts
from data_dictionary.errors import DataError
from reports.editions.units import file_names, units
from reports.facts import Report
from reports.user_text import sealed
from tests.reports import minimal
from tests.reports.editions.places import of_places


def report(label: str = "Kommune", **changed: object) -> Report:
    levels = {"1": "Ærø", "2": "Høje/Taastrup", "3": "Aabenraa", "4": "Årslev", "5": "Øst"}
    labels = {"municipality": LabelFacts(label=label, levels=levels)}
    frames = of_places({"1": 20, "2": 30, "4": 10, "5": 10}, before={"1": 9, "3": 8})
    shown = minimal.report(frames, **changed)
    return replace(shown, facts=replace(shown.facts, labels=labels))


def test_places_come_in_danish_order_with_safe_names() -> None:
    found = units(report(), "municipality")
    assert [one.label for one in found] == [
        *("Aabenraa", "Høje/Taastrup", "Ærø", "Øst", "Årslev"),
    ]
    assert [one.name for one in found] == [
        *("aabenraa", "hoeje-taastrup", "aeroe", "oest", "aarslev"),
    ]
    # A place of the comparison has no result of its own.
    assert {one.code for one in found} == {"1", "2", "3", "4", "5"}


def test_outcomes_come_in_the_study_files_order() -> None:
    found = units(report(), "outcome")
    assert [(one.code, one.label) for one in found] == [("employment", "Beskæftigelse")]


@pytest.mark.parametrize(
    ("each", "label", "changed", "why"),
    [
        ("municipality", "Skole", {}, "not called Kommune"),
        ("cluster", "Kommune", {"cluster": None}, "names no clusters"),
        ("clusters", "Kommune", {}, "Did you mean 'cluster'"),
    ],
)
def test_what_has_no_editions_is_refused(
    each: str, label: str, changed: dict[str, object], why: str
) -> None:
    with pytest.raises(DataError, match=why):
        units(report(label, **changed), each)


def test_a_study_without_places_that_are_told_is_refused() -> None:
    with pytest.raises(DataError, match="no single place"):
        units(minimal.report({"sites": pd.DataFrame()}), "municipality")


@given(st.lists(st.text(), max_size=8))
def test_any_labels_make_names_that_no_system_refuses_and_no_two_alike(
    labels: list[str],
) -> None:
    names = file_names(map(sealed, labels))
    assert len(set(names)) == len(labels)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in names)
    assert not {"con", "aux", "nul", "index"} & set(names)
    assert all(len(name) < 80 for name in names)


def test_markup_in_a_label_is_in_no_name() -> None:
    assert file_names([sealed("../*Ø*|<b>"), "A", "a", "a-2"]) == ["oe-b", "a", "a-2", "a-2-2"]
