"""DREAM from its parquet file to durations, beside merely reading the file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.bench.measure import Clocked, clock

# A synthetic register of this many persons is repeated under new keys.
DISTINCT = 10_000


def write(folder: str, persons: int) -> Clocked:
    """Write a register of `persons`, as `surveys.synthesize` makes them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from surveys import synthesize

    with tempfile.TemporaryDirectory() as place:
        made = synthesize(Path(place), seed=5, persons=min(persons, DISTINCT))
        table = pq.read_table(made.study / "data" / "dream.parquet")
    table = pa.concat_tables([table] * -(-persons // len(table))).slice(0, persons)
    keys = pa.array([f"{number:016x}" for number in range(persons)])
    table = table.set_column(table.schema.get_field_index("person_id"), "person_id", keys)
    file = Path(folder) / "dream.parquet"
    pq.write_table(table, file, compression="zstd", row_group_size=DISTINCT)
    return Clocked(
        seconds=0.0, facts={"columns": table.num_columns, "mb": file.stat().st_size / 1e6}
    )


def durations(folder: str, repeats: int = 3) -> Clocked:
    """Clock reading, composing statuses and finding the first four weeks of employment."""
    import pandas as pd

    import data_dictionary
    from surveys import read_dream

    file = Path(folder) / "dream.parquet"
    table = data_dictionary.load("enplan")["dream"]

    def work() -> int:
        dream = read_dream(file, table)
        after = pd.Series(dream.weeks[len(dream.weeks) // 3], index=dream.persons)
        found = dream.first_run("employment", 4, after=after, competing=("retirement", "death"))
        return int(found["cause"].eq("employment").sum())

    seconds, events = clock(work, repeats=repeats)
    return Clocked(seconds=seconds, facts={"events": events})


def read_only(folder: str, repeats: int = 3) -> Clocked:
    """Clock pyarrow reading the same columns, and doing nothing with them."""
    import pyarrow.parquet as pq

    file = Path(folder) / "dream.parquet"
    return Clocked(seconds=clock(lambda: pq.read_table(file), repeats=repeats)[0])
