"""One wave of a survey: typed answers, and why each answer that is not there is not there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.columns import Code
from data_dictionary.errors import DataError, DesignError
from data_dictionary.tables import Table
from data_dictionary.violations import Violation, refuse, wrong_rows
from data_dictionary.wording import Level
from surveys.files.import_report import ImportReport
from surveys.files.key_texts import near_within
from surveys.files.read_file import Given
from surveys.files.read_table import TableFile, read_as
from surveys.files.remarks import Remark
from surveys.files.source import Reading, Source, levels, listed


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wave(TableFile):
    """Answers of one survey wave: a `TableFile` of one row per person asked.

    Parameters
    ----------
    wave : int
        Number of the wave.
    """

    wave: int

    def report(self) -> ImportReport:
        """Return the import report: what was read, left out or changed, and why."""
        # The name of the base class: slots make another class of this one.
        told = TableFile.report(self)
        return replace(told, table=f"{told.table}, wave {self.wave}")

    def select(self, rows: NDArray[np.bool_]) -> Wave:
        """Return some respondents, with their own missing answers; the wave itself if all."""
        if rows.all():
            return self
        # The ledger counts rows; a respondent who leaves moves all that follow.
        place = np.cumsum(rows) - 1
        ledger = self.missing[rows[self.missing["row"]]]
        return replace(
            self,
            frame=self.frame[rows].reset_index(drop=True),
            missing=ledger.assign(row=place[ledger["row"]]).reset_index(drop=True),
        )


def read_wave(
    path: Given | Source,
    table: Table,
    wave: int,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    decimal: Literal[".", ","] | None = None,
    delimiter: Literal[";", ",", "\t", "|"] | None = None,
    header: int | None = None,
    skip_rows: int | None = None,
    label_rows: int | None = None,
    skip_footer: int | None = None,
    blanks: Collection[str] | None = None,
    serials: Collection[str] | None = None,
    catalog: str | None = None,
    rename: Mapping[str, str] | None = None,
    keep: Mapping[str, Collection[Level]] | None = None,
    recode: Mapping[str, Mapping[str, Code]] | None = None,
    reverse: Collection[str] | None = None,
    population: pd.DataFrame | None = None,
    check: bool = True,
) -> Wave:
    """Read one wave of a survey.

    Parameters
    ----------
    path : str, Path, DataFrame or Source
        File, a frame in memory, or a source that was read from one.
    table : Table
        Declaration of the questionnaire.
    wave : int
        Number of the wave; files seldom hold it, so it has no default.
    encoding, sheet, decimal, delimiter, header, skip_rows, label_rows, skip_footer, blanks
    serials, catalog, rename, keep, recode, reverse, population, check
        As in `surveys.read_table`.

    Returns
    -------
    Wave
        Answers, the ledger of missing ones, and provenance.

    Raises
    ------
    DataError
        If the file cannot be read or breaks the dictionary.
    """
    how = Reading(
        encoding=encoding, sheet=sheet, decimal=decimal, delimiter=delimiter, header=header,
        skip_rows=skip_rows, label_rows=label_rows, skip_footer=skip_footer,
        blanks=listed("blanks", blanks), serials=listed("serials", serials),
        catalog=catalog, rename=rename, keep=levels(keep), recode=recode,
        reverse=listed("reverse", reverse),
    )  # fmt: skip
    return wave_as(path, table, wave, how, population, check=check)


def wave_as(
    path: Given | Source,
    table: Table,
    wave: int,
    how: Reading,
    population: pd.DataFrame | None = None,
    *,
    check: bool = True,
) -> Wave:
    """Read one wave as `read_wave` does."""
    if isinstance(wave, bool) or not isinstance(wave, (int, np.integer)):
        raise DesignError(f"the number of a wave is a whole number, not {wave!r}.")
    found = read_as(path, table, reading_of_wave(how, table, wave), population, check=False)
    # What its own column says, before anybody overwrites it.
    wrong = _wave_violations(table, found.frame, wave)
    violations = (*found.violations, *wrong)
    if check:
        refuse(found.provenance.name, violations)
    own = {one.name: getattr(found, one.name) for one in fields(found)}
    remarks = (*found.remarks, *_alike(found))
    return Wave(wave=wave, **own | {"violations": violations, "remarks": remarks})


def reading_of_wave(how: Reading, table: Table, wave: int) -> Reading:
    """Return how a file is read, with what the dictionary says of this wave."""
    recode = dict(how.recode or {})
    reverse = list(how.reverse or ())
    for column in table.columns:
        mapping = column.recode.get(str(wave), {})
        if not mapping and wave not in column.reversed_in:
            continue
        if column.name in recode or column.name in reverse:
            raise DataError(
                f"'{column.name}' is recoded in {table.file} for wave {wave} already; leave it "
                "out of recode and reverse."
            )
        if mapping:
            recode[column.name] = mapping
        else:
            reverse.append(column.name)
    return replace(how, recode=recode or None, reverse=tuple(reverse) or None)


def _alike(found: TableFile) -> Iterator[Remark]:
    """Yield that keys of a file may be one person's, spelled in two ways."""
    for name in found.table.key[: len(found.table.key) == 1]:
        near, how = near_within(found.frame[name].dropna()) if name in found.frame else (0, "")
        if near:
            yield Remark(what="keys_alike", columns=(name,), count=near, detail=how)


def _wave_violations(table: Table, frame: pd.DataFrame, number: int) -> list[Violation]:
    """Return what the column ``wave`` of a file says against the number it is read as."""
    if "wave" not in frame:
        return []
    said = frame["wave"].map(_number, na_action="ignore")
    found = sorted({int(one) for one in said.dropna()})
    others = said.notna() & (said != number)
    if not others.any():
        return []
    fault = f"of wave {', '.join(map(str, found[:5]))}, read as wave {number}"
    remedy = (
        f"Keep those of one: keep = {{ wave = [{number}] }}."
        if len(found) > 1
        else "Correct the number of the wave, or rename the column if it means something else."
    )
    return wrong_rows(table.name, "wave", "wave", others.to_numpy(np.bool_), fault, remedy)


def _number(value: object) -> float:
    """Return the number in a value such as 2, ``"2"`` or ``"Wave 2"``; missing without one."""
    digits = re.fullmatch(r"\D*?(-?\d+)(?:[.,]0+)?\D*", str(value).strip())
    return float(digits[1]) if digits else np.nan
