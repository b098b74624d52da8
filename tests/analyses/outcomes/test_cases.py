"""A case that closes, whose opening may be time 0."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analyses import Study, Tables
from analyses.outcomes.cases import ClosedCase
from analyses.outcomes.weekly import Weekly
from data_dictionary.errors import DesignError
from tests.analyses.outcomes.of_kinds import as_kind, estimated, steps


def test_a_case_that_closes_ends_the_waiting_time_and_open_cases_are_censored(
    study: Study, supplied: Tables, one: Weekly
) -> None:
    outcome = as_kind(
        ClosedCase,
        one,
        name="closing",
        source="cases",
        case_type="family",
        competing=("death", "emigration"),
    )
    found = estimated(study, supplied, outcome)
    m = found.outcomes["closing"].matched
    causes = set(m.frame.loc[m.used, "closing_event"].dropna())
    assert "closed" in causes <= {"closed", "death", "emigration"}
    assert steps(found)["open_case"] > 0
    table = found.outcomes["closing"].beside["durations"]()
    treated = table[table["arm"] == "treated"].groupby("step")["n"].sum()
    assert treated["followed"] == (m.used & m.treated).sum()
    assert treated.drop("followed").sum() == treated["followed"]


def test_cases_that_the_study_lacks_are_named(
    study: Study, tables: Tables, one: Weekly
) -> None:
    lacking = replace(tables, cases=None)
    with pytest.raises(DesignError, match=r"name their file in \[\[data.cases\]\]"):
        estimated(study, lacking, as_kind(ClosedCase, one, case_type="family"))
