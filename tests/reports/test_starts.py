"""When the programme began, in words, as a line and as a table."""

from __future__ import annotations

import pandas as pd
import pytest

from reports.chapters.starts import began, quarters, start_dates, timeline
from reports.facts import Report
from reports.variables import variables
from tests.reports import minimal
from tests.reports.style import faults


def report(*dates: str, divided: bool = False) -> Report:
    """Return a report on places that began one after the other."""
    rows = [
        {
            "cluster": f"{150 + place}",
            "divided_by": "team" if divided else "",
            "part": ("young" if place % 2 else "old") if divided else "",
            "first_date": day,
        }
        for place, day in enumerate(dates)
    ]
    frame = pd.DataFrame(rows, columns=["cluster", "divided_by", "part", "first_date"])
    return minimal.report({"starts": frame}, labels={"team": "Klynge"})


STAGGERED = ("2018-02-01", "2017-03-01", "2017-11-15")


def test_the_first_and_the_last_start_are_told() -> None:
    text = began(report(*STAGGERED))
    assert text == (
        "Indsatsen begyndte i tre kommuner fra 1. marts 2017 til 1. februar 2018, alt efter "
        "kommune."
    )
    assert list(faults(text)) == []
    assert began(report(*STAGGERED, divided=True)).endswith("alt efter kommune og klynge.")


def test_a_common_start_has_a_date_and_no_line() -> None:
    same = report("2017-03-01", "2017-03-01")
    assert began(same) == "Indsatsen begyndte i to kommuner den 1. marts 2017."
    assert timeline(same) == ""
    assert not variables(same)["timeline"]


def test_the_line_counts_who_had_begun_by_the_end_of_each_quarter() -> None:
    text = timeline(report(*STAGGERED))
    counts = "1. kvartal 2017: 1; 2. kvartal 2017: 1; 3. kvartal 2017: 1; 4. kvartal 2017: 2; "
    assert f"{counts}1. kvartal 2018: 3" in text
    assert "Ved udgangen af 4. kvartal 2017 var indsatsen i gang 2 af 3 steder" in text
    assert "Et sted er en kommune." in text
    divided = timeline(report(*STAGGERED, divided=True))
    assert "Et sted er en kombination af kommune og klynge." in divided


def test_every_quarter_between_is_there() -> None:
    found = quarters(report("2016-12-31", "2018-01-01"))
    assert found == [(2016, 4), *((2017, quarter) for quarter in range(1, 5)), (2018, 1)]


def test_each_place_has_its_dates() -> None:
    text = start_dates(report(*STAGGERED, divided=True)).replace("\N{NO-BREAK SPACE}", " ")
    assert "| Kommune | old | young |" in text
    assert "| Ballerup | ingen | 1. marts 2017 |" in text
    whole = start_dates(report(*STAGGERED)).replace("\N{NO-BREAK SPACE}", " ")
    assert "| Ballerup | 1. marts 2017 |" in whole


@pytest.mark.parametrize("make", [began, timeline, start_dates])
def test_a_study_without_starts_says_nothing_of_them(make: object) -> None:
    assert make(report()) == ""  # type: ignore[operator]
    assert not variables(report())["starts"]
