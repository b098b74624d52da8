"""One wave of a survey: typed answers, and why each answer that is not there is not there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.columns import Code
from data_dictionary.tables import Table
from data_dictionary.wording import Level
from surveys.files.read_table import TableFile, read_as
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
    path: str | Path | Source,
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
    path : str, Path or Source
        File, or a source that was read from one.
    table : Table
        Declaration of the questionnaire.
    wave : int
        Number of the wave; files seldom hold it, so it has no default.
    encoding, sheet, decimal, delimiter, header, skip_rows, label_rows, skip_footer, blanks
    catalog, rename, keep, recode, reverse, population, check
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
        blanks=listed("blanks", blanks),
        catalog=catalog, rename=rename, keep=levels(keep), recode=recode,
        reverse=listed("reverse", reverse),
    )  # fmt: skip
    return wave_as(path, table, wave, how, population, check=check)


def wave_as(
    path: str | Path | Source,
    table: Table,
    wave: int,
    how: Reading,
    population: pd.DataFrame | None = None,
    *,
    check: bool = True,
) -> Wave:
    """Read one wave as `read_wave` does."""
    found = read_as(path, table, how, population, check=check)
    return Wave(wave=wave, **{one.name: getattr(found, one.name) for one in fields(found)})
