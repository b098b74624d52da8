"""``python -m tests.bench [--quick] [--only NAME ...]``: speed as ratios in one run.

Every job runs in an interpreter of its own, one after another, linear algebra on one thread.
Seconds belong to the machine and its load; the ratio to what stands beside it in the same line
does not.
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
from dataclasses import dataclass
from pathlib import Path

from tests.bench import demo
from tests.bench.measure import JobFailedError, in_child
from tests.bench.table import Line, aligned, seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How large the jobs are."""

    cox: int
    cox_large: int
    imports: int
    matching: tuple[tuple[int, int], tuple[int, int]]
    incidence: int
    register: int
    persons: int


FULL = Sizes(
    cox=100_000,
    cox_large=1_000_000,
    imports=7,
    matching=((10_000, 100_000), (50_000, 1_000_000)),
    incidence=1_000_000,
    register=200_000,
    persons=12_000,
)
QUICK = Sizes(
    cox=10_000,
    cox_large=100_000,
    imports=3,
    matching=((2_000, 20_000), (10_000, 100_000)),
    incidence=100_000,
    register=20_000,
    persons=2_000,
)
COVARIATES = 10
ROWS = 20_000  # of a regression


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
    """Clustered Cox against lifelines, then larger, then without compiled code at hand."""
    ours = in_child("survival.cox", rows=sizes.cox, covariates=COVARIATES)
    theirs = in_child("survival.cox_lifelines", rows=sizes.cox, covariates=COVARIATES)
    apart = max(
        abs(a - b) for a, b in zip(ours.facts["coef"], theirs.facts["coef"], strict=True)
    )
    is_full = sizes is FULL
    yield Line(
        work="Cox, clustered errors",
        size=f"{sizes.cox:,} rows, {COVARIATES} columns, weekly ties",
        seconds=ours.seconds,
        beside="lifelines, cluster_col",
        other=theirs.seconds,
        peak_mb=ours.peak_mb,
        target=">= 100x" if is_full else "",
        is_met=theirs.seconds >= 100 * ours.seconds if is_full else None,
        note=f"coefficients {apart:.0e} apart; lifelines {theirs.peak_mb or 0:.0f} MB",
    )
    large = in_child("survival.cox", rows=sizes.cox_large, covariates=COVARIATES)
    yield grown(
        "Cox, clustered errors",
        f"{sizes.cox_large:,} rows",
        (large.seconds, ours.seconds),
        sizes.cox_large / sizes.cox,
        large.peak_mb,
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


def matching(sizes: Sizes) -> Iterator[Line]:
    """Nearest pairs within a caliper at two sizes."""
    before: float | None = None
    for treated, controls in sizes.matching:
        done = in_child("comparison.nearest", treated=treated, controls=controls)
        size = f"{treated:,} / {controls:,}, {COVARIATES} columns"
        note = f"{done.facts['pairs']:,} pairs; balance {seconds(done.facts['balance'])} more"
        if before is None:
            yield Line(
                work="match, 1:1, caliper",
                size=size,
                seconds=done.seconds,
                peak_mb=done.peak_mb,
                note=note,
            )
        else:
            first, second = (sum(pair) for pair in sizes.matching)
            yield grown(
                "match, 1:1, caliper",
                size,
                (done.seconds, before),
                second / first,
                done.peak_mb,
                note,
            )
        before = done.seconds


def incidence(sizes: Sizes) -> Iterator[Line]:
    """Aalen-Johansen with errors, against statsmodels."""
    for ties in (True, False):
        ours = in_child("survival.incidence", rows=sizes.incidence, ties=ties)
        theirs = in_child("survival.incidence_statsmodels", rows=sizes.incidence, ties=ties)
        yield Line(
            work="Aalen-Johansen, errors",
            size=f"{sizes.incidence:,} rows, {'weekly' if ties else 'no'} ties",
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
        done = in_child("survival.score_bootstrap", rows=sizes.cox, covariates=columns)
        yield Line(
            work="score bootstrap, interval",
            size=f"{sizes.cox:,} rows, 39 clusters, {columns + 1} column(s), 9,999 draws",
            seconds=done.seconds,
            beside="score residuals once",
            other=done.facts["score_residuals"],
            peak_mb=done.peak_mb,
            target="< 5 s" if is_full else "",
            is_met=done.seconds < 5 if is_full else None,
        )


def register(sizes: Sizes) -> Iterator[Line]:
    """DREAM from parquet to durations, beside reading the file."""
    with tempfile.TemporaryDirectory() as folder:
        made = in_child("register.write", folder=folder, persons=sizes.register)
        ours = in_child("register.durations", folder=folder)
        read = in_child("register.read_only", folder=folder)
    is_full = sizes is FULL
    yield Line(
        work="DREAM to durations",
        size=f"{sizes.register:,} persons, {made.facts['columns']} columns",
        seconds=ours.seconds,
        beside="pyarrow read_table",
        other=read.seconds,
        peak_mb=ours.peak_mb,
        target="<= 3x as long, < 2000 MB" if is_full else "",
        is_met=ours.seconds <= 3 * read.seconds and (ours.peak_mb or 0) < 2000
        if is_full
        else None,
        note=f"file {made.facts['mb']:.0f} MB; read_table {read.peak_mb or 0:.0f} MB",
    )


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


def grown(
    work: str,
    size: str,
    times: tuple[float, float],
    growth: float,
    peak_mb: float | None,
    note: str = "",
) -> Line:
    """Return the line of a larger input beside the smaller one above it."""
    own, smaller = times
    grew = f"input {growth:.3g}x"
    return Line(
        work=work,
        size=size,
        seconds=own,
        beside="the size above",
        other=smaller,
        peak_mb=peak_mb,
        note=f"{grew}; {note}" if note else grew,
    )


PARTS: dict[str, Callable[[Sizes], Iterator[Line]]] = {
    "imports": imports,
    "cox": cox,
    "matching": matching,
    "incidence": incidence,
    "inference": inference,
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
