"""Whether a register's level jumped when its source changed, measured against other years.

DREAM's industries came from RAM until June 2017 and come from FLEUR since. A jump that is the
register's and nobody's job shows in persons whom no programme touched, as a change from the
months before to the months after that the same months of other years do not have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from surveys.dream.register import Dream, Keys
from surveys.dream.weeks import WEEK, months_of

FLEUR = "2017-07"
_LEAST_YEARS = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LevelShift:
    """A jump of a status' share, beyond what the time of year explains.

    Parameters
    ----------
    at : str
        First month of the new source.
    estimate, conf_low, conf_high : float
        The change of the year asked about minus the mean change of the other years, as a
        share (0.01 is one percentage point), with its interval.
    years : pandas.DataFrame
        ``year``, ``before`` and ``after`` (mean shares) and ``change``, the year asked about
        included.
    n : int
        Persons.
    """

    at: str
    estimate: float
    conf_low: float
    conf_high: float
    years: pd.DataFrame
    n: int

    @property
    def is_seen(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.conf_low > 0 or self.conf_high < 0

    def __str__(self) -> str:
        points = [100 * one for one in (self.estimate, self.conf_low, self.conf_high)]
        return (
            f"level shift at {self.at} "
            + "{:+.1f} percentage points ({:+.1f} to {:+.1f})".format(*points)
            + f", {self.n} persons, {len(self.years) - 1} other years"
        )


def level_shift(
    dream: Dream,
    persons: Keys,
    *,
    at: str = FLEUR,
    months: int = 2,
    status: str = "employment",
    level: float = 0.95,
) -> LevelShift:
    """Measure the jump of a status' share at the turn of a month.

    Parameters
    ----------
    dream : Dream
        The register.
    persons : sequence
        Persons who were never in the programme; they should be at risk throughout.
    at : str
        First month of the new source, ``"YYYY-MM"``.
    months : int
        Months compared on each side.
    status : str
        Status whose share is followed.
    level : float
        Confidence level.

    Returns
    -------
    LevelShift
        The jump with its interval.

    Raises
    ------
    DesignError
        If nobody is in the register, the weeks around `at` are not observed, or fewer than
        three other years are.

    Notes
    -----
    The interval is that of a prediction from the other years: the jump is judged against how
    much such changes differ from year to year, since persons of one year share its labour
    market and their number says nothing of that. With `Y` other years it is
    ``t * s * sqrt(1 + 1 / Y)`` on `Y` - 1 degrees of freedom.
    """
    from scipy.special import stdtrit

    rows, value = dream.row_of(persons), dream.value_of(status)
    rows = rows[rows >= 0]
    if rows.size == 0:
        raise DesignError("level shift: none of the persons is in the register.")
    month_of_week = months_of(dream.weeks)

    def share(first: np.datetime64, last: np.datetime64) -> float:
        """Return the share of the person-weeks of some months; only these are looked at."""
        weeks = np.flatnonzero((month_of_week >= first) & (month_of_week < last))
        return float((dream.status[np.ix_(rows, weeks)] == value).mean(axis=0).mean())

    turn = np.datetime64(at, "M")
    # Months whose weeks are all observed lie between these two.
    begin, end = month_of_week[0] + 1, months_of(dream.weeks[-1:] + WEEK)[0]
    found = []
    for offset in range(-int(turn - begin) // 12 - 1, int(end - turn) // 12 + 2):
        here = turn + 12 * offset
        if here - months >= begin and here + months <= end:
            before, after = share(here - months, here), share(here, here + months)
            found.append((int(str(here)[:4]), before, after, after - before))
    years = pd.DataFrame(found, columns=["year", "before", "after", "change"])
    is_asked = years["year"] == int(at[:4])
    others = years.loc[~is_asked, "change"]
    if not is_asked.any() or len(others) < _LEAST_YEARS:
        raise DesignError(
            f"level shift at {at}: needs {months} month(s) on each side in that year and in at "
            f"least {_LEAST_YEARS} other years; the register covers {dream.weeks[0]} to "
            f"{dream.weeks[-1]}."
        )
    estimate = float(years.loc[is_asked, "change"].iloc[0] - others.mean())
    half = float(others.std() * np.sqrt(1 + 1 / len(others)))
    half *= float(stdtrit(len(others) - 1, (1 + level) / 2))
    return LevelShift(
        at=at, estimate=estimate, conf_low=estimate - half, conf_high=estimate + half,
        years=years, n=rows.size,
    )  # fmt: skip
