"""Parts of groups: levels of a variable, ends of follow-up, missing answers, places, shares."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pandas as pd

from evaluation.disclosure.digits import finest
from tests.attack.model import Model
from tests.attack.sizes import STAGES
from tests.attack.studies import Attacked
from tests.attack.units import ends_of

# Groups of profile.csv that hold one another; respondents have a matched set of their own.
GAP = ("matched", "comparison")
NESTED = ((*STAGES, "participants", "matched"), ("participants", "respondents"))


def read_levels(study: Attacked, model: Model) -> None:
    """Know the classes in which profile.csv tells levels, and that groups hold one another."""
    shown, made = study.frame("profile"), study.made["profile"]
    rows = made["sd"].isna() & made["mean"].notna()
    for variable, own in made[rows].groupby("variable", sort=False):
        rests = _rests(shown.loc[own.index], study.min_cell)
        known = {
            str(group): _group(study, model, str(variable), levels, rests)
            for group, levels in own.groupby("group", sort=False)
        }
        known = {group: names for group, names in known.items() if names}
        if "comparison" in known and "matched" in known:
            _gaps(shown, own, known, model)
        chains = [[known[group] for group in groups if group in known] for groups in NESTED]
        for outer, inner in (pair for chain in chains for pair in pairwise(chain)):
            for one, other in zip(outer, inner, strict=True):
                model.holds(one, other)


def _group(
    study: Attacked, model: Model, variable: str, levels: pd.DataFrame, rests: set[str]
) -> list[str]:
    """Know the levels of one group; return their names, none where persons are weighted."""
    exact = levels["mean"].to_numpy(float) * levels["n"].to_numpy(float)
    if not np.allclose(exact, exact.round(), atol=1e-6):
        return []
    least, group = study.min_cell, str(levels["group"].iloc[0])
    n, told = int(levels["n"].iloc[0]), study.frame("profile").loc[levels.index]
    names = [f"{variable}={level}:{group}" for level in levels["level"]]
    counts = exact.round().astype(int).tolist()
    if len(levels) == 1:
        names, counts = [*names, f"{variable}=no:{group}"], [*counts, n - counts[0]]
    for name, k in zip(names, counts, strict=True):
        model.count(name, k, 0, n + least)
    terms = dict.fromkeys(names, 1.0)
    size = f"answered:{study.scores[0]}" if group == "respondents" else group
    # Some may have no level.
    if model.truth.get(f"{size}:treated") == n and group != "comparison":
        model.within({**terms, f"{size}:treated": -1.0}, 0, 0)
    else:
        model.within(terms, n - least + 1, n + least - 1)
    if group != "comparison":
        _classes(told, names, rests, model, least)
    return names


def _classes(
    told: pd.DataFrame,
    names: list[str],
    rests: set[str],
    model: Model,
    least: int,
) -> None:
    """Know the class of each share that is shown; the largest is what the others leave."""
    means, n = told["mean"].to_numpy(float), told["n"].to_numpy(float)
    for name, level, mean, size in zip(names, told["level"], means, n, strict=False):
        if math.isnan(mean) or (level in rests and len(told) > 1):
            continue
        low, high = ends_of(mean, 1.0, size)
        classes = [
            one
            for one in range(least, int(size) + 1, least)
            if low <= (one + (least - 1) / 2) / size <= high
        ]
        assert classes, (name, mean, size)
        model.count(name, model.truth[name], classes[0], classes[-1] + least - 1)


def _rests(told: pd.DataFrame, least: int) -> set[str]:
    """Return the levels that may be what the others leave: the largest of the matched."""
    own = told[told["group"] == "matched"]
    if own.empty:
        own = told
    slack = 2 * least / own["n"].astype(float)
    near = own["mean"].isna() | (own["mean"] >= own["mean"].max() - slack)
    return set(own.loc[near, "level"])


def _gaps(
    shown: pd.DataFrame, own: pd.DataFrame, known: dict[str, list[str]], model: Model
) -> None:
    """Know the difference between the comparison's shares and those of the matched."""
    matched, others = (shown.loc[own.index[own["group"] == one]] for one in GAP)
    pairs = zip(matched["mean"], others["mean"], strict=True)
    sizes = [float(one["n"].iloc[0]) for one in (matched, others)]
    for k, (a, b) in enumerate(pairs):
        if not 0 < a * b < 1 or not np.isfinite([a, b, *sizes]).all():
            continue
        # Both shares and their difference are each told to half a unit.
        off = 1.5 * float(finest(1.0, min(sizes)))
        terms = {known["matched"][k]: 1 / sizes[0], known["comparison"][k]: -1 / sizes[1]}
        model.within(terms, a - b - off - 1e-9, a - b + off + 1e-9)
