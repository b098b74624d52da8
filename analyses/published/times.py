"""tests.csv, quantiles.csv and differences.csv: what stands beside effects on a duration."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyses.published.columns import words
from analyses.published.curves import rare_causes
from analyses.published.effects import small_outcomes
from analyses.published.rules import few_of, without_figures
from analyses.published.table import Release, ResultTable, beside
from evaluation.disclosure import is_small

COUNTS = ("n_events_treated", "n_events_comparison")


def protect_tests(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Leave the numbers of tests on rare causes and small arms out."""
    rare, small = rare_causes(release), small_outcomes(release)
    pairs = zip(frame["outcome"], frame["cause"], strict=True)
    hidden = [pair in rare or pair[0] in small for pair in pairs]
    return without_figures(frame, pd.Series(hidden, index=frame.index))


def protect_quantiles(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Leave a quantile out before which few have left, or after which few remain."""
    few = few_of(frame, ("n_events", "n_left"), release.min_cell)
    return without_figures(frame, frame["outcome"].isin(small_outcomes(release)) | few)


def protect_differences(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Leave differences out between whose times few of an arm have met the event.

    The last time is that of the effect itself and is kept where that is shown.
    """
    small = small_outcomes(release)
    hidden = pd.Series(data=False, index=frame.index)
    for outcome, rows in frame.groupby("outcome", sort=False):
        counts = rows[list(COUNTS)].to_numpy(float)
        last, before = counts[-1], np.zeros(len(COUNTS))
        is_hidden = outcome in small or bool(is_small(last, release.min_cell).any())
        for place, count in zip(rows.index, counts, strict=True):
            steps = np.concatenate([count - before, last - count])
            if is_hidden or is_small(steps, release.min_cell).any():
                hidden[place] = True
            else:
                before = count
    return without_figures(frame, hidden)


TESTS = ResultTable(
    name="tests",
    meaning="Whether hazards and incidences differ, and whether ratios of hazards last.",
    columns=words("outcome cause test statistic df p_value method"),
    build=beside("tests"),
    protect=protect_tests,
)
QUANTILES = ResultTable(
    name="quantiles",
    meaning="When a quarter, half and three quarters of each arm have left by any cause.",
    columns=words("outcome cause arm probability estimate conf_low conf_high"),
    build=beside("quantiles"),
    protect=protect_quantiles,
)
DIFFERENCES = ResultTable(
    name="differences",
    meaning="The difference in incidence at fixed times.",
    columns=words(
        "outcome cause time estimate std_error conf_low conf_high",
        "band_low band_high",
    ),
    build=beside("differences"),
    protect=protect_differences,
)
