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

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from data_dictionary.columns import ColumnRole
from data_dictionary.days import days_of, read_days
from data_dictionary.errors import DataError, DesignError, refuse_lacking
from data_dictionary.tables import Table
from data_dictionary.violations import first_rows, rows_in_words
from data_dictionary.wording import Level
from surveys.files.identifiers import refuse_cpr
from surveys.files.key_texts import key_texts
from surveys.files.memory import plain_values
from surveys.files.read_table import TableFile, records_of
from surveys.files.source import Provenance, Reading, Source, levels
from surveys.records.case_spells import Cases

# Columns of clean_cases, and the roles of the columns that a file has them in.
_ROLES: Mapping[str, ColumnRole] = {
    "person_id": "key",
    "municipality": "cluster",
    "case_type": "type",
    "opened": "opened",
    "closed": "closed",
}


def read_cases(
    path: str | Path | Source | TableFile | Sequence[TableFile],
    table: Table,
    observed_until: date,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    decimal: Literal[".", ","] | None = None,
    rename: Mapping[str, str] | None = None,
    keep: Mapping[str, Collection[Level]] | None = None,
    population: pd.DataFrame | None = None,
    check: bool = True,
) -> Cases:
    """Read case records and clean them by the rules of this module.

    Parameters
    ----------
    path : str, Path, Source, TableFile or sequence of TableFile
        File, what `read` made of it, or what `read_table` made of one or of several; the
        options below are for a file.
    table : Table
        The dictionary's table of cases, whose columns play the roles key, type, opened and
        closed, and cluster where the records tell the municipality.
    observed_until : date
        The last day that the records cover. It has no default: guessing it from the latest
        date would turn open cases into closed ones.
    encoding, sheet, decimal, rename, keep, population, check
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
    how = Reading(
        encoding=encoding, sheet=sheet, decimal=decimal, rename=rename, keep=levels(keep)
    )
    names = {
        name: role for name, role in _ROLES.items() if role != "cluster" or table.has(role)
    }
    records, provenance = records_of(path, table, how, names, population, check=check)
    if "municipality" not in records:
        records["municipality"] = pd.NA
    return _cleaned(records, observed_until, provenance)


def clean_cases(
    records: pd.DataFrame, observed_until: date, *, provenance: Provenance | None = None
) -> Cases:
    """Clean case records that are already in memory, by the rules of this module.

    Parameters
    ----------
    records : pandas.DataFrame
        One row per record: ``person_id``, ``municipality``, ``case_type``, ``opened`` and
        ``closed`` (dates, moments or text, read as those of a file and compared by day;
        `closed` missing or 9999-12-31 = open), and any other columns.
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
        If a date cannot be read, or reads in two ways; if a record closes before it opens, or
        lacks person, type or opening date, with counts and row positions (1 = first record);
        or if a column holds CPR-like identifiers.

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
    refuse_lacking(_ROLES, records.columns, "the case records lack")
    records, _ = plain_values(records)
    refuse_cpr(records, "the case records", keys=["person_id"])
    return _cleaned(records, observed_until, provenance)


def _cleaned(
    records: pd.DataFrame, observed_until: date, provenance: Provenance | None
) -> Cases:
    """Clean case records as `clean_cases` does, after their reader looked for CPR numbers."""
    end = pd.Timestamp(days_of([observed_until], "observed_until")[0])
    if pd.isna(end):
        raise DesignError("observed_until is missing: the last day that the records cover.")
    observed_until = end.date()
    dates: Mapping[str, ColumnRole] = {"opened": "opened", "closed": "closed"}
    frame = read_days(records, dates, "case records")
    frame = frame.assign(
        **{name: key_texts(frame[name]) for name in ("person_id", "case_type")}
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
    faults = [
        f"{what}: {count} record(s) {rows_in_words(first_rows(found.to_numpy()), count)}"
        for what, found in checks.items()
        if (count := int(found.sum()))
    ]
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
