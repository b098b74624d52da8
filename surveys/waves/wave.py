"""One wave of a survey: typed answers, and why each answer that is not there is not there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from data_dictionary.tables import Table
from data_dictionary.violations import Violation
from surveys.files.provenance import Provenance
from surveys.files.read_table import read_table
from surveys.files.source import Source


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wave:
    """Answers of one survey wave.

    Parameters
    ----------
    frame : DataFrame
        One row per person asked; codes for a missing answer are masked.
    table : Table
        Declaration of the questionnaire.
    wave : int
        Number of the wave.
    missing : DataFrame
        One row per unanswered item: ``row``, ``column``, ``kind`` (not_asked, do_not_know,
        refused, technical, or blank).
    provenance : Provenance
        Where the answers came from.
    violations : tuple of Violation
        Empty unless reading was told not to refuse.
    """

    frame: pd.DataFrame
    table: Table
    wave: int
    missing: pd.DataFrame
    provenance: Provenance
    violations: tuple[Violation, ...] = ()

    def missing_counts(self) -> pd.DataFrame:
        """Return the ledger of missing answers: ``column``, ``kind``, ``n``, in table order."""
        counts = self.missing.groupby(["column", "kind"], sort=True).size()
        ledger = counts.rename("n").reset_index()
        place = {name: position for position, name in enumerate(self.frame.columns)}
        order = ledger["column"].map(place).sort_values(kind="stable").index
        return ledger.loc[order].reset_index(drop=True)


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
    found = read_table(
        path,
        table,
        encoding=encoding,
        sheet=sheet,
        decimal=decimal,
        rename=rename,
        keep=keep,
        population=population,
        check=check,
    )
    return Wave(
        frame=found.frame,
        table=table,
        wave=wave,
        missing=found.missing,
        provenance=found.provenance,
        violations=found.violations,
    )
