"""Matching and survival at growing sizes, and beside R at the size that R was timed at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.bench.measure import Measured, in_child
from tests.bench.r_seconds import scale
from tests.bench.sizes import COVARIATES, FULL, Sizes
from tests.bench.table import Line, grown, seconds


def nearest(sizes: Sizes) -> Iterator[Line]:
    """Propensity and nearest pairs within a caliper; at the largest size beside MatchIt."""
    before: tuple[int, float] | None = None
    for treated, controls in sizes.nearest:
        done = in_child("comparison.nearest", treated=treated, controls=controls)
        balance = done.facts["balance"]
        line = Line(
            work="propensity + nearest",
            size=f"{treated:,} / {controls:,}, {COVARIATES} columns",
            seconds=done.seconds,
            peak_mb=done.peak_mb,
            note=f"{done.facts['pairs']:,} pairs; balance {seconds(balance)} more",
        )
        yield line if before is None else grown(line, before, treated + controls)
        before = treated + controls, done.seconds
    if sizes is FULL:
        yield beside_r(line, done, "MatchIt 4.7.2", 5, most_mb=1300)
        with_balance = replace(line, work="the same with balance", note="MatchIt without it")
        both = replace(done, seconds=done.seconds + balance)
        yield beside_r(with_balance, both, "MatchIt 4.7.2", 1, most_mb=1300)


def optimum(sizes: Sizes) -> Iterator[Line]:
    """Full matching beside optmatch, optimal pairs against the clock."""
    is_full = sizes is FULL
    treated, controls = sizes.full
    done = in_child("comparison.optimum", method="full", treated=treated, controls=controls)
    line = Line(
        work="full matching",
        size=f"{treated:,} / {controls:,}, {COVARIATES} columns",
        seconds=done.seconds,
        peak_mb=done.peak_mb,
        note=f"{done.facts['sets']:,} sets, total distance {done.facts['distance']:.6g}",
    )
    most = 3010  # optmatch's
    yield beside_r(line, done, "optmatch 0.10, full", 30, most_mb=most) if is_full else line
    treated, controls = sizes.optimal
    done = in_child("comparison.optimum", method="optimal", treated=treated, controls=controls)
    yield Line(
        work="optimal pairs",
        size=f"{treated:,} / {controls:,}, {COVARIATES} columns",
        seconds=done.seconds,
        peak_mb=done.peak_mb,
        target="< 2 s" if is_full else "",
        is_met=done.seconds < 2 if is_full else None,
        note=f"{done.facts['sets']:,} pairs, total distance {done.facts['distance']:.6g}",
    )


def cox(sizes: Sizes) -> Iterator[Line]:
    """Clustered Cox at growing sizes; at the largest beside survival."""
    given = {"covariates": COVARIATES}
    lines = list(growing("Cox, clustered errors", "survival.cox", sizes.cox, given))
    yield from (line for line, _ in lines)
    if sizes is FULL:
        line, done = lines[-1]
        yield beside_r(line, done, "survival 3.8, cluster", 8, most_mb=700)


def fine_gray(sizes: Sizes) -> Iterator[Line]:
    """Fine-Gray at growing sizes; 50,000 rows beside R, 500,000 against the clock."""
    given = {"covariates": COVARIATES}
    for line, done in growing("Fine-Gray", "survival.fine_gray", sizes.fine_gray, given):
        rows = int(done.facts["rows"])
        if sizes is FULL and rows == 500_000:
            yield replace(line, target="< 5 s", is_met=done.seconds < 5)
        else:
            yield line
        if sizes is FULL and rows == 50_000:
            yield beside_r(line, done, "finegray + coxph", 100)


def incidence(sizes: Sizes) -> Iterator[Line]:
    """Aalen-Johansen with errors at growing sizes, no ties; at the largest beside survival."""
    job, given = "survival.incidence", {"ties": False}
    lines = list(growing("Aalen-Johansen, errors", job, sizes.incidence, given))
    yield from (line for line, _ in lines)
    if sizes is FULL:
        line, done = lines[-1]
        yield beside_r(line, done, "survival, survfit", 20)


def growing(
    work: str, job: str, sizes: tuple[int, ...], given: dict[str, Any]
) -> Iterator[tuple[Line, Measured]]:
    """Run a job at each size; every line but the first stands beside the one before."""
    before: tuple[int, float] | None = None
    for rows in sizes:
        done = in_child(job, rows=rows, **given)
        line = Line(
            work=work, size=f"{rows:,} rows", seconds=done.seconds, peak_mb=done.peak_mb
        )
        found = replace(done, facts={**done.facts, "rows": rows})
        yield line if before is None else grown(line, before, rows), found
        before = rows, done.seconds


def beside_r(
    line: Line, done: Measured, work: str, least: float, most_mb: float | None = None
) -> Line:
    """Return the line beside R's seconds; the target is judged where they could be rescaled."""
    r = scale()
    other = r.seconds(work)
    memory = "" if most_mb is None else f", < {most_mb:,.0f} MB"
    is_met = other >= least * done.seconds
    if most_mb is not None and done.peak_mb is not None:
        is_met = is_met and done.peak_mb < most_mb
    return replace(
        line,
        seconds=done.seconds,
        beside=work,
        other=other,
        target=f">= {least:g}x{memory}",
        is_met=is_met if r.is_known else None,
        note=r.words,
    )
