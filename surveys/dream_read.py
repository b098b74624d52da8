"""Reads DREAM's wide files into weekly statuses: code, industry of the month, residency.

DREAM has no code for employment. A week's status is composed by this rule:

1. A code decides. A job beside a benefit is invisible (one code per week), so a benefit code
   with an industry in the month is the benefit, and SU with a student job is education. Codes
   121-123, holiday benefit earned in a job, count as employment.
2. Without a code, an industry in the month of the week's Thursday is employment.
3. Without either, the week is self-support, never a job.
4. Where residency is known, self-support and employment outside it are neither
   (`Dream.with_residency`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.code_lists import CodeList, load_code_list
from data_dictionary.columns import Column
from data_dictionary.errors import ColumnError, DataError, did_you_mean
from data_dictionary.tables import Table
from data_dictionary.values import convert
from surveys import dream_scan
from surveys.dream import Dream
from surveys.weeks import is_month_column, month_columns, months_of, week_columns
from surveys.wide import Coded, open_wide

_SHOWN = 10
_COMPOSED = ("employment", "self_support", "not_resident", "emigration")


def read_dream(
    path: str | Path,
    table: Table,
    codes: CodeList | None = None,
    residency: pd.DataFrame | None = None,
    *,
    encoding: str | None = None,
    rename: Mapping[str, str] | None = None,
) -> Dream:
    """Read DREAM's weekly codes and monthly industries to one status per person and week.

    Parameters
    ----------
    path : str or Path
        Parquet, read batch by batch into the finished matrix; any other format that
        `surveys.read` knows is read whole.
    table : Table
        The dictionary's table; its key names the person's column.
    codes : CodeList or None
        Meaning of the codes; None is the list shipped with the ``enplan`` edition.
    residency : pandas.DataFrame or None
        Population with ``person_id``, ``resident_from``, ``resident_until``; None leaves
        residency out, which the notes then say.
    encoding : str or None
        Encoding of a text file.
    rename : Mapping of str to str or None
        Names in the file to names in the dictionary.

    Returns
    -------
    Dream
        All weeks that have a code column and whose month has an industry column; how many
        were left out for want of one stands in `notes`.

    Raises
    ------
    ColumnError
        If the person's column is missing.
    DataError
        If the file cannot be read, a week or month is missing in the sequence or does not
        exist, a code is not in the list (code, weeks and count are named), or a person is
        missing or stands twice.
    """
    path = Path(path)
    codes = codes or load_code_list("enplan")
    lacking = [name for name in _COMPOSED if name not in codes.statuses]
    if lacking:
        raise DataError(
            f"the code list '{codes.name}' lacks the status(es) {', '.join(lacking)}, which "
            "are composed from industry and residency."
        )
    (key,) = table.key
    new_names = dict(rename or {})
    key_in_file = next((old for old, new in new_names.items() if new == key), key)
    file = open_wide(
        path,
        key=key_in_file,
        is_text=lambda name: name == key_in_file or is_month_column(name),
        encoding=encoding,
    )
    # Some formats know capitals only; the names of a register differ in more than that.
    names = {new_names.get(column, column.lower()): column for column in file.columns}
    if key not in names:
        raise ColumnError(f"{path.name}: there is no column '{key}'.{did_you_mean(key, names)}")
    if len(names) < len(file.columns):
        raise DataError(f"{path.name}: columns have the same name but for capitals.")
    if file.provenance.rows == 0:
        raise DataError(f"{path.name}: the table has no rows.")
    try:
        spine = _Spine.of(list(names))
    except DataError as error:
        raise DataError(f"{path.name}: {error}") from error
    status = np.empty((file.provenance.rows, spine.weeks.size), dtype=np.uint8)
    persons = np.empty(file.provenance.rows, dtype=object)
    composer = _Composer(codes=codes, spine=spine, names=names)
    start = 0
    used = [names[column] for column in (key, *spine.week_names, *spine.month_names)]
    for size, column in file.blocks(used):
        stop = start + size
        position, values = column(names[key])
        persons[start:stop] = _keys(values, table.column(key))[position]
        composer.write(size, column, status[start:stop])
        start = stop
    composer.refuse(path.name)
    try:
        dream = Dream.from_arrays(
            persons,
            spine.weeks,
            status,
            statuses=tuple(codes.statuses),
            provenance=file.provenance,
            notes=spine.notes,
        )
    except DataError as error:
        raise DataError(f"{path.name}: {error}") from error
    return dream if residency is None else dream.with_residency(residency)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Spine:
    """The weeks that a file observes, and where their codes and industries stand."""

    weeks: NDArray[np.datetime64]
    week_names: list[str]
    month_names: list[str]
    month: NDArray[np.int64]
    notes: tuple[str, ...]

    @classmethod
    def of(cls, columns: list[str]) -> _Spine:
        """Find the weeks with both a code and an industry among the columns of a file."""
        by_week, by_month = week_columns(columns), month_columns(columns)
        mondays = np.array(list(by_week), dtype="datetime64[D]")
        first = next(iter(by_month))
        month = (months_of(mondays) - first).astype(np.int64)
        seen = (month >= 0) & (month < len(by_month))
        if not seen.any():
            raise DataError("no week column falls in a month that has an industry column.")
        notes: tuple[str, ...] = ()
        if not seen.all():
            notes = (
                f"{int((~seen).sum())} week(s) of DREAM have no industry column "
                "(branche_YYYY_MM) and were left out.",
            )
        used = np.unique(month[seen])
        month_names = list(by_month.values())
        return cls(
            weeks=mondays[seen],
            week_names=[by_week[monday] for monday in mondays[seen]],
            month_names=[month_names[position] for position in used],
            month=month[seen] - used[0],
            notes=notes,
        )


@dataclass(slots=True, kw_only=True, eq=False)
class _Composer:
    """Turns one block of persons after another into statuses, collecting what is unreadable."""

    codes: CodeList
    spine: _Spine
    names: Mapping[str, str]
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    zero_industries: Counter[str] = field(default_factory=Counter)

    def write(self, size: int, column: Callable[[str], Coded], out: NDArray[np.uint8]) -> None:
        """Compose the statuses of `size` persons into `out` (persons x weeks)."""
        order = list(self.codes.statuses)
        status = {code: order.index(name) for code, name in self.codes.status_of().items()}
        coded = np.empty((len(self.spine.week_names), size), dtype=np.uint8)
        employed = np.empty((len(self.spine.month_names), size), dtype=np.bool_)
        for k, name in enumerate(self.spine.week_names):
            coded[k] = self._statuses(name, column(self.names[name]), status)
        for k, name in enumerate(self.spine.month_names):
            employed[k] = self._employed(name, column(self.names[name]))
        employment, self_support = order.index("employment"), order.index("self_support")
        dream_scan.compose(coded, employed, self.spine.month, employment, self_support, out)

    def refuse(self, where: str) -> None:
        """Raise `DataError` with every unknown code, its weeks and its count."""
        faults = []
        for code in sorted({code for code, _ in self.unknown}):
            weeks = [week for unknown, week in self.unknown if unknown == code]
            count = sum(self.unknown[code, week] for week in weeks)
            faults.append(f"code {code}: {count} person-week(s), in {_listed(weeks)}")
        if faults:
            faults[-1] += (
                f"\nThe list '{self.codes.name}' is of vintage {self.codes.vintage}; give a "
                "code list that has these codes, with the source."
            )
        if self.zero_industries:
            months = list(self.zero_industries)
            faults.append(
                f"{self.zero_industries.total()} industry code(s) are 0, in {_listed(months)}; "
                "leave the field empty if there is no job"
            )
        if faults:
            raise DataError(f"{where}: codes that cannot be read\n  - " + "\n  - ".join(faults))

    def _statuses(
        self, name: str, coded: Coded, status: Mapping[int, int]
    ) -> NDArray[np.uint8]:
        """Return the status of each code of a week, `BLANK` where there is none."""
        position, values = coded
        lookup = np.full(len(values) + 1, dream_scan.BLANK, dtype=np.uint8)
        for k, value in enumerate(values):
            code = _parsed(value)
            if code is None:
                continue
            if isinstance(code, int) and code in status:
                lookup[k] = status[code]
            else:
                shown = str(code) if len(str(code)) <= 4 else f"of {len(str(code))} characters"
                self.unknown[shown, name] += int((position == k).sum())
        return lookup[position]

    def _employed(self, name: str, coded: Coded) -> NDArray[np.bool_]:
        """Return whether there is an industry."""
        position, values = coded
        parsed = [_parsed(value) for value in values]
        for k, value in enumerate(parsed):
            if value == 0:
                self.zero_industries[name] += int((position == k).sum())
        return np.array([value is not None for value in parsed] + [False])[position]


def _listed(names: list[str]) -> str:
    """Return the first names, and whether there are more."""
    return ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")


def _keys(values: list[object], column: Column) -> NDArray[np.object_]:
    """Return keys as the dictionary writes them, so that they meet those of other tables.

    The last one is None, where the position -1 of a null points to.
    """
    return convert(pd.Series([*values, None], dtype=object), column).typed.to_numpy(
        dtype=object
    )


def _parsed(value: object) -> int | str | None:
    """Return a code as a number, None for a blank, or the text that is neither."""
    if value is None:
        return None
    text = str(value).strip()
    if text in {"", "."}:
        return None
    try:
        number = float(text)
    except ValueError:
        return text
    if math.isnan(number):
        return None
    return int(number) if number.is_integer() else text
