"""Two editions of a study's results side by side: which numbers changed, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from analyses.published.columns import FIGURES
from analyses.published.table import ResultTable
from analyses.published.tables import TABLES
from analyses.results.facts import GroupFacts, read_facts, written
from analyses.results.folder import Results
from analyses.results.lock import flat
from data_dictionary.errors import DataError

# What tells a row from the others; counts, figures and free texts are what may change.
_TELLS = ("key", "code", "time", "lag", "date")
_NUMBERS = (*FIGURES, "persons", "whole", "level")
# Of the manifest: what the plan says, and what beside it only a run can tell.
_PLAN = ("level", "cluster", "treatment", "covariates", "exact", "comparison", "disclosure")
_FOUND = frozenset(
    ("ess", "notes", "refusals", "standing", "lines", "response", "is_share", "leaves_out")
)
COLUMNS = ("table", "row", "column", "before", "after")


class Cause(NamedTuple):
    """One thing that is not what it was; `before` and `after` are None where it was not there.

    ``data`` and ``plan`` are files with their sha256, ``key`` a key of the plan as far as
    results tell of it, ``code`` a package with its version.
    """

    what: Literal["data", "plan", "key", "code"]
    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Changes:
    """What changed from one edition to the next.

    Attributes
    ----------
    frame : pandas.DataFrame
        A row per number: ``table row column before after``, as published; empty where a
        number is not there or is hidden.
    causes : tuple of Cause
        What else changed, file by file, key by key and package by package.
    """

    frame: pd.DataFrame
    causes: tuple[Cause, ...]

    @property
    def reasons(self) -> dict[str, tuple[str, ...]]:
        """What else changed: ``data``, ``plan`` and ``code``; nothing of what stayed."""
        found = {
            "data": [one.name for one in self.causes if one.what == "data"],
            "plan": [one.name for one in self.causes if one.what == "plan"],
            "code": [
                f"{one.name} {one.before} -> {one.after}"
                for one in self.causes
                if one.what == "code"
            ],
        }
        return {what: tuple(dict.fromkeys(names)) for what, names in found.items() if names}

    def tidy(self) -> pd.DataFrame:
        """Return every number that changed."""
        return self.frame.copy()

    def summary(self) -> str:
        """Return why and how many numbers changed, by table."""
        lines = [
            f"{what} changed: {', '.join(names)}" for what, names in self.reasons.items()
        ] or ["data, plan and code are the same"]
        lines += [
            f"  {one.name}: {one.before or 'nothing'} -> {one.after or 'nothing'}"
            for one in self.causes
            if one.what == "key"
        ]
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
    return Changes(
        frame=pd.DataFrame(rows, columns=list(COLUMNS)), causes=tuple(_causes(was, now))
    )


def _causes(was: GroupFacts, now: GroupFacts) -> Iterator[Cause]:
    files = [
        {(one.name, one.table, one.wave): one.sha256 for one in facts.inputs}
        for facts in (was, now)
    ]
    for key in _apart(*files):
        yield Cause("data", key[0], *(one.get(key) for one in files))
    if was.study.sha256 != now.study.sha256:
        yield Cause("plan", now.study.file, was.study.sha256, now.study.sha256)
    plans = [_plan(one) for one in (was, now)]
    for name in _apart(*plans):
        yield Cause("key", name, *(one.get(name) for one in plans))
    code = [{"enplan": one.enplan_version, **one.packages} for one in (was, now)]
    for name in _apart(*code):
        yield Cause("code", name, *(one.get(name) for one in code))


def _plan(facts: GroupFacts) -> dict[str, str]:
    """Return what results tell of the plan, flat; nothing that was found out by running it."""
    told = written(facts)
    kept = {name: told[name] for name in _PLAN if name in told}
    kept["study"] = {name: getattr(facts.study, name) for name in ("seed", "design")}
    kept["outcomes"] = told.get("outcomes", [])
    return dict(flat(_asked(kept)))


def _asked(value: object) -> object:
    """Return nested tables without what only a run can tell."""
    if isinstance(value, dict):
        return {name: _asked(one) for name, one in value.items() if name not in _FOUND}
    return [_asked(one) for one in value] if isinstance(value, list) else value


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
