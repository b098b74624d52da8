"""Size and power of the test for few clusters on a grid of designs and laws.

    python -m tests.validity.thresholds [--runs 4000] [--out out/few-clusters.csv] [--page P]

No effect on anyone, clusters with shocks of their own.  The gate asks that the test rejects at
most 7 per cent at a nominal 5 where shocks have skewness up to 1 and treated clusters scatter
up to twice as widely, 9 per cent at 2.5 times, rare events included.  Exponential shocks are
printed, not gated; designs that are refused count as refused.

Each cell's first study goes through the public functions too, and must give the same p-value.
Every cell is a row of the CSV as soon as it is done; a run that was stopped goes on there.
"""

from __future__ import annotations

import argparse
import csv
import sys
from dataclasses import asdict, fields
from functools import partial
from itertools import product
from math import sqrt
from pathlib import Path

import numpy as np
import pandas as pd

from tests.validity import few_clusters as studies
from tests.validity.few_clusters import SIZES, Cell
from tests.validity.workers import add_executor, executor_of

ALPHA = 0.05
GATES = {2.0: 7.0, 2.5: 9.0}
RATIOS, ICCS = (1.0, 1.5, 2.0, 2.5), (0.02, 0.10)
GATED = ("normal", "skew 1", "rare")
POWER = 0.5
# Durations take more time; a share of shocks as large as ICC 0.10 at ratio 2.5 leaves 0 to 1.
OF_DURATIONS, HAZARDS = 4, 200
FEWEST = 300
CHECKED = 1
BATCH = 1000
AT_A_TIME = 24


def cells(treated: list[int], comparison: list[int]) -> list[Cell]:
    """Return the grid, what is quick first."""
    designs = [
        {"treated": t, "comparison": c, "sizes": s}
        for t, c, s in product(treated, comparison, SIZES)
    ]
    made: list[Cell] = []
    for outcome, iccs in (("scores", ICCS), ("durations", ICCS[:1])):
        laws = [(law, icc) for law in ("normal", "skew 1", "skew 2") for icc in iccs]
        laws.append(("rare", 0.0))
        for design, (law, icc), ratio in product(designs, laws, RATIOS):
            made.append(Cell(outcome=outcome, law=law, icc=icc, ratio=ratio, **design))  # type: ignore[arg-type]
        for design, icc, ratio in product(designs, iccs, (1.0, 2.5)):
            one = Cell(
                outcome=outcome, law="normal", icc=icc, ratio=ratio, effect=POWER, **design
            )  # type: ignore[arg-type]
            made.append(one)
    return [*made, *_hazards()]


def _hazards() -> list[Cell]:
    """Return the few cells in which the public function itself judges ratios of hazards."""
    law = {"outcome": "hazard", "law": "normal", "icc": ICCS[0]}
    return [
        Cell(treated=t, comparison=c, sizes=sizes, ratio=ratio, **law)  # type: ignore[arg-type]
        for (t, c), sizes, ratio in product(
            ((3, 12), (5, 12), (9, 30)), list(SIZES)[:2], (1.0, 2.0)
        )
    ]


def runs_of(cell: Cell, runs: int) -> int:
    """Return how many studies of a cell are drawn."""
    if cell.outcome == "hazard":
        return min(runs, HAZARDS)
    return runs // OF_DURATIONS if cell.outcome == "durations" else runs


def size_of(cell: Cell, runs: int) -> list[dict[str, object]]:
    """Return how often the tests reject, a row for each thing that is read off the studies."""
    n = runs_of(cell, runs)
    if cell.outcome == "hazard":
        p = studies.public_hazard_ps(cell, n)
        return [_row(cell, "hazard ratio", p, np.full(n, np.nan), np.isnan(p))]
    kinds = ("score",) if cell.outcome == "scores" else ("incidence", "weeks")
    found: dict[str, list[tuple[np.ndarray, ...]]] = {kind: [] for kind in kinds}
    for batch in range(0, n, BATCH):
        size = min(BATCH, n - batch)
        data = studies.drawn(cell, size, batch)
        for kind in kinds:
            judged = studies.judge(cell, data, weeks=kind == "weeks")
            refused = judged.refused
            p = np.where(refused, np.nan, judged.p_values())
            if batch == 0:
                for k in range(min(CHECKED, size)):
                    public = studies.public_p(cell, data, k, weeks=kind == "weeks")
                    np.testing.assert_allclose(public, p[k], rtol=1e-6, atol=1e-9)
            found[kind].append((p, np.where(refused, np.nan, judged.fallback()), refused))
    return [
        _row(cell, kind, *(np.concatenate(parts) for parts in zip(*found[kind], strict=True)))
        for kind in kinds
    ]


def _row(
    cell: Cell, read: str, p: np.ndarray, fallback: np.ndarray, refused: np.ndarray
) -> dict[str, object]:
    """Return shares of the studies that are not refused; none rejects where nothing varies."""
    kept = int((~refused).sum())
    rejected = int((p[~refused] <= ALPHA).sum())
    return {
        **asdict(cell),
        "read": read,
        "runs": len(p),
        "refused": 100.0 * (1.0 - kept / len(p)),
        "rejected": 100.0 * rejected / kept if kept else np.nan,
        "upper": 100.0 * upper_limit(rejected, kept),
        "fallback": 100.0 * float((fallback[~refused] <= ALPHA).mean()) if kept else np.nan,
    }


def upper_limit(rejected: int, n: int) -> float:
    """Return the upper limit of a share's 95 per cent Wilson interval."""
    if not n:
        return float("nan")
    z = 1.959964
    share = rejected / n
    middle = share + z**2 / (2 * n)
    return (middle + z * sqrt(share * (1 - share) / n + z**2 / (4 * n**2))) / (1 + z**2 / n)


def counted(found: pd.DataFrame) -> pd.DataFrame:
    """Return the cells without effect in which enough studies are not refused."""
    kept = found["runs"] * (1.0 - found["refused"] / 100.0)
    return found[(found["effect"] == 0) & (kept >= FEWEST) & (found["read"] != "hazard ratio")]


def above(found: pd.DataFrame, of: str = "rejected") -> pd.DataFrame:
    """Return the gated cells whose test rejects too often."""
    gated = counted(found)
    gated = gated[gated["law"].isin(GATED)]
    limit = np.where(gated["ratio"] <= 2.0, GATES[2.0], GATES[2.5])
    return gated[gated[of] > limit]


def done(path: Path, runs: int) -> pd.DataFrame:
    """Return the rows that an earlier run has left for cells with as many studies."""
    if not path.exists():
        return pd.DataFrame()
    rows = pd.read_csv(path)
    asked = [
        runs_of(Cell(**{f.name: row[f.name] for f in fields(Cell)}), runs)
        for row in rows.to_dict("records")
    ]  # type: ignore[arg-type]
    return rows[rows["runs"] == asked]


def main() -> int:
    """Make the table; the exit status is 1 where the test rejects too often."""
    from tests.validity.few_clusters_page import page

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=4000)
    parser.add_argument("--treated", type=int, nargs="+", default=[3, 5, 9, 4, 6, 7, 12])
    parser.add_argument("--comparison", type=int, nargs="+", default=[12, 30, 6])
    parser.add_argument("--out", type=Path, default=Path("out/few-clusters.csv"))
    parser.add_argument("--page", type=Path, help="also write the table as a Markdown page")
    add_executor(parser)
    given = parser.parse_args()
    grid = cells(given.treated, given.comparison)
    known = done(given.out, given.runs)
    names = [f.name for f in fields(Cell)]
    made = set(known[names].itertuples(index=False, name=None)) if len(known) else set()
    left = [cell for cell in grid if tuple(asdict(cell).values()) not in made]
    given.out.parent.mkdir(parents=True, exist_ok=True)
    executor = executor_of(given)
    for first in range(0, len(left), AT_A_TIME):
        part = left[first : first + AT_A_TIME]
        rows = [
            row
            for rows in executor.map(partial(size_of, runs=given.runs), part)
            for row in rows
        ]
        new = not given.out.exists()
        with given.out.open("a", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            if new:
                writer.writeheader()
            writer.writerows(rows)
        ready = len(grid) - len(left) + first + len(part)
        if sys.stderr.isatty():
            print(f"\r{ready} of {len(grid)} cells", end="", file=sys.stderr, flush=True)
    found = done(given.out, given.runs)
    text = page(found)
    print(text)
    if given.page:
        given.page.write_text(text, encoding="utf-8")
    return int(len(above(found)) > 0)


if __name__ == "__main__":
    # Workers know the functions by the name of their module, which is not that of a script.
    from tests.validity import thresholds

    raise SystemExit(thresholds.main())
