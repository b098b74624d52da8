"""What DREAM records per year or quarter: the municipality, and the match group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.columns import Column
from data_dictionary.days import days_of
from data_dictionary.errors import DataError
from surveys.dream.compose import Meanings, shown, values_of
from surveys.dream.families import Family
from surveys.dream.scan import BLANK, UNKNOWN
from surveys.files.wide import WideFile, blocks_kept


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Periods:
    """One value per person and year, or quarter."""

    starts: NDArray[np.datetime64]  # first months, ascending; some between may be missing
    months: int  # length of a period
    values: NDArray[np.uint8]  # (persons, periods): positions in `levels`, or `BLANK`
    levels: pd.api.extensions.ExtensionArray

    def at(self, rows: NDArray[np.int64], dates: object) -> pd.Series:
        """Return the value of each row on each date, missing where it is not recorded.

        Parameters
        ----------
        rows : numpy.ndarray
            Rows of `values`, -1 for nobody.
        dates : array-like of dates
            As many as rows; a missing date has a missing value.
        """
        month = days_of(dates).astype("datetime64[M]")
        period = np.searchsorted(self.starts, month, side="right") - 1
        seen = (rows >= 0) & (period >= 0) & ~np.isnat(month)
        seen[seen] &= month[seen] < self.starts[period[seen]] + self.months
        level = np.full(rows.size, -1, dtype=np.int64)
        level[seen] = self.values[rows[seen], period[seen]]
        level[level == BLANK] = -1
        return pd.Series(self.levels.take(level, allow_fill=True))

    def take(self, rows: NDArray[np.int64]) -> Periods:
        """Return these rows."""
        return replace(self, values=self.values[rows])


def recorded(periods: Periods | None, role: str) -> Periods:
    """Return what the register records; refused if its file had no column of this role."""
    if periods is None:
        raise DataError(f'the register\'s file has no column with role = "{role}".')
    return periods


def read_periods(
    file: WideFile, names: Mapping[str, str], kept: NDArray[np.bool_], column: Column
) -> Periods | None:
    """Read a family of yearly or quarterly columns, None if the file has no member of it.

    `names` leads from the dictionary's spelling to the file's; of the rows only those `kept`
    are read. If the family declares codes, another value is refused with its column and count.
    """
    family = Family(str(column.pattern))
    found = family.columns(names, unbroken=False)
    if not found:
        return None
    starts, members = np.array(list(found), dtype="datetime64[M]"), list(found.values())
    levels: dict[int | str, int] = {code: k for k, code in enumerate(column.codes)}

    def level_of(code: int | str) -> int:
        if column.codes:
            return levels.get(code, UNKNOWN)
        return levels.setdefault(str(code), min(len(levels), UNKNOWN))

    meanings = Meanings(blank=BLANK, of=level_of)
    values = np.empty((int(kept.sum()), len(members)), dtype=np.uint8)
    unknown: Counter[tuple[str, str]] = Counter()
    columns = [names[member] for member in members]
    for cells_of, wanted, place in blocks_kept(file.blocks, columns, kept):
        written = np.empty(wanted.size, dtype=np.uint8)
        for k, member in enumerate(members):
            cells = cells_of(names[member])
            if meanings.write(cells, written):
                for value, count in values_of(cells, (written == UNKNOWN) & wanted).items():
                    unknown[shown(value), member] += count
            values[place, k] = written[wanted]
    if unknown:
        lines = "".join(
            f"\n  - {member}: {count} value(s) {value}"
            for (value, member), count in sorted(unknown.items())
        )
        raise DataError(
            f"{file.provenance.name}: values that the dictionary does not list for "
            f"{column.pattern}{lines}\nCorrect them, or add them to the dictionary."
        )
    kind = "Int64" if column.type == "integer" else "string"
    listed = pd.Series(list(levels), dtype=kind).array
    months = int(family.step.astype(np.int64))
    return Periods(starts=starts, months=months, values=values, levels=listed)
