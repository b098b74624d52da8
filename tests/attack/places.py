"""Hidden clusters beside their total and effective number, and shares before the start."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd

from tests.attack.model import Model
from tests.attack.studies import Attacked
from tests.attack.units import ends_of


def read_places(study: Attacked, model: Model) -> None:
    """Know of each half-year the clusters that are shown, and all of an arm together."""
    totals = study.frame("pretrends").set_index(["arm", "period"])
    made = study.made["pretrends"]
    if made.empty:
        return
    truths = made.set_index(["arm", "period"])
    sums: dict[tuple[str, str], list[str]] = {}
    for row, told in study.pairs("municipalities"):
        at = str(row["arm"]), str(row["period"])
        name = f"place:{':'.join(at)}:{row['cluster']}"
        _parts(name, int(row["n"]), round(row["estimate"] / 100 * row["n"]), told, model)
        for one, terms in (
            (name, {f"{name}:yes": 1.0, f"{name}:no": 1.0}),
            *((f"{name}:{end}", {f"{name}:{end}": 1.0}) for end in ("yes", "no")),
        ):
            model.aim(one, terms)
        sums.setdefault(at, []).append(name)
    for at, names in sums.items():
        told, truth = totals.loc[at], truths.loc[at]
        whole = f"places:{':'.join(at)}"
        _parts(whole, int(truth["n"]), round(truth["events"] / 100), told, model)
        for end in ("yes", "no"):
            terms = dict.fromkeys([f"{name}:{end}" for name in names], 1.0)
            model.within({**terms, f"{whole}:{end}": -1.0}, 0, 0)


def _parts(name: str, n: int, events: int, told: pd.Series, model: Model) -> None:
    """Know those with the outcome and those without of a place, as far as they are told."""
    model.count(f"{name}:yes", events)
    model.count(f"{name}:no", n - events)
    if pd.isna(told["n"]):
        return
    size = float(told["n"])
    model.within({f"{name}:yes": 1.0, f"{name}:no": 1.0}, size, size)
    if pd.notna(told["estimate"]):
        low, high = ends_of(float(told["estimate"]) / 100, 1.0, size)
        model.within({f"{name}:yes": 1.0}, low * size, high * size)


def narrowed_clusters(study: Attacked, model: Model) -> tuple[list[str], list[str]]:
    """Return what is false, and which hidden clusters of sites.csv are narrowed.

    All sizes that add up to what is left of the total, and whose squares to what the effective
    number leaves of theirs, are enumerated; so is the largest share.
    """
    untrue, found = [], []
    design = study.frame("design").set_index("outcome")
    for outcome, rows in study.made["sites"].groupby("outcome", sort=False):
        shown = study.frame("sites")
        shown = shown[shown["outcome"] == outcome].set_index("cluster")["n_treated"]
        hidden = [one for one in map(str, rows["cluster"]) if pd.isna(shown.get(one, 0))]
        if not hidden:
            continue
        truth = rows.set_index("cluster")["n_treated"].astype(int)
        told = shown.dropna().to_numpy(int)
        size = f"answered:{outcome}:treated" if outcome in study.scores else "matched:treated"
        least, most = model.ends({size: 1.0}, 1e6)
        number = design.loc[outcome]
        for target in hidden:
            values = {
                value
                for n in range(least, most + 1)
                for value in fitting(n, told, len(hidden), number)
            }
            if truth[target] not in values:
                untrue.append(f"sites {outcome} {target} = {truth[target]} is not in {values}")
            few = 0 < truth[target] < study.min_cell
            is_open = 0 in values or max(values, default=0) >= study.min_cell
            if few and not (len(values) >= study.min_cell - 1 and is_open):
                found.append(f"sites {outcome} {target} = {truth[target]}: {sorted(values)}")
    return untrue, found


def fitting(n: int, told: np.ndarray, hidden: int, number: pd.Series) -> set[int]:
    """Return the sizes that one hidden cluster may have by the total and the design."""
    left, squares = n - int(told.sum()), int((told**2).sum())
    low, high = 0.0, math.inf
    effective = float(number["effective_treated"])
    reason = str(number["reason"])
    limit = re.match(r"at least (\d+) effective treated", reason)
    if np.isfinite(effective):
        # A whole number rounded down, or at least a limit where a cluster is small.
        high = n * n / effective + 1e-5
        low = 0.0 if limit and float(limit[1]) == effective else n * n / (effective + 1) - 1e-6
        if effective % 1:
            low = high - 1e-4
    share = float(number["largest_share_treated"])
    largest = (0, left) if math.isnan(share) else (0, int((share + 0.005) * n + 1e-6))
    clusters = int(number["n_treated_clusters"])
    # So many of the hidden have anybody; the others have none.
    filled = clusters - len(told)
    reached: list[set[tuple[int, int]]] = [{(0, 0)}]
    for _ in range(max(filled - 1, 0)):
        reached.append(
            {
                (total + k, square + k * k)
                for total, square in reached[-1]
                for k in range(1, min(left - total, largest[1]) + 1)
            }
        )
    found = {
        left - total
        for total, square in reached[-1]
        if 0 < left - total <= largest[1]
        and low <= squares + square + (left - total) ** 2 <= high
    }
    return found | ({0} if filled < hidden else set())
