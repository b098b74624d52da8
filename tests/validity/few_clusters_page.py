"""docs/few-clusters.md: what the grid of `tests.validity.thresholds` found, in tables."""

from __future__ import annotations

from dataclasses import fields
from math import isnan
from textwrap import fill

import pandas as pd

from tests.validity.few_clusters import ROWS_PER_CLUSTER, Cell
from tests.validity.thresholds import FEWEST, GATED, GATES, above, counted

INTRO = """# Few clusters: the size and the power of the test

With clusters one test judges every effect, scores and durations alike: the delete-one-cluster
jackknife (CV3) inside each arm, Bell-McCaffrey degrees of freedom inside each arm on a
working model of independent cluster means, both arms joined by Welch, and each arm's variance
at least what persons alone give. Interval and p-value come from the same t. It needs three
effective clusters in each arm, six where clusters hold both arms; below that nothing is shown
but the estimate. It follows from counts, weights and arms, never from the outcome, and takes
neither arm as like the other.

Made by `make thresholds` (`tests/validity/thresholds.py`): {n_cells:,} cells, {runs}. Monte
Carlo error of a share of 5 per cent: {errors} points. Clusters of {rows} persons on average
have shocks of their own; persons' dispersion moves half as far as that of the shocks. *Ratio*
is how many times as widely treated clusters scatter, intraclass correlations are 0.02 and
0.10 for scores and 0.02 for durations (incidence at a horizon, and weeks since the event),
and events are rare at 3 per cent. Sizes: equal; unequal and very unequal (log-normal 0.5 and
1.0) with both arms of the same weight in all, as after 1:1 matching; unequal with treated
clusters three times larger. The first study of every cell went through the public functions
too, with the same p-value.

**Gate.** At most {low:.0f} per cent at a nominal 5 for shocks of skewness up to 1 and rare
events at ratios up to 2, {high:.0f} per cent at 2.5. {verdict}

Entries are the **worst** per cent rejected without any effect, over the four kinds of sizes,
intraclass correlations and laws, among studies that are not refused; a cell counts where
{fewest} studies or more are not. *Skewness 2* (exponential shocks) is printed and not gated:
no test of a mean holds its size for every law. *Refused* is the mean share of studies with
fewer than three effective clusters in an arm: equal, unequal, very unequal, treated larger.
"""
BESIDE = """
## Power, and the candidate that was not chosen

Per cent of studies that find an effect of half a standard deviation of persons (normal
shocks, mean over intraclass correlations), at ratio 1 and 2.5. Beside the test the other
candidate: Student's t on the smaller effective number of clusters less one, without a floor.
{beside}

"""
HAZARDS = """
## Hazard ratios

Per cent rejected by the public function itself, {runs} studies a cell (Monte Carlo error
{error:.1f} points), normal shocks.

"""
OLDER = """
## Tests that are not used

Cluster-level simulations without effect, 3, 5 and 9 of 12, 18 and 39 clusters treated, normal
to exponential shocks: with treated clusters twice as dispersed the restricted wild cluster
bootstrap rejects 8 to 13 per cent on average with 3 or 5 treated, CR2 with Satterthwaite
degrees 8 to 9, and studentised randomisation 7 to 8, since each takes the arms as alike. The
bootstrap's p-value stands in the notes of score effects for comparison; randomisation is a
test of its own (`evaluation.randomisation_test`), for lots that were drawn over clusters.
"""


def page(found: pd.DataFrame) -> str:
    """Return the page."""
    plain = found[found["read"] != "hazard ratio"]
    cell = [one.name for one in fields(Cell)]
    runs = plain.groupby("outcome")["runs"].max()
    said = " and ".join(f"{n:,} studies each for {name}" for name, n in runs.items())
    errors = " and ".join(f"{100 * (0.05 * 0.95 / n) ** 0.5:.1f}" for n in runs)
    intro = INTRO.format(
        n_cells=len(plain.drop_duplicates(cell)),
        runs=said,
        errors=errors,
        rows=ROWS_PER_CLUSTER,
        low=GATES[2.0],
        high=GATES[2.5],
        verdict=verdict(found),
        fewest=FEWEST,
    )
    beside = BESIDE.format(beside=_beside(found))
    parts = (_wrapped(intro), _sizes(found), _wrapped(beside), _power(found), _hazards(found))
    return "\n".join([*parts, OLDER.lstrip("\n")])


def _wrapped(text: str) -> str:
    """Return paragraphs in lines of equal length."""
    parts = (
        part if part.startswith("#") else fill(part, 94, break_on_hyphens=False)
        for part in text.strip().split("\n\n")
    )
    return "\n\n".join([*parts, ""])


def verdict(found: pd.DataFrame) -> str:
    """Return whether the gate holds, in sentences."""
    gated = counted(found)
    gated = gated[gated["law"].isin(GATED)]
    worst = [
        f"{gated.loc[own, 'rejected'].max():.1f} at {word}"
        for own, word in (
            (gated["ratio"] <= 2.0, "ratios up to 2"),
            (gated["ratio"] == 2.5, "2.5"),
            (gated["law"] == "rare", "rare events of all ratios"),
        )
    ]
    over = above(found)
    told = f"The worst of {len(gated):,} gated cells: {', '.join(worst)}."
    if over.empty:
        return f"{told} It holds in all of them."
    cells = "; ".join(
        f"{row['treated']} treated against {row['comparison']}, {row['sizes']}, {row['law']}, "
        f"ratio {row['ratio']:g}, {row['read']} {row['rejected']:.1f}"
        for row in over.sort_values("rejected", ascending=False).head(8).to_dict("records")
    )
    return f"{told} {len(over)} of them are above it, the worst: {cells}."


def _beside(found: pd.DataFrame) -> str:
    over, gated = above(found, "fallback"), counted(found)
    gated = gated[gated["law"].isin(GATED)]
    return (
        f"Its worst gated cell rejects {gated['fallback'].max():.1f} per cent; {len(over)} are "
        "above the gate."
    )


def _sizes(found: pd.DataFrame) -> str:
    rows, plain = [], counted(found)
    first = found[(found["effect"] == 0) & (found["law"] == "normal") & (found["ratio"] == 1.0)]
    by = ["treated", "comparison", "read"]
    alike = plain[plain["law"].isin(("normal", "skew 1"))]
    for (treated, comparison, read), own in alike.groupby(by):
        mine = (plain[by] == [treated, comparison, read]).all(axis=1)
        skewed, rare = (plain[mine & (plain["law"] == law)] for law in ("skew 2", "rare"))
        cut = first[(first[by] == [treated, comparison, read]).all(axis=1)]
        refused = cut.groupby("sizes", sort=False)["refused"].mean()
        rows.append(
            {
                "treated": treated,
                "comparison": comparison,
                "read": read,
                **{
                    f"ratio {ratio:g}": _worst(own[own["ratio"] == ratio])
                    for ratio in (1.0, 1.5, 2.0, 2.5)
                },
                "skewness 2, up to 2": _worst(skewed[skewed["ratio"] <= 2.0]),
                "at 2.5": _worst(skewed[skewed["ratio"] == 2.5]),
                "rare, up to 2": _worst(rare[rare["ratio"] <= 2.0]),
                "rare, 2.5": _worst(rare[rare["ratio"] == 2.5]),
                "refused": ", ".join(f"{share:.0f}" for share in refused),
            }
        )
    return _table(rows)


def _power(found: pd.DataFrame) -> str:
    rows = []
    own = found[(found["effect"] > 0) & (found["refused"] < 50)]
    for (treated, comparison, sizes), cell in own.groupby(
        ["treated", "comparison", "sizes"], sort=True
    ):
        row: dict[str, object] = {"treated": treated, "comparison": comparison, "sizes": sizes}
        for read in ("score", "incidence"):
            for ratio in (1.0, 2.5):
                mine = cell[(cell["read"] == read) & (cell["ratio"] == ratio)]
                told = (f"{mine[of].mean():.0f}" for of in ("rejected", "fallback"))
                row[f"{read}, {ratio:g}"] = " / ".join(told) if len(mine) else "–"
        rows.append(row)
    return _table(rows)


def _hazards(found: pd.DataFrame) -> str:
    own = found[found["read"] == "hazard ratio"]
    if own.empty:
        return ""
    runs = int(own["runs"].max())
    rows = []
    for (treated, comparison, sizes), cell in own.groupby(["treated", "comparison", "sizes"]):
        by_ratio = cell.set_index("ratio")["rejected"]
        rows.append(
            {
                "treated": treated,
                "comparison": comparison,
                "sizes": sizes,
                **{
                    f"ratio {ratio:g}": "–" if isnan(share) else f"{share:.1f}"
                    for ratio, share in by_ratio.items()
                },
            }
        )
    return HAZARDS.format(runs=runs, error=100 * (0.05 * 0.95 / runs) ** 0.5) + _table(rows)


def _worst(cells: pd.DataFrame) -> str:
    return f"{cells['rejected'].max():.1f}" if len(cells) else "–"


def _table(rows: list[dict[str, object]]) -> str:
    heads = list(rows[0]) if rows else []
    lines = [f"| {' | '.join(heads)} |", f"|{'--:|' * len(heads)}"]
    lines += [f"| {' | '.join(str(row.get(head, '–')) for head in heads)} |" for row in rows]
    return "\n".join([*lines, ""])
