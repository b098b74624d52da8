"""Sections of a study file agree with each other, or are told why not."""

from __future__ import annotations

import pytest

BENCHMARK = """[benchmark]
file = "data/cases.csv"
outcome = "relation"
label = "L"
[inference]"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("wave = 2\nfile", "wave = 1\nfile", "[[data.citizen]]: wave 1 is named 2 times"),
        ("wave = 2\nfile", "file", "[[data.citizen]]: give every file of the table a wave, or"),
        ('cluster = "municipality"\n', "", "[cohort]: donors needs a cluster"),
        ('donors = "other"', 'donors = "own"\ndonors_nearest = 3', "is about other clusters"),
        (
            'cluster_class = "municipality_class"',
            "donors_same_class = true",
            "needs cluster_cl",
        ),
        (
            'index_date = "index_date"',
            'index_date = "invited"',
            "'invited' is already a column",
        ),
        (
            "age = {",
            "female = {",
            "[derive] female: is already a column of the data; rename it",
        ),
        ("weeks = [-104, 104]", "weeks = [-104, 8]", "[path]: weeks = [-104, 8] must begin in"),
        (
            "weeks = [-104, 104]",
            'weeks = [-104, 104]\nothers = ["employment"]',
            "[path]: others: 'employment' is followed already; drop one",
        ),
        (
            'negative_controls = ["',
            'negative_controls = ["age", "',
            "[sensitivity]: negative_controls: 'age' is matched on, so that it cannot show",
        ),
        (
            'estimate = "incidence"',
            'estimate = "weeks_since_event"',
            "is 'weeks_since_employment' where 'employment' counts",
        ),
        (
            'competing = ["education",',
            'competing = ["employment",',
            "'employment' is the event and cannot compete with itself",
        ),
        ("stages = { eligible", "stages = { matched", "'matched' is another group of profile"),
        ("[inference]", BENCHMARK, "[benchmark]: 'relation' is no outcome of kind 'value'"),
    ],
)
def test_sections_that_do_not_agree_are_refused_by_name(
    refused, old: str, new: str, told: str
) -> None:
    found = refused((old, new))
    assert any(told in one for one in found), found
