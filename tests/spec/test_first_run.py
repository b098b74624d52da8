"""The first run of four employed weeks, as histories that can be read.

Each letter is a week and the first letter is week 0, the ISO week of the index date:
E employment, b benefits, s self-support, u education, f flexjob, p førtidspension,
r retirement, d death, x emigration. The expected duration is the number of the run's first
week.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from surveys.dream.register import Dream
from surveys.dream.statuses import STATUSES

LETTERS = {
    "E": "employment",
    "b": "benefits",
    "s": "self_support",
    "u": "education",
    "f": "flexjob",
    "p": "early_retirement",
    "r": "retirement",
    "d": "death",
    "x": "emigration",
}
COMPETING = ("education", "flexjob", "early_retirement", "retirement", "death", "emigration")

RULES = """
history          | duration | cause            | rule
bEEEE            | 1        | employment       | a run may begin in week 1
bbEEEEbb         | 2        | employment       | the duration is the run's first week
bEEEbEEEE        | 5        | employment       | three weeks are no run; the count starts again
bEEEsEEEE        | 5        | employment       | one blank week breaks a run
bbsssssss        | 5        | censored         | self-support is not a job; week 8 is the last
bbbbbbbbb        | 5        | censored         | followed to 8 - (4 - 1)
bbbbbEEEE        | 5        | employment       | the latest run that can be seen to its end
bbbbbbEEE        | 5        | censored         | a run that cannot be seen to its end is none
bbbubbbbb        | 3        | education        | a competing event ends the search
bbbuEEEE         | 3        | education        | also when a run follows
bEEuEEEEE        | 3        | education        | a competing event within the run's weeks wins
bEEEEubbb        | 1        | employment       | after a whole run it comes too late
bbbbbbbfb        | 5        | censored         | a competing event after that is not seen
bbbbbfbbb        | 5        | flexjob          | in the last week followed it is
bbrrrrrrr        | 2        | retirement       | folkepension is not "never employed"
bbddddddd        | 2        | death            | nor is death
bxxxxxxxx        | 1        | emigration       | nor is having left the country
bpppppppp        | 1        | early_retirement | førtidspension is a finding in itself
b                | 1        | censored         | at least one week
bb               | 1        | censored         | at least one week
bu               | 1        | education        | a competing event in that week counts
bbu              | 1        | censored         | a later one does not
uuEEEE           | 1        | education        | still in education in week 1
EbbEEEE          | -        | not eligible     | employed in week 0
EEEEEEE          | -        | not eligible     | employed in week 0
"""


def rules() -> list[tuple[str, str, str]]:
    lines = RULES.strip().splitlines()[1:]
    return [tuple(part.strip() for part in line.split("|")[:3]) for line in lines]  # type: ignore[misc]


def history(letters: str) -> Dream:
    weeks = np.datetime64("2017-01-02") + 7 * np.arange(len(letters))
    status = np.array([[STATUSES.index(LETTERS[letter]) for letter in letters]])
    return Dream.from_arrays(["a1"], weeks, status)


@pytest.mark.parametrize(("letters", "duration", "cause"), rules())
def test_first_run_of_four_weeks(letters: str, duration: str, cause: str) -> None:
    # A Sunday still belongs to week 0.
    after = pd.Series([np.datetime64("2017-01-08")], index=["a1"])
    answer = history(letters).first_run("employment", weeks=4, after=after, competing=COMPETING)
    (row,) = answer.itertuples()
    if cause == "not eligible":
        assert not row.eligible
        assert row.reason == "already in the status in the index week"
        assert row.duration is pd.NA
        assert row.cause is pd.NA
        return
    assert row.eligible
    assert row.duration == int(duration)
    assert ("censored" if row.cause is pd.NA else row.cause) == cause


def test_without_competing_statuses_the_search_goes_on() -> None:
    after = pd.Series([np.datetime64("2017-01-02")], index=["a1"])
    (row,) = history("bbuuEEEEb").first_run("employment", after=after).itertuples()
    assert (row.duration, row.cause) == (4, "employment")


def test_the_week_before_the_index_week_does_not_begin_a_run() -> None:
    # Employed in weeks -1 to 0 would not be eligible; employed until week -1 is.
    after = pd.Series([np.datetime64("2017-01-16")], index=["a1"])
    (row,) = history("EEbEEEEb").first_run("employment", after=after).itertuples()
    assert (row.duration, row.cause) == (1, "employment")
