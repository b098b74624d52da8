"""The gate of all editions: what one hides, the others and the whole must not tell."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, isnan, nan

import pandas as pd

from data_dictionary.errors import DataError
from reports.facts import Report
from reports.rows import Sites, grouped


def require_closed(report: Report) -> None:
    """Refuse all editions if what is hidden in one is the whole less what the others show.

    Raises
    ------
    DataError
        With every sum that gives a place away.
    """
    wrong = list(given_away(report))
    if wrong:
        listed = "\n".join(f"  - {one}" for one in wrong)
        raise DataError(
            f"the editions together would give hidden numbers away; none was made\n{listed}\n"
            "Run the study again with this version."
        )


def given_away(report: Report) -> Iterator[str]:
    """Yield each sum of places that leaves too little open for those that are hidden."""
    least = report.min_cell
    whole = {}
    for row in report.tested():
        whole[row.outcome, row.term] = row.n_treated
    for key, own in grouped(report.rows(Sites), lambda row: (row.outcome, row.term)).items():
        if not is_open([row.n_treated for row in own], whole.get(key, nan), least):
            yield f"sites.csv: participants of {key[0]} {key[1]}"
    places, arms = report.frame("municipalities"), report.frame("pretrends")
    if places.empty or arms.empty:
        return
    of_arm = {(row["arm"], row["period"]): row for row in arms.to_dict("records")}
    of_place = grouped(places.to_dict("records"), lambda row: (row["arm"], row["period"]))
    for at, rows in of_place.items():
        for column in ("n", "estimate"):
            total = _number(of_arm.get(at, {}).get(column))
            parts = [_number(row[column]) for row in rows]
            # Shares are rounded, each on its own: their sum does not say how much is left.
            total = inf if column == "estimate" and not isnan(total) else total
            if not is_open(parts, total, least):
                yield f"municipalities.csv: {column} of {' '.join(at)}"


def _number(value: object) -> float:
    return nan if value is None or pd.isna(value) else float(str(value))  # type: ignore[call-overload]


def is_open(shown: list[float], whole: float, min_cell: int) -> bool:
    """Whether every hidden part of a known sum may still be any of 0 to ``min_cell - 1``.

    Examples
    --------
    >>> is_open([20.0, nan, nan], 40.0, 5), is_open([20.0, 15.0, nan], 40.0, 5)
    (True, False)
    >>> is_open([20.0, nan, nan], 22.0, 5), is_open([20.0, 15.0], 40.0, 5)
    (False, True)
    """
    hidden = sum(map(isnan, shown))
    if min_cell == 1 or not hidden or isnan(whole):
        return True
    rest = whole - sum(one for one in shown if not isnan(one))
    return hidden > 1 and rest > min_cell - 1.5
