"""Two editions of a study's results side by side: which numbers changed, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analyses.published.columns import FIGURES
from analyses.published.table import ResultTable
from analyses.published.tables import TABLES
from analyses.results.facts import GroupFacts, read_facts
from analyses.results.folder import Results
from data_dictionary.errors import DataError

# What tells a row from the others; counts, figures and free texts are what may change.
_TELLS = ("key", "code", "time", "lag", "date")
_NUMBERS = (*FIGURES, "persons", "whole", "level")
COLUMNS = ("table", "row", "column", "before", "after")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Changes:
    """What changed from one edition to the next.

    Attributes
    ----------
    frame : pandas.DataFrame
        A row per number: ``table row column before after``, as published; empty where a
        number is not there or is hidden.
    reasons : mapping of str to tuple of str
        What else changed: ``data``, ``plan`` and ``code``, each with the files, the study file
        or the packages; nothing of what stayed.
    """

    frame: pd.DataFrame
    reasons: Mapping[str, tuple[str, ...]]

    def tidy(self) -> pd.DataFrame:
        """Return every number that changed."""
        return self.frame.copy()

    def summary(self) -> str:
        """Return why and how many numbers changed, by table."""
        lines = [
            f"{what} changed: {', '.join(names)}" for what, names in self.reasons.items()
        ] or ["data, plan and code are the same"]
        for table, n in self.frame["table"].value_counts(sort=False).items():
            lines.append(f"  {table}.csv: {n} number(s)")
        return "\n".join([*lines, f"{len(self.frame)} number(s) changed"])


def compare(old: Results | str | Path, new: Results | str | Path) -> Changes:
    """Compare two editions of a study's results, number by number.

    Parameters
    ----------
    old, new : Results, str or pathlib.Path
        Results, or their folders.

    Returns
    -------
    Changes

    Raises
    ------
    DataError
        If one is no results folder, or the two are of different studies.
    """
    before, after = (
        one if isinstance(one, Results) else Results.load(one) for one in (old, new)
    )
    was, now = read_facts(before.manifest), read_facts(after.manifest)
    if was.study.name != now.study.name:
        raise DataError(
            f"{before.folder} holds results of '{was.study.name}', {after.folder} of "
            f"'{now.study.name}'; compare two editions of one study."
        )
    rows = [
        row
        for name, table in TABLES.items()
        if name in before.published or name in after.published
        for row in _changed(table, before.frames.get(name), after.frames.get(name))
    ]
    return Changes(frame=pd.DataFrame(rows, columns=list(COLUMNS)), reasons=_reasons(was, now))


def _reasons(was: GroupFacts, now: GroupFacts) -> dict[str, tuple[str, ...]]:
    files = [
        {(one.name, one.table, one.wave): one.sha256 for one in facts.inputs}
        for facts in (was, now)
    ]
    code = [{"enplan": one.enplan_version, **one.packages} for one in (was, now)]
    found = {
        "data": [name for name, *_ in _apart(*files)],
        "plan": [now.study.file] if was.study.sha256 != now.study.sha256 else [],
        "code": [
            f"{name} {code[0].get(name)} -> {code[1].get(name)}" for name in _apart(*code)
        ],
    }
    return {what: tuple(dict.fromkeys(names)) for what, names in found.items() if names}


def _apart(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> list[Any]:
    return [name for name in {**one, **other} if one.get(name) != other.get(name)]


def _changed(
    table: ResultTable, before: pd.DataFrame | None, after: pd.DataFrame | None
) -> Iterator[tuple[object, ...]]:
    tells = [name for name, column in table.columns.items() if column.role in _TELLS]
    numbers = [name for name, column in table.columns.items() if column.role in _NUMBERS]
    both = [_keyed(frame, table, tells) for frame in (before, after)]
    rows = both[0].index.union(both[1].index, sort=False)
    was, now = (frame.reindex(rows) for frame in both)
    for name in numbers:
        one, other = (frame[name].to_numpy(float, na_value=np.nan) for frame in (was, now))
        # Two machines agree to 1e-8.
        is_same = np.isclose(one, other, rtol=1e-8, atol=1e-12, equal_nan=True)
        for at in map(int, np.flatnonzero(~is_same)):
            yield table.name, rows[at], name, one[at], other[at]


def _keyed(frame: pd.DataFrame | None, table: ResultTable, tells: list[str]) -> pd.DataFrame:
    """Return a table under what tells its rows apart, as text."""
    if frame is None:
        frame = pd.DataFrame({name: [] for name in table.columns})
    keys = frame[tells].map(_text).agg(" ".join, axis=1) if len(frame) else pd.Series(dtype=str)
    keys = keys.str.split().str.join(" ")
    again = keys.groupby(keys).cumcount()
    index = [f"{key} ({n + 1})" if n else key for key, n in zip(keys, again, strict=True)]
    return frame.set_axis(pd.Index(index, dtype=object))


def _text(value: object) -> str:
    return "" if pd.isna(value) else f"{value:g}" if isinstance(value, float) else str(value)  # type: ignore[call-overload]
