"""Case records to clean spells: one row per person, case type and unbroken period.

The rules, in order:

1. Records that repeat another in every column are dropped.
2. Records that close before they open are refused, as are records without person, type or
   opening date: no rule can say which of the dates is wrong.
3. Records that open after `observed_until` are dropped.
4. A record without a closing date, or that closes after `observed_until`, was still open then:
   its spell stops at `observed_until` and is marked as not closed.
5. Records of one person and type that overlap or touch (one opens at the latest on the day
   after another closes) are one spell, also across municipalities; its municipality is where
   it began.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from data_dictionary.errors import ColumnError, DataError, did_you_mean
from data_dictionary.tables import Table
from data_dictionary.violations import Violation, refuse
from surveys.files.provenance import Provenance
from surveys.files.read_table import TableFile, read_table
from surveys.records.case_spells import Cases

_NEEDED = ("person_id", "municipality", "case_type", "opened", "closed")
_SHOWN = 5


def read_cases(
    path: str | Path | TableFile,
    table: Table,
    observed_until: date,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    rename: Mapping[str, str] | None = None,
    keep: Mapping[str, Collection[object]] | None = None,
) -> Cases:
    """Read case records and clean them by the rules of this module.

    Parameters
    ----------
    path : str, Path or TableFile
        File, or what `read_table` made of one with ``check=False``; the options below are
        for a file.
    table : Table
        The dictionary's table of cases.
    observed_until : date
        The last day that the records cover. It has no default: guessing it from the latest
        date would turn open cases into closed ones.
    encoding, sheet, rename, keep
        As in `surveys.read_table`.

    Returns
    -------
    Cases
        Spells sorted by person, type and start, with the flow of records.

    Raises
    ------
    DataError
        If the file breaks the dictionary in anything but repeated records; every violation
        at once, with counts and rows.
    """
    if isinstance(path, TableFile):
        file = path
    else:
        file = read_table(
            path, table, encoding=encoding, sheet=sheet, rename=rename, keep=keep, check=False
        )
    refuse(file.provenance.name, case_violations(file))
    return clean_cases(file.frame, observed_until, provenance=file.provenance)


def case_violations(file: TableFile) -> tuple[Violation, ...]:
    """Return the violations of a file of cases that cleaning does not mend.

    A record that repeats another in every column shares its key too; that alone is no fault.
    """
    key = list(file.table.key)
    distinct = file.frame.drop_duplicates()
    if not set(key) <= set(distinct.columns) or distinct.duplicated(key).any():
        return file.violations
    return tuple(one for one in file.violations if one.rule != "key not unique")


def clean_cases(
    records: pd.DataFrame, observed_until: date, *, provenance: Provenance | None = None
) -> Cases:
    """Clean case records that are already in memory, by the rules of this module.

    Parameters
    ----------
    records : pandas.DataFrame
        One row per record: ``person_id``, ``municipality``, ``case_type``, ``opened`` and
        ``closed`` (dates; `closed` missing = open), and any other columns.
    observed_until : date
        The last day that the records cover. It has no default: guessing it from the latest
        date would turn open cases into closed ones.
    provenance : Provenance or None
        The file they came from.

    Returns
    -------
    Cases
        Spells sorted by person, type and start.

    Raises
    ------
    ColumnError
        If a column is missing.
    DataError
        If a record closes before it opens, or lacks person, type or opening date, with
        counts and row positions (1 = first record).

    Examples
    --------
    >>> records = pd.DataFrame(
    ...     {
    ...         "person_id": ["a1", "a1"],
    ...         "municipality": [217, 217],
    ...         "case_type": ["family", "family"],
    ...         "opened": pd.to_datetime(["2018-01-01", "2018-02-01"]),
    ...         "closed": pd.to_datetime(["2018-01-31", None]),
    ...     }
    ... )
    >>> clean_cases(records, date(2018, 12, 31)).frame[["stop", "closed", "n_merged"]]
            stop  closed  n_merged
    0 2018-12-31   False         2
    """
    missing = [name for name in _NEEDED if name not in records.columns]
    if missing:
        faults = [f"'{name}'.{did_you_mean(name, records.columns)}" for name in missing]
        raise ColumnError("the case records lack " + " ".join(faults))
    end = pd.Timestamp(observed_until)
    frame = records.assign(
        opened=pd.to_datetime(records["opened"]), closed=pd.to_datetime(records["closed"])
    )
    _refuse(frame)
    steps: list[tuple[str, int, str]] = [("records", len(frame), "")]
    frame = frame.drop_duplicates()
    steps.append(("distinct", len(frame), "the record repeats another in every column"))
    frame = frame.loc[frame["opened"] <= end]
    steps.append(("observed", len(frame), f"opened after {observed_until}"))
    frame = frame.assign(
        is_open=frame["closed"].isna() | (frame["closed"] > end),
        stop=frame["closed"].where(frame["closed"] <= end, end),
    )
    spells = _merged(frame)
    steps.append(("spells", len(spells), "overlaps or touches another of same person and type"))
    flow = pd.DataFrame(steps, columns=["step", "n", "reason"])
    flow.insert(2, "lost", (flow["n"].shift(fill_value=len(records)) - flow["n"]).astype(int))
    return Cases(frame=spells, flow=flow, observed_until=observed_until, provenance=provenance)


def _refuse(frame: pd.DataFrame) -> None:
    """Raise `DataError` with every fault that no rule can mend."""
    checks = {
        f"{name} is missing": frame[name].isna()
        for name in ("person_id", "case_type", "opened")
    }
    checks["closed before opened"] = frame["closed"] < frame["opened"]
    faults = []
    for what, found in checks.items():
        rows = np.flatnonzero(found) + 1
        if rows.size:
            shown = ", ".join(str(row) for row in rows[:_SHOWN])
            more = ", ..." if rows.size > _SHOWN else ""
            faults.append(f"{what}: {rows.size} record(s) (rows {shown}{more})")
    if faults:
        raise DataError(
            "case records that cannot be used; correct them in the file\n  - "
            + "\n  - ".join(faults)
        )


def _merged(records: pd.DataFrame) -> pd.DataFrame:
    """Return one row per unbroken period of a person and type."""
    by = ["person_id", "case_type"]
    ordered = records.sort_values([*by, "opened", "stop"], kind="stable", ignore_index=True)
    stop_day = ordered["stop"].to_numpy("datetime64[D]").astype(np.int64)
    open_day = ordered["opened"].to_numpy("datetime64[D]").astype(np.int64)
    groups = ordered.groupby(by, sort=False)
    # The latest day so far, not the previous record's: one long record may hold several.
    reached = pd.Series(stop_day).groupby(groups.ngroup().to_numpy()).cummax().to_numpy()
    is_new = np.ones(len(ordered), dtype=bool)
    is_new[1:] = open_day[1:] > reached[:-1] + 1
    is_new |= ~ordered.duplicated(by).to_numpy()
    spells = ordered.groupby(np.cumsum(is_new), sort=False).agg(
        person_id=("person_id", "first"),
        municipality=("municipality", "first"),
        case_type=("case_type", "first"),
        start=("opened", "first"),
        stop=("stop", "max"),
        is_open=("is_open", "any"),
        n_merged=("opened", "size"),
    )
    spells = spells.reset_index(drop=True)
    spells.insert(5, "closed", ~spells.pop("is_open").astype(bool))
    return spells
