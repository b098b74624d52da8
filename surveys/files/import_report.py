"""The import report: what was read of a file, what was left out or changed, and why."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from surveys.files.remarks import Remark
from surveys.files.source import Provenance

_COLUMNS = ("file", "what", "columns", "n", "said")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ImportReport:
    """How one file was read.

    Parameters
    ----------
    origin : Provenance
        The file, with the rows that were read.
    table : str
        Table of the dictionary, and the wave.
    columns : int
        Columns that were read.
    remarks : tuple of Remark
        What was found out, changed or left out.
    missing : DataFrame
        Answers that are missing: ``column``, ``kind``, ``n``.
    """

    origin: Provenance
    table: str = ""
    columns: int = 0
    remarks: tuple[Remark, ...] = ()
    missing: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["column", "kind", "n"])
    )

    def tidy(self) -> pd.DataFrame:
        """Return one row for each thing told: ``file``, ``what``, ``columns``, ``n``, ``said``.

        ``what`` is ``read``, ``encoding``, ``sheet``, a code of a remark, or ``missing``.
        """
        origin = self.origin
        said = f"{origin.rows} row(s) and {self.columns} column(s) of {origin.columns} read"
        rows: list[tuple[str, str, int, str]] = [
            ("read", "", origin.rows, f"{said}: {origin.format}")
        ]
        if origin.encoding and all(one.what != "encoding" for one in self.remarks):
            why = f"{origin.encoding}: {origin.encoding_reason}"
            rows.append(("encoding", "", 0, f"read as {why}"))
        if origin.sheet is not None:
            rows.append(("sheet", "", 1, f"sheet '{origin.sheet}' read"))
        for one in self.remarks:
            words = str(one).removeprefix(f"{', '.join(one.columns)}: ")
            rows.append((one.what, ", ".join(one.columns), one.count, words))
        for kind, part in self.missing.groupby("kind", sort=False):
            n, names = int(part["n"].sum()), ", ".join(part["column"])
            rows.append(("missing", names, n, f"{n} value(s) missing: {kind}"))
        told = pd.DataFrame(rows, columns=list(_COLUMNS[1:]))
        told.insert(0, _COLUMNS[0], origin.name)
        return told

    def summary(self) -> str:
        """Return what is told, a line each, below the name of the file."""
        lines = [
            f"  - {f'{_few(row.columns)}: ' if row.columns else ''}{row.said}"
            for row in self.tidy().itertuples()
        ]
        return "\n".join([f"{self.origin.name} ({self.table})", *lines])

    def __str__(self) -> str:
        return f"ImportReport: {self.origin.name}, {len(self.remarks)} remark(s)"

    def _repr_markdown_(self) -> str:
        head, _, lines = self.summary().partition("\n")
        return f"**{head}**\n\n{lines.replace('  - ', '- ')}"


def _few(names: object) -> str:
    """Return the first names of a list, and how many more there are."""
    listed = str(names).split(", ")
    more = f" and {len(listed) - 6} more" if len(listed) > 6 else ""
    return ", ".join(listed[:6]) + more
