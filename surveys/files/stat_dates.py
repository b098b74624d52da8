"""Dates and times of SPSS, Stata and SAS: what numbers count, by the format they stand in.

A format says how a number is shown, and so whether it counts days, seconds or periods. Nothing
else in a file does: a date without its format is a number.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Program: TypeAlias = Literal["SPSS", "Stata", "SAS"]
Measure: TypeAlias = Literal[
    "days", "days in seconds", "seconds", "milliseconds", "leap milliseconds", "weeks",
    "months", "quarters", "half-years", "years", "day's month", "day's quarter", "day's week",
    "clock", "clock in milliseconds",
]  # fmt: skip
"""What a number counts; ``day's`` is a day of which only the period is meant."""

PERIODS: frozenset[Measure] = frozenset(
    (
        *("weeks", "months", "quarters", "half-years", "years"),
        *("day's month", "day's quarter", "day's week"),
    )
)
CLOCKS: frozenset[Measure] = frozenset(("clock", "clock in milliseconds"))

# Names without width and decimals; a name that is not here, as a format that users made
# themselves, says nothing. IBM SPSS Command Syntax Reference, "Date and Time Formats"; Stata
# [D] Datetime display formats; SAS Formats and Informats Reference, and National Language
# Support, of which `DFDD` and so on stand behind the letters of a language: EURDFDD, DANDFDD.
_FORMATS: dict[Program, tuple[tuple[Measure, str], ...]] = {
    "SPSS": (
        ("days in seconds", "[AEJS]?DATE"),
        ("seconds", "DATETIME|YMDHMS"),
        ("day's month", "MOYR"),
        ("day's quarter", "QYR"),
        ("day's week", "WKYR"),
        ("clock", "[DM]?TIME"),
    ),
    "Stata": (
        (
            "clock in milliseconds",
            r"t[cC](?:HH|Hh|hH|hh|[Mm]{2}|[Ss]{2}|\.s+|[Aa]\.?[Mm]\.?|\W|_)+",
        ),
        ("milliseconds", "tc.*"),
        ("leap milliseconds", "tC.*"),
        ("days", "t?d.*"),
        ("weeks", "tw.*"),
        ("months", "tm.*"),
        ("quarters", "tq.*"),
        ("half-years", "th.*"),
        ("years", "ty.*"),
    ),
    "SAS": (
        (
            "seconds",
            r"DATETIME|DATEAMPM|MDYAMPM|DT(?:DATE|MONYY|WKDATX|YEAR|YYQC)|NLDATM\w*"
            r"|[A-Z]{3}DFDT|(?:IS|[BE])8601(?:D[NTXZ]|LX)",
        ),
        (
            "clock",
            r"TIME(?:AMPM)?|TOD|HHMM|HOUR|MMSS|NLTIM\w*|(?:IS|[BE])8601(?:T[MXZ]|LZ)",
        ),
        (
            "days",
            r"DATE|DAY|DOWNAME|WEEKDA(?:Y|TE|TX)|MON(?:NAME|TH|YY)|YEAR|QTRR?|JUL(?:DAY|IAN)"
            r"|PDJUL[GI]|(?:DDMM|MMDD)YY[BCDNPS]?|YYMMDD[BCDNPS]?|MMYY[CDNPS]?|YYMM[CDNPS]?"
            r"|YYMON|YYQR?[CDNPSZ]?|WEEK[UVW]|YYWEEK[UVW]|WORDDAT[EX]|NENGO|MINGUO|HDATE"
            r"|HEBDATE|NLDATE\w*|(?:IS|[BE])8601DA|[A-Z]{3}DF(?:D[DEN]|DWN|M[NY]|W[DK]X)",
        ),
    ),
}
_IN_MONTHS: dict[Measure, int] = {"months": 1, "quarters": 3, "half-years": 6, "years": 12}
_ZERO, _SPSS_ZERO = np.datetime64("1960-01-01"), np.datetime64("1582-10-14")
_FIRST, _LAST = np.datetime64("0001-01-01"), np.datetime64("9999-12-31")
# %tC counts the seconds that were put in, at the end of the day before each of these.
_LEAPS = np.array(
    ["1972-07", *(f"{year}-01" for year in range(1973, 1981)), "1981-07", "1982-07", "1983-07",
     "1985-07", "1988-01", "1990-01", "1991-01", "1992-07", "1993-07", "1994-07", "1996-01",
     "1997-07", "1999-01", "2006-01", "2009-01", "2012-07", "2015-07", "2017-01"],
    dtype="datetime64[s]",
)  # fmt: skip


def measure_of(stored: str | None, program: Program) -> Measure | None:
    """Return what numbers of a stored format count; None if they are no dates or times.

    Examples
    --------
    >>> measure_of("EURDFDD10", "SAS"), measure_of("%-tdDD/NN/CCYY", "Stata")
    ('days', 'days')
    """
    if stored is None:
        return None
    if program == "Stata":
        name = re.sub(r"^%-?[\d.]*", "", stored)
    else:
        name = re.sub(r"\d*(?:\.\d*)?$", "", stored.strip().upper())
    return next(
        (one for one, pattern in _FORMATS[program] if re.fullmatch(pattern, name)), None
    )


def points(numbers: NDArray[Any], measure: Measure, program: Program) -> NDArray[Any]:
    """Return numbers as days or points in time, periods as their first day, clocks as seconds.

    The result holds objects: `date`, `datetime`, None for NaN, and the number itself where it
    counts to before year 1 or beyond 9999. Times of day and durations are seconds, as floats.
    """
    if measure in CLOCKS:
        return numbers / 1000 if measure == "clock in milliseconds" else numbers
    told = np.full(len(numbers), None, dtype=object)
    # More than this many of the smallest unit lie beyond year 9999, and beyond whole numbers.
    held = np.abs(numbers) < 4e14
    times = _times(numbers[held], measure, _SPSS_ZERO if program == "SPSS" else _ZERO)
    near = (times >= _FIRST) & (times < _LAST + 1)
    places = np.flatnonzero(held)
    told[places[near]] = times[near].astype(object)
    far = np.ones(len(numbers), dtype=np.bool_)
    far[places[near]] = False
    far &= ~np.isnan(numbers)
    told[far] = numbers[far]
    return told


def point(number: float, measure: Measure, program: Program) -> dt.date | float:
    """Return one number as `points` does; infinity, the open end of a range, stays."""
    if np.isinf(number):
        return number
    told: dt.date | float = points(np.array([number]), measure, program)[0]
    return told


def _times(numbers: NDArray[Any], measure: Measure, zero: np.datetime64) -> NDArray[Any]:
    """Return finite numbers as points in time, in days or microseconds."""
    if measure == "seconds":
        whole = np.floor(numbers)
        micro = np.round((numbers - whole) * 1e6).astype("timedelta64[us]")
        return _as_array(zero.astype("datetime64[s]") + whole.astype("timedelta64[s]") + micro)
    if measure == "milliseconds":
        return _times(numbers / 1000, "seconds", zero)
    if measure == "leap milliseconds":
        times = _times(numbers, "milliseconds", zero)
        counted = _LEAPS + np.arange(len(_LEAPS)).astype("timedelta64[s]")
        past = np.searchsorted(counted, times, side="right")
        return _as_array(times - past.astype("timedelta64[s]"))
    if measure in _IN_MONTHS or measure == "weeks":
        return _starts(np.floor(numbers), measure)
    count = np.floor(numbers / (1 if measure == "days" else 86_400))
    return _within(_as_array(zero + count.astype("timedelta64[D]")), measure)


def _starts(count: NDArray[Any], measure: Measure) -> NDArray[Any]:
    """Return the first days of the periods that Stata counts from the first of 1960."""
    if measure == "weeks":
        # A year has 52 of them; the first begins on 1 January.
        years, weeks = np.divmod(count, 52)
        return _as_array(_firsts(12 * years) + (7 * weeks).astype("timedelta64[D]"))
    # Years alone are counted from the birth of Christ.
    return _firsts(_IN_MONTHS[measure] * (count - 1960 if measure == "years" else count))


def _within(days: NDArray[Any], measure: Measure) -> NDArray[Any]:
    """Return the first days of the periods that days lie in; the days where they are meant."""
    if measure == "day's month":
        return days.astype("datetime64[M]").astype("datetime64[D]")
    if measure == "day's quarter":
        # numpy counts months from January 1970, 120 later.
        return _firsts(days.astype("datetime64[M]").astype(np.int64) // 3 * 3 + 120)
    if measure == "day's week":
        # SPSS counts weeks of seven days from 1 January.
        years = days.astype("datetime64[Y]").astype("datetime64[D]")
        week = np.timedelta64(7, "D")
        return _as_array(years + (days - years) // week * week)
    return days


def _firsts(months: NDArray[Any]) -> NDArray[Any]:
    """Return the first days of months, counted from January 1960."""
    months = np.datetime64("1960-01") + months.astype("timedelta64[M]")
    return months.astype("datetime64[D]")


def _as_array(times: Any) -> NDArray[Any]:
    """Return what numpy's stubs call anything as the array that it is."""
    return np.asarray(times)
