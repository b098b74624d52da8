"""Size of every test for few clusters on a grid of designs: why the gatekeeper draws its lines.

    python -m tests.validity.thresholds [--runs 2000] [--treated 3 4 ...] [--comparison 6 12 30]

No effect on anyone, clusters with shocks of their own (intraclass correlation 0.02), sizes as
after 1:1 matching: both arms weigh the same in all, so few treated clusters are large.  The
gate asks that what the gatekeeper chooses rejects at most 7 per cent at a nominal 5; designs
that it refuses count as refused.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import partial
from itertools import product
from math import comb, sqrt
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tests.validity.workers import add_executor, executor_of

SIZES = {"equal": 0.0, "unequal": 0.5, "very unequal": 1.0}
METHODS = ("CR1", "CR2", "wild", "jackknife", "randomisation")
CHOSEN = {"linear": "scores", "time": "durations"}
ICC = 0.02
ALPHA = 0.05
LARGEST_SIZE = 0.07
ROWS = 1200
PAGE = """# Few clusters: the size of every test

Per cent of {runs} simulated studies without any effect in which a test at 5 per cent rejects.
Made by `make thresholds` (`tests/validity/thresholds.py`): clusters with shocks of their own,
both arms of the same weight in all as after 1:1 matching. *Chosen* is what the gatekeeper picks
(wild bootstrap or jackknife from 6 effective clusters in each arm, randomisation from 3), among
the studies that it does not refuse; in brackets the upper limit of the 95 per cent interval of
that share.  The gate is {gate:.0f} per cent. {verdict}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One design: clusters in each arm, and how unequal they are."""

    treated: int
    comparison: int
    sizes: str


def p_values(cell: Cell, seed: int, draws: int) -> dict[str, float]:
    """Return every method's p in one study without effect, and the gatekeeper's choice."""
    from evaluation.inference import cluster_variance, randomisation, wild_bootstrap
    from evaluation.inference.gatekeeper import decide
    from evaluation.inference.jackknife import delete_one

    profile = list(SIZES).index(cell.sizes)
    rng = np.random.default_rng((seed, cell.treated, cell.comparison, profile))
    n_clusters = cell.treated + cell.comparison
    is_treated = np.arange(n_clusters) < cell.treated
    n = _rows(rng, is_treated, SIZES[cell.sizes])
    cluster = np.repeat(np.arange(n_clusters), n)
    treated = is_treated[cluster]
    shock = rng.normal(0, sqrt(ICC), n_clusters)[cluster]
    y = shock + rng.normal(0, sqrt(1 - ICC), len(cluster))
    X = np.column_stack([np.ones(len(y)), treated])
    found: dict[str, float] = {}
    robust = cluster_variance.fit(X, y, cluster, kind="CR1")
    t = abs(robust.coef[1]) / robust.std_error[1]
    found["CR1"] = 2 * _t_tail(t, n_clusters - 1)
    found["CR2"] = cluster_variance.fit(X, y, cluster, kind="CR2").p_value(1)
    found["wild"] = wild_bootstrap.test(
        X, y, cluster, coefficient=1, draws=draws, seed=seed
    ).p_value
    total = np.bincount(cluster, weights=y)
    left_out, estimate = _left_out(total, n, is_treated)
    found["jackknife"] = delete_one(
        estimate,
        left_out,
        treated_weight=np.where(is_treated, n, 0.0),
        comparison_weight=np.where(is_treated, 0.0, n),
    ).p_value(estimate)
    found["randomisation"] = float("nan")
    if comb(n_clusters, cell.treated) >= randomisation.LEAST_ASSIGNMENTS:
        score = total - n * total.sum() / n.sum()
        found["randomisation"] = randomisation.test(
            score, n, is_treated, draws=draws, seed=seed
        ).p_value
    for kind in ("linear", "time"):
        method = decide(cluster, treated, np.ones(len(y)), kind=kind).method
        found[f"auto {kind}"] = found.get(method, float("nan"))
        found[f"interval {kind}"] = float(method in ("wild", "jackknife"))
    return found


def _rows(
    rng: np.random.Generator, is_treated: NDArray[np.bool_], spread: float
) -> NDArray[np.int64]:
    """Return cluster sizes: each arm has half of the rows, shared out unequally."""
    part = rng.lognormal(0, spread, len(is_treated)) if spread else np.ones(len(is_treated))
    own = np.where(is_treated, part[is_treated].sum(), part[~is_treated].sum())
    return np.maximum(np.rint(ROWS / 2 * part / own), 2).astype(np.int64)


def _left_out(
    total: NDArray[np.float64], n: NDArray[np.int64], is_treated: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], float]:
    """Return the differences in means with each cluster left out, and from all."""
    differences = np.zeros(len(n))
    estimate = 0.0
    for sign, own in ((1.0, is_treated), (-1.0, ~is_treated)):
        y, rows = total[own].sum(), n[own].sum()
        estimate += sign * y / rows
        differences += sign * (y - total * own) / (rows - n * own)
    return differences, float(estimate)


def _t_tail(t: float, dof: int) -> float:
    from scipy.special import stdtr

    return float(stdtr(dof, -t))


def size_of(cell: Cell, runs: int, draws: int) -> dict[str, object]:
    """Return the share of studies in which each method rejects, in per cent."""
    rows = pd.DataFrame([p_values(cell, seed, draws) for seed in range(runs)])
    found: dict[str, object] = {
        "treated": cell.treated,
        "comparison": cell.comparison,
        "sizes": cell.sizes,
    }
    for method in METHODS:
        known = rows[method].dropna()
        found[method] = 100 * float((known <= ALPHA).mean()) if len(known) else float("nan")
    for kind in ("linear", "time"):
        known = rows[f"auto {kind}"].dropna()
        rejected = int((known <= ALPHA).sum())
        found[f"auto {kind}"] = 100 * rejected / len(known) if len(known) else float("nan")
        found[f"upper {kind}"] = 100 * upper_limit(rejected, len(known))
        found[f"interval {kind}"] = 100 * float(rows[f"interval {kind}"].mean())
        found[f"refused {kind}"] = 100 * float(rows[f"auto {kind}"].isna().mean())
    return found


def upper_limit(rejected: int, n: int) -> float:
    """Return the upper limit of a share's 95 per cent Wilson interval."""
    if not n:
        return float("nan")
    z = 1.959964
    share = rejected / n
    middle = share + z**2 / (2 * n)
    return (middle + z * sqrt(share * (1 - share) / n + z**2 / (4 * n**2))) / (1 + z**2 / n)


def holds(found: pd.DataFrame) -> pd.Series:
    """Return which cells keep their size, where the gatekeeper lets anything be tested."""
    sizes = found[["auto linear", "auto time"]]
    return ((sizes <= 100 * LARGEST_SIZE) | sizes.isna()).all(axis=1)


def markdown(found: pd.DataFrame, runs: int) -> str:
    """Return the page that documents the thresholds."""
    shown = found[["treated", "comparison", "sizes"]].astype(str)
    for method in METHODS:
        shown[method] = found[method].map(_percent)
    for kind, name in CHOSEN.items():
        limits = found[f"upper {kind}"].map(_percent)
        size = found[f"auto {kind}"].map(_percent)
        shown[f"chosen, {name}"] = np.where(size == "–", "–", size + " (" + limits + ")")
    shown["refused"] = found["refused linear"].map(_percent)
    lines = [
        PAGE.format(runs=f"{runs:,}", gate=100 * LARGEST_SIZE, verdict=verdict(found)),
        f"| {' | '.join(shown)} |",
        f"|{'--:|' * 2}:--|{'--:|' * (shown.shape[1] - 3)}",
        *(f"| {' | '.join(row)} |" for row in shown.itertuples(index=False)),
    ]
    return "\n".join([*lines, ""])


def verdict(found: pd.DataFrame) -> str:
    """Return which chosen tests reject too often, in a sentence for each."""
    said = []
    for row in found[~holds(found)].to_dict("records"):
        clusters = f"{row['treated']} treated of {row['treated'] + row['comparison']} clusters"
        for kind, name in CHOSEN.items():
            if row[f"auto {kind}"] > 100 * LARGEST_SIZE:
                said.append(
                    f"Above it: {clusters}, {row['sizes']}, {name}: "
                    f"{row[f'auto {kind}']:.1f} per cent of the "
                    f"{100 - row[f'refused {kind}']:.0f} per cent of studies not refused."
                )
    return " ".join(said) if said else "No design is above it."


def _percent(share: float) -> str:
    return "–" if np.isnan(share) else f"{share:.1f}"


def main() -> int:
    """Make the table; the exit status is 1 where a chosen test rejects too often."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--draws", type=int, default=999)
    parser.add_argument("--treated", type=int, nargs="+", default=[3, 4, 5, 6, 7, 9, 12])
    parser.add_argument("--comparison", type=int, nargs="+", default=[6, 12, 30])
    parser.add_argument("--sizes", nargs="+", choices=list(SIZES), default=list(SIZES))
    parser.add_argument("--out", type=Path, help="also keep the table as CSV")
    parser.add_argument("--page", type=Path, help="also write the table as a Markdown page")
    add_executor(parser)
    given = parser.parse_args()
    cells = [
        Cell(treated=t, comparison=c, sizes=s)
        for t, c, s in product(given.treated, given.comparison, given.sizes)
    ]
    work = partial(size_of, runs=given.runs, draws=given.draws)
    found = pd.DataFrame(executor_of(given).map(work, cells))
    found["holds"] = np.where(holds(found), "yes", "NO")
    print(found.to_string(index=False, float_format=lambda x: f"{x:.1f}", na_rep="-"))
    print(f"{given.runs} runs per design; per cent rejected at a nominal {100 * ALPHA:.0f}")
    if given.out:
        found.to_csv(given.out, index=False)
    if given.page:
        given.page.write_text(markdown(found, given.runs), encoding="utf-8")
    return 0 if (found["holds"] == "yes").all() else 1


if __name__ == "__main__":
    # Workers know the functions by the name of their module, which is not that of a script.
    from tests.validity import thresholds

    raise SystemExit(thresholds.main())
