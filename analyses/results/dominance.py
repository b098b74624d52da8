"""Whether two persons make up most of what a group earns: then its mean tells of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from analyses.outcomes.value import values_of
from analyses.published.table import WHO, Made
from evaluation.disclosure.sizes import Who

MOST = 0.85
"""What the two largest may give of a group's sum at most."""

_MONEY = frozenset(
    {"kr", "kr.", "kroner", "dkk", "1.000 kr.", "t.kr.", "mio. kr."}
) | frozenset({"dollar", "dollars", "usd", "euro", "euros", "eur"})


def largest_two(values: pd.Series) -> float:
    """Return what the two largest amounts are of the sum of all, whatever their signs.

    Examples
    --------
    >>> largest_two(pd.Series([80.0, 10.0, 5.0, 5.0])), largest_two(pd.Series([0.0, 0.0]))
    (0.9, 0.0)
    """
    sizes = np.sort(np.abs(values.to_numpy(float)))
    total = float(sizes.sum())
    return float(sizes[-2:].sum()) / total if total else 0.0


def dominance(made: Made) -> dict[str, bool]:
    """Return, for every table that tells of money, whether no two persons make up most of it.

    Notes
    -----
    Every group is looked at whose mean stands behind a row, and that is large enough to be
    told.  Amounts count without weights.  A group of which an amount is not known is not held
    to be free of it.
    """
    study = made.study
    outcomes = values_of(study.outcomes).items()
    money = {name: one.column for name, one in outcomes if is_money(one.unit)}
    columns = made.data.words[study.cohort.table].columns
    variables = {one.name: one.name for one in columns if is_money(one.unit or "")}
    found: dict[str, bool] = {}
    for table in made if money or variables else ():
        for who, column in _groups(made[table], money, variables):
            held = len(who) < study.min_cell or _is_free(made, who, column)
            found[table] = found.get(table, True) and held
    return found


def _groups(
    frame: pd.DataFrame, money: Mapping[str, str], variables: Mapping[str, str]
) -> Iterator[tuple[Who, str]]:
    """Yield the groups behind the rows of a table that are about money, with its column."""
    sizes = [name for name in map(str, frame) if name.endswith(WHO)]
    for about, columns in (("outcome", money), ("variable", variables)):
        for row in frame.to_dict("records") if about in frame else ():
            if (column := columns.get(row[about])) is not None:
                whose = (row[one] for one in sizes)
                yield from ((who, column) for who in whose if isinstance(who, frozenset))


def is_money(unit: str) -> bool:
    """Whether a unit is one of money."""
    return unit.strip().lower() in _MONEY


def _is_free(made: Made, who: Who, column: str) -> bool:
    """Whether the amounts of a group are known, and no two of them are most of it."""
    for amounts in _amounts(made, column):
        if who <= set(amounts.index):
            own = amounts[amounts.index.isin(who)].dropna()
            return largest_two(own) <= MOST
    return False


def _amounts(made: Made, column: str) -> Iterator[pd.Series]:
    """Yield what everybody has of a column, by their keys, wherever it stands."""
    unit = made.estimates.main.matched.roles.unit
    for frame in (made.estimates.cohort.frame, made.data.frames[made.study.cohort.table]):
        if {unit, column} <= {*map(str, frame)}:
            yield frame.set_index(unit)[column].astype(float)
    people: Mapping[str, pd.Series] | None = made.data.benchmark  # type: ignore[assignment]
    if people is not None and column in people:
        own = people[column].astype(float)
        # The randomised data have persons of their own.
        keys = [("benchmark", row) for row in range(len(own))]
        yield own.set_axis(pd.Index(keys, tupleize_cols=False))
