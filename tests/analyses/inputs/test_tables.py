"""Tables of a study: what is missing is asked for by role, and counts of few are not told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analyses import Tables
from analyses.inputs.tables import linkage
from analyses.published.gate import Gate
from data_dictionary import Codebook
from data_dictionary.errors import DesignError
from surveys import Linked

ONE = Linked(
    source="maaling",
    wave=2,
    unit="answers",
    n=900,
    strangers=350,
    unknown=347,
    persons=900,
    silent=2,
)


def test_a_register_that_is_missing_is_asked_for_by_its_table_or_its_role(
    tables: Tables,
) -> None:
    with pytest.raises(DesignError, match=r"name their file in \[\[data.hours\]\]$"):
        tables.paid_hours()
    bare = Codebook(name="ordbog", tables={}, scales={}, code_lists={})
    with pytest.raises(DesignError, match=r'\[\[data.TABLE\]\]; .* has role = "spells" yet'):
        replace(tables, words=bare, cases=None).case_records()


def test_what_did_not_meet_is_told_with_few_hidden() -> None:
    assert linkage((ONE,), Gate(5).said) == (
        "maaling 2: at least 900 answers linked; at least 350 of at least 345 others left out; "
        "fewer than 5 persons have none",
    )
