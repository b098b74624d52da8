"""What becomes of case records, as tables that can be read; observed until 31 December 2018."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from surveys.records.cases import clean_cases

UNTIL = date(2018, 12, 31)

OVERLAPS = """
case 1 family 2018-01-01 2018-03-31
case 1 family 2018-03-01 2018-05-31
-> 1 family 2018-01-01 2018-05-31 closed 2
"""
TOUCHES = """
case 1 family 2018-01-01 2018-01-31
case 1 family 2018-02-01 2018-02-28
-> 1 family 2018-01-01 2018-02-28 closed 2
"""
ONE_DAY_BETWEEN = """
case 1 family 2018-01-01 2018-01-31
case 1 family 2018-02-02 2018-02-28
-> 1 family 2018-01-01 2018-01-31 closed 1
-> 1 family 2018-02-02 2018-02-28 closed 1
"""
SHORT_WITHIN_LONG = """
case 1 family 2018-01-01 2018-06-30
case 1 family 2018-02-01 2018-02-10
case 1 family 2018-06-01 2018-07-31
-> 1 family 2018-01-01 2018-07-31 closed 3
"""
OTHER_TYPE = """
case 1 family 2018-01-01 2018-06-30
case 1 health 2018-02-01 2018-03-31
-> 1 family 2018-01-01 2018-06-30 closed 1
-> 1 health 2018-02-01 2018-03-31 closed 1
"""
OTHER_PERSON = """
case 1 family 2018-01-01 2018-06-30
case 2 family 2018-02-01 2018-03-31
-> 1 family 2018-01-01 2018-06-30 closed 1
-> 2 family 2018-02-01 2018-03-31 closed 1
"""
STILL_OPEN = """
case 1 family 2018-10-01 -
-> 1 family 2018-10-01 2018-12-31 open 1
"""
OPEN_SWALLOWS_CLOSED = """
case 1 family 2018-01-01 -
case 1 family 2018-02-01 2018-03-31
-> 1 family 2018-01-01 2018-12-31 open 2
"""
CLOSED_LATER_THAN_OBSERVED = """
case 1 family 2018-10-01 2019-02-01
-> 1 family 2018-10-01 2018-12-31 open 1
"""
CLOSED_ON_THE_LAST_DAY = """
case 1 family 2018-10-01 2018-12-31
-> 1 family 2018-10-01 2018-12-31 closed 1
"""
ONE_DAY = """
case 1 family 2018-10-01 2018-10-01
-> 1 family 2018-10-01 2018-10-01 closed 1
"""
OPENED_LATER_THAN_OBSERVED = """
case 1 family 2018-10-01 2018-10-31
case 1 family 2019-01-01 -
-> 1 family 2018-10-01 2018-10-31 closed 1
"""
REPEATED = """
case 1 family 2018-10-01 2018-10-31
case 1 family 2018-10-01 2018-10-31
-> 1 family 2018-10-01 2018-10-31 closed 1
"""
TABLES = {
    name: table for name, table in globals().items() if name.isupper() and name != "UNTIL"
}


def records(table: str) -> pd.DataFrame:
    rows = [line.split()[1:] for line in table.strip().splitlines() if line.startswith("case")]
    frame = pd.DataFrame(rows, columns=["person_id", "case_type", "opened", "closed"])
    frame["closed"] = frame["closed"].replace("-", None)
    return frame.assign(municipality=217)


def expected(table: str) -> list[tuple[str, ...]]:
    return [tuple(line.split()[1:]) for line in table.strip().splitlines() if line[0] == "-"]


@pytest.mark.parametrize("name", TABLES)
def test_records_become_these_spells(name: str) -> None:
    spells = clean_cases(records(TABLES[name]), UNTIL).frame
    found = [
        (
            row.person_id,
            row.case_type,
            str(row.start.date()),
            str(row.stop.date()),
            "closed" if row.closed else "open",
            str(row.n_merged),
        )
        for row in spells.itertuples()
    ]
    assert found == expected(TABLES[name])


def test_the_flow_counts_each_step() -> None:
    table = (
        REPEATED
        + OPENED_LATER_THAN_OBSERVED.replace("case 1", "case 2")
        + OVERLAPS.replace("case 1", "case 3")
    )
    flow = clean_cases(records(table), UNTIL).flow
    assert flow[["step", "n", "lost"]].to_numpy().tolist() == [
        ["records", 6, 0],
        ["distinct", 5, 1],
        ["observed", 4, 1],
        ["spells", 3, 1],
    ]
