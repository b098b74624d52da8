"""One wave of a survey: typed answers, and why each answer that is not there is not there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.tables import Table
from surveys.files.read_table import TableFile, read_as
from surveys.files.source import Options, Source


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
    decimal: str | None = None,
    rename: Mapping[str, str] | None = None,
    keep: Mapping[str, Collection[object]] | None = None,
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
    encoding, sheet, decimal, rename, keep, population, check
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
    how = Options(
        encoding=encoding, sheet=sheet, decimal=decimal, rename=rename, keep=keep,
        population=population, check=check,
    )  # fmt: skip
    found = read_as(path, table, how)
    return Wave(wave=wave, **{one.name: getattr(found, one.name) for one in fields(found)})
