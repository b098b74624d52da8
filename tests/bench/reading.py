"""Files of answers as `surveys.read` reads them, beside the library that is fastest alone.

A format is one entry of `FILES`; both readers run in turns in one process, so that what else
the machine does falls on both.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.bench.measure import Clocked, clock, in_child
from tests.bench.sizes import FULL, Sizes
from tests.bench.table import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A format: how its file is made, how it is read alone, and how much longer we may take."""

    rows: int
    columns: int
    write: Callable[[pd.DataFrame, Path], object]
    beside: str
    alone: Callable[[Path], object]
    at_most: float


def _write_sav(answers: pd.DataFrame, path: Path) -> None:
    import pyreadstat

    labels = {1.0: "Uenig", 5.0: "Enig", 8.0: "Ved ikke", 9.0: "Ønsker ikke at svare"}
    pyreadstat.write_sav(
        answers,
        path,
        missing_ranges={name: [8, 9] for name in answers},
        variable_value_labels=dict.fromkeys(answers, labels),
        row_compress=True,
    )


def _pyreadstat(path: Path) -> object:
    import pyreadstat

    return pyreadstat.read_sav(path, user_missing=True)


def _write_xlsx(answers: pd.DataFrame, path: Path) -> None:
    answers.to_excel(path, index=False)


def _calamine(path: Path) -> object:
    import python_calamine

    return python_calamine.load_workbook(path).get_sheet_by_index(0).to_python()


def _write_csv(answers: pd.DataFrame, path: Path) -> None:
    """Write a key and, in turns, codes with blanks, whole numbers, decimals and short texts."""
    drawn, rows = np.random.default_rng(4), len(answers)
    mixed = pd.DataFrame({"id": [f"p{row:08d}" for row in range(rows)]})
    for place, name in enumerate(answers.columns[1:]):
        match place % 10:
            case 9:
                mixed[name] = drawn.choice(["ja", "nej", "ved ikke", "måske"], rows)
            case 6 | 7 | 8:
                mixed[name] = drawn.normal(100, 20, rows).round(2)
            case 4 | 5:
                mixed[name] = drawn.integers(0, 100_000, rows)
            case _:
                mixed[name] = answers[name].astype("Int64")
    mixed.to_csv(path, index=False, sep=";")


def _arrow(path: Path) -> object:
    from pyarrow import csv

    return csv.read_csv(
        path,
        read_options=csv.ReadOptions(use_threads=False),
        parse_options=csv.ParseOptions(delimiter=";"),
    ).to_pandas()


FILES: dict[str, File] = {
    "csv": File(
        rows=1_000_000, columns=50, write=_write_csv, beside="pyarrow, one thread",
        alone=_arrow, at_most=2,
    ),
    "sav": File(
        rows=100_000, columns=200, write=_write_sav, beside="pyreadstat, user_missing",
        alone=_pyreadstat, at_most=1.5,
    ),
    "xlsx": File(
        rows=50_000, columns=40, write=_write_xlsx, beside="python-calamine, cells only",
        alone=_calamine, at_most=1.3,
    ),
}  # fmt: skip


def in_turns(folder: str, suffix: str, rows: int, repeats: int = 5) -> Clocked:
    """Clock our reader and the other's in turns; the seconds are medians."""
    import surveys

    file = FILES[suffix]
    codes = np.array([1, 2, 3, 4, 5, 8, 9, np.nan])
    drawn = np.random.default_rng(3).choice(codes, (rows, file.columns))
    path = Path(folder) / f"answers.{suffix}"
    file.write(pd.DataFrame(drawn, columns=[f"q{k}" for k in range(file.columns)]), path)
    del drawn
    # What starts once, as the process that tries a file first, is no part of a file's time.
    small = path.with_stem("small")
    file.write(pd.DataFrame({"q0": codes[:2]}), small)
    surveys.read(small)
    seconds: dict[str, list[float]] = {"ours": [], "theirs": []}
    readers: dict[str, Callable[[Path], Any]] = {"ours": surveys.read, "theirs": file.alone}
    for _ in range(repeats):
        for whose, read in readers.items():
            seconds[whose].append(clock(lambda read=read: read(path), repeats=1)[0])
    ours, theirs = (statistics.median(one) for one in seconds.values())
    return Clocked(seconds=ours, facts={"theirs": theirs, "mb": path.stat().st_size / 1e6})


def lines(sizes: Sizes) -> Iterator[Line]:
    """Yield a line for each format."""
    is_full = sizes is FULL
    for suffix, file in FILES.items():
        rows = file.rows if is_full else file.rows // 10
        with tempfile.TemporaryDirectory() as folder:
            done = in_child("reading.in_turns", folder=folder, suffix=suffix, rows=rows)
        yield Line(
            work=f"surveys.read, .{suffix}",
            size=f"{rows:,} rows, {file.columns} columns, {done.facts['mb']:.0f} MB",
            seconds=done.seconds,
            beside=file.beside,
            other=done.facts["theirs"],
            peak_mb=done.peak_mb,
            target=f"<= {file.at_most:g}x as long" if is_full else "",
            is_met=done.seconds <= file.at_most * done.facts["theirs"] if is_full else None,
        )
