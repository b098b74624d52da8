"""Names that no dictionary gives, and how names stand in a sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from analyses.results.facts import DerivedFacts
from analyses.results.labels import Generated
from data_dictionary import load
from reports.words.labels import (
    EVENTS,
    GENERATED,
    INSIDE,
    as_noun,
    derived_label,
    happened,
    inside,
    within_sentence,
)
from surveys.records.case_spells import CLOSED
from tests.reports import minimal


def test_every_column_that_a_run_makes_has_a_name() -> None:
    assert set(GENERATED) == set(get_args(Generated))


def test_events_and_places_are_of_statuses_that_there_are() -> None:
    codes = load("enplan").weekly_codes()
    assert codes is not None
    assert set(EVENTS) - {CLOSED} <= set(codes.statuses)
    assert set(INSIDE) <= set(codes.statuses)


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"form": "column", "of": "Kommune"}, "Kommune for indeksdatoen"),
        ({"form": "score", "of": "Tillid", "wave": 2}, "Tillid, 2. måling"),
        ({"form": "years_since", "of": "Fødselsdato"}, "Hele år siden fødselsdato"),
        (
            {"form": "from", "of": "Beskæftigelse", "weeks": (-104, -53)},
            "Uger: beskæftigelse (uge −104 til −53 før start)",
        ),
    ],
)
def test_a_derived_column_is_named_by_what_it_was_made_of(changed, text: str) -> None:
    assert derived_label(DerivedFacts(levels={}, **changed)) == text


def test_an_event_we_do_not_know_is_only_said_to_be_registered() -> None:
    assert happened("employment", "Job") == "er kommet i beskæftigelse"
    assert happened("job", "Fuldtidsjob") == "er registreret med fuldtidsjob"
    assert happened("job", "Sagen lukkes") == "er registreret med »sagen lukkes«"


def test_a_label_of_several_words_is_quoted_where_nobody_knows_that_it_is_a_noun() -> None:
    assert as_noun("Job") == "job"
    own = replace(minimal.outcome(), time=replace(minimal.WEEKS, event="job"))
    assert within_sentence(own, "Sagen lukkes") == "»sagen lukkes«"
    assert within_sentence(minimal.outcome(), "Vejen til job") == "vejen til job"


def test_a_place_of_several_statuses_names_each_or_none() -> None:
    assert inside(("employment", "flexjob"), "X") == "i beskæftigelse eller i fleksjob"
    assert inside(("employment", "own"), "Arbejde") == "i tilstanden arbejde"
