"""What the numbers of a stored format count: days, seconds, periods, or nothing of the kind."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from surveys.files.stat_dates import Program, measure_of, point, points

DAY = dt.date(2017, 9, 28)
SAS_DAY = (DAY - dt.date(1960, 1, 1)).days
SPSS_DAY = 86_400.0 * (DAY - dt.date(1582, 10, 14)).days
MOMENT = dt.datetime.fromisoformat
MIDNIGHT = MOMENT("2017-09-28")
FIRST = DAY.replace(day=1)


@pytest.mark.parametrize(
    ("program", "stored", "number", "expected"),
    [
        # Every way in which SPSS shows a day, and the periods, which are their first day.
        *(("SPSS", f"{name}11", SPSS_DAY + 3_600, DAY)
          for name in ("DATE", "ADATE", "EDATE", "SDATE", "JDATE")),
        ("SPSS", "DATETIME20", SPSS_DAY + 3_600.25, MOMENT("2017-09-28T01:00:00.250")),
        ("SPSS", "YMDHMS19", SPSS_DAY, MIDNIGHT),
        ("SPSS", "MOYR8", SPSS_DAY, FIRST),
        ("SPSS", "QYR8", SPSS_DAY, dt.date(2017, 7, 1)),
        ("SPSS", "QYR6", SPSS_DAY - 200 * 86_400, dt.date(2017, 1, 1)),
        # 24 September is the first of the 39th seven days of 2017.
        ("SPSS", "WKYR10", SPSS_DAY, dt.date(2017, 9, 24)),
        ("SPSS", "TIME8", 108_900.0, 108_900.0),
        ("SPSS", "DTIME12", 93_600.0, 93_600.0),
        ("SPSS", "MTIME8.2", 75.5, 75.5),
        *(("Stata", f"%{name}", SAS_DAY, DAY)
          for name in ("td", "d", "-td", "12td", "-12.0td", "tdDD/NN/CCYY", "tdCCYY.NN.DD",
                       "dD_m_Y", "td..", "tdMon_DD,_CCYY")),
        ("Stata", "%tc", SAS_DAY * 86_400_000.0 + 1, MOMENT("2017-09-28T00:00:00.001")),
        ("Stata", "%tcDD/NN/CCYY_HH:MM", SAS_DAY * 86_400_000.0, MIDNIGHT),
        # Stata counts 27 seconds that were put in by 2017: clock("28sep2017") as %tC.
        ("Stata", "%tC", SAS_DAY * 86_400_000.0 + 27_000, MIDNIGHT),
        ("Stata", "%tcHH:MM", 3_600_000.0, 3_600.0),
        ("Stata", "%tcHH:MM:SS_am", 3_600_000.0, 3_600.0),
        ("Stata", "%tm", 692.0, FIRST),
        ("Stata", "%tmCCYY-NN", 692.0, FIRST),
        ("Stata", "%tm", -1.0, dt.date(1959, 12, 1)),
        ("Stata", "%tq", 230.0, dt.date(2017, 7, 1)),
        ("Stata", "%th", 115.0, dt.date(2017, 7, 1)),
        ("Stata", "%ty", 2017.0, dt.date(2017, 1, 1)),
        # Week 39 of 2017: 57 years of 52 weeks, and 38 more.
        ("Stata", "%tw", 57 * 52 + 38.0, dt.date(2017, 9, 24)),
        *(("SAS", name, SAS_DAY, DAY)
          for name in ("DATE9", "DATE", "DDMMYYP10.", "DDMMYY8", "MMDDYYS10", "YYMMDDN8",
                       "MONYY7",
                       "YYMM7", "YYMMD7", "MMYYS7", "YEAR4", "YYQ6", "YYQC6", "YYQRP8", "QTR1",
                       "WORDDATE18", "WORDDATX", "WEEKDATE29", "WEEKDATX", "WEEKDAY", "DOWNAME",
                       "MONNAME9", "MONTH2", "JULIAN7", "JULDAY3", "EURDFDD10", "DANDFDD10",
                       "DANDFMY7", "DANDFWDX", "SVEDFWKX", "NLDATE20", "NLDATEMN", "E8601DA10",
                       "B8601DA8", "IS8601DA", "WEEKV11", "YYWEEKV7", "eurdfdd10.")),
        *(("SAS", name, SAS_DAY * 86_400.0, MIDNIGHT)
          for name in ("DATETIME20", "DATETIME22.3", "DATEAMPM", "MDYAMPM", "DTDATE9",
                       "DTMONYY7",
                       "DTYEAR", "NLDATM", "NLDATMAP", "E8601DT19", "E8601DN10", "B8601DT",
                       "IS8601DT", "DANDFDT7")),
        *(("SAS", name, 108_900.0, 108_900.0)
          for name in ("TIME8", "TIME8.2", "HHMM5", "HOUR", "MMSS5", "TOD8", "TIMEAMPM",
                       "NLTIME",
                       "E8601TM8", "B8601TM", "IS8601TM")),
    ],
)  # fmt: skip
def test_a_number_is_what_its_format_shows(
    program: Program, stored: str, number: float, expected: object
) -> None:
    measure = measure_of(stored, program)
    assert measure is not None
    told = points(np.array([number, np.nan]), measure, program)
    assert told[0] == expected
    assert type(told[0]) is type(expected) or isinstance(told[0], float)
    assert told[1] is None or np.isnan(told[1])


@pytest.mark.parametrize(
    ("program", "stored"),
    [("SPSS", "F8.2"), ("SPSS", "WKDAY3"), ("SPSS", "MONTH9"), ("SPSS", "DOLLAR14"),
     ("SPSS", "A20"),
     ("Stata", "%9.0g"), ("Stata", "%tg"), ("Stata", "%tbnyse"), ("Stata", "%-18s"),
     ("Stata", None),
     ("SAS", "BEST12"), ("SAS", "DATEF3"), ("SAS", "$CHAR8"), ("SAS", ""), ("SAS", "DKYEAR4")],
)  # fmt: skip
def test_other_formats_show_numbers(program: Program, stored: str | None) -> None:
    assert measure_of(stored, program) is None


@pytest.mark.parametrize("number", [1e300, -1e300, np.inf, 9e15, 3e11 * 3, -6e10, 4e14])
def test_a_far_number_stays_a_number(number: float) -> None:
    assert points(np.array([number]), "seconds", "SPSS")[0] == number
    assert points(np.array([number]), "months", "Stata")[0] == number


def test_the_last_and_the_first_day_that_can_be_written_are_days() -> None:
    last = (dt.date(9999, 12, 31) - dt.date(1960, 1, 1)).days
    first = (dt.date(1, 1, 1) - dt.date(1960, 1, 1)).days
    told = points(np.array([last, last + 1, first, first - 1], dtype=float), "days", "SAS")
    assert told.tolist() == [dt.date(9999, 12, 31), last + 1, dt.date(1, 1, 1), first - 1]
    seconds = points(np.array([86_400.0 * last + 86_399]), "seconds", "SAS")
    assert seconds[0] == MOMENT("9999-12-31T23:59:59")


def test_the_open_end_of_a_range_stays() -> None:
    assert point(-np.inf, "days", "SAS") == -np.inf
    assert point(SAS_DAY, "days", "SAS") == DAY


def test_a_leap_second_is_taken_out_only_after_it() -> None:
    before = (dt.date(1972, 7, 1) - dt.date(1960, 1, 1)).days * 86_400_000.0
    told = points(np.array([before - 1_000, before + 1_000]), "leap milliseconds", "Stata")
    assert told[0] == MOMENT("1972-06-30T23:59:59")
    assert told[1] == MOMENT("1972-07-01")
