"""DREAM from its parquet file to durations, beside merely reading the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.measure import Clocked, clock

# A register of this many persons is repeated under new keys.
DISTINCT = 10_000
CODES = (111, 121, 130, 140, 211, 651, 730, 771, 783, 810, 881, 890, 998)
INDUSTRIES = tuple(f"{code:06d}" for code in range(11100, 990000, 19571))


def write(folder: str, persons: int, weeks: int, is_wide: bool = False) -> Clocked:
    """Write a register of `persons` that ends with 2021.

    A wide one has the layout of a national extract: weeks from before there are industries,
    and the municipality of every year and the match group of every quarter beside them.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = _columns(weeks, is_wide)
    schema = pa.schema([("person_id", pa.string()), *((n, c.type) for n, c in columns.items())])
    file = Path(folder) / "dream.parquet"
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for first in range(0, persons, DISTINCT):
            n = min(DISTINCT, persons - first)
            keys = pa.array([f"{number:016x}" for number in range(first, first + n)])
            rows = [keys, *(column.slice(0, n) for column in columns.values())]
            writer.write_table(pa.table(rows, schema=schema))
    facts = {"columns": len(schema), "mb": file.stat().st_size / 1e6}
    return Clocked(seconds=0.0, facts=facts)


def _columns(weeks: int, is_wide: bool) -> dict[str, Any]:
    """Return the columns of the distinct persons, as arrow arrays."""
    import pyarrow as pa

    from surveys.dream.families import Family
    from surveys.dream.weeks import months_of

    rng = np.random.default_rng(5)
    mondays = np.datetime64("2021-12-27") - 7 * np.arange(weeks)[::-1]
    months = np.unique(months_of(mondays))
    months = months[months >= np.datetime64("2008-01")]
    columns: dict[str, Any] = {}
    codes = _spells(rng, weeks, 1 / 26, np.array([0, 0, 0, *CODES], dtype=np.int16))
    for place, monday in enumerate(mondays):
        code = codes[:, place]
        columns[Family("y_{YYWW}").name(monday)] = pa.array(code, mask=code == 0)
    industry = _spells(rng, months.size, 1 / 18, np.arange(-len(INDUSTRIES), len(INDUSTRIES)))
    words = pa.array(INDUSTRIES)
    for place, month in enumerate(months):
        number = industry[:, place]
        taken = words.take(pa.array(np.abs(number) % len(INDUSTRIES), mask=number < 0))
        columns[Family("branche_{YYYY}_{MM}").name(month)] = taken
    if is_wide:
        for year in range(2008, 2022):
            columns[f"nykom{year}"] = pa.array(rng.choice([101, 151, 217], DISTINCT))
            for quarter in range(1, 5):
                group = rng.choice(["1", "2", "3"], DISTINCT)
                columns[f"visit_{quarter}_kv{year}"] = pa.array(group)
    return columns


def _spells(rng: np.random.Generator, n: int, change: float, values: Any) -> Any:
    """Return rows of `n` periods in which a value holds until it changes."""
    drawn = rng.choice(values, (DISTINCT, n))
    changes = rng.random((DISTINCT, n)) < change
    changes[:, 0] = True
    last = np.maximum.accumulate(np.where(changes, np.arange(n), 0), axis=1)
    return np.take_along_axis(drawn, last, axis=1)


def durations(folder: str, repeats: int = 3) -> Clocked:
    """Clock reading, composing statuses and finding the first four weeks of employment."""
    import pandas as pd

    import data_dictionary
    from surveys import read_dream

    file = Path(folder) / "dream.parquet"
    table = data_dictionary.load("enplan")["dream"]

    def work() -> tuple[int, int]:
        dream = read_dream(file, table)
        after = pd.Series(dream.weeks[len(dream.weeks) // 3], index=dream.persons)
        found = dream.first_run("employment", 4, after=after, competing=("retirement", "death"))
        periods = (dream.municipality, dream.match_group)
        state = dream.weeks.size + sum(p.starts.size for p in periods if p is not None)
        return int(found["cause"].eq("employment").sum()), state

    seconds, (events, state) = clock(work, repeats=repeats)
    return Clocked(seconds=seconds, facts={"events": events, "state": state})


def read_only(folder: str, repeats: int = 3) -> Clocked:
    """Clock pyarrow reading the same columns, and doing nothing with them."""
    import pyarrow.parquet as pq

    file = Path(folder) / "dream.parquet"
    return Clocked(seconds=clock(lambda: pq.read_table(file), repeats=repeats)[0])
