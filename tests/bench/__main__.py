"""``python -m tests.bench [--quick] [--only NAME ...]``: speed as ratios in one run.

Every job runs in an interpreter of its own, one after another, linear algebra on one thread.
Seconds belong to the machine and its load; the ratio to what stands beside it in the same line
does not.  R's seconds were taken on another machine and are rescaled (`tests.bench.r_seconds`).
"""

# ruff: noqa: T201 (its output is the table)

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import against_r, demo, reading
from tests.bench.measure import JobFailedError, in_child
from tests.bench.sizes import (
    COVARIATES,
    FULL,
    QUICK,
    ROWS,
    WEEKS,
    WEEKS_WIDE,
    Sizes,
)
from tests.bench.table import Line, aligned


def imports(sizes: Sizes) -> Iterator[Line]:
    """`import evaluation` on top of `import pandas`."""
    runs = [in_child("start.added") for _ in range(sizes.imports + 1)][1:]
    own = statistics.median(run.seconds for run in runs)
    pandas = statistics.median(run.facts["pandas"] for run in runs)
    yield Line(
        work="import evaluation",
        size=f"median of {len(runs)}",
        seconds=own,
        beside="import pandas before it",
        other=pandas,
        peak_mb=runs[-1].peak_mb,
        target="< 0.5 s",
        is_met=own < 0.5,
    )


def cox(sizes: Sizes) -> Iterator[Line]:
    """Clustered Cox against lifelines, then without compiled code at hand."""
    ours = in_child("survival.cox", rows=sizes.against_lifelines, covariates=COVARIATES)
    theirs = in_child(
        "survival.cox_lifelines", rows=sizes.against_lifelines, covariates=COVARIATES
    )
    apart = max(
        abs(a - b) for a, b in zip(ours.facts["coef"], theirs.facts["coef"], strict=True)
    )
    is_full = sizes is FULL
    yield Line(
        work="Cox, clustered errors",
        size=f"{sizes.against_lifelines:,} rows, {COVARIATES} columns, weekly ties",
        seconds=ours.seconds,
        beside="lifelines, cluster_col",
        other=theirs.seconds,
        peak_mb=ours.peak_mb,
        target=">= 100x" if is_full else "",
        is_met=theirs.seconds >= 100 * ours.seconds if is_full else None,
        note=f"coefficients {apart:.0e} apart; lifelines once, {theirs.peak_mb or 0:.0f} MB",
    )
    with tempfile.TemporaryDirectory() as empty:
        cold, warm = (
            in_child(
                "survival.cox_first",
                environment={"NUMBA_CACHE_DIR": empty},
                rows=1_000,
                covariates=COVARIATES,
            )
            for _ in range(2)
        )
    yield Line(
        work="Cox, first call",
        size="1,000 rows, empty NUMBA_CACHE_DIR",
        seconds=cold.seconds,
        beside="the same, cache filled",
        other=warm.seconds,
        note="once per installation: compiling",
    )


def incidence(sizes: Sizes) -> Iterator[Line]:
    """Aalen-Johansen with errors, against statsmodels."""
    for ties in (True, False):
        ours = in_child("survival.incidence", rows=sizes.incidence[-1], ties=ties)
        theirs = in_child("survival.incidence_statsmodels", rows=sizes.incidence[-1], ties=ties)
        yield Line(
            work="Aalen-Johansen, errors",
            size=f"{sizes.incidence[-1]:,} rows, {'weekly' if ties else 'no'} ties",
            seconds=ours.seconds,
            beside="statsmodels, 2 curves",
            other=theirs.seconds,
            peak_mb=ours.peak_mb,
            note=f"statsmodels: no weights, no late entry; {theirs.peak_mb or 0:.0f} MB",
        )


def inference(sizes: Sizes) -> Iterator[Line]:
    """Few clusters: wild bootstrap and CR2 of a regression, score bootstrap of Cox."""
    for work, job in (("wild bootstrap, interval", "wild"), ("CR2, Satterthwaite", "cr2")):
        done = in_child(f"inference.{job}", rows=ROWS)
        draws = f", {done.facts['draws']} vectors" if "draws" in done.facts else ""
        yield Line(
            work=work,
            size=f"{ROWS:,} rows, 9 clusters{draws}",
            seconds=done.seconds,
            beside="one numpy lstsq",
            other=done.facts["least_squares"],
            peak_mb=done.peak_mb,
        )
    is_full = sizes is FULL
    for columns in (0, 3):
        done = in_child(
            "survival.score_bootstrap", rows=sizes.against_lifelines, covariates=columns
        )
        yield Line(
            work="score bootstrap, interval",
            size=f"{sizes.against_lifelines:,} rows, 39 clusters, {columns + 1} column(s), "
            "9,999 draws",
            seconds=done.seconds,
            beside="score residuals once",
            other=done.facts["score_residuals"],
            peak_mb=done.peak_mb,
            target="< 5 s" if is_full else "",
            is_met=done.seconds < 5 if is_full else None,
        )


def register(sizes: Sizes) -> Iterator[Line]:
    """DREAM from parquet to durations, beside reading the file; then its memory when wide."""
    is_full = sizes is FULL
    for persons in sizes.register:
        is_last = is_full and persons == sizes.register[-1]
        repeats = 1 if persons > 500_000 else 3
        with tempfile.TemporaryDirectory() as folder:
            made = in_child("register.write", folder=folder, persons=persons, weeks=WEEKS)
            ours = in_child("register.durations", folder=folder, repeats=repeats)
            read = in_child("register.read_only", folder=folder, repeats=repeats)
        yield Line(
            work="DREAM to durations",
            size=f"{persons:,} persons x {WEEKS} weeks, {made.facts['columns']} columns",
            seconds=ours.seconds,
            beside="pyarrow read_table",
            other=read.seconds,
            peak_mb=ours.peak_mb,
            target="<= 3x as long, < 2000 MB" if is_last else "",
            is_met=ours.seconds <= 3 * read.seconds and (ours.peak_mb or 0) < 2000
            if is_last
            else None,
            note=f"file {made.facts['mb']:.0f} MB; read_table {read.peak_mb or 0:.0f} MB",
        )
    yield from _wide(sizes)


def _wide(sizes: Sizes) -> Iterator[Line]:
    """Memory for each person more of a file as wide as the national one."""
    before: tuple[int, float] | None = None
    for persons in sizes.register_wide:
        with tempfile.TemporaryDirectory() as folder:
            made = in_child(
                "register.write", folder=folder, persons=persons, weeks=WEEKS_WIDE, is_wide=True
            )
            ours = in_child("register.durations", folder=folder, repeats=1)
        note, is_met, peak = f"file {made.facts['mb']:.0f} MB", None, ours.peak_mb or 0.0
        if before is not None:
            more = 1e6 * (peak - before[1]) / (persons - before[0])
            state = ours.facts["state"]
            note += f"; {more:.0f} bytes a person more, of which {state} are weeks and periods"
            is_met = more < 2 * state if sizes is FULL else None
        yield Line(
            work="DREAM, wide",
            size=f"{persons:,} persons, {made.facts['columns']} columns",
            seconds=ours.seconds,
            peak_mb=ours.peak_mb,
            target="" if is_met is None else "memory < 2x weeks and periods",
            is_met=is_met,
            note=note,
        )
        before = (persons, peak)


def whole(sizes: Sizes) -> Iterator[Line]:
    """`enplan demo`, and its rendering once more alone."""
    is_full = sizes is FULL
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "demo"
        made = demo.command("demo", "--persons", str(sizes.persons), "--out", str(out))
        drawn = demo.command("render", str(out / "results"), "--out", str(out / "again"))
    peak = made.peak_mb
    yield Line(
        work="enplan demo",
        size=f"{sizes.persons:,} persons",
        seconds=made.seconds,
        peak_mb=peak,
        target="<= 180 s, < 1500 MB" if is_full else "",
        is_met=made.seconds <= 180 and (peak is None or peak < 1500) if is_full else None,
        note="tree of processes" if peak else "memory: on Linux only",
    )
    yield Line(
        work="enplan render",
        size="html, pdf, docx",
        seconds=drawn.seconds,
        peak_mb=drawn.peak_mb,
        target="<= 40 s" if is_full else "",
        is_met=drawn.seconds <= 40 if is_full else None,
        note=f"{drawn.seconds / made.seconds:.0%} of the demo",
    )


PARTS: dict[str, Callable[[Sizes], Iterator[Line]]] = {
    "imports": imports,
    "nearest": against_r.nearest,
    "optimum": against_r.optimum,
    "cox": against_r.cox,
    "cox-lifelines": cox,
    "fine-gray": against_r.fine_gray,
    "incidence": against_r.incidence,
    "incidence-statsmodels": incidence,
    "inference": inference,
    "reading": reading.lines,
    "register": register,
    "demo": whole,
}


def main() -> int:
    """Run the parts, print the table; status 1 if a part failed or a target was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, about a minute")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    chosen = parser.parse_args()
    sizes = QUICK if chosen.quick else FULL
    lines: list[Line] = []
    failed: list[str] = []
    for name in chosen.only:
        print(f"{name} ...", file=sys.stderr, flush=True)
        try:
            lines.extend(PARTS[name](sizes))
        except JobFailedError as error:
            failed.append(f"{name} failed: {error}")
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores{load}; one thread per job"
    )
    print("\n".join([aligned(lines), *failed]))
    return int(bool(failed) or any(line.is_met is False for line in lines))


if __name__ == "__main__":
    sys.exit(main())
