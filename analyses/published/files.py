"""The files of a result table: the same bytes on every run, and why a cell is empty."""

from __future__ import annotations

import json
from pathlib import Path

from analyses.published.gate import Shown
from analyses.published.table import ResultTable
from analyses.results.csv_cells import without_formulas

HIDDEN_KEY = b"enplan.hidden"


def write_table(table: ResultTable, shown: Shown, folder: Path) -> None:
    """Write a table as ``NAME.csv`` and ``NAME.parquet``.

    Notes
    -----
    Comma, decimal point, UTF-8 without a byte order mark, LF, ten significant digits,
    nothing where there is no value: the same bytes on every run.  A CSV cannot say why a cell
    is empty; the metadata of the parquet file do.  A text that a spreadsheet would take for a
    formula has an apostrophe before it, in the CSV file alone.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    without_formulas(shown.frame).to_csv(
        folder / f"{table.name}.csv",
        index=False,
        float_format="%.10g",
        na_rep="",
        encoding="utf-8",
        lineterminator="\n",
    )
    types = {"object": pa.string(), "float64": pa.float64()}
    schema = pa.schema(
        [(name, types.get(column.dtype, pa.int64())) for name, column in table.columns.items()]
    )
    # An index would be a column of row numbers, from before rows were left out.
    made = pa.Table.from_pandas(shown.frame, schema=schema, preserve_index=False)
    hidden = json.dumps(shown.hidden, sort_keys=True).encode()
    made = made.replace_schema_metadata({**(made.schema.metadata or {}), HIDDEN_KEY: hidden})
    pq.write_table(made, folder / f"{table.name}.parquet")


def read_table(table: ResultTable, folder: Path) -> Shown:
    """Read a table back as it was published."""
    import pyarrow.parquet as pq

    found = pq.read_table(folder / f"{table.name}.parquet")
    hidden = json.loads((found.schema.metadata or {}).get(HIDDEN_KEY, b"{}"))
    frame = found.to_pandas()
    return Shown(
        frame=frame,
        exact=frame,
        hidden={
            column: {why: tuple(places) for why, places in rows.items()}
            for column, rows in hidden.items()
        },
    )
